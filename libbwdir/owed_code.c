/*
 * The code that a user is to get, for those who deliver one at once.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>

#include "detail.h"
#include "dir/search.h"
#include "directory.h"
#include "notice.h"
#include "owed.h"
#include "plan.h"
#include "record.h"
#include "refusal.h"
#include "strlist.h"
#include "user.h"

enum bwdir_mail
bwdir_owed_code(const struct bwdir_user *user, enum bwdir_mail mail)
{
    return user->facts.reset ? BWDIR_MAIL_RESET : mail;
}

enum bwdir_mail
bwdir_owed_first_code(const struct bwdir_user *user)
{
    return user->facts.changed_known ? BWDIR_MAIL_SIGN_UP_CONFIRM
                                     : BWDIR_MAIL_SIGN_UP;
}

/* What stands below the user says what its mail was about. */
void
bwdir_owed_note_code(const struct dir_entry *entry, enum bwdir_mail *mail)
{
    for (enum bwdir_mail kind = BWDIR_MAIL_SIGN_UP; kind <= BWDIR_MAIL_CONFIRM;
         kind++)
        if (*mail != BWDIR_MAIL_RESET &&
            dir_entry_has(entry, "description", bwdir_mail_word(kind)))
            *mail = kind;
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

static bool
note_kind(const struct dir_entry *entry, void *closure)
{
    bwdir_owed_note_code(entry, closure);
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
    struct bwdir_notice notice;
    char **values = NULL;
    struct dir_entry *entry;
    enum bwdir_status status;
    bool found = false;

    *mail = bwdir_owed_first_code(user);
    status = read_marks(directory, user, &entry, why);
    if (status == BWDIR_OK)
        status = bwdir_record_readable(entry, "bwMailOwed", &values, why);
    for (size_t i = 0; status == BWDIR_OK && values[i] != NULL; i++) {
        if (bwdir_notice_parse(values[i], &notice) != BWDIR_OK ||
            !bwdir_mail_has_code(notice.mail) ||
            (found && *mail == BWDIR_MAIL_RESET))
            continue;
        *mail = notice.mail;
        found = true;
    }
    bwdir_strings_free(&values);
    dir_entry_free(&entry);
    if (status == BWDIR_OK && !found)
        status = kind_of_last(directory, user, mail, why);
    *mail = bwdir_owed_code(user, *mail);
    return status;
}

/* ---- sent ---- */

static enum bwdir_status
plan_not_owed(const struct dir_entry *entry, enum bwdir_mail mail,
              struct bwdir_plan *plan, size_t *count, struct bwdir_detail *why)
{
    char **values;
    enum bwdir_status status =
        bwdir_record_readable(entry, "bwMailOwed", &values, why);

    for (size_t i = 0; status == BWDIR_OK && values[i] != NULL; i++) {
        if (!bwdir_notice_is_met(values[i], mail))
            continue;
        bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwMailOwed", values[i]);
        ++*count;
    }
    bwdir_strings_free(&values);
    return status;
}

static enum bwdir_status
plan_not_refused(const struct dir_entry *entry, const struct bwdir_user *user,
                 struct bwdir_plan *plan, size_t *count,
                 struct bwdir_detail *why)
{
    char **values;
    enum bwdir_status status =
        bwdir_record_readable(entry, "bwMailRefused", &values, why);

    for (size_t i = 0; status == BWDIR_OK && values[i] != NULL; i++) {
        if (!bwdir_refusal_is_of(values[i], user->mail))
            continue;
        bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwMailRefused", values[i]);
        ++*count;
    }
    bwdir_strings_free(&values);
    return status;
}

enum bwdir_status
bwdir_outbox_plan_code_sent(struct bwdir_directory *directory,
                            const struct bwdir_user *user,
                            enum bwdir_mail mail, struct bwdir_plan **plan,
                            struct bwdir_detail *why)
{
    struct dir_entry *entry;
    enum bwdir_status status;
    size_t count = 0;

    *plan = NULL;
    status = read_marks(directory, user, &entry, why);
    if (status != BWDIR_OK)
        return status;
    status = bwdir_plan_new(
        bwdir_directory_purpose(directory, "settle sent code"), plan);
    if (status == BWDIR_OK) {
        bwdir_plan_modify(*plan, user->standing.dn);
        bwdir_plan_may_be_done(*plan);
        status = plan_not_owed(entry, mail, *plan, &count, why);
        if (status == BWDIR_OK)
            status = plan_not_refused(entry, user, *plan, &count, why);
        status = bwdir_plan_finish(status, plan, why);
    }
    dir_entry_free(&entry);
    if (count == 0)
        bwdir_plan_free(plan);
    return status;
}
