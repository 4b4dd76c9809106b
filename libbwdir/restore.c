/*
 * Putting a deleted user back, from the file that was kept of him.
 *
 * A file without the password's hash, and that is what those keep who may not
 * read it, is put back as a new user is added: unverified, with a code to
 * come.  With the hash it is put back as it was, which the server lets only
 * those do who may store one.  Who stands there still, or again, because a
 * deletion or this was stopped half way, gets what is missing.  In each case
 * the lists of admins come after the entry and the role of an administrator
 * last, as the access rules demand.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "access.h"
#include "account.h"
#include "backup.h"
#include "detail.h"
#include "directory.h"
#include "notice.h"
#include "restore.h"
#include "strlist.h"

/* ---- steps ---- */

static enum bwdir_status
begin(struct restoring *restoring)
{
    struct bwdir_detail text;
    enum bwdir_status status;

    status =
        bwdir_plan_new(bwdir_directory_purpose(restoring->dir, "restore user"),
                       &restoring->plan);
    if (status != BWDIR_OK)
        return bwdir_fail(restoring->why, status, "out of memory");
    (void)bwdir_fail(&text, BWDIR_EXISTS, "user name \"%s\": already taken",
                     restoring->backup->name);
    bwdir_plan_set_taken(restoring->plan, text.text);
    (void)bwdir_fail(&text, BWDIR_NOT_PERMITTED,
                     "user name \"%s\": you are not permitted to put back "
                     "this user",
                     restoring->backup->name);
    bwdir_plan_set_refusal(restoring->plan, text.text);
    return BWDIR_OK;
}

static void
put_reference(struct restoring *restoring, const char *attribute,
              enum bwdir_place place, const char *name)
{
    char *dn = bwdir_place_dn(restoring->backup->base, place, name);

    bwdir_plan_value(restoring->plan, DIR_ADD_VALUE, attribute, dn);
    free(dn);
}

/* A step that whoever puts the same user back may have done. */
static void
modify(struct restoring *restoring, const char *dn)
{
    bwdir_plan_modify(restoring->plan, dn);
    bwdir_plan_may_be_done(restoring->plan);
}

/* On the lists that do not have him, HELD those that do. */
static void
put_lists(struct restoring *restoring, char *const *held)
{
    char *const *number = restoring->listed;

    for (; number != NULL && *number != NULL; number++) {
        char *dn;

        if (bwdir_change_has(held, *number))
            continue;
        dn = bwdir_place_dn(restoring->backup->base, BWDIR_PLACE_ACCOUNTS,
                            *number);
        modify(restoring, dn);
        bwdir_plan_value(restoring->plan, DIR_ADD_VALUE, "bwAccountAdmin",
                         restoring->backup->user->dn);
        free(dn);
    }
}

static bool
lacks(char *const *wanted, char *const *held)
{
    for (; wanted != NULL && *wanted != NULL; wanted++)
        if (!bwdir_change_has(held, *wanted))
            return true;
    return false;
}

/* The values that he lacks, in the step that was begun last. */
static void
put_references(struct restoring *restoring, const char *attribute,
               enum bwdir_place place, char *const *wanted, char *const *held)
{
    for (; wanted != NULL && *wanted != NULL; wanted++)
        if (!bwdir_change_has(held, *wanted))
            put_reference(restoring, attribute, place, *wanted);
}

/* The roles that he lacks in one step, if there are any. */
static void
put_roles(struct restoring *restoring, char *const *held)
{
    if (!lacks(restoring->roles, held))
        return;
    modify(restoring, restoring->backup->user->dn);
    put_references(restoring, "bwRole", BWDIR_PLACE_ROLES, restoring->roles,
                   held);
}

/* ---- as it was ---- */

static void
put_attribute(struct restoring *restoring, const struct dir_values *values)
{
    bool hash = strcasecmp(values->attribute, "userPassword") == 0;

    for (size_t i = 0; i < values->count; i++)
        if (hash)
            bwdir_plan_hash(restoring->plan, values->values[i]);
        else
            bwdir_plan_value(restoring->plan, DIR_ADD_VALUE, values->attribute,
                             values->values[i]);
}

/* What names another entry may name one that is no more, whose name somebody
 * gets later. */
static bool
is_by_itself(const char *attribute)
{
    static const char *const others[] = {"changetype", "bwRole", "bwAccount",
                                         "owner"};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcasecmp(attribute, others[i]) == 0)
            return false;
    return true;
}

static enum bwdir_status
plan_whole(struct restoring *restoring)
{
    const struct dir_record *user = restoring->backup->user;
    char *last[] = {(char[]){BWDIR_ADMIN_ROLE}, NULL};
    char *owner;
    enum bwdir_status status = bwdir_restore_owner(restoring, &owner);

    if (status == BWDIR_OK)
        status = begin(restoring);
    if (status != BWDIR_OK) {
        free(owner);
        return status;
    }
    bwdir_plan_add(restoring->plan, user->dn);
    for (size_t i = 0; i < user->count; i++)
        if (is_by_itself(user->attributes[i].attribute))
            put_attribute(restoring, &user->attributes[i]);
    put_references(restoring, "bwRole", BWDIR_PLACE_ROLES, restoring->roles,
                   last);
    put_references(restoring, "bwAccount", BWDIR_PLACE_ACCOUNTS,
                   restoring->accounts, NULL);
    if (owner != NULL)
        put_reference(restoring, "owner", BWDIR_PLACE_PEOPLE, owner);
    put_lists(restoring, NULL);
    if (bwdir_change_has(restoring->roles, BWDIR_ADMIN_ROLE)) {
        modify(restoring, user->dn);
        put_reference(restoring, "bwRole", BWDIR_PLACE_ROLES,
                      BWDIR_ADMIN_ROLE);
    }
    free(owner);
    return BWDIR_OK;
}

/* ---- what is missing ---- */

static enum bwdir_status
put_end_and_owner(struct restoring *restoring)
{
    const struct bwdir_user *there = restoring->backup->there;
    const struct dir_record *user = restoring->backup->user;
    const char *end = bwdir_backup_text(user, "pwdEndTime");
    const char *lock = bwdir_backup_text(user, "pwdAccountLockedTime");
    struct bwdir_condition condition;
    enum bwdir_status status = BWDIR_OK;
    char *owner = NULL;

    if (there->owner == NULL)
        status = bwdir_restore_owner(restoring, &owner);
    if (status != BWDIR_OK)
        return status;

    bwdir_user_condition(there, (int64_t)time(NULL), &condition);
    if (condition.ends)
        end = NULL;
    if (there->facts.disabled_for_good)
        lock = NULL;
    if (end != NULL || lock != NULL || owner != NULL)
        modify(restoring, user->dn);
    if (end != NULL)
        bwdir_plan_value(restoring->plan, DIR_ADD_VALUE, "pwdEndTime", end);
    if (lock != NULL)
        bwdir_plan_value(restoring->plan, DIR_REPLACE, "pwdAccountLockedTime",
                         lock);
    if (owner != NULL)
        put_reference(restoring, "owner", BWDIR_PLACE_PEOPLE, owner);
    free(owner);
    return BWDIR_OK;
}

/* He is told of all rights that he gets with the first of them. */
static void
put_accounts(struct restoring *restoring, char *const *held)
{
    const struct bwdir_standing *is = &restoring->backup->there->standing;

    if (!lacks(restoring->accounts, is->accounts) &&
        !lacks(restoring->listed, held) && !lacks(restoring->roles, is->roles))
        return;
    modify(restoring, restoring->backup->user->dn);
    put_references(restoring, "bwAccount", BWDIR_PLACE_ACCOUNTS,
                   restoring->accounts, is->accounts);
    bwdir_notice_owe(restoring->plan, BWDIR_MAIL_ACCESS_CHANGED, NULL);
}

static enum bwdir_status
plan_missing(struct restoring *restoring)
{
    const struct bwdir_standing *is = &restoring->backup->there->standing;
    char **held = NULL;
    enum bwdir_status status;

    status = bwdir_account_administered(restoring->dir, is->dn, &held,
                                        restoring->why);
    if (status == BWDIR_OK)
        status = begin(restoring);
    if (status == BWDIR_OK)
        status = put_end_and_owner(restoring);
    if (status == BWDIR_OK) {
        put_accounts(restoring, held);
        put_lists(restoring, held);
        put_roles(restoring, is->roles);
    }
    bwdir_strings_free(&held);
    return status;
}

/* ---- as a new user ---- */

static void
tell_of_others(const struct restoring *restoring)
{
    /* A code comes that takes the place of one for a reset, and of all mail
     * that was owed. */
    static const char *const known[] = {"changetype",
                                        "objectClass",
                                        "uid",
                                        "givenName",
                                        "sn",
                                        "cn",
                                        "mail",
                                        "bwWorkPhone",
                                        "bwAdministrationLevel",
                                        "bwVerificationState",
                                        "bwRole",
                                        "bwAccount",
                                        "pwdPolicySubentry",
                                        "pwdEndTime",
                                        "pwdAccountLockedTime",
                                        "pwdReset",
                                        "bwMailOwed",
                                        "owner",
                                        NULL};
    const struct dir_record *user = restoring->backup->user;

    for (size_t i = 0; i < user->count; i++)
        if (!bwdir_strings_have(known, user->attributes[i].attribute))
            bwdir_restore_leave_out(restoring, "attribute",
                                    user->attributes[i].attribute,
                                    "without the password's hash the user is "
                                    "made anew; ldapmodify(1) puts it back");
}

static enum bwdir_status
check_whole(const struct bwdir_user_draft *draft, struct bwdir_detail *why)
{
    if (draft->first != NULL && draft->last != NULL && draft->mail != NULL &&
        draft->phone != NULL && draft->level != NULL)
        return BWDIR_OK;
    return bwdir_fail(why, BWDIR_BAD_VALUE,
                      "user name \"%s\": the file lacks a name, the mail, the "
                      "phone or the level",
                      draft->name);
}

static enum bwdir_status
check_accounts(const struct restoring *restoring)
{
    const struct bwdir_backup *backup = restoring->backup;

    if (bwdir_change_any(restoring->accounts) ||
        !bwdir_change_any(backup->accounts))
        return BWDIR_OK;
    return bwdir_fail(restoring->why, BWDIR_NOT_PERMITTED,
                      "user name \"%s\": none of the user's accounts is "
                      "there, or you administer none of them",
                      backup->name);
}

/* The user without what he has of other entries. */
static struct bwdir_user_draft
make_draft(const struct bwdir_backup *backup)
{
    const struct dir_record *user = backup->user;

    return (struct bwdir_user_draft){
        .name = backup->name,
        .first = bwdir_backup_text(user, "givenName"),
        .last = bwdir_backup_text(user, "sn"),
        .mail = bwdir_backup_text(user, "mail"),
        .phone = bwdir_backup_text(user, "bwWorkPhone"),
        .level = bwdir_backup_text(user, "bwAdministrationLevel"),
        .access = bwdir_access_from_dn(
            bwdir_backup_text(user, "pwdPolicySubentry"), backup->base),
        .end = bwdir_backup_text(user, "pwdEndTime"),
        .lock = bwdir_backup_text(user, "pwdAccountLockedTime"),
    };
}

enum bwdir_status
bwdir_backup_check(const struct bwdir_backup *backup, struct bwdir_detail *why)
{
    const struct bwdir_user_draft draft = make_draft(backup);
    enum bwdir_status status = BWDIR_OK;

    if (!bwdir_backup_has_password(backup)) {
        status = check_whole(&draft, why);
        if (status == BWDIR_OK)
            status = bwdir_draft_check(&draft, why);
    }
    return status;
}

static enum bwdir_status
fit_roles(struct restoring *restoring, const struct bwdir_user_draft *draft)
{
    enum bwdir_level level = BWDIR_LEVEL_BASIC;

    (void)bwdir_level_from_name(draft->level, &level);
    return bwdir_restore_fit(restoring, level);
}

static enum bwdir_status
plan_draft(struct restoring *restoring, const char *owner)
{
    static const char *const nothing[] = {NULL};
    struct bwdir_user_draft draft = make_draft(restoring->backup);
    enum bwdir_status status = check_whole(&draft, restoring->why);

    if (status == BWDIR_OK)
        status = check_accounts(restoring);
    if (status == BWDIR_OK)
        status = fit_roles(restoring, &draft);
    draft.owner = owner;
    draft.roles = (const char *const *)restoring->roles;
    draft.accounts = (const char *const *)restoring->accounts;
    draft.administers = restoring->listed != NULL
                            ? (const char *const *)restoring->listed
                            : nothing;
    if (status == BWDIR_OK)
        status = bwdir_user_plan_add(restoring->dir, &draft, &restoring->plan,
                                     restoring->why);
    if (status == BWDIR_OK)
        tell_of_others(restoring);
    return status;
}

static enum bwdir_status
plan_anew(struct restoring *restoring)
{
    char *owner;
    enum bwdir_status status = bwdir_restore_owner(restoring, &owner);

    if (status == BWDIR_OK)
        status = plan_draft(restoring, owner);
    free(owner);
    return status;
}

static void
tell_of_comments(const struct restoring *restoring)
{
    const struct bwdir_restore_report *report = restoring->report;
    char *const *name = restoring->backup->commented;

    for (; name != NULL && *name != NULL; name++)
        report->left_out("attribute", *name,
                         "what holds a NUL byte stands in a comment of the "
                         "file; ldapmodify(1) puts it back",
                         report->closure);
}

static enum bwdir_status
make_plan(struct restoring *restoring)
{
    enum bwdir_status status = bwdir_restore_narrow(restoring);

    if (status != BWDIR_OK)
        return status;
    if (restoring->backup->there != NULL)
        return plan_missing(restoring);
    tell_of_comments(restoring);
    if (bwdir_backup_has_password(restoring->backup))
        return plan_whole(restoring);
    return plan_anew(restoring);
}

enum bwdir_status
bwdir_backup_plan(struct bwdir_directory *directory,
                  const struct bwdir_backup *backup,
                  const struct bwdir_restore_report *report,
                  struct bwdir_plan **plan, struct bwdir_detail *why)
{
    struct restoring restoring = {
        .dir = directory, .backup = backup, .report = report, .why = why};
    enum bwdir_status status = make_plan(&restoring);

    if (status == BWDIR_OK)
        status = bwdir_plan_done(restoring.plan);
    bwdir_strings_free(&restoring.roles);
    bwdir_strings_free(&restoring.accounts);
    bwdir_strings_free(&restoring.listed);
    if (status != BWDIR_OK || bwdir_plan_is_empty(restoring.plan))
        bwdir_plan_free(&restoring.plan);
    *plan = restoring.plan;
    return status;
}

/* ---- whose owner he was ---- */

enum bwdir_status
bwdir_backup_plan_owned(struct bwdir_directory *directory,
                        const struct bwdir_backup *backup, const char *name,
                        struct bwdir_plan **plan, struct bwdir_detail *why)
{
    struct bwdir_user *owned = NULL;
    enum bwdir_status status;

    *plan = NULL;
    status = bwdir_user_get(directory, name, &owned, why);
    if (status == BWDIR_OK &&
        (owned->owner == NULL || strcmp(owned->owner, backup->name) != 0)) {
        status = bwdir_plan_new(
            bwdir_directory_purpose(directory, "restore reference"), plan);
        if (status == BWDIR_OK) {
            bwdir_plan_modify(*plan, owned->standing.dn);
            bwdir_plan_may_be_done(*plan);
            bwdir_plan_value(*plan, DIR_ADD_VALUE, "owner", backup->user->dn);
        }
        status = bwdir_plan_finish(status, plan, why);
    }
    bwdir_user_free(&owned);
    return status;
}

const char *const *
bwdir_backup_owned(const struct bwdir_backup *backup)
{
    static const char *const nobody[] = {NULL};

    return backup->owned != NULL ? (const char *const *)backup->owned : nobody;
}
