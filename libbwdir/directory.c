/*
 * Opening the directory as somebody.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "directory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "configuration.h"
#include "configuration_check.h"
#include "detail.h"
#include "supposed.h"

static const char *
section_text(const struct bwdir_config *config, const char *section,
             const char *option)
{
    char name[64];

    snprintf(name, sizeof name, "%s.%s", section, option);
    return bwdir_config_text(config, name);
}

enum bwdir_status
bwdir_identity_set(struct bwdir_identity *identity, const char *dn,
                   const struct bwdir_secret *password,
                   struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_OK;

    memset(identity, 0, sizeof *identity);
    if (dn != NULL && (identity->dn = strdup(dn)) == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    if (password != NULL)
        status = bwdir_secret_new(bwdir_secret_bytes(password),
                                  bwdir_secret_length(password),
                                  &identity->password);
    if (status != BWDIR_OK)
        bwdir_identity_clear(identity);
    return status == BWDIR_OK
               ? status
               : bwdir_fail(why, status, "%s", bwdir_strerror(status));
}

enum bwdir_status
bwdir_identity_load(const struct bwdir_config *config, const char *section,
                    struct bwdir_identity *identity, struct bwdir_detail *why)
{
    const char *dn = section_text(config, section, "bind-dn");
    enum bwdir_status status = bwdir_identity_set(identity, dn, NULL, why);
    char option[64];

    if (status != BWDIR_OK || dn == NULL)
        return status;
    snprintf(option, sizeof option, "%s.secret-file", section);
    status = bwdir_config_secret(config, option, &identity->password, why);
    if (status != BWDIR_OK)
        bwdir_identity_clear(identity);
    return status;
}

void
bwdir_identity_clear(struct bwdir_identity *identity)
{
    bwdir_secret_free(&identity->password);
    free(identity->dn);
    memset(identity, 0, sizeof *identity);
}

/* What the caller of bwdir_directory_open said, else the section. */
static enum bwdir_status
choose_identity(const struct bwdir_config *config,
                const struct bwdir_login *login,
                struct bwdir_identity *identity, struct bwdir_detail *why)
{
    memset(identity, 0, sizeof *identity);
    if (login->bind_dn == NULL && login->sasl_mech == NULL)
        return bwdir_identity_load(config, login->section, identity, why);
    if (login->bind_dn != NULL && login->sasl_mech != NULL)
        return bwdir_fail(why, BWDIR_BAD_VALUE,
                          "a bind DN and a SASL mechanism exclude each other");
    if (login->sasl_mech != NULL && strcmp(login->sasl_mech, "EXTERNAL") != 0)
        return bwdir_fail(why, BWDIR_BAD_VALUE,
                          "SASL mechanism \"%s\": EXTERNAL is the one known",
                          login->sasl_mech);
    if (login->bind_dn != NULL &&
        (login->password == NULL || bwdir_secret_length(login->password) == 0))
        return bwdir_fail(why, BWDIR_BAD_VALUE,
                          "bind DN \"%s\": a password that is not empty is "
                          "needed with it",
                          login->bind_dn);
    return bwdir_identity_set(identity, login->bind_dn, login->password, why);
}

const char *
bwdir_uri_objection(const char *text)
{
    return check_uri(text);
}

bool
bwdir_is_dn(const char *text)
{
    return dir_is_dn(text);
}

bool
bwdir_directory_is_stranger(const struct bwdir_directory *dir,
                            unsigned long *uid)
{
    return sscanf(bwdir_directory_whoami(dir),
                  "dn:gidNumber=%*u+uidNumber=%lu,cn=peercred,cn=external,",
                  uid) == 1 &&
           *uid != 0;
}

bool
bwdir_directory_is_to_change(const struct bwdir_directory *dir)
{
    return dir_is_to_change(dir->connection);
}

/* ---- one server, and the first of several ---- */

static enum bwdir_status
bind_as(struct dir_connection *connection,
        const struct bwdir_identity *identity, struct bwdir_detail *why)
{
    struct dir_bind_result result;

    if (identity->dn == NULL)
        return dir_bind_external(connection, why);
    return dir_bind_simple(connection, identity->dn, identity->password,
                           &result, why);
}

enum bwdir_status
bwdir_servers_load(const struct bwdir_config *config,
                   struct dir_servers **servers, struct bwdir_detail *why)
{
    return dir_servers_new(bwdir_config_uris(config),
                           bwdir_config_text(config, "tls-ca-file"), servers,
                           why);
}

enum bwdir_status
bwdir_server_connect(const struct dir_servers *servers, const char *uri,
                     const struct bwdir_identity *identity, int64_t deadline,
                     struct dir_connection **connection,
                     struct bwdir_detail *why)
{
    struct dir_target target = {uri, dir_servers_ca_file(servers), deadline};
    enum bwdir_status status;

    status = dir_connect(&target, connection, why);
    if (status != BWDIR_OK || identity == NULL)
        return status;
    status = bind_as(*connection, identity, why);
    if (status != BWDIR_OK)
        dir_close(connection);
    return status;
}

enum bwdir_status
bwdir_servers_connect(struct dir_servers *servers,
                      const struct bwdir_identity *identity, int64_t deadline,
                      struct dir_connection **connection,
                      struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_UNAVAILABLE;
    struct bwdir_detail all = {""};
    const char *uri;

    *connection = NULL;
    while (status == BWDIR_UNAVAILABLE &&
           (uri = dir_servers_next(servers, dir_now())) != NULL) {
        struct bwdir_detail one = {""};

        status = bwdir_server_connect(
            servers, uri, identity,
            dir_servers_share(servers, uri, dir_now(), deadline), connection,
            &one);
        bwdir_fail(&all, status, "%s%s%s", all.text,
                   all.text[0] != '\0' ? "; " : "", one.text);
        if (status == BWDIR_UNAVAILABLE) {
            bwdir_fail(why, status, "%s", all.text);
            dir_servers_failed(servers, uri, dir_now());
        } else if (status == BWDIR_OK) {
            dir_servers_served(servers, uri);
        } else {
            bwdir_fail(why, status, "%s", one.text);
        }
    }
    if (status == BWDIR_OK)
        dir_set_deadline(*connection, deadline);
    return status;
}

bool
bwdir_may_move(enum bwdir_status status,
               const struct dir_connection *connection)
{
    return status == BWDIR_UNAVAILABLE && !dir_in_doubt(connection);
}

enum bwdir_status
bwdir_servers_move(struct dir_servers *servers,
                   const struct bwdir_identity *identity, int64_t deadline,
                   struct dir_connection **connection)
{
    struct dir_connection *next;
    enum bwdir_status status;

    dir_servers_skip(servers, dir_uri(*connection));
    status = bwdir_servers_connect(servers, identity, deadline, &next, NULL);
    if (status != BWDIR_OK)
        return status;
    dir_close(connection);
    *connection = next;
    return BWDIR_OK;
}

/* ---- the directory of a tool ---- */

static enum bwdir_status
list_servers(const struct bwdir_config *config, const char *uri,
             struct dir_servers **servers, struct bwdir_detail *why)
{
    const char *const uris[] = {uri, NULL};

    if (uri == NULL)
        return bwdir_servers_load(config, servers, why);
    return dir_servers_new(uris, bwdir_config_text(config, "tls-ca-file"),
                           servers, why);
}

enum bwdir_status
bwdir_directory_open(const struct bwdir_config *config,
                     const struct bwdir_login *login,
                     struct bwdir_directory **directory,
                     struct bwdir_detail *why)
{
    const char *base = login->base;
    struct bwdir_directory *dir = calloc(1, sizeof *dir);
    enum bwdir_status status;

    *directory = NULL;
    if (dir == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    status = choose_identity(config, login, &dir->identity, why);
    if (status == BWDIR_OK)
        status = list_servers(config, login->uri, &dir->servers, why);
    dir->base =
        strdup(base != NULL ? base : bwdir_config_text(config, "base"));
    if (login->why != NULL)
        dir->why = strdup(login->why);
    if (status == BWDIR_OK &&
        (dir->base == NULL || (dir->why == NULL && login->why != NULL)))
        status = bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    if (status == BWDIR_OK)
        status = bwdir_servers_connect(dir->servers, &dir->identity,
                                       dir_now() + BWDIR_OPERATION_MS,
                                       &dir->connection, why);
    if (status != BWDIR_OK)
        bwdir_directory_close(&dir);
    *directory = dir;
    return status;
}

enum bwdir_status
bwdir_directory_reopen(struct bwdir_directory *dir, struct bwdir_detail *why)
{
    struct dir_connection *next;
    enum bwdir_status status;

    dir_servers_failed(dir->servers, dir_uri(dir->connection), dir_now());
    dir_servers_begin(dir->servers);
    status = bwdir_servers_connect(dir->servers, &dir->identity,
                                   dir_now() + BWDIR_OPERATION_MS, &next, why);
    if (status != BWDIR_OK)
        return status;
    dir_close(&dir->connection);
    dir->connection = next;
    return BWDIR_OK;
}

void
bwdir_directory_close(struct bwdir_directory **directory)
{
    if (*directory == NULL)
        return;
    dir_close(&(*directory)->connection);
    dir_servers_free(&(*directory)->servers);
    bwdir_identity_clear(&(*directory)->identity);
    bwdir_supposed_free(&(*directory)->supposed);
    free((*directory)->base);
    free((*directory)->why);
    free(*directory);
    *directory = NULL;
}

const char *
bwdir_directory_whoami(const struct bwdir_directory *directory)
{
    return dir_whoami(directory->connection);
}

struct dir_connection *
bwdir_directory_ready(struct bwdir_directory *dir)
{
    dir_set_deadline(dir->connection, dir_now() + BWDIR_OPERATION_MS);
    return dir->connection;
}

struct bwdir_purpose
bwdir_directory_purpose(const struct bwdir_directory *dir, const char *what)
{
    return (struct bwdir_purpose){
        .who = bwdir_directory_whoami(dir),
        .why = dir->why != NULL ? dir->why : "-",
        .what = what,
    };
}

void
bwdir_directory_observe(struct bwdir_directory *directory,
                        void (*observe)(const struct bwdir_outcome *outcome,
                                        void *closure),
                        void *closure)
{
    directory->observe = observe;
    directory->closure = closure;
}

bool
bwdir_directory_move(struct bwdir_directory *dir, enum bwdir_status status)
{
    return bwdir_may_move(status, dir->connection) &&
           bwdir_servers_move(dir->servers, &dir->identity,
                              dir_now() + BWDIR_OPERATION_MS,
                              &dir->connection) == BWDIR_OK;
}
