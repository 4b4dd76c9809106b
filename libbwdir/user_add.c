/*
 * The plan that adds a user.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "bwdir.h"
#include "detail.h"
#include "directory.h"
#include "field.h"
#include "grant.h"
#include "place.h"
#include "plan.h"
#include "strlist.h"
#include "user.h"

#define PASSWD_FILE "/etc/passwd"

/* What is known of a draft while its plan is made. */
struct adding {
    struct bwdir_directory *dir;
    const struct bwdir_user_draft *draft;
    struct bwdir_grant grant;
    char *self; /* our own user name, or NULL */
    struct bwdir_detail *why;
};

static const char *const none[] = {NULL};

static const char *const *
list(const char *const *given)
{
    return given != NULL ? given : none;
}

static enum bwdir_status
check_list(const char *field, const char *const *values,
           struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_OK;

    for (values = list(values); status == BWDIR_OK && *values; values++)
        status = bwdir_field_check(field, *values, why);
    return status;
}

enum bwdir_status
bwdir_draft_check(const struct bwdir_user_draft *draft,
                  struct bwdir_detail *why)
{
    const struct {
        const char *field, *value;
    } fields[] = {{"name", draft->name},   {"first", draft->first},
                  {"last", draft->last},   {"mail", draft->mail},
                  {"phone", draft->phone}, {"level", draft->level}};
    enum bwdir_status status = BWDIR_OK;

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        status = bwdir_field_check(fields[i].field, fields[i].value, why);
        if (status != BWDIR_OK)
            return status;
    }
    status = check_list("role", draft->roles, why);
    if (status == BWDIR_OK)
        status = check_list("account", draft->accounts, why);
    if (status == BWDIR_OK && draft->password != NULL)
        status = bwdir_password_check(draft->password, why);
    if (status == BWDIR_OK &&
        strcmp(bwdir_access_name(draft->access), "none") == 0)
        status = bwdir_fail(why, BWDIR_BAD_VALUE,
                            "access: dashboard or api wanted");
    return status;
}

static enum bwdir_status
name_taken(const char *name, struct bwdir_detail *why)
{
    return bwdir_fail(why, BWDIR_EXISTS,
                      "user name \"%s\": already taken; choose another", name);
}

static enum bwdir_status
check_name_free(const struct adding *adding)
{
    const char *name = adding->draft->name;
    struct bwdir_user *user;
    enum bwdir_status status;
    bool local;

    status = bwdir_name_is_local(PASSWD_FILE, name, &local);
    if (status != BWDIR_OK)
        return bwdir_fail(adding->why, status,
                          PASSWD_FILE
                          ": cannot be read, and might hold the user name");
    if (local)
        return bwdir_fail(adding->why, BWDIR_BAD_VALUE,
                          "user name \"%s\": a system account of this host "
                          "has it, so it would never be asked of the "
                          "directory; choose another",
                          name);
    status = bwdir_user_get(adding->dir, name, &user, adding->why);
    bwdir_user_free(&user);
    if (status == BWDIR_OK || status == BWDIR_MALFORMED)
        return name_taken(name, adding->why);
    return status == BWDIR_NO_SUCH_USER ? BWDIR_OK : status;
}

static enum bwdir_status
check_account(struct adding *adding, struct bwdir_plan *plan,
              const char *number)
{
    struct bwdir_account *account;
    struct bwdir_detail refusal;
    enum bwdir_status status;

    status =
        bwdir_grant_account(&adding->grant, number, &account, adding->why);
    if (status == BWDIR_OK &&
        (adding->self == NULL ||
         !bwdir_account_has_admin(account, adding->self))) {
        (void)bwdir_account_not_yours(number, BWDIR_NOT_PERMITTED, &refusal);
        bwdir_plan_set_refusal(plan, refusal.text);
    }
    bwdir_account_free(&account);
    return status;
}

static enum bwdir_status
check_accounts(struct adding *adding, struct bwdir_plan *plan)
{
    const char *const *number = list(adding->draft->accounts);
    enum bwdir_status status = BWDIR_OK;

    if (adding->grant.level == BWDIR_LEVEL_ADMIN && *number == NULL)
        return bwdir_fail(adding->why, BWDIR_BAD_VALUE,
                          "level \"admin\": an account wanted that the user "
                          "is to administer");
    for (; status == BWDIR_OK && *number != NULL; number++)
        status = check_account(adding, plan, *number);
    return status;
}

static enum bwdir_status
check_roles(const struct adding *adding)
{
    const char *const *keyword = list(adding->draft->roles);
    enum bwdir_status status = BWDIR_OK;

    for (; status == BWDIR_OK && *keyword != NULL; keyword++)
        status = bwdir_grant_role(&adding->grant, *keyword, adding->why);
    return status;
}

static enum bwdir_status
check_owner(const struct adding *adding)
{
    const char *owner = adding->draft->owner;
    struct bwdir_user *other;
    enum bwdir_status status;

    if (owner == NULL)
        return BWDIR_OK;
    status = bwdir_user_get(adding->dir, owner, &other, adding->why);
    bwdir_user_free(&other);
    if (status == BWDIR_NO_SUCH_USER)
        return bwdir_fail(adding->why, BWDIR_BAD_VALUE,
                          "owner \"%.64s\": no such user, or you may not see "
                          "it",
                          owner);
    return status == BWDIR_MALFORMED ? BWDIR_OK : status;
}

/* One attribute whose value is the DN of NAME in PLACE. */
static void
plan_reference(const struct adding *adding, struct bwdir_plan *plan,
               const char *attribute, enum bwdir_place place, const char *name)
{
    char *dn = bwdir_place_dn(adding->dir->base, place, name);

    bwdir_plan_value(plan, DIR_ADD_VALUE, attribute, dn);
    free(dn);
}

static void
plan_profile(const struct bwdir_user_draft *draft, struct bwdir_plan *plan)
{
    const struct {
        const char *attribute, *value;
    } values[] = {{"objectClass", "inetOrgPerson"},
                  {"objectClass", "bwUser"},
                  {"uid", draft->name},
                  {"givenName", draft->first},
                  {"sn", draft->last},
                  {"mail", draft->mail},
                  {"bwWorkPhone", draft->phone},
                  {"bwAdministrationLevel", draft->level},
                  {"bwVerificationState", "unverified"}};
    char *name = NULL;

    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        bwdir_plan_value(plan, DIR_ADD_VALUE, values[i].attribute,
                         values[i].value);
    if (asprintf(&name, "%s %s", draft->first, draft->last) < 0)
        name = NULL;
    bwdir_plan_value(plan, DIR_ADD_VALUE, "cn", name);
    free(name);
}

/* The entry itself.  The role of an administrator comes last, in a step of
 * its own: the server grants it only to who is listed on an account, and lists
 * only who has the level.  Whoever is stopped half way leaves fewer rights,
 * and a change to the same level and roles adds the rest. */
static void
plan_entry(const struct adding *adding, struct bwdir_plan *plan,
           const char *dn)
{
    const struct bwdir_user_draft *draft = adding->draft;

    bwdir_plan_add(plan, dn);
    plan_profile(draft, plan);
    for (const char *const *role = list(draft->roles); *role; role++)
        if (strcmp(*role, BWDIR_ADMIN_ROLE) != 0)
            plan_reference(adding, plan, "bwRole", BWDIR_PLACE_ROLES, *role);
    for (const char *const *number = list(draft->accounts); *number; number++)
        plan_reference(adding, plan, "bwAccount", BWDIR_PLACE_ACCOUNTS,
                       *number);
    plan_reference(adding, plan, "pwdPolicySubentry", BWDIR_PLACE_ACCESS,
                   bwdir_access_name(draft->access));
    if (draft->end != NULL)
        bwdir_plan_value(plan, DIR_ADD_VALUE, "pwdEndTime", draft->end);
    if (draft->lock != NULL)
        bwdir_plan_value(plan, DIR_ADD_VALUE, "pwdAccountLockedTime",
                         draft->lock);
    if (draft->owner != NULL)
        plan_reference(adding, plan, "owner", BWDIR_PLACE_PEOPLE,
                       draft->owner);
    if (draft->password != NULL)
        bwdir_plan_secret(plan, DIR_ADD_VALUE, "userPassword",
                          draft->password);
}

static void
plan_administration(const struct adding *adding, struct bwdir_plan *plan,
                    const char *dn)
{
    const struct bwdir_user_draft *draft = adding->draft;
    const char *const *number = draft->administers;

    if (adding->grant.level != BWDIR_LEVEL_ADMIN)
        return;
    if (number == NULL)
        number = list(draft->accounts);
    for (; *number != NULL; number++) {
        char *account =
            bwdir_place_dn(adding->dir->base, BWDIR_PLACE_ACCOUNTS, *number);

        bwdir_plan_modify(plan, account);
        bwdir_plan_may_be_done(plan);
        bwdir_plan_value(plan, DIR_ADD_VALUE, "bwAccountAdmin", dn);
        free(account);
    }
    if (!bwdir_strings_have(list(draft->roles), BWDIR_ADMIN_ROLE))
        return;
    bwdir_plan_modify(plan, dn);
    bwdir_plan_may_be_done(plan);
    plan_reference(adding, plan, "bwRole", BWDIR_PLACE_ROLES,
                   BWDIR_ADMIN_ROLE);
}

/* What to tell when the server refuses, unless an account is to blame. */
static void
plan_refusal(const struct adding *adding, struct bwdir_plan *plan)
{
    struct bwdir_detail text;

    if (*list(adding->draft->accounts) == NULL)
        (void)bwdir_fail(&text, BWDIR_NOT_PERMITTED,
                         "account: none given; one that you administer "
                         "wanted");
    else
        (void)bwdir_fail(&text, BWDIR_NOT_PERMITTED,
                         "user name \"%s\": you are not permitted to add "
                         "this user",
                         adding->draft->name);
    bwdir_plan_set_refusal(plan, text.text);
    (void)name_taken(adding->draft->name, &text);
    bwdir_plan_set_taken(plan, text.text);
}

static enum bwdir_status
make_plan(struct adding *adding, struct bwdir_plan *plan)
{
    char *dn = bwdir_place_dn(adding->dir->base, BWDIR_PLACE_PEOPLE,
                              adding->draft->name);
    enum bwdir_status status;

    if (dn == NULL)
        return BWDIR_NO_MEMORY;
    plan_refusal(adding, plan);
    status = check_name_free(adding);
    if (status == BWDIR_OK)
        status = check_accounts(adding, plan);
    if (status == BWDIR_OK)
        status = check_roles(adding);
    if (status == BWDIR_OK)
        status = check_owner(adding);
    if (status == BWDIR_OK) {
        plan_entry(adding, plan, dn);
        plan_administration(adding, plan, dn);
        status = bwdir_plan_done(plan);
    }
    free(dn);
    return status;
}

enum bwdir_status
bwdir_user_plan_add(struct bwdir_directory *directory,
                    const struct bwdir_user_draft *draft,
                    struct bwdir_plan **plan, struct bwdir_detail *why)
{
    struct adding adding = {.dir = directory,
                            .grant = {.dir = directory},
                            .draft = draft,
                            .why = why};
    enum bwdir_status status;

    *plan = NULL;
    status = bwdir_draft_check(draft, why);
    if (status != BWDIR_OK)
        return status;
    (void)bwdir_level_from_name(draft->level, &adding.grant.level);
    adding.self = bwdir_directory_self(directory);
    status =
        bwdir_plan_new(bwdir_directory_purpose(directory, "add user"), plan);
    if (status == BWDIR_OK)
        status = make_plan(&adding, *plan);
    bwdir_grant_clear(&adding.grant);
    free(adding.self);
    if (status == BWDIR_NO_MEMORY)
        (void)bwdir_fail(why, status, "out of memory");
    if (status != BWDIR_OK)
        bwdir_plan_free(plan);
    return status;
}
