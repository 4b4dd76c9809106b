/*
 * One round of checks: the table, what they share, and telling.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checkup.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../configuration.h"

/* So many that are wrong are told of one list. */
#define TOLD_MAX 20
/* A long list: whoever watches is told now and then. */
#define ALIVE_EVERY 256

/* The order matters: who connects comes before who asks. */
const struct bwdir_check bwdir_checks[] = {
    {"files", "configuration", check_file_configuration},
    {"files", "secrets", check_file_secrets},
    {"files", "tls-ca-file", check_file_ca},
    {"files", "passwd-file", check_file_passwd},
    {"files", "log", check_file_log},
    {"files", "maildir", check_file_maildir},
    {"files", "bwdir-mail", check_file_mailer},
    {"directory", "servers", check_servers},
    {"directory", "tools", check_as_tools},
    {"directory", "base", check_base},
    {"directory", "bwdird", check_as_bwdird},
    {"directory", "outbox", check_as_outbox},
    {"tls", "chain", check_tls_chain},
    {"tls", "host", check_tls_host},
    {"tls", "expiry", check_tls_expiry},
    {"tls", "protocol", check_tls_protocol},
    {"clock", "server", check_clock_server},
    {"clock", "stamps", check_clock_stamps},
    {"server", "modules", check_server_modules},
    {"server", "schema", check_server_schema},
    {"server", "database", check_server_database},
    {"server", "overlays", check_server_overlays},
    {"server", "additions", check_server_additions},
    {"server", "rules", check_server_rules},
    {"server", "entries", check_server_entries},
    {"server", "olcRootPW", check_server_root_password},
    {"server", "olcAuthzRegexp", check_server_mappings},
    {"policies", "records", check_policy_records},
    {"policies", "pwdMinDelay", check_policy_delay},
    {"identities", "policy", check_identity_policies},
    {"identities", "anonymous", check_rights_anonymous},
    {"identities", "bwdird", check_rights_bwdird},
    {"identities", "outbox", check_rights_outbox},
    {"users", "entries", check_user_entries},
    {"users", "passwords", check_user_passwords},
    {"users", "credentials", check_user_credentials},
    {"users", "admins", check_user_admins},
    {"users", "mail", check_user_mail},
    {NULL, NULL, NULL},
};

struct bwdir_checkup *
bwdir_checkup_new(const struct bwdir_checkup_order *order)
{
    struct bwdir_checkup *checkup = calloc(1, sizeof *checkup);
    const struct bwdir_login *login = order->login;

    if (checkup == NULL)
        return NULL;
    checkup->order = *order;
    checkup->single_uri[0] = login->uri;
    checkup->uris = login->uri != NULL ? checkup->single_uri
                                       : bwdir_config_uris(order->config);
    checkup->base = login->base != NULL
                        ? login->base
                        : bwdir_config_text(order->config, "base");
    checkup->identities[CHECK_BWDIRD].section = "bwdird";
    checkup->identities[CHECK_OUTBOX].section = "outbox";
    return checkup;
}

void
bwdir_checkup_run(struct bwdir_checkup *checkup,
                  const struct bwdir_check *table)
{
    for (const struct bwdir_check *check = table; check->run != NULL;
         check++) {
        checkup->running = check;
        checkup->finding.remedy[0] = '\0';
        bwdir_checkup_alive(checkup);
        check->run(checkup);
    }
}

void
bwdir_checkup_free(struct bwdir_checkup **checkup)
{
    if (checkup == NULL || *checkup == NULL)
        return;
    bwdir_installation_close(&(*checkup)->comparison.installation);
    bwdir_directory_close(&(*checkup)->directory);
    for (size_t i = 0; i < CHECK_IDENTITIES; i++)
        dir_close(&(*checkup)->identities[i].connection);
    check_certificates_free(&(*checkup)->certificates);
    free(*checkup);
    *checkup = NULL;
}

/* ---- telling ---- */

static void tell(struct bwdir_checkup *checkup, enum bwdir_grade grade,
                 const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void
tell(struct bwdir_checkup *checkup, enum bwdir_grade grade, const char *format,
     va_list args)
{
    struct bwdir_finding *finding = &checkup->finding;

    finding->grade = grade;
    finding->area = checkup->running->area;
    finding->name = checkup->running->name;
    vsnprintf(finding->seen, sizeof finding->seen, format, args);
    checkup->order.tell(finding, checkup->order.closure);
    finding->remedy[0] = '\0';
    finding->behind = NULL;
}

void
bwdir_checkup_ok(struct bwdir_checkup *checkup, const char *format, ...)
{
    va_list args;

    checkup->finding.remedy[0] = '\0';
    va_start(args, format);
    tell(checkup, BWDIR_GRADE_OK, format, args);
    va_end(args);
}

void
bwdir_checkup_warn(struct bwdir_checkup *checkup, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell(checkup, BWDIR_GRADE_WARN, format, args);
    va_end(args);
}

void
bwdir_checkup_fail(struct bwdir_checkup *checkup, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell(checkup, BWDIR_GRADE_FAIL, format, args);
    va_end(args);
}

void
bwdir_checkup_remedy(struct bwdir_checkup *checkup, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(checkup->finding.remedy, sizeof checkup->finding.remedy, format,
              args);
    va_end(args);
}

/* ---- what the checks share ---- */

void
bwdir_checkup_alive(const struct bwdir_checkup *checkup)
{
    checkup->order.alive(checkup->order.closure);
}

const struct bwdir_config *
bwdir_checkup_config(const struct bwdir_checkup *checkup)
{
    return checkup->order.config;
}

void *
bwdir_checkup_closure(const struct bwdir_checkup *checkup)
{
    return checkup->order.closure;
}

int64_t
check_deadline(const struct bwdir_checkup *checkup)
{
    bwdir_checkup_alive(checkup);
    return dir_now() + CHECK_PATIENCE_MS;
}

bool
check_is_local(const char *uri)
{
    return strncmp(uri, "ldapi:", strlen("ldapi:")) == 0;
}

void
check_not_looked(struct bwdir_checkup *checkup, const char *why)
{
    if (checkup->finding.remedy[0] == '\0')
        bwdir_checkup_remedy(checkup, "mend what is in the way and run "
                                      "bwdir-check again");
    bwdir_checkup_warn(checkup, "not looked at: %s", why);
}

void
check_list_step(struct check_list *list)
{
    if (list->seen++ % ALIVE_EVERY == 0)
        dir_set_deadline(list->connection, check_deadline(list->checkup));
}

bool
check_list_tells(struct check_list *list)
{
    return ++list->wrong <= TOLD_MAX;
}

static void tell_list(const struct check_list *list, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void
tell_list(const struct check_list *list, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell(list->checkup, list->grade, format, args);
    va_end(args);
}

bool
check_list_is_well(const struct check_list *list)
{
    if (list->wrong > TOLD_MAX) {
        bwdir_checkup_remedy(list->checkup, "mend those that are named and "
                                            "run bwdir-check again");
        tell_list(list, "%zu more of them", list->wrong - TOLD_MAX);
    }
    return list->wrong == 0;
}

enum bwdir_status
check_connect(const struct bwdir_checkup *checkup, const char *const *uris,
              const struct bwdir_identity *identity,
              struct dir_connection **connection, struct bwdir_detail *why)
{
    struct dir_servers *servers = NULL;
    enum bwdir_status status;

    *connection = NULL;
    status = dir_servers_new(
        uris, bwdir_config_text(checkup->order.config, "tls-ca-file"),
        &servers, why);
    if (status != BWDIR_OK)
        return status;
    dir_servers_begin(servers);
    status = bwdir_servers_connect(servers, identity, check_deadline(checkup),
                                   connection, why);
    dir_servers_free(&servers);
    return status;
}

const struct bwdir_obstacle check_hidden_config = {
    "cn=config is hidden from you", CHECK_AS_ROOT};

const struct bwdir_obstacle *
check_obstacle(const struct bwdir_checkup *checkup)
{
    static const struct bwdir_obstacle silent = {
        "no server of the directory answers", "mend that first"};
    static const struct bwdir_obstacle baseless = {
        "the base of the directory is not seen", "mend that first"};

    if (!checkup->reachable)
        return &silent;
    return checkup->baseless ? &baseless : NULL;
}

bool
check_stands_behind(struct bwdir_checkup *checkup,
                    const struct bwdir_obstacle *obstacle)
{
    if (obstacle == NULL)
        return false;
    checkup->finding.behind = obstacle;
    bwdir_checkup_remedy(checkup, "%s", obstacle->remedy);
    check_not_looked(checkup, obstacle->what);
    return true;
}

struct dir_connection *
check_connection(struct bwdir_checkup *checkup)
{
    static const struct bwdir_obstacle not_let_in = {
        "the tools cannot sign in", "mend that first"};
    const struct bwdir_obstacle *obstacle = check_obstacle(checkup);
    struct dir_connection *connection;

    if (obstacle == NULL && checkup->directory == NULL)
        obstacle = &not_let_in;
    if (check_stands_behind(checkup, obstacle))
        return NULL;
    connection = checkup->directory->connection;
    dir_set_deadline(connection, check_deadline(checkup));
    return connection;
}
