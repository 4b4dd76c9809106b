/*
 * Access methods: the record that says both where a user may sign in and how
 * long a password lasts.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "access.h"

#include <stdlib.h>
#include <string.h>

#include "detail.h"
#include "place.h"
#include "record.h"

static const char *const names[] = {
    [BWDIR_ACCESS_DASHBOARD] = "dashboard",
    [BWDIR_ACCESS_API] = "api",
    [BWDIR_ACCESS_DASHBOARD | BWDIR_ACCESS_API] = "dashboard-api",
};

#define NAMES (sizeof names / sizeof *names)

const char *
bwdir_access_name(unsigned access)
{
    return access > 0 && access < NAMES ? names[access] : "none";
}

/* The set a name stands for; 0 for a name that is none of the three. */
static unsigned
access_from_name(const char *name)
{
    for (unsigned access = 1; access < NAMES; access++)
        if (strcmp(names[access], name) == 0)
            return access;
    return 0;
}

unsigned
bwdir_access_from_dn(const char *dn, const char *base)
{
    char *unit, *name = NULL;
    unsigned access = 0;

    if (dn == NULL)
        return BWDIR_ACCESS_DASHBOARD;
    unit = bwdir_place_dn(base, BWDIR_PLACE_ACCESS, NULL);
    if (unit != NULL && dir_dn_child(dn, "cn", unit, &name) == BWDIR_OK)
        access = access_from_name(name);
    free(name);
    free(unit);
    return access;
}

static bool
allows_exactly(const struct dir_entry *entry, unsigned access)
{
    size_t kinds = 0;

    for (unsigned kind = 1; kind < NAMES; kind <<= 1) {
        if ((access & kind) == 0)
            continue;
        kinds++;
        if (!dir_entry_has(entry, "bwAllows", names[kind]))
            return false;
    }
    return dir_entry_count(entry, "bwAllows") == kinds;
}

static enum bwdir_status
map_policy(const struct dir_entry *entry, unsigned access,
           struct bwdir_policy *policy, struct bwdir_detail *why)
{
    enum bwdir_status status;

    if (!allows_exactly(entry, access))
        return bwdir_fail(why, BWDIR_MALFORMED,
                          "%s: bwAllows does not say what the name says",
                          dir_entry_dn(entry));
    status = bwdir_record_number(entry, "pwdMaxAge", &policy->max_age, why);
    if (status == BWDIR_OK)
        status = bwdir_record_number(entry, "pwdExpireWarning",
                                     &policy->expire_warning, why);
    if (status == BWDIR_OK)
        status = bwdir_record_number(entry, "pwdGraceAuthnLimit",
                                     &policy->grace_limit, why);
    if (status == BWDIR_OK)
        status = bwdir_record_number(entry, "pwdLockoutDuration",
                                     &policy->lockout, why);
    return status;
}

enum bwdir_status
bwdir_policy_read(struct dir_connection *connection, const char *base,
                  unsigned access, struct bwdir_policy *policy,
                  struct bwdir_detail *why)
{
    static const char *const attributes[] = {
        "bwAllows",           "pwdMaxAge",          "pwdExpireWarning",
        "pwdGraceAuthnLimit", "pwdLockoutDuration", NULL};
    struct dir_search search = {.scope = DIR_SCOPE_BASE,
                                .filter = "(objectClass=bwAccessRecord)",
                                .attributes = attributes};
    struct dir_entry *entry = NULL;
    enum bwdir_status status;
    char *dn;

    dn = bwdir_place_dn(base, BWDIR_PLACE_ACCESS, bwdir_access_name(access));
    if (dn == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    search.base = dn;
    status = dir_search_one(connection, &search, &entry, why);
    if (status == BWDIR_OK)
        status = map_policy(entry, access, policy, why);
    else if (status == BWDIR_NOT_FOUND)
        status = bwdir_fail(why, BWDIR_MALFORMED, "%s: no such record", dn);
    dir_entry_free(&entry);
    free(dn);
    return status;
}

enum bwdir_status
bwdir_policies_get(struct bwdir_policies *policies,
                   struct dir_connection *connection, const char *base,
                   unsigned access, const struct bwdir_policy **policy,
                   struct bwdir_detail *why)
{
    enum bwdir_status status;

    *policy = NULL;
    if (access == 0 || access >= NAMES)
        return BWDIR_OK;
    if (!policies->of[access].asked) {
        status = bwdir_policy_read(connection, base, access,
                                   &policies->of[access].policy, why);
        if (status != BWDIR_OK && status != BWDIR_MALFORMED)
            return status;
        policies->of[access].asked = true;
        policies->of[access].known = status == BWDIR_OK;
    }
    if (policies->of[access].known)
        *policy = &policies->of[access].policy;
    return BWDIR_OK;
}
