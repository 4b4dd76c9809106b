/*
 * What a file of a deleted user names: it comes back only as far as it is
 * there, for somebody gets a name that is free again later.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "detail.h"
#include "restore.h"
#include "strlist.h"

void
bwdir_restore_leave_out(const struct restoring *restoring, const char *what,
                        const char *name, const char *why)
{
    restoring->report->left_out(what, name, why, restoring->report->closure);
}

static const char gone[] = "it is not there or not yours to give";

static enum bwdir_status
keep(struct restoring *restoring, char ***kept, const char *name)
{
    if (bwdir_strings_add(kept, name))
        return BWDIR_OK;
    return bwdir_fail(restoring->why, BWDIR_NO_MEMORY, "out of memory");
}

/*
 * What a look-up that ended with STATUS says of a name in the file: only one
 * that is not there, or not to be seen, is left out.
 */
static enum bwdir_status
judge(const struct restoring *restoring, enum bwdir_status status,
      const char *what, const char *name, bool *there)
{
    *there = status == BWDIR_OK;
    if (status != BWDIR_NOT_FOUND && status != BWDIR_NO_SUCH_USER)
        return status;
    bwdir_restore_leave_out(restoring, what, name, gone);
    return BWDIR_OK;
}

static enum bwdir_status
look_up_role(const struct restoring *restoring, const char *name, bool *there)
{
    struct bwdir_role *role;
    enum bwdir_status status =
        bwdir_role_get(restoring->dir, name, &role, restoring->why);

    bwdir_role_free(&role);
    return judge(restoring, status, "role", name, there);
}

static enum bwdir_status
look_up_account(const struct restoring *restoring, const char *name,
                bool *there)
{
    struct bwdir_account *account;
    enum bwdir_status status =
        bwdir_account_get(restoring->dir, name, &account, restoring->why);

    bwdir_account_free(&account);
    return judge(restoring, status, "account", name, there);
}

static enum bwdir_status
narrow(struct restoring *restoring, char *const *names,
       enum bwdir_status (*look_up)(const struct restoring *restoring,
                                    const char *name, bool *there),
       char ***kept)
{
    enum bwdir_status status = BWDIR_OK;

    for (; status == BWDIR_OK && names != NULL && *names != NULL; names++) {
        bool there;

        status = look_up(restoring, *names, &there);
        if (status == BWDIR_OK && there)
            status = keep(restoring, kept, *names);
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
            bwdir_restore_leave_out(restoring, "admin of account", *name,
                                    gone);
    }
    if (bwdir_change_any(restoring->listed) ||
        !bwdir_change_has(restoring->roles, BWDIR_ADMIN_ROLE))
        return status;
    bwdir_restore_leave_out(restoring, "role", BWDIR_ADMIN_ROLE, gone);
    for (name = restoring->roles; status == BWDIR_OK && *name != NULL; name++)
        if (strcmp(*name, BWDIR_ADMIN_ROLE) != 0)
            status = keep(restoring, &roles, *name);
    bwdir_strings_free(&restoring->roles);
    restoring->roles = roles;
    return status;
}

static enum bwdir_status
note_products(struct restoring *restoring, struct bwdir_grant *grant)
{
    enum bwdir_status status = BWDIR_OK;
    char *const *number = restoring->accounts;

    for (; status == BWDIR_OK && number != NULL && *number != NULL; number++) {
        struct bwdir_account *account = NULL;

        status = bwdir_grant_account(grant, *number, &account, restoring->why);
        bwdir_account_free(&account);
    }
    return status;
}

enum bwdir_status
bwdir_restore_fit(struct restoring *restoring, enum bwdir_level level)
{
    struct bwdir_grant grant = {.dir = restoring->dir, .level = level};
    enum bwdir_status status = note_products(restoring, &grant);
    char *const *role = restoring->roles;
    char **roles = NULL;

    for (; status == BWDIR_OK && role != NULL && *role != NULL; role++) {
        status = bwdir_grant_role(&grant, *role, restoring->why);
        if (status == BWDIR_OK) {
            status = keep(restoring, &roles, *role);
        } else if (status == BWDIR_BAD_VALUE) {
            bwdir_restore_leave_out(restoring, "role", *role,
                                    "it does not go with the level, or with "
                                    "the products of the accounts");
            status = BWDIR_OK;
        }
    }
    bwdir_grant_clear(&grant);
    bwdir_strings_free(&restoring->roles);
    restoring->roles = roles;
    return status;
}

enum bwdir_status
bwdir_restore_narrow(struct restoring *restoring)
{
    const struct bwdir_backup *backup = restoring->backup;
    enum bwdir_status status =
        narrow(restoring, backup->roles, look_up_role, &restoring->roles);

    if (status == BWDIR_OK)
        status = narrow(restoring, backup->accounts, look_up_account,
                        &restoring->accounts);
    return status == BWDIR_OK ? narrow_lists(restoring) : status;
}

enum bwdir_status
bwdir_restore_owner(const struct restoring *restoring, char **owner)
{
    struct bwdir_user *other = NULL;
    enum bwdir_status status;
    bool there;

    *owner = bwdir_backup_name_in(
        restoring->backup, BWDIR_PLACE_PEOPLE,
        bwdir_backup_text(restoring->backup->user, "owner"));
    if (*owner == NULL)
        return BWDIR_OK;
    status = bwdir_user_get(restoring->dir, *owner, &other, restoring->why);
    bwdir_user_free(&other);
    if (status == BWDIR_MALFORMED) /* and there */
        status = BWDIR_OK;
    status = judge(restoring, status, "owner", *owner, &there);
    if (there)
        return BWDIR_OK;
    free(*owner);
    *owner = NULL;
    return status;
}
