/*
 * What a user is still to get and to confirm: the code that stands, and the
 * mail that is owed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "detail.h"
#include "dir/search.h"
#include "gtime.h"
#include "notice.h"
#include "owed.h"
#include "record.h"
#include "refusal.h"
#include "strlist.h"
#include "user.h"

struct reading {
    struct bwdir_directory *directory;
    const struct bwdir_user *user;
    struct bwdir_pending *pending;
    int64_t issued; /* of the code that was looked at and kept */
    char *policy;   /* its DN */
    bool any;       /* a credential is to be seen, whatever it is for */
};

/* ---- the code ---- */

static bool
read_issued(const struct dir_entry *entry, int64_t *issued)
{
    const char *text;

    return dir_entry_one(entry, "pwdChangedTime", &text, NULL) == BWDIR_OK &&
           bwdir_gtime_parse(text, issued);
}

/* Of those for the present mail and phone the latest. */
static bool
look_at_code(const struct dir_entry *entry, void *closure)
{
    struct reading *reading = closure;
    const char *policy;
    int64_t issued;

    reading->any = true;
    if (!dir_entry_has(entry, "mail", reading->user->mail) ||
        !dir_entry_has(entry, "bwWorkPhone", reading->user->phone) ||
        !read_issued(entry, &issued) ||
        dir_entry_one(entry, "pwdPolicySubentry", &policy, NULL) != BWDIR_OK ||
        (reading->pending->code && issued <= reading->issued))
        return true;
    free(reading->policy);
    reading->policy = strdup(policy);
    reading->issued = issued;
    reading->pending->code = true;
    reading->pending->delivered = dir_entry_count(entry, "bwDelivered") > 0;
    reading->pending->sets_password =
        dir_entry_has(entry, "bwSetsPassword", "TRUE");
    return true;
}

/* How long codes under that policy are good. */
static enum bwdir_status
read_end(struct reading *reading, struct bwdir_detail *why)
{
    static const char *const attributes[] = {"pwdMaxAge", NULL};
    struct dir_search search = {reading->policy, DIR_SCOPE_BASE,
                                "(objectClass=pwdPolicy)", attributes};
    struct dir_entry *entry;
    enum bwdir_status status;
    int64_t span = 0;

    if (reading->policy == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    status = dir_search_one(bwdir_directory_ready(reading->directory), &search,
                            &entry, why);
    if (status == BWDIR_OK)
        status = bwdir_record_number(entry, "pwdMaxAge", &span, why);
    dir_entry_free(&entry);
    reading->pending->ends =
        status == BWDIR_OK && span > 0 &&
        !__builtin_add_overflow(reading->issued, span, &reading->pending->end);
    return status == BWDIR_NOT_FOUND ? BWDIR_OK : status;
}

static enum bwdir_status
read_code(struct reading *reading, struct bwdir_detail *why)
{
    static const char *const attributes[] = {"mail",
                                             "bwWorkPhone",
                                             "bwDelivered",
                                             "bwSetsPassword",
                                             "pwdPolicySubentry",
                                             "pwdChangedTime",
                                             NULL};
    struct dir_search search = {reading->user->standing.dn, DIR_SCOPE_ONE,
                                "(objectClass=bwVerification)", attributes};
    enum bwdir_status status;

    status = dir_search_some(bwdir_directory_ready(reading->directory),
                             &search, 16, look_at_code, reading, why);
    if (status == BWDIR_OK && reading->pending->code)
        status = read_end(reading, why);
    return status;
}

/* ---- the mail ---- */

static bool
note(struct bwdir_pending *pending, const char *word)
{
    return bwdir_strings_have((const char *const *)pending->owed, word) ||
           bwdir_strings_add(&pending->owed, word);
}

/* Values that nobody need be told of any more are left out. */
static bool
note_values(struct bwdir_pending *pending, const struct bwdir_owed *owed)
{
    bool complete = true;

    for (char **value = owed->values; complete && *value != NULL; value++) {
        struct bwdir_notice notice;

        if (bwdir_strings_have((const char *const *)owed->stale, *value) ||
            bwdir_notice_parse(*value, &notice) != BWDIR_OK)
            continue;
        complete = note(pending, bwdir_mail_word(notice.mail));
    }
    return complete;
}

/* The address and what its server has answered. */
static enum bwdir_status
read_refusals(struct reading *reading, const struct dir_entry *entry,
              struct bwdir_detail *why)
{
    char **values;
    enum bwdir_status status =
        bwdir_record_readable(entry, "bwMailRefused", &values, why);

    for (size_t i = 0; status == BWDIR_OK && values[i] != NULL; i++) {
        const char *words = bwdir_refusal_words(values[i]);

        if (words != NULL &&
            !bwdir_strings_add(&reading->pending->refused, words))
            status = bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    }
    bwdir_strings_free(&values);
    return status;
}

static enum bwdir_status
read_mail(struct reading *reading, int64_t now, const struct dir_entry *entry,
          struct bwdir_detail *why)
{
    struct bwdir_pending *pending = reading->pending;
    struct bwdir_owed *owed;
    enum bwdir_status status;
    bool complete = true;

    status = bwdir_owed_read(reading->directory, entry, now, NULL, &owed, why);
    if (status != BWDIR_OK || owed == NULL)
        return status;
    /* By the state, which includes the credentials. */
    if (owed->by_state && !pending->hidden)
        complete = note(pending, bwdir_mail_word(owed->code));
    complete = complete && note_values(pending, owed);
    bwdir_owed_free(&owed);
    return complete ? BWDIR_OK
                    : bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
}

static enum bwdir_status
read_entry(const struct reading *reading, struct dir_entry **entry,
           struct bwdir_detail *why)
{
    static const char *const marks[] = {BWDIR_OWED_ATTRIBUTES,
                                        "hasSubordinates", NULL};
    const char *attributes[40];
    struct dir_search search = {reading->user->standing.dn, DIR_SCOPE_BASE,
                                "(objectClass=bwUser)", attributes};
    size_t count = 0;

    for (size_t i = 0; bwdir_user_attributes[i] != NULL; i++)
        attributes[count++] = bwdir_user_attributes[i];
    for (size_t i = 0; marks[i] != NULL; i++)
        attributes[count++] = marks[i];
    attributes[count] = NULL;
    return dir_search_one(bwdir_directory_ready(reading->directory), &search,
                          entry, why);
}

enum bwdir_status
bwdir_user_pending(struct bwdir_directory *directory,
                   const struct bwdir_user *user, int64_t now,
                   struct bwdir_pending **pending, struct bwdir_detail *why)
{
    struct bwdir_pending *made = calloc(1, sizeof *made);
    struct reading reading = {
        .directory = directory, .user = user, .pending = made};
    struct dir_entry *entry = NULL;
    enum bwdir_status status = BWDIR_NO_MEMORY;

    *pending = made;
    if (made != NULL) {
        made->owed = bwdir_strings_new(0);
        made->refused = bwdir_strings_new(0);
    }
    if (made == NULL || made->owed == NULL || made->refused == NULL)
        (void)bwdir_fail(why, status, "out of memory");
    else
        status = read_entry(&reading, &entry, why);
    if (status == BWDIR_OK)
        status = read_code(&reading, why);
    if (status == BWDIR_OK) {
        made->hidden =
            !reading.any && dir_entry_has(entry, "hasSubordinates", "TRUE");
        status = read_mail(&reading, now, entry, why);
    }
    if (status == BWDIR_OK)
        status = read_refusals(&reading, entry, why);
    free(reading.policy);
    dir_entry_free(&entry);
    if (status != BWDIR_OK)
        bwdir_pending_free(pending);
    return status;
}

void
bwdir_pending_free(struct bwdir_pending **pending)
{
    if (*pending == NULL)
        return;
    bwdir_strings_free(&(*pending)->owed);
    bwdir_strings_free(&(*pending)->refused);
    free(*pending);
    *pending = NULL;
}
