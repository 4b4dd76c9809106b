/*
 * What a change of a user comes to.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "user_change.h"

#include <stdlib.h>
#include <string.h>

#include "detail.h"
#include "strlist.h"

/* ---- what is to be ---- */

/* The names that HELD will be, and what is really added and dropped. */
static void
resolve(struct bwdir_changing *changing, const char *const *held,
        const char *const *add, const char *const *remove, char ***result,
        char ***added, char ***dropped)
{
    for (const char *const *name = held; *name != NULL; name++)
        bwdir_change_note(changing,
                          bwdir_strings_have(bwdir_change_list(remove), *name)
                              ? dropped
                              : result,
                          *name);
    for (const char *const *name = bwdir_change_list(add); *name != NULL;
         name++) {
        if (!bwdir_strings_have(held, *name))
            bwdir_change_note(changing, added, *name);
        bwdir_change_note(changing, result, *name);
    }
}

/* Moves a role out of those that the user is to have. */
static void
drop_administrator(struct bwdir_changing *changing)
{
    char **kept = NULL;

    if (!bwdir_strings_have(bwdir_user_roles(changing->to.user),
                            BWDIR_ADMIN_ROLE))
        return;
    bwdir_change_note(changing, &changing->to.drop_roles, BWDIR_ADMIN_ROLE);
    for (char **role = changing->to.roles; role != NULL && *role; role++)
        if (strcmp(*role, BWDIR_ADMIN_ROLE) != 0)
            bwdir_change_note(changing, &kept, *role);
    bwdir_strings_free(&changing->to.roles);
    changing->to.roles = kept;
}

bool
bwdir_change_stays_listed(const struct bwdir_changing *changing)
{
    if (bwdir_change_any(changing->to.list))
        return true;
    for (char **number = changing->listed; number != NULL && *number; number++)
        if (!bwdir_change_has(changing->to.unlist, *number))
            return true;
    return false;
}

/* Who leaves his last list is no administrator any more. */
static void
give_up(struct bwdir_changing *changing)
{
    const char *const *number =
        bwdir_change_list(changing->to.change->give_up);
    bool any = *number != NULL;

    for (; *number != NULL; number++)
        if (bwdir_change_has(changing->listed, *number))
            bwdir_change_note(changing, &changing->to.unlist, *number);
    if (!any || bwdir_change_stays_listed(changing))
        return;
    changing->to.grant.level = BWDIR_LEVEL_BASIC;
    drop_administrator(changing);
}

static void
administer(struct bwdir_changing *changing)
{
    const char *const *number =
        bwdir_change_list(changing->to.change->administer);

    if (*number == NULL)
        return;
    changing->to.grant.level = BWDIR_LEVEL_ADMIN;
    for (; *number != NULL; number++) {
        if (!bwdir_change_has(changing->to.accounts, *number))
            bwdir_change_refuse(
                changing, BWDIR_BAD_VALUE,
                "account \"%s\": \"%s\" is not a user of it; bwdir-mod "
                "--add-account makes him one",
                *number, changing->to.user->standing.name);
        if (!bwdir_change_has(changing->listed, *number))
            bwdir_change_note(changing, &changing->to.list, *number);
    }
    if (!bwdir_change_has(changing->to.roles, BWDIR_ADMIN_ROLE)) {
        bwdir_change_note(changing, &changing->to.add_roles, BWDIR_ADMIN_ROLE);
        bwdir_change_note(changing, &changing->to.roles, BWDIR_ADMIN_ROLE);
    }
}

/* Whether the user is to be off the list of an account that names him. */
static bool
leaves_list(const struct bwdir_changing *changing, const char *number)
{
    if (changing->to.grant.level == BWDIR_LEVEL_BASIC ||
        bwdir_change_has(changing->to.drop_accounts, number))
        return true;
    return changing->to.change->level != NULL &&
           !bwdir_change_has(changing->to.accounts, number);
}

/*
 * To be stated, level admin is the administration of all accounts of the user
 * and of no other, whatever he had before; so who was stopped half way says it
 * once more.
 */
static void
change_level(struct bwdir_changing *changing)
{
    const char *given = changing->to.change->level;
    enum bwdir_level level = changing->to.user->standing.level;

    if (given != NULL)
        (void)bwdir_level_from_name(given, &level);
    changing->to.grant.level = level;
    for (char **n = changing->listed; n != NULL && *n != NULL; n++)
        if (leaves_list(changing, *n))
            bwdir_change_note(changing, &changing->to.unlist, *n);
    if (given == NULL)
        return;
    if (level == BWDIR_LEVEL_BASIC) {
        drop_administrator(changing);
        return;
    }
    if (!bwdir_change_any(changing->to.accounts))
        bwdir_change_refuse(
            changing, BWDIR_BAD_VALUE,
            "level \"admin\": an account wanted that the user is to "
            "administer");
    for (char **n = changing->to.accounts; n != NULL && *n != NULL; n++)
        if (!bwdir_change_has(changing->listed, *n))
            bwdir_change_note(changing, &changing->to.list, *n);
}

static void
resolve_all(struct bwdir_changing *changing)
{
    const struct bwdir_user_change *change = changing->to.change;
    const struct bwdir_user *user = changing->to.user;
    struct bwdir_detail why = {""};

    resolve(changing, bwdir_user_roles(user), change->add_roles,
            change->remove_roles, &changing->to.roles, &changing->to.add_roles,
            &changing->to.drop_roles);
    resolve(changing, bwdir_user_accounts(user), change->add_accounts,
            change->remove_accounts, &changing->to.accounts,
            &changing->to.add_accounts, &changing->to.drop_accounts);
    bwdir_change_complain(changing,
                          bwdir_account_administered(changing->to.dir,
                                                     user->standing.dn,
                                                     &changing->listed, &why),
                          &why);
    change_level(changing);
    administer(changing);
    give_up(changing);
}

static void
clear(struct bwdir_changing *changing)
{
    char ***const lists[] = {
        &changing->to.roles,        &changing->to.accounts,
        &changing->to.add_roles,    &changing->to.drop_roles,
        &changing->to.add_accounts, &changing->to.drop_accounts,
        &changing->to.list,         &changing->to.unlist,
        &changing->listed};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        bwdir_strings_free(lists[i]);
    bwdir_grant_clear(&changing->to.grant);
    free(changing->self);
}

enum bwdir_status
bwdir_user_plan_change(struct bwdir_directory *directory,
                       const struct bwdir_user *user,
                       const struct bwdir_user_change *change,
                       void (*object)(enum bwdir_status status,
                                      const struct bwdir_detail *why,
                                      void *closure),
                       void *closure, struct bwdir_plan **plan,
                       struct bwdir_detail *why)
{
    struct bwdir_changing changing = {
        .to = {.dir = directory,
               .user = user,
               .change = change,
               .grant = {.dir = directory, .level = user->standing.level}},
        .self = bwdir_directory_self(directory),
        .object = object,
        .closure = closure};
    enum bwdir_status status;

    *plan = NULL;
    bwdir_change_check_fields(&changing);
    if (changing.status == BWDIR_OK)
        resolve_all(&changing);
    if (!changing.broken)
        bwdir_change_check(&changing);
    status = changing.status;
    if (status == BWDIR_OK)
        status = bwdir_change_plan(&changing.to, plan, why);
    else if (why != NULL)
        *why = changing.first;
    clear(&changing);
    return status;
}
