/*
 * Everything that is wrong with a change of a user: all of it is found, before
 * anything is written.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "user_change.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "detail.h"
#include "refusal.h"
#include "strlist.h"

static const char *const none[] = {NULL};

const char *const *
bwdir_change_list(const char *const *given)
{
    return given != NULL ? given : none;
}

/* Takes note of something that is wrong. */
void
bwdir_change_complain(struct bwdir_changing *changing,
                      enum bwdir_status status, const struct bwdir_detail *why)
{
    if (status == BWDIR_OK)
        return;
    if (changing->status == BWDIR_OK) {
        changing->status = status;
        changing->first = *why;
    }
    if (status == BWDIR_NO_MEMORY || status == BWDIR_UNAVAILABLE)
        changing->broken = true;
    if (changing->object != NULL)
        changing->object(status, why, changing->closure);
}

__attribute__((format(printf, 3, 4))) void
bwdir_change_refuse(struct bwdir_changing *changing, enum bwdir_status status,
                    const char *format, ...)
{
    struct bwdir_detail why;
    va_list args;

    va_start(args, format);
    vsnprintf(why.text, sizeof why.text, format, args);
    va_end(args);
    bwdir_change_complain(changing, status, &why);
}

void
bwdir_change_note(struct bwdir_changing *changing, char ***strings,
                  const char *text)
{
    if (!bwdir_change_has(*strings, text) && !bwdir_strings_add(strings, text))
        bwdir_change_refuse(changing, BWDIR_NO_MEMORY, "out of memory");
}

/* ---- fields ---- */

static void
check_field(struct bwdir_changing *changing, const char *field,
            const char *value)
{
    struct bwdir_detail why;

    if (value != NULL)
        bwdir_change_complain(changing, bwdir_field_check(field, value, &why),
                              &why);
}

static void
check_list(struct bwdir_changing *changing, const char *field,
           const char *const *add, const char *const *remove)
{
    for (const char *const *value = bwdir_change_list(add); *value != NULL;
         value++) {
        check_field(changing, field, *value);
        if (bwdir_strings_have(bwdir_change_list(remove), *value))
            bwdir_change_refuse(
                changing, BWDIR_BAD_VALUE,
                "%s \"%.64s\": both to be added and to be removed", field,
                *value);
    }
    for (const char *const *value = bwdir_change_list(remove); *value != NULL;
         value++)
        check_field(changing, field, *value);
}

static void
check_owner(struct bwdir_changing *changing)
{
    const char *owner = changing->to.change->owner;
    struct bwdir_detail why = {""};
    struct bwdir_user *other;
    enum bwdir_status status;

    if (owner == NULL || *owner == '\0')
        return;
    if (strcmp(owner, changing->to.user->standing.name) == 0) {
        bwdir_change_refuse(
            changing, BWDIR_BAD_VALUE,
            "owner \"%s\": another user of the same person wanted", owner);
        return;
    }
    status = bwdir_user_get(changing->to.dir, owner, &other, &why);
    bwdir_user_free(&other);
    if (status == BWDIR_NO_SUCH_USER)
        bwdir_change_refuse(
            changing, BWDIR_BAD_VALUE,
            "owner \"%.64s\": no such user, or you may not see it", owner);
    else if (status != BWDIR_MALFORMED)
        bwdir_change_complain(changing, status, &why);
}

void
bwdir_change_check_fields(struct bwdir_changing *changing)
{
    const struct bwdir_user_change *change = changing->to.change;

    check_field(changing, "first", change->first);
    check_field(changing, "last", change->last);
    check_field(changing, "mail", change->mail);
    check_field(changing, "phone", change->phone);
    check_field(changing, "level", change->level);
    check_list(changing, "role", change->add_roles, change->remove_roles);
    check_list(changing, "account", change->add_accounts,
               change->remove_accounts);
    check_list(changing, "account", change->administer, change->give_up);
}

/* ---- who may ---- */

/* Nobody grants himself anything. */
static void
check_self(struct bwdir_changing *changing)
{
    const struct bwdir_user_change *change = changing->to.change;
    const struct {
        const char *field;
        bool given;
    } rights[] = {
        {"level", change->level != NULL},
        {"owner", change->owner != NULL},
        {"access", change->access != 0},
        {"role", *bwdir_change_list(change->add_roles) != NULL ||
                     *bwdir_change_list(change->remove_roles) != NULL},
        {"account", *bwdir_change_list(change->add_accounts) != NULL ||
                        *bwdir_change_list(change->remove_accounts) != NULL},
        {"admins", *bwdir_change_list(change->administer) != NULL ||
                       *bwdir_change_list(change->give_up) != NULL}};

    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++)
        if (rights[i].given)
            bwdir_change_refuse(changing, BWDIR_NOT_PERMITTED,
                                "%s: of yourself you may change names, mail "
                                "and phone only; ask another administrator",
                                rights[i].field);
    if (bwdir_change_needs_code(&changing->to) &&
        changing->to.user->standing.state != BWDIR_STATE_VERIFIED &&
        changing->to.user->facts.reset)
        bwdir_change_refuse(changing, BWDIR_NOT_PERMITTED,
                            "mail, phone: the password was reset: redeem the "
                            "code that was mailed (bwdir-verify)");
}

/* Who administers a part of the accounts may take these away, and no more. */
static bool
only_takes_back(const struct bwdir_changing *changing)
{
    const struct bwdir_user_change *change = changing->to.change;

    return change->first == NULL && change->last == NULL &&
           change->mail == NULL && change->phone == NULL &&
           change->level == NULL && change->owner == NULL &&
           change->access == 0 &&
           *bwdir_change_list(change->add_roles) == NULL &&
           *bwdir_change_list(change->remove_roles) == NULL &&
           *bwdir_change_list(change->add_accounts) == NULL &&
           *bwdir_change_list(change->administer) == NULL &&
           *bwdir_change_list(change->give_up) == NULL;
}

/* Whether the connection administers the account, as far as the records tell:
 * who is no user may be an operator. */
static bool
is_ours(const struct bwdir_changing *changing,
        const struct bwdir_account *account)
{
    return changing->self == NULL ||
           bwdir_account_has_admin(account, changing->self);
}

static void
not_ours(struct bwdir_changing *changing, const char *number)
{
    struct bwdir_detail why;

    bwdir_change_complain(
        changing, bwdir_account_not_yours(number, BWDIR_NOT_PERMITTED, &why),
        &why);
}

/* Accounts that the change touches: they must be there and ours.  GRANT takes
 * note of their products. */
static void
check_touched(struct bwdir_changing *changing, char *const *numbers,
              struct bwdir_grant *grant)
{
    for (; numbers != NULL && *numbers != NULL; numbers++) {
        struct bwdir_account *account;
        struct bwdir_detail why = {""};
        enum bwdir_status status =
            bwdir_grant_account(grant, *numbers, &account, &why);

        if (status != BWDIR_OK)
            bwdir_change_complain(changing, status, &why);
        else if (!is_ours(changing, account))
            not_ours(changing, *numbers);
        bwdir_account_free(&account);
    }
}

static void
only_some(struct bwdir_changing *changing)
{
    bwdir_change_refuse(changing, BWDIR_NOT_PERMITTED,
                        "user name \"%s\": you administer only some of this "
                        "user's accounts; who administers all of them is "
                        "wanted",
                        changing->to.user->standing.name);
}

/* Accounts that stay: their products count, and they are to be ours. */
static void
check_kept(struct bwdir_changing *changing)
{
    const char *const *number = bwdir_user_accounts(changing->to.user);
    bool all = true;

    for (; *number != NULL; number++) {
        struct bwdir_account *account;
        enum bwdir_status status;

        if (bwdir_change_has(changing->to.drop_accounts, *number))
            continue;
        status =
            bwdir_grant_account(&changing->to.grant, *number, &account, NULL);
        all = all && (changing->self == NULL ||
                      (status == BWDIR_OK && is_ours(changing, account)));
        bwdir_account_free(&account);
    }
    if (!all && !only_takes_back(changing))
        only_some(changing);
}

/* Who belongs to no account is seen by operators only. */
static void
check_last_account(struct bwdir_changing *changing)
{
    if (bwdir_change_any(changing->to.drop_accounts) &&
        !bwdir_change_any(changing->to.accounts) &&
        !changing->to.change->force)
        bwdir_change_refuse(changing, BWDIR_BAD_VALUE,
                            "account \"%s\": the last one of \"%s\", whom no "
                            "account administrator would see any more; give "
                            "another one, or --force",
                            *changing->to.drop_accounts,
                            changing->to.user->standing.name);
}

/* ---- what goes together ---- */

/* A name to be removed is a real one, or it is misspelt. */
static void
check_removed_roles(struct bwdir_changing *changing)
{
    const char *const *keyword =
        bwdir_change_list(changing->to.change->remove_roles);

    for (; *keyword != NULL; keyword++) {
        struct bwdir_role *role;
        struct bwdir_detail why = {""};
        enum bwdir_status status =
            bwdir_role_get(changing->to.dir, *keyword, &role, &why);

        bwdir_role_free(&role);
        bwdir_change_complain(
            changing, status == BWDIR_NOT_FOUND ? BWDIR_BAD_VALUE : status,
            &why);
    }
}

/* Likewise; one that the user has need not have been named by who asks, who
 * may have stated those that are to be left. */
static void
check_removed_accounts(struct bwdir_changing *changing)
{
    const char *const *number =
        bwdir_change_list(changing->to.change->remove_accounts);
    bool all = true;

    for (; *number != NULL; number++) {
        struct bwdir_account *account;
        struct bwdir_detail why = {""};
        enum bwdir_status status =
            bwdir_account_get(changing->to.dir, *number, &account, &why);
        bool his = bwdir_change_has(changing->to.drop_accounts, *number);

        if (his && (status == BWDIR_NOT_FOUND ||
                    (status == BWDIR_OK && !is_ours(changing, account))))
            all = false;
        else
            bwdir_change_complain(
                changing,
                status == BWDIR_NOT_FOUND ? BWDIR_NOT_PERMITTED : status,
                &why);
        bwdir_account_free(&account);
    }
    if (!all)
        only_some(changing);
}

static void
check_roles(struct bwdir_changing *changing)
{
    char *const *role = bwdir_change_any(changing->to.drop_accounts) ||
                                changing->to.change->level != NULL
                            ? changing->to.roles
                            : changing->to.add_roles;

    for (; role != NULL && *role != NULL; role++) {
        struct bwdir_detail why = {""};

        bwdir_change_complain(
            changing, bwdir_grant_role(&changing->to.grant, *role, &why),
            &why);
    }
    if (bwdir_change_has(changing->to.roles, BWDIR_ADMIN_ROLE) &&
        changing->to.grant.level == BWDIR_LEVEL_ADMIN &&
        (bwdir_change_any(changing->to.unlist) ||
         bwdir_change_has(changing->to.add_roles, BWDIR_ADMIN_ROLE)) &&
        !bwdir_change_stays_listed(changing))
        bwdir_change_refuse(changing, BWDIR_BAD_VALUE,
                            "role \"" BWDIR_ADMIN_ROLE
                            "\": only for who administers an account, and "
                            "\"%s\" would administer none",
                            changing->to.user->standing.name);
}

static void
check_last_admin(struct bwdir_changing *changing)
{
    if (changing->to.change->force)
        return;
    for (char **n = changing->to.unlist; n != NULL && *n != NULL; n++) {
        struct bwdir_detail why = {""};
        enum bwdir_status status = bwdir_account_can_lose(
            changing->to.dir, *n, changing->to.user->standing.name,
            (int64_t)time(NULL), &why);

        /* Of one that is hidden check_touched() tells. */
        if (status != BWDIR_NOT_FOUND)
            bwdir_change_complain(changing, status, &why);
    }
}

/* Where the code that confirms it goes to. */
static const char *
code_address(const struct bwdir_resolved_change *to)
{
    return to->change->mail != NULL ? to->change->mail : to->user->mail;
}

/* Nobody asks for a code that bwdir-mail(8) would hold back; an administrator
 * sends it at once, which tries the address again. */
static void
check_reach(struct bwdir_changing *changing)
{
    const struct bwdir_resolved_change *to = &changing->to;
    struct bwdir_detail why = {""};
    enum bwdir_status status;
    bool refused;

    if (!bwdir_change_needs_code(to))
        return;
    status = bwdir_refusal_look(to->dir, to->user, code_address(to), &refused,
                                &why);
    bwdir_change_complain(changing, status, &why);
    if (refused)
        bwdir_change_refuse(changing, BWDIR_BAD_VALUE,
                            "mail \"%s\": a mail server has refused it, so no "
                            "code would reach you; give another address too, "
                            "or ask an administrator",
                            code_address(to));
}

/* The code that confirms it can go out today. */
static void
check_place(struct bwdir_changing *changing)
{
    const struct bwdir_resolved_change *to = &changing->to;
    struct bwdir_detail why = {""};

    if (bwdir_change_needs_code(to))
        bwdir_change_complain(
            changing,
            bwdir_outbox_has_place(to->dir, to->user, code_address(to),
                                   (int64_t)time(NULL), &why),
            &why);
}

void
bwdir_change_check(struct bwdir_changing *changing)
{
    const char *name = changing->to.user->standing.name;
    struct bwdir_grant ignored = {.dir = changing->to.dir};

    check_place(changing);
    if (changing->self != NULL && strcmp(changing->self, name) == 0) {
        check_reach(changing);
        check_self(changing);
        return;
    }
    check_owner(changing);
    check_touched(changing, changing->to.add_accounts, &changing->to.grant);
    check_touched(changing, changing->to.list, &changing->to.grant);
    check_touched(changing, changing->to.unlist, &ignored);
    bwdir_grant_clear(&ignored);
    check_kept(changing);
    check_last_account(changing);
    check_removed_roles(changing);
    check_removed_accounts(changing);
    check_roles(changing);
    check_last_admin(changing);
}
