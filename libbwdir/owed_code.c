/*
 * The code that a user is to get, for those who deliver one at once.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "detail.h"
#include "dir/search.h"
#include "directory.h"
#include "notice.h"
#include "plan.h"
#include "user.h"

/* False when VALUE owes no code. */
static bool
owes_code(const char *value, enum bwdir_mail *mail)
{
    struct bwdir_notice notice;

    if (!bwdir_notice_parse(value, &notice))
        return false;
    *mail = notice.mail;
    free(notice.text);
    return bwdir_mail_has_code(*mail);
}

static enum bwdir_status
read_marks(struct bwdir_directory *directory, const struct bwdir_user *user,
           struct dir_entry **entry, struct bwdir_detail *why)
{
    static const char *const attributes[] = {"bwMailOwed", "bwMailRefused",
                                             NULL};
    struct dir_search search = {user->standing.dn, DIR_SCOPE_BASE,
                                "(objectClass=bwUser)", attributes};

    return dir_search_one(bwdir_directory_ready(directory), &search, entry,
                          why);
}

/* What stands below the user says what its mail was about. */
static bool
note_kind(const struct dir_entry *entry, void *closure)
{
    enum bwdir_mail *mail = closure;

    for (enum bwdir_mail kind = BWDIR_MAIL_SIGN_UP; kind <= BWDIR_MAIL_CONFIRM;
         kind++)
        if (dir_entry_has(entry, "description", bwdir_mail_word(kind)))
            *mail = kind;
    return true;
}

static enum bwdir_status
kind_of_last(struct bwdir_directory *directory, const struct bwdir_user *user,
             enum bwdir_mail *mail, struct bwdir_detail *why)
{
    static const char *const attributes[] = {"description", NULL};
    struct dir_search search = {user->standing.dn, DIR_SCOPE_ONE,
                                "(objectClass=bwVerification)", attributes};

    return dir_search_some(bwdir_directory_ready(directory), &search, 16,
                           note_kind, mail, why);
}

enum bwdir_status
bwdir_outbox_code(struct bwdir_directory *directory,
                  const struct bwdir_user *user, enum bwdir_mail *mail,
                  struct bwdir_detail *why)
{
    const char *const *values;
    struct dir_entry *entry;
    enum bwdir_status status;
    enum bwdir_mail owed;
    bool found = false;

    *mail = user->facts.changed_known ? BWDIR_MAIL_SIGN_UP_CONFIRM
                                      : BWDIR_MAIL_SIGN_UP;
    status = read_marks(directory, user, &entry, why);
    if (status == BWDIR_OK)
        status = dir_entry_all(entry, "bwMailOwed", &values, why);
    for (; status == BWDIR_OK && *values != NULL; values++) {
        if (!owes_code(*values, &owed) || (found && *mail == BWDIR_MAIL_RESET))
            continue;
        *mail = owed;
        found = true;
    }
    dir_entry_free(&entry);
    if (status == BWDIR_OK && !found)
        status = kind_of_last(directory, user, mail, why);
    return status;
}

/* "ID ADDRESS TEXT" with the user's present address. */
static bool
is_of_address(const char *refusal, const char *address)
{
    const char *at = strchr(refusal, ' ');
    size_t length = strlen(address);

    return at != NULL && strncasecmp(at + 1, address, length) == 0 &&
           at[1 + length] == ' ';
}

/* Takes away that a code is owed; how many values. */
static size_t
plan_not_owed(const struct dir_entry *entry, struct bwdir_plan *plan)
{
    const char *const *values;
    enum bwdir_mail ignored;
    size_t count = 0;

    if (dir_entry_all(entry, "bwMailOwed", &values, NULL) != BWDIR_OK)
        return 0;
    for (; *values != NULL; values++)
        if (owes_code(*values, &ignored) && ++count > 0)
            bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwMailOwed", *values);
    return count;
}

static size_t
plan_not_refused(const struct dir_entry *entry, const struct bwdir_user *user,
                 struct bwdir_plan *plan)
{
    const char *const *values;
    size_t count = 0;

    if (dir_entry_all(entry, "bwMailRefused", &values, NULL) != BWDIR_OK)
        return 0;
    for (; *values != NULL; values++)
        if (is_of_address(*values, user->mail) && ++count > 0)
            bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwMailRefused", *values);
    return count;
}

enum bwdir_status
bwdir_outbox_code_sent(struct bwdir_directory *directory,
                       const struct bwdir_user *user, struct bwdir_detail *why)
{
    struct bwdir_plan *plan = NULL;
    struct dir_entry *entry;
    enum bwdir_status status = read_marks(directory, user, &entry, why);
    size_t count = 0;

    if (status == BWDIR_OK)
        status = bwdir_plan_new(
            bwdir_directory_purpose(directory, "settle sent code"), &plan);
    if (status == BWDIR_OK) {
        bwdir_plan_modify(plan, user->standing.dn);
        count =
            plan_not_owed(entry, plan) + plan_not_refused(entry, user, plan);
        status = bwdir_plan_finish(status, &plan, why);
    }
    if (status == BWDIR_OK && count > 0)
        status = bwdir_plan_apply(directory, plan, why);
    bwdir_plan_free(&plan);
    dir_entry_free(&entry);
    return status;
}
