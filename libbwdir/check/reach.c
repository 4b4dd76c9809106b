/*
 * Does the directory answer, and to whom: each server by itself, then the
 * tools, the daemon and the outbox, each as it connects.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checkup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../dir/search.h"

/* ---- servers ---- */

#define SERVERS_MAX 16 /* as many as bwdir.conf(5) takes */

/* A connection, and an answer to a question that anybody may ask (RFC 4512
 * section 5.1). */
static enum bwdir_status
ask_server(const struct bwdir_checkup *checkup, const char *uri,
           struct bwdir_detail *why)
{
    static const char *const attributes[] = {"supportedLDAPVersion", NULL};
    const struct dir_search search = {.base = "",
                                      .scope = DIR_SCOPE_BASE,
                                      .filter = "(objectClass=*)",
                                      .attributes = attributes};
    const char *const one[] = {uri, NULL};
    struct dir_connection *connection = NULL;
    struct dir_entry *entry = NULL;
    enum bwdir_status status =
        check_connect(checkup, one, NULL, &connection, why);

    if (status == BWDIR_OK)
        status = dir_search_one(connection, &search, &entry, why);
    dir_entry_free(&entry);
    dir_close(&connection);
    return status;
}

void
check_servers(struct bwdir_checkup *checkup)
{
    struct bwdir_detail why[SERVERS_MAX] = {{""}};
    enum bwdir_status status[SERVERS_MAX];
    size_t count = 0;

    for (; count < SERVERS_MAX && checkup->uris[count] != NULL; count++) {
        status[count] = ask_server(checkup, checkup->uris[count], &why[count]);
        if (status[count] == BWDIR_OK)
            checkup->reachable = true;
    }
    for (size_t i = 0; i < count; i++) {
        if (status[i] == BWDIR_OK) {
            bwdir_checkup_ok(checkup, "%s answers", checkup->uris[i]);
            continue;
        }
        bwdir_checkup_remedy(checkup,
                             "start the server or mend uri in bwdir.conf; "
                             "tls-ca-file where TLS is what fails");
        if (checkup->reachable)
            bwdir_checkup_warn(checkup, "%s", why[i].text);
        else
            bwdir_checkup_fail(checkup, "%s", why[i].text);
    }
}

/* ---- the tools ---- */

/* A host where people only sign in has no identity for the tools: the one
 * that they have by themselves works over ldapi alone. */
static bool
has_identity(const struct bwdir_checkup *checkup)
{
    const struct bwdir_login *login = checkup->order.login;
    bool local = false;

    for (const char *const *uri = checkup->uris; *uri != NULL; uri++)
        local = local || check_is_local(*uri);
    return local || login->bind_dn != NULL || login->sasl_mech != NULL ||
           bwdir_config_text(checkup->order.config, "tools.bind-dn") != NULL;
}

/* In plain words where the server has refused the identity DN (or NULL). */
static void
tell_refusal(struct bwdir_checkup *checkup, const char *dn,
             enum bwdir_status status, const struct bwdir_detail *why)
{
    if (status == BWDIR_BAD_CREDENTIALS && dn != NULL)
        bwdir_checkup_fail(checkup,
                           "%s is not let in: the password is wrong or has "
                           "expired, or there is no such entry, or one that "
                           "is locked or disabled",
                           dn);
    else
        bwdir_checkup_fail(checkup, "%s", why->text);
}

static const char *
tools_dn(const struct bwdir_checkup *checkup)
{
    const struct bwdir_login *login = checkup->order.login;

    return login->bind_dn != NULL
               ? login->bind_dn
               : bwdir_config_text(checkup->order.config, "tools.bind-dn");
}

void
check_as_tools(struct bwdir_checkup *checkup)
{
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    if (check_stands_behind(checkup, check_obstacle(checkup)))
        return;
    if (!has_identity(checkup)) {
        bwdir_checkup_remedy(checkup, "name an operator with -D and -W, or "
                                      "run bwdir-check on the server too");
        check_not_looked(checkup, "the tools have no identity on this host");
        return;
    }
    bwdir_checkup_alive(checkup);
    status = bwdir_directory_open(checkup->order.config, checkup->order.login,
                                  &checkup->directory, &why);
    if (status == BWDIR_OK) {
        bwdir_checkup_ok(checkup, "signed in as %s",
                         bwdir_directory_whoami(checkup->directory));
        return;
    }
    bwdir_checkup_remedy(checkup, "mend section tools of bwdir.conf, or name "
                                  "an administrator with -D and -W");
    tell_refusal(checkup, tools_dn(checkup), status, &why);
}

/* ---- the base ---- */

/* An attribute of the entry DN, which is there or not. */
static enum bwdir_status
read_entry(struct dir_connection *connection, const char *dn,
           const char *attribute, struct dir_entry **entry,
           struct bwdir_detail *why)
{
    const char *const attributes[] = {attribute, NULL};
    const struct dir_search search = {.base = dn,
                                      .scope = DIR_SCOPE_BASE,
                                      .filter = "(objectClass=*)",
                                      .attributes = attributes};

    return dir_search_one(connection, &search, entry, why);
}

/* Tells what the server has (RFC 4512 section 5.1). */
static void
tell_no_base(struct bwdir_checkup *checkup, const char *const *contexts)
{
    const char *base = checkup->base;
    unsigned long uid;
    bool has = false;

    for (size_t i = 0; contexts[i] != NULL; i++)
        has = has || dir_dn_equal(contexts[i], base);
    if ((has || contexts[0] == NULL) &&
        bwdir_directory_is_stranger(checkup->directory, &uid)) {
        bwdir_checkup_remedy(checkup, "run bwdir-check as root of the "
                                      "server, or name an operator with -D "
                                      "and -W");
        bwdir_checkup_fail(checkup,
                           "uid %lu of this host is no user of the directory, "
                           "which shows him nothing",
                           uid);
        return;
    }
    if (!has && contexts[0] != NULL && contexts[1] == NULL)
        bwdir_checkup_remedy(checkup,
                             "base = '%s' in bwdir.conf(5), or -b, if that is "
                             "the directory; else bwdir-init -b %s",
                             contexts[0], base);
    else
        bwdir_checkup_remedy(checkup,
                             "run bwdir-init -b %s, or mend base in "
                             "bwdir.conf(5)",
                             base);
    if (has)
        bwdir_checkup_fail(checkup,
                           "%s: the server has an empty database for it, or "
                           "%s sees nothing there",
                           base, bwdir_directory_whoami(checkup->directory));
    else
        bwdir_checkup_fail(checkup, "%s: the server does not have it%s%s",
                           base, contexts[0] != NULL ? ", but " : "",
                           contexts[0] != NULL ? contexts[0] : "");
}

void
check_base(struct bwdir_checkup *checkup)
{
    static const char *const none[] = {NULL};
    const char *const *contexts = none;
    struct dir_connection *connection;
    struct dir_entry *entry = NULL;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    if (checkup->directory == NULL)
        return; /* which the tools' check has told */
    connection = check_connection(checkup);
    status = read_entry(connection, checkup->base, "1.1", &entry, &why);
    dir_entry_free(&entry);
    if (status == BWDIR_OK) {
        bwdir_checkup_ok(checkup, "%s is there", checkup->base);
    } else if (status == BWDIR_NOT_FOUND) {
        if (read_entry(connection, "", "namingContexts", &entry, NULL) ==
                BWDIR_OK &&
            dir_entry_all(entry, "namingContexts", &contexts, NULL) !=
                BWDIR_OK)
            contexts = none;
        tell_no_base(checkup, contexts);
        dir_entry_free(&entry);
        checkup->baseless = true;
    } else {
        check_not_looked(checkup, why.text);
    }
}

/* ---- the daemon and the outbox ---- */

/* Whether the secret may well be fit, but is not ours to read. */
static bool
is_closed(const struct bwdir_checkup *checkup, const char *section)
{
    char option[64];
    const char *path;

    snprintf(option, sizeof option, "%s.secret-file", section);
    path = bwdir_config_text(checkup->order.config, option);
    return faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0 && errno == EACCES;
}

static void
check_identity(struct bwdir_checkup *checkup, struct check_identity *who)
{
    struct bwdir_identity identity;
    struct bwdir_detail why = {""};
    char option[64];
    enum bwdir_status status;

    snprintf(option, sizeof option, "%s.bind-dn", who->section);
    who->dn = bwdir_config_text(checkup->order.config, option);
    if (who->dn == NULL && who != &checkup->identities[CHECK_BWDIRD])
        return; /* no mail is sent from this host */
    if (who->dn == NULL) {
        bwdir_checkup_remedy(checkup,
                             "give %s and its secret-file in "
                             "bwdir.conf",
                             option);
        check_not_looked(checkup, "it has no bind-dn, so it would be tried as "
                                  "whoever runs this");
        return;
    }
    if (check_stands_behind(checkup, check_obstacle(checkup)))
        return;
    status = bwdir_identity_load(checkup->order.config, who->section,
                                 &identity, &why);
    if (status == BWDIR_OK)
        status = check_connect(checkup, checkup->uris, &identity,
                               &who->connection, &why);
    bwdir_identity_clear(&identity);
    if (status == BWDIR_OK) {
        bwdir_checkup_ok(checkup, "signed in as %s",
                         dir_whoami(who->connection));
        return;
    }
    bwdir_checkup_remedy(checkup,
                         "give %s the password in %s.secret-file "
                         "(ldappasswd(1)), or mend section %s",
                         who->dn, who->section, who->section);
    if (status == BWDIR_CONFIG && is_closed(checkup, who->section)) {
        bwdir_checkup_remedy(checkup, "run bwdir-check as root");
        check_not_looked(checkup, why.text);
    } else {
        tell_refusal(checkup, who->dn, status, &why);
    }
}

void
check_as_bwdird(struct bwdir_checkup *checkup)
{
    check_identity(checkup, &checkup->identities[CHECK_BWDIRD]);
}

void
check_as_outbox(struct bwdir_checkup *checkup)
{
    check_identity(checkup, &checkup->identities[CHECK_OUTBOX]);
}
