/*
 * The identities of programs, below ou=services.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "bwdir.h"
#include "detail.h"
#include "dir/search.h"
#include "directory.h"
#include "hash.h"
#include "place.h"
#include "plan.h"

static const struct program {
    const char *name;
    const char *description;
    /* Asked in the place of unknown users, so as dear as a user's; the others
     * are random, so that the least cost will do. */
    bool dear;
} programs[] = {
    {"bwdird", "The daemon: reads, writes nothing", false},
    {"outbox", "Delivers mail that is owed", false},
    {"decoy", "Bound in the place of unknown users", true},
};

static const struct program *
find(const char *name)
{
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (strcmp(programs[i].name, name) == 0)
            return &programs[i];
    return NULL;
}

char *
bwdir_program_dn(const struct bwdir_directory *directory, const char *name)
{
    return bwdir_place_dn(directory->base, BWDIR_PLACE_SERVICES, name);
}

enum bwdir_status
bwdir_program_exists(struct bwdir_directory *directory, const char *name,
                     bool *exists, struct bwdir_detail *why)
{
    static const char *const attributes[] = {"cn", NULL};
    struct dir_search search = {.scope = DIR_SCOPE_BASE,
                                .filter = "(objectClass=*)",
                                .attributes = attributes};
    struct dir_entry *entry = NULL;
    char *dn = bwdir_program_dn(directory, name);
    enum bwdir_status status = BWDIR_NO_MEMORY;

    search.base = dn;
    if (dn != NULL)
        status = dir_search_one(bwdir_directory_ready(directory), &search,
                                &entry, why);
    *exists = status == BWDIR_OK;
    dir_entry_free(&entry);
    free(dn);
    return status == BWDIR_NOT_FOUND ? BWDIR_OK : status;
}

/* The hash as a secret, so that no plan that is printed shows it. */
static enum bwdir_status
hash_secret(const struct program *program, const struct bwdir_secret *secret,
            struct bwdir_secret **hashed)
{
    char hash[BWDIR_HASH_SIZE];
    enum bwdir_status status = program->dear
                                   ? bwdir_hash_password(secret, hash)
                                   : bwdir_hash_code(secret, hash);

    *hashed = NULL;
    if (status == BWDIR_OK)
        status = bwdir_secret_new(hash, strlen(hash), hashed);
    explicit_bzero(hash, sizeof hash);
    return status;
}

static void
fill(struct bwdir_plan *plan, const struct bwdir_directory *directory,
     const struct program *program)
{
    char *policy =
        bwdir_place_dn(directory->base, BWDIR_PLACE_ACCESS, "service");

    bwdir_plan_value(plan, DIR_ADD_VALUE, "objectClass", "applicationProcess");
    bwdir_plan_value(plan, DIR_ADD_VALUE, "objectClass",
                     "simpleSecurityObject");
    bwdir_plan_value(plan, DIR_ADD_VALUE, "cn", program->name);
    bwdir_plan_value(plan, DIR_ADD_VALUE, "description", program->description);
    bwdir_plan_value(plan, DIR_ADD_VALUE, "pwdPolicySubentry", policy);
    free(policy);
}

enum bwdir_status
bwdir_program_plan(struct bwdir_directory *directory, const char *name,
                   bool exists, const struct bwdir_secret *secret,
                   struct bwdir_plan **plan, struct bwdir_detail *why)
{
    const struct program *program = find(name);
    struct bwdir_secret *hashed = NULL;
    enum bwdir_status status;
    char *dn;

    *plan = NULL;
    if (program == NULL)
        return bwdir_fail(why, BWDIR_BAD_VALUE,
                          "program \"%s\": bwdird, outbox or decoy wanted",
                          name);
    status = hash_secret(program, secret, &hashed);
    if (status == BWDIR_OK)
        status = bwdir_plan_new(
            bwdir_directory_purpose(directory,
                                    exists ? "renew secret" : "add program"),
            plan);
    if (status == BWDIR_OK) {
        dn = bwdir_program_dn(directory, name);
        if (exists) {
            bwdir_plan_modify(*plan, dn);
        } else {
            bwdir_plan_add(*plan, dn);
            fill(*plan, directory, program);
        }
        bwdir_plan_secret(*plan, exists ? DIR_REPLACE : DIR_ADD_VALUE,
                          "userPassword", hashed);
        free(dn);
        status = bwdir_plan_done(*plan);
    }
    bwdir_secret_free(&hashed);
    if (status != BWDIR_OK)
        bwdir_plan_free(plan);
    return status;
}
