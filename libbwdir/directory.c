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
#include "detail.h"

static const char *
section_text(const struct bwdir_config *config, const char *section,
             const char *option)
{
    char name[64];

    snprintf(name, sizeof name, "%s.%s", section, option);
    return bwdir_config_text(config, name);
}

enum bwdir_status
bwdir_identity_load(const struct bwdir_config *config, const char *section,
                    struct bwdir_identity *identity, struct bwdir_detail *why)
{
    enum bwdir_status status;

    memset(identity, 0, sizeof *identity);
    identity->dn = section_text(config, section, "bind-dn");
    if (identity->dn == NULL)
        return BWDIR_OK;
    status = bwdir_secret_from_file(
        section_text(config, section, "secret-file"), &identity->owned, why);
    identity->password = identity->owned;
    return status;
}

void
bwdir_identity_clear(struct bwdir_identity *identity)
{
    bwdir_secret_free(&identity->owned);
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
    identity->dn = login->bind_dn;
    identity->password = login->password;
    return BWDIR_OK;
}

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
bwdir_directory_connect(const struct bwdir_config *config,
                        const char *const *uris,
                        const struct bwdir_identity *identity,
                        int64_t deadline, struct dir_connection **connection,
                        struct bwdir_detail *why)
{
    struct dir_target target = {
        .uris = uris != NULL ? uris : bwdir_config_uris(config),
        .ca_file = bwdir_config_text(config, "tls-ca-file"),
        .deadline = deadline};
    enum bwdir_status status;

    *connection = NULL;
    status = dir_connect(&target, connection, why);
    if (status != BWDIR_OK || identity == NULL)
        return status;
    dir_set_deadline(*connection, deadline);
    status = bind_as(*connection, identity, why);
    if (status != BWDIR_OK)
        dir_close(connection);
    return status;
}

enum bwdir_status
bwdir_directory_open(const struct bwdir_config *config,
                     const struct bwdir_login *login,
                     struct bwdir_directory **directory,
                     struct bwdir_detail *why)
{
    const char *uris[] = {login->uri, NULL};
    const char *base = login->base;
    struct bwdir_directory *dir;
    struct bwdir_identity identity;
    enum bwdir_status status;

    *directory = NULL;
    status = choose_identity(config, login, &identity, why);
    if (status != BWDIR_OK)
        return status;
    dir = calloc(1, sizeof *dir);
    if (dir == NULL) {
        bwdir_identity_clear(&identity);
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    }
    dir->base =
        strdup(base != NULL ? base : bwdir_config_text(config, "base"));
    if (login->why != NULL)
        dir->why = strdup(login->why);
    status = dir->base == NULL || (dir->why == NULL && login->why != NULL)
                 ? BWDIR_NO_MEMORY
                 : BWDIR_OK;
    if (status == BWDIR_OK)
        status = bwdir_directory_connect(
            config, login->uri != NULL ? uris : NULL, &identity,
            dir_now() + BWDIR_OPERATION_MS, &dir->connection, why);
    bwdir_identity_clear(&identity);
    if (status != BWDIR_OK)
        bwdir_directory_close(&dir);
    *directory = dir;
    return status;
}

void
bwdir_directory_close(struct bwdir_directory **directory)
{
    if (*directory == NULL)
        return;
    dir_close(&(*directory)->connection);
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
