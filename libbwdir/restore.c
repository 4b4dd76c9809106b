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
#include "strlist.h"
#include "user_change.h"

/* What is to be put back, without what is no more. */
struct restoring {
    struct bwdir_directory *dir;
    const struct bwdir_backup *backup;
    const struct bwdir_restore_report *report;
    struct bwdir_plan *plan;
    struct bwdir_detail *why;
    char **roles;
    char **accounts;
    char **listed;
};

/* ---- what is no more ---- */

static void
leave_out(const struct restoring *restoring, const char *what,
          const char *name)
{
    restoring->report->left_out(what, name, restoring->report->closure);
}

static enum bwdir_status
keep(struct restoring *restoring, char ***kept, const char *name)
{
    if (bwdir_strings_add(kept, name))
        return BWDIR_OK;
    return bwdir_fail(restoring->why, BWDIR_NO_MEMORY, "out of memory");
}

static enum bwdir_status
narrow_roles(struct restoring *restoring)
{
    char *const *name = restoring->backup->roles;
    enum bwdir_status status = BWDIR_OK;

    for (; status == BWDIR_OK && name != NULL && *name != NULL; name++) {
        struct bwdir_role *role;

        if (bwdir_role_get(restoring->dir, *name, &role, NULL) == BWDIR_OK)
            status = keep(restoring, &restoring->roles, *name);
        else
            leave_out(restoring, "role", *name);
        bwdir_role_free(&role);
    }
    return status;
}

static enum bwdir_status
narrow_accounts(struct restoring *restoring)
{
    char *const *name = restoring->backup->accounts;
    enum bwdir_status status = BWDIR_OK;

    for (; status == BWDIR_OK && name != NULL && *name != NULL; name++) {
        struct bwdir_account *account;

        if (bwdir_account_get(restoring->dir, *name, &account, NULL) ==
            BWDIR_OK)
            status = keep(restoring, &restoring->accounts, *name);
        else
            leave_out(restoring, "account", *name);
        bwdir_account_free(&account);
    }
    return status;
}

/* Only a user of the account is its admin, and only an admin of one has the
 * role. */
static enum bwdir_status
narrow_lists(struct restoring *restoring)
{
    char *const *name = restoring->backup->listed;
    enum bwdir_status status = BWDIR_OK;
    char **roles = NULL;

    for (; status == BWDIR_OK && name != NULL && *name != NULL; name++) {
        if (bwdir_change_has(restoring->accounts, *name))
            status = keep(restoring, &restoring->listed, *name);
        else
            leave_out(restoring, "admin of account", *name);
    }
    if (bwdir_change_any(restoring->listed) ||
        !bwdir_change_has(restoring->roles, BWDIR_ADMIN_ROLE))
        return status;
    leave_out(restoring, "role", BWDIR_ADMIN_ROLE);
    for (name = restoring->roles; status == BWDIR_OK && *name != NULL; name++)
        if (strcmp(*name, BWDIR_ADMIN_ROLE) != 0)
            status = keep(restoring, &roles, *name);
    bwdir_strings_free(&restoring->roles);
    restoring->roles = roles;
    return status;
}

/* The owner's user name; NULL for none, and for one who is no more. */
static char *
owner_of(const struct restoring *restoring)
{
    struct bwdir_user *other = NULL;
    char *name = bwdir_backup_name_in(
        restoring->backup, BWDIR_PLACE_PEOPLE,
        bwdir_backup_text(restoring->backup->user, "owner"));

    if (name == NULL ||
        bwdir_user_get(restoring->dir, name, &other, NULL) == BWDIR_OK) {
        bwdir_user_free(&other);
        return name;
    }
    leave_out(restoring, "owner", name);
    free(name);
    return NULL;
}

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
    for (size_t i = 0; i < values->count; i++) {
        struct bwdir_secret *secret = NULL;

        if (strcasecmp(values->attribute, "userPassword") != 0) {
            bwdir_plan_value(restoring->plan, DIR_ADD_VALUE, values->attribute,
                             values->values[i]);
            continue;
        }
        if (bwdir_secret_new(values->values[i], strlen(values->values[i]),
                             &secret) == BWDIR_OK)
            bwdir_plan_secret(restoring->plan, DIR_ADD_VALUE, "userPassword",
                              secret);
        else
            bwdir_plan_value(restoring->plan, DIR_ADD_VALUE, "userPassword",
                             NULL);
        bwdir_secret_free(&secret);
    }
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
    enum bwdir_status status = begin(restoring);
    char *owner;

    if (status != BWDIR_OK)
        return status;
    owner = owner_of(restoring);
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

static void
put_end_and_owner(struct restoring *restoring)
{
    const struct bwdir_user *there = restoring->backup->there;
    const char *end = bwdir_backup_text(restoring->backup->user, "pwdEndTime");
    char *owner = there->owner == NULL ? owner_of(restoring) : NULL;
    struct bwdir_condition condition;

    bwdir_user_condition(there, (int64_t)time(NULL), &condition);
    if (condition.ends)
        end = NULL;
    if (end != NULL || owner != NULL)
        modify(restoring, restoring->backup->user->dn);
    if (end != NULL)
        bwdir_plan_value(restoring->plan, DIR_ADD_VALUE, "pwdEndTime", end);
    if (owner != NULL)
        put_reference(restoring, "owner", BWDIR_PLACE_PEOPLE, owner);
    free(owner);
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
    if (status == BWDIR_OK) {
        put_end_and_owner(restoring);
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
                                        "owner",
                                        NULL};
    const struct dir_record *user = restoring->backup->user;

    for (size_t i = 0; i < user->count; i++)
        if (!bwdir_strings_have(known, user->attributes[i].attribute))
            leave_out(restoring, "attribute", user->attributes[i].attribute);
}

static enum bwdir_status
check_draft(const struct restoring *restoring,
            const struct bwdir_user_draft *draft)
{
    if (draft->first == NULL || draft->last == NULL || draft->mail == NULL ||
        draft->phone == NULL || draft->level == NULL)
        return bwdir_fail(restoring->why, BWDIR_BAD_VALUE,
                          "user name \"%s\": the file lacks a name, the mail, "
                          "the phone or the level",
                          draft->name);
    if (!bwdir_change_any(restoring->accounts) &&
        bwdir_change_any(restoring->backup->accounts))
        return bwdir_fail(restoring->why, BWDIR_NOT_PERMITTED,
                          "user name \"%s\": none of the user's accounts is "
                          "there, or you administer none of them",
                          draft->name);
    return BWDIR_OK;
}

static enum bwdir_status
plan_anew(struct restoring *restoring)
{
    static const char *const nothing[] = {NULL};
    const struct bwdir_backup *backup = restoring->backup;
    const struct dir_record *user = backup->user;
    char *owner = owner_of(restoring);
    const struct bwdir_user_draft draft = {
        .name = backup->name,
        .first = bwdir_backup_text(user, "givenName"),
        .last = bwdir_backup_text(user, "sn"),
        .mail = bwdir_backup_text(user, "mail"),
        .phone = bwdir_backup_text(user, "bwWorkPhone"),
        .level = bwdir_backup_text(user, "bwAdministrationLevel"),
        .access = bwdir_access_from_dn(
            bwdir_backup_text(user, "pwdPolicySubentry"), backup->base),
        .roles = (const char *const *)restoring->roles,
        .accounts = (const char *const *)restoring->accounts,
        .administers = restoring->listed != NULL
                           ? (const char *const *)restoring->listed
                           : nothing,
        .end = bwdir_backup_text(user, "pwdEndTime"),
        .owner = owner,
    };
    enum bwdir_status status = check_draft(restoring, &draft);

    if (status == BWDIR_OK)
        status = bwdir_user_plan_add(restoring->dir, &draft, &restoring->plan,
                                     restoring->why);
    if (status == BWDIR_OK)
        tell_of_others(restoring);
    free(owner);
    return status;
}

static enum bwdir_status
make_plan(struct restoring *restoring)
{
    enum bwdir_status status = narrow_roles(restoring);

    if (status == BWDIR_OK)
        status = narrow_accounts(restoring);
    if (status == BWDIR_OK)
        status = narrow_lists(restoring);
    if (status != BWDIR_OK)
        return status;
    if (restoring->backup->there != NULL)
        return plan_missing(restoring);
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
