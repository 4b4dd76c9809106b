/*
 * The part of a user's entry that decisions look at and that the daemon's
 * identity may read: who it is and what it may do.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "standing.h"

#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "detail.h"
#include "place.h"
#include "strlist.h"

static const char *const levels[] = {
    [BWDIR_LEVEL_BASIC] = "basic", [BWDIR_LEVEL_ADMIN] = "admin"};
static const char *const states[] = {[BWDIR_STATE_UNVERIFIED] = "unverified",
                                     [BWDIR_STATE_VERIFIED] = "verified"};

const char *
bwdir_level_name(enum bwdir_level level)
{
    return level == BWDIR_LEVEL_BASIC || level == BWDIR_LEVEL_ADMIN
               ? levels[level]
               : "unknown";
}

bool
bwdir_level_from_name(const char *name, enum bwdir_level *level)
{
    for (unsigned i = BWDIR_LEVEL_BASIC; i <= BWDIR_LEVEL_ADMIN; i++) {
        if (strcmp(levels[i], name) == 0) {
            *level = (enum bwdir_level)i;
            return true;
        }
    }
    return false;
}

const char *
bwdir_state_name(enum bwdir_state state)
{
    return state == BWDIR_STATE_UNVERIFIED || state == BWDIR_STATE_VERIFIED
               ? states[state]
               : "unknown";
}

static enum bwdir_status
bad_attribute(const struct dir_entry *entry, const char *attribute,
              const char *value, struct bwdir_detail *why)
{
    return bwdir_fail(why, BWDIR_MALFORMED, "%s: %s \"%s\" is not known",
                      dir_entry_dn(entry), attribute, value);
}

static enum bwdir_status
map_level(const struct dir_entry *entry, struct bwdir_standing *standing,
          struct bwdir_detail *why)
{
    const char *text;
    enum bwdir_status status;

    status = dir_entry_one(entry, "bwAdministrationLevel", &text, why);
    if (status != BWDIR_OK)
        return status;
    if (!bwdir_level_from_name(text, &standing->level))
        return bad_attribute(entry, "bwAdministrationLevel", text, why);
    return BWDIR_OK;
}

static enum bwdir_status
map_state(const struct dir_entry *entry, struct bwdir_standing *standing,
          struct bwdir_detail *why)
{
    const char *text;
    enum bwdir_status status;

    status = dir_entry_one(entry, "bwVerificationState", &text, why);
    if (status != BWDIR_OK)
        return status;
    if (strcmp(text, states[BWDIR_STATE_VERIFIED]) == 0)
        standing->state = BWDIR_STATE_VERIFIED;
    else if (strcmp(text, states[BWDIR_STATE_UNVERIFIED]) == 0)
        standing->state = BWDIR_STATE_UNVERIFIED;
    else
        return bad_attribute(entry, "bwVerificationState", text, why);
    return BWDIR_OK;
}

/* The names behind the DNs of an attribute that points into PLACE. */
static enum bwdir_status
map_references(const struct dir_entry *entry, const char *attribute,
               const char *parent, char ***names, struct bwdir_detail *why)
{
    const char *const *dns;
    enum bwdir_status status;
    size_t count = dir_entry_count(entry, attribute);

    *names = bwdir_strings_new(count);
    if (*names == NULL || parent == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    status = dir_entry_all(entry, attribute, &dns, why);
    for (size_t i = 0; status == BWDIR_OK && i < count; i++) {
        status = dir_dn_child(dns[i], "cn", parent, &(*names)[i]);
        if (status == BWDIR_MALFORMED)
            bad_attribute(entry, attribute, dns[i], why);
    }
    return status;
}

static enum bwdir_status
map_lists(const struct dir_entry *entry, const char *base,
          struct bwdir_standing *standing, struct bwdir_detail *why)
{
    char *roles = bwdir_place_dn(base, BWDIR_PLACE_ROLES, NULL);
    char *accounts = bwdir_place_dn(base, BWDIR_PLACE_ACCOUNTS, NULL);
    enum bwdir_status status;

    status = map_references(entry, "bwRole", roles, &standing->roles, why);
    if (status == BWDIR_OK)
        status = map_references(entry, "bwAccount", accounts,
                                &standing->accounts, why);
    free(accounts);
    free(roles);
    return status;
}

static enum bwdir_status
map_name(const struct dir_entry *entry, struct bwdir_standing *standing,
         struct bwdir_detail *why)
{
    const char *text;
    enum bwdir_status status;

    standing->dn = strdup(dir_entry_dn(entry));
    status = dir_entry_one(entry, "uid", &text, why);
    if (status != BWDIR_OK)
        return status;
    standing->name = strdup(text);
    if (standing->dn == NULL || standing->name == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    return BWDIR_OK;
}

enum bwdir_status
bwdir_standing_map(const struct dir_entry *entry, const char *base,
                   struct bwdir_standing *standing, struct bwdir_detail *why)
{
    const char *policy;
    enum bwdir_status status;

    memset(standing, 0, sizeof *standing);
    status = map_name(entry, standing, why);
    if (status == BWDIR_OK)
        status = map_level(entry, standing, why);
    if (status == BWDIR_OK)
        status = map_state(entry, standing, why);
    if (status == BWDIR_OK)
        status = map_lists(entry, base, standing, why);
    if (status == BWDIR_OK)
        status =
            dir_entry_at_most_one(entry, "pwdPolicySubentry", &policy, why);
    if (status == BWDIR_OK)
        standing->access = bwdir_access_from_dn(policy, base);
    return status;
}

void
bwdir_standing_clear(struct bwdir_standing *standing)
{
    free(standing->dn);
    free(standing->name);
    bwdir_strings_free(&standing->roles);
    bwdir_strings_free(&standing->accounts);
    memset(standing, 0, sizeof *standing);
}
