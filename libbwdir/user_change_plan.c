/*
 * The plan that changes a user.  The server judges each request by what stands
 * there before it, so the order is its own:
 *
 *   1. the user: back to unverified, so that mail and phone may change; the
 *      role of an administrator away, so that he may leave lists
 *   2. accounts: off their lists of admins
 *   3. the user: everything else
 *   4. accounts: on their lists
 *   5. the user: roles that depend on an account of step 3 or a list of step 4
 *
 * Each mail is owed in the request that it tells of.  When it stops half way,
 * 1 without 3 leaves a user who is sent a new code to the old address, and the
 * other steps leave fewer rights than either before or after.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "access.h"
#include "account.h"
#include "detail.h"
#include "notice.h"
#include "place.h"
#include "user_change.h"

bool
bwdir_change_has(char *const *list, const char *text)
{
    for (; list != NULL && *list != NULL; list++)
        if (strcmp(*list, text) == 0)
            return true;
    return false;
}

bool
bwdir_change_any(char *const *list)
{
    return list != NULL && *list != NULL;
}

bool
bwdir_change_differs(const char *given, const char *old)
{
    return given != NULL && strcmp(given, old != NULL ? old : "") != 0;
}

/* What is being built: the plan, and whether its last step is the user's. */
struct building {
    const struct bwdir_resolved_change *to;
    struct bwdir_plan *plan;
    bool open;
};

static void
begin_step(struct building *building)
{
    bwdir_plan_modify(building->plan, building->to->user->standing.dn);
    building->open = true;
}

/* The user's step is the one that grows. */
static void
open_step(struct building *building)
{
    if (building->open)
        return;
    begin_step(building);
    bwdir_plan_may_be_done(building->plan);
}

static void
put(struct building *building, enum dir_change_kind kind,
    const char *attribute, const char *value)
{
    open_step(building);
    bwdir_plan_value(building->plan, kind, attribute, value);
}

static void
owe(struct building *building, enum bwdir_mail mail, const char *about)
{
    open_step(building);
    bwdir_notice_owe(building->plan, mail, about);
}

static void
put_references(struct building *building, enum dir_change_kind kind,
               const char *attribute, enum bwdir_place place,
               char *const *names)
{
    for (; names != NULL && *names != NULL; names++) {
        char *dn = bwdir_place_dn(building->to->dir->base, place, *names);

        put(building, kind, attribute, dn);
        free(dn);
    }
}

static void
put_list(struct building *building, enum dir_change_kind kind,
         const char *account)
{
    char *dn =
        bwdir_place_dn(building->to->dir->base, BWDIR_PLACE_ACCOUNTS, account);

    bwdir_plan_modify(building->plan, dn);
    bwdir_plan_may_be_done(building->plan);
    bwdir_plan_value(building->plan, kind, "bwAccountAdmin",
                     building->to->user->standing.dn);
    building->open = false;
    free(dn);
}

static void
put_on_lists(struct building *building)
{
    char *const *account = building->to->list;

    for (; account != NULL && *account != NULL; account++)
        put_list(building, DIR_ADD_VALUE, *account);
}

static enum bwdir_status
put_off_lists(struct building *building, struct bwdir_detail *why)
{
    const struct bwdir_resolved_change *to = building->to;
    enum bwdir_status status = BWDIR_OK;
    char *const *account = to->unlist;

    for (; status == BWDIR_OK && account != NULL && *account; account++) {
        put_list(building, DIR_DELETE_VALUE, *account);
        if (!to->change->force)
            status = bwdir_account_keep_admin(to->dir, *account,
                                              to->user->standing.name,
                                              building->plan, why);
    }
    return status;
}

bool
bwdir_change_needs_code(const struct bwdir_resolved_change *to)
{
    return bwdir_change_differs(to->change->mail, to->user->mail) ||
           bwdir_change_differs(to->change->phone, to->user->phone);
}

/*
 * A code is owed from now on: to who is unverified already by the state alone,
 * since he has none for the new address.
 */
static void
begin_with_state(struct building *building)
{
    if (!bwdir_change_needs_code(building->to) ||
        building->to->user->standing.state != BWDIR_STATE_VERIFIED)
        return;
    /* Exactly once: another's address may be what is to be confirmed. */
    begin_step(building);
    put(building, DIR_DELETE_VALUE, "bwVerificationState", "verified");
    put(building, DIR_ADD_VALUE, "bwVerificationState", "unverified");
    owe(building, BWDIR_MAIL_CONFIRM, NULL);
}

/* True when the role of an administrator has to go before anything else. */
static bool
leaves_first(const struct bwdir_resolved_change *to)
{
    return bwdir_change_any(to->unlist) &&
           bwdir_change_has(to->drop_roles, BWDIR_ADMIN_ROLE);
}

static void
put_administrator(struct building *building, enum dir_change_kind kind)
{
    char *role[] = {(char[]){BWDIR_ADMIN_ROLE}, NULL};

    put_references(building, kind, "bwRole", BWDIR_PLACE_ROLES, role);
}

static void
put_names(struct building *building)
{
    const struct bwdir_user_change *change = building->to->change;
    const struct bwdir_user *user = building->to->user;
    const char *first = change->first != NULL ? change->first : user->first;
    const char *last = change->last != NULL ? change->last : user->last;
    bool new_first = bwdir_change_differs(change->first, user->first);
    bool new_last = bwdir_change_differs(change->last, user->last);
    char *name = NULL;

    if (new_first)
        put(building, DIR_REPLACE, "givenName", first);
    if (new_last)
        put(building, DIR_REPLACE, "sn", last);
    if (!new_first && !new_last)
        return;
    if (asprintf(&name, "%s %s", first, last) < 0)
        name = NULL;
    put(building, DIR_REPLACE, "cn", name);
    free(name);
}

static void
put_addresses(struct building *building)
{
    const struct bwdir_user_change *change = building->to->change;
    const struct bwdir_user *user = building->to->user;

    if (bwdir_change_differs(change->mail, user->mail)) {
        put(building, DIR_REPLACE, "mail", change->mail);
        /* Whatever the state, which whoever has his password can change by
         * another phone; but before the first password it may be a
         * stranger's. */
        if (user->facts.changed_known &&
            strcasecmp(user->mail, change->mail) != 0)
            owe(building, BWDIR_MAIL_ADDRESS_CHANGED, user->mail);
    }
    if (bwdir_change_differs(change->phone, user->phone))
        put(building, DIR_REPLACE, "bwWorkPhone", change->phone);
}

static void
put_owner(struct building *building)
{
    const struct bwdir_resolved_change *to = building->to;
    char *dn;

    if (!bwdir_change_differs(to->change->owner, to->user->owner))
        return;
    if (*to->change->owner == '\0') {
        open_step(building);
        bwdir_plan_remove(building->plan, "owner");
        return;
    }
    dn = bwdir_place_dn(to->dir->base, BWDIR_PLACE_PEOPLE, to->change->owner);
    put(building, DIR_REPLACE, "owner", dn);
    free(dn);
}

static bool
changes_access(const struct bwdir_resolved_change *to)
{
    return to->change->access != 0 &&
           to->change->access != to->user->standing.access;
}

static bool
changes_rights(const struct bwdir_resolved_change *to)
{
    return changes_access(to) || to->grant.level != to->user->standing.level ||
           bwdir_change_any(to->add_roles) ||
           bwdir_change_any(to->drop_roles) ||
           bwdir_change_any(to->add_accounts) ||
           bwdir_change_any(to->drop_accounts) || bwdir_change_any(to->list) ||
           bwdir_change_any(to->unlist);
}

static void
put_rights(struct building *building)
{
    const struct bwdir_resolved_change *to = building->to;
    char *dn;

    if (changes_access(to)) {
        dn = bwdir_place_dn(to->dir->base, BWDIR_PLACE_ACCESS,
                            bwdir_access_name(to->change->access));
        put(building, DIR_REPLACE, "pwdPolicySubentry", dn);
        free(dn);
    }
    if (to->grant.level != to->user->standing.level)
        put(building, DIR_REPLACE, "bwAdministrationLevel",
            bwdir_level_name(to->grant.level));
    for (char **role = to->drop_roles; role != NULL && *role != NULL; role++) {
        char *one[] = {*role, NULL};

        if (strcmp(*role, BWDIR_ADMIN_ROLE) != 0 || !leaves_first(to))
            put_references(building, DIR_DELETE_VALUE, "bwRole",
                           BWDIR_PLACE_ROLES, one);
    }
    put_references(building, DIR_DELETE_VALUE, "bwAccount",
                   BWDIR_PLACE_ACCOUNTS, to->drop_accounts);
    put_references(building, DIR_ADD_VALUE, "bwAccount", BWDIR_PLACE_ACCOUNTS,
                   to->add_accounts);
    if (changes_rights(to))
        owe(building, BWDIR_MAIL_ACCESS_CHANGED, NULL);
}

static enum bwdir_status
build(struct building *building, struct bwdir_detail *why)
{
    const struct bwdir_resolved_change *to = building->to;
    bool late =
        bwdir_change_any(to->add_accounts) || bwdir_change_any(to->list);
    enum bwdir_status status;

    begin_with_state(building);
    if (leaves_first(to))
        put_administrator(building, DIR_DELETE_VALUE);
    if (to->user->standing.state == BWDIR_STATE_VERIFIED || leaves_first(to))
        building->open = false;
    status = put_off_lists(building, why);
    if (status != BWDIR_OK)
        return status;
    put_names(building);
    put_addresses(building);
    put_owner(building);
    put_rights(building);
    put_on_lists(building);
    if (late)
        building->open = false;
    put_references(building, DIR_ADD_VALUE, "bwRole", BWDIR_PLACE_ROLES,
                   to->add_roles);
    return BWDIR_OK;
}

enum bwdir_status
bwdir_change_plan(const struct bwdir_resolved_change *resolved,
                  struct bwdir_plan **plan, struct bwdir_detail *why)
{
    struct building building = {.to = resolved};
    struct bwdir_detail refusal;
    enum bwdir_status status;

    *plan = NULL;
    if (!changes_rights(resolved) && !bwdir_change_needs_code(resolved) &&
        !bwdir_change_differs(resolved->change->first,
                              resolved->user->first) &&
        !bwdir_change_differs(resolved->change->last, resolved->user->last) &&
        !bwdir_change_differs(resolved->change->owner, resolved->user->owner))
        return BWDIR_OK;
    status = bwdir_plan_new(
        bwdir_directory_purpose(resolved->dir, "change user"), plan);
    if (status == BWDIR_OK) {
        building.plan = *plan;
        (void)bwdir_fail(&refusal, BWDIR_NOT_PERMITTED,
                         "user name \"%s\": you are not permitted to change "
                         "this user in that way",
                         resolved->user->standing.name);
        bwdir_plan_set_refusal(*plan, refusal.text);
        status = build(&building, why);
        if (status == BWDIR_OK)
            status = bwdir_plan_done(*plan);
    }
    if (status == BWDIR_NO_MEMORY)
        (void)bwdir_fail(why, status, "out of memory");
    if (status != BWDIR_OK)
        bwdir_plan_free(plan);
    return status;
}
