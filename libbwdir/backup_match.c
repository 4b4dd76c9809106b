/*
 * Whether two are the same user, but for rights: who is there and the one in a
 * file, or two files.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <string.h>

#include "access.h"
#include "backup.h"
#include "detail.h"
#include "user_change.h"

static bool
equal(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/* Whether each of SOME is one of ALL. */
static bool
within(char *const *all, char *const *some)
{
    for (; some != NULL && *some != NULL; some++)
        if (!bwdir_change_has(all, *some))
            return false;
    return true;
}

/* ---- who is there ---- */

/* What tells the user that is there from the one in the file; NULL: nothing,
 * he may only lack rights. */
static const char *
difference(const struct bwdir_backup *backup, const struct bwdir_user *user)
{
    const struct dir_record *kept = backup->user;

    if (!equal(user->first, bwdir_backup_text(kept, "givenName")))
        return "first name";
    if (!equal(user->last, bwdir_backup_text(kept, "sn")))
        return "last name";
    if (!equal(user->mail, bwdir_backup_text(kept, "mail")))
        return "mail";
    if (!equal(user->phone, bwdir_backup_text(kept, "bwWorkPhone")))
        return "phone";
    if (!equal(bwdir_level_name(user->standing.level),
               bwdir_backup_text(kept, "bwAdministrationLevel")))
        return "level";
    if (user->standing.access !=
        bwdir_access_from_dn(bwdir_backup_text(kept, "pwdPolicySubentry"),
                             backup->base))
        return "access";
    if (!within(backup->accounts, user->standing.accounts))
        return "account";
    return within(backup->roles, user->standing.roles) ? NULL : "role";
}

enum bwdir_status
bwdir_backup_find(struct bwdir_directory *directory,
                  struct bwdir_backup *backup, struct bwdir_detail *why)
{
    enum bwdir_status status;
    const char *other;

    bwdir_user_free(&backup->there);
    status = bwdir_user_get(directory, backup->name, &backup->there, why);
    if (status == BWDIR_NO_SUCH_USER)
        return BWDIR_OK;
    if (status == BWDIR_MALFORMED)
        return bwdir_fail(why, BWDIR_EXISTS,
                          "user name \"%s\": already taken, by an entry that "
                          "is malformed",
                          backup->name);
    other = status == BWDIR_OK ? difference(backup, backup->there) : NULL;
    if (other != NULL)
        return bwdir_fail(why, BWDIR_EXISTS,
                          "user name \"%s\": already taken, by another user "
                          "than the one in the file, whose %s differs",
                          backup->name, other);
    return status;
}

bool
bwdir_backup_is_there(const struct bwdir_backup *backup)
{
    return backup->there != NULL;
}

/* ---- two files of one user ---- */

static bool
same_text(const struct bwdir_backup *a, const struct bwdir_backup *b,
          const char *attribute)
{
    const char *text = bwdir_backup_text(a->user, attribute);

    return text != NULL && equal(text, bwdir_backup_text(b->user, attribute));
}

static size_t
length(char *const *list)
{
    size_t count = 0;

    while (list != NULL && list[count] != NULL)
        count++;
    return count;
}

/* Whether all of FEW are among MANY; *more when MANY has others. */
static bool
covers(char *const *many, char *const *few, bool *more)
{
    *more = *more || length(many) > length(few);
    return within(many, few);
}

bool
bwdir_backup_is_fuller(const struct bwdir_backup *older,
                       const struct bwdir_backup *newer)
{
    static const char *const same[] = {"uid", "givenName", "sn", "mail",
                                       "bwWorkPhone"};
    bool more =
        bwdir_backup_has_password(older) && !bwdir_backup_has_password(newer);

    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (!same_text(older, newer, same[i]))
            return false;
    if (bwdir_backup_has_password(newer) && !bwdir_backup_has_password(older))
        return false;
    return covers(older->roles, newer->roles, &more) &&
           covers(older->accounts, newer->accounts, &more) &&
           covers(older->listed, newer->listed, &more) &&
           covers(older->owned, newer->owned, &more) && more;
}
