/*
 * The mail that one user is owed.  A code is owed by the state: to who is
 * unverified and has no delivered credential for his present mail and phone.
 * Everything else, another code too, is a value of bwMailOwed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "owed.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "detail.h"
#include "dir/search.h"
#include "directory.h"
#include "gtime.h"
#include "notice.h"
#include "record.h"
#include "refusal.h"
#include "reminder.h"
#include "strlist.h"
#include "user.h"

/* How long who has issued a code at once is given to deliver it: one
 * operation of a tool, twice. */
#define DELIVERING_SECONDS 30

/* A time to wait until that lies further ahead is a mistake. */
#define WAIT_MAX (25 * 3600)

#define DAY 86400

int64_t
bwdir_owed_tomorrow(int64_t now)
{
    return (now / DAY + 1) * DAY;
}

int64_t
bwdir_owed_later(int64_t now, int64_t seconds)
{
    int64_t until = now + seconds;

    return until % DAY == 0 ? until + 1 : until;
}

/* What stands below an unverified user. */
struct credentials {
    const struct bwdir_user *user;
    int64_t now;
    bool delivered;       /* one for his present mail and phone has gone out */
    bool delivering;      /* one was issued just now */
    enum bwdir_mail mail; /* what the last one was about */
};

/* With its user, who was disabled from a date on. */
static bool
has_ended(const struct dir_entry *entry, int64_t now)
{
    const char *end = NULL;
    int64_t when;

    return dir_entry_count(entry, "pwdEndTime") > 0 &&
           (dir_entry_one(entry, "pwdEndTime", &end, NULL) != BWDIR_OK ||
            !bwdir_gtime_parse(end, &when) || when <= now);
}

static bool
look_at_credential(const struct dir_entry *entry, void *closure)
{
    struct credentials *found = closure;
    const char *created = NULL;
    int64_t when;

    bwdir_owed_note_code(entry, &found->mail);
    if (dir_entry_count(entry, "bwDelivered") > 0) {
        found->delivered |=
            !has_ended(entry, found->now) &&
            dir_entry_has(entry, "mail", found->user->mail) &&
            dir_entry_has(entry, "bwWorkPhone", found->user->phone) &&
            (!found->user->facts.reset ||
             dir_entry_has(entry, "bwSetsPassword", "TRUE"));
        return true;
    }
    if (dir_entry_one(entry, "createTimestamp", &created, NULL) == BWDIR_OK &&
        bwdir_gtime_parse(created, &when))
        found->delivering |= when <= found->now + DELIVERING_SECONDS &&
                             when > found->now - DELIVERING_SECONDS;
    return true;
}

static enum bwdir_status
find_credentials(struct bwdir_directory *directory, struct credentials *found,
                 struct bwdir_detail *why)
{
    static const char *const attributes[] = {"mail",
                                             "bwWorkPhone",
                                             "bwDelivered",
                                             "bwSetsPassword",
                                             "createTimestamp",
                                             "description",
                                             "pwdEndTime",
                                             NULL};
    struct dir_search search = {found->user->standing.dn, DIR_SCOPE_ONE,
                                "(objectClass=bwVerification)", attributes};

    return dir_search_some(bwdir_directory_ready(directory), &search, 16,
                           look_at_credential, found, why);
}

static enum bwdir_status
read_marks(const struct dir_entry *entry, struct bwdir_owed *owed,
           struct bwdir_detail *why)
{
    enum bwdir_status status;

    status = bwdir_record_readable(entry, "bwMailOwed", &owed->values, why);
    if (status == BWDIR_OK)
        status =
            bwdir_record_readable(entry, "bwMailRefused", &owed->refused, why);
    if (status == BWDIR_OK)
        status = bwdir_record_readable(entry, "bwMailSent", &owed->sent, why);
    if (status == BWDIR_OK)
        status = bwdir_record_text(entry, "bwMailNotBefore", true,
                                   &owed->not_before, why);
    if (status == BWDIR_OK)
        status = bwdir_record_text(entry, "bwMailAttempts", true,
                                   &owed->attempts, why);
    if (status != BWDIR_OK)
        return status;
    owed->stale = bwdir_strings_new(dir_entry_count(entry, "bwMailOwed"));
    return owed->stale == NULL
               ? bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory")
               : BWDIR_OK;
}

/* A server has refused mail to ADDRESS for good. */
static bool
is_refused(const struct bwdir_owed *owed, const char *address)
{
    for (char **value = owed->refused; *value != NULL; value++)
        if (bwdir_refusal_is_of(*value, address))
            return true;
    return false;
}

/* Until when the user's mail is to wait; false: it need not. */
static bool
waits(const struct bwdir_owed *owed, int64_t now, const char *claim,
      int64_t *until)
{
    if (owed->not_before == NULL ||
        (claim != NULL && strcmp(owed->not_before, claim) == 0))
        return false;
    return bwdir_gtime_parse(owed->not_before, until) && *until > now &&
           *until <= now + WAIT_MAX;
}

static enum bwdir_status
set_text(char **text, const char *value, struct bwdir_detail *why)
{
    free(*text);
    *text = strdup(value);
    return *text == NULL ? bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory")
                         : BWDIR_OK;
}

/* To a refused address no mail goes, and a code is of no use to who is
 * disabled: it is his when he is let in again. */
static enum bwdir_hold
find_hold(const struct bwdir_owed *owed, enum bwdir_mail mail,
          const char *address)
{
    if (owed->is_disabled && bwdir_mail_has_code(mail))
        return BWDIR_HOLD_DISABLED;
    return is_refused(owed, address) ? BWDIR_HOLD_REFUSED : BWDIR_HOLD_NONE;
}

/* Chooses this mail, which may be held; VALUE NULL: it is owed by the state.
 */
static enum bwdir_status
choose(struct bwdir_owed *owed, enum bwdir_mail mail, const char *address,
       const char *value, struct bwdir_detail *why)
{
    enum bwdir_status status;

    owed->hold = find_hold(owed, mail, address);
    owed->is_owed = owed->hold == BWDIR_HOLD_NONE;
    owed->mail =
        bwdir_mail_has_code(mail) ? bwdir_owed_code(owed->user, mail) : mail;
    status = set_text(&owed->address, address, why);
    if (status == BWDIR_OK && value != NULL)
        status = set_text(&owed->value, value, why);
    return status;
}

/* What owed->values say, each in its value's place. */
struct notices {
    struct reading {
        enum bwdir_status status; /* of bwdir_notice_parse() */
        struct bwdir_notice notice;
    } * items;
    size_t count;
};

static enum bwdir_status
parse_notices(const struct bwdir_owed *owed, struct notices *notices,
              struct bwdir_detail *why)
{
    while (owed->values[notices->count] != NULL)
        notices->count++;
    notices->items = calloc(notices->count + 1, sizeof *notices->items);
    if (notices->items == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < notices->count; i++)
        notices->items[i].status =
            bwdir_notice_parse(owed->values[i], &notices->items[i].notice);
    return BWDIR_OK;
}

/* A mail tells how things are when it goes out, so that the newest notice of
 * those that are about the same does for all. */
static bool
is_repeated(const struct notices *notices, const struct bwdir_notice *notice)
{
    for (size_t i = 0; i < notices->count; i++) {
        const struct bwdir_notice *other = &notices->items[i].notice;

        if (notices->items[i].status == BWDIR_OK &&
            other->mail == notice->mail &&
            strcasecmp(other->about, notice->about) == 0 &&
            strcasecmp(other->id, notice->id) > 0)
            return true;
    }
    return false;
}

static const char *
address_of(const struct bwdir_owed *owed, const struct bwdir_notice *notice)
{
    return notice->mail == BWDIR_MAIL_ADDRESS_CHANGED ? notice->about
                                                      : owed->user->mail;
}

/* Whether what the notice would tell is no longer so, is told by another one,
 * or cannot be told. */
static bool
is_stale(const struct bwdir_owed *owed, const struct notices *notices,
         const struct bwdir_notice *notice, int64_t now)
{
    int reminder = bwdir_reminder_at(&owed->user->facts, now);

    if (bwdir_mail_has_code(notice->mail))
        return owed->user->standing.state == BWDIR_STATE_VERIFIED;
    if (is_repeated(notices, notice))
        return true;
    if (notice->mail == BWDIR_MAIL_PASSWORD_EXPIRING)
        return reminder <= BWDIR_REMINDER_EXPIRED;
    if (notice->mail == BWDIR_MAIL_PASSWORD_EXPIRED)
        return reminder != BWDIR_REMINDER_EXPIRED;
    return is_refused(owed, address_of(owed, notice));
}

/* A code before all else; of several the one that sets a password too, for it
 * does for the others.  Last what is held. */
static int
rank(const struct bwdir_owed *owed, const struct bwdir_notice *notice)
{
    if (find_hold(owed, notice->mail, address_of(owed, notice)) !=
        BWDIR_HOLD_NONE)
        return 3;
    if (notice->mail == BWDIR_MAIL_RESET)
        return 0;
    return bwdir_mail_has_code(notice->mail) ? 1 : 2;
}

/* Then the oldest: the identifiers begin with the time. */
static bool
comes_before(const struct bwdir_owed *owed, const struct bwdir_notice *a,
             const struct bwdir_notice *b)
{
    int ahead = rank(owed, b) - rank(owed, a);

    return ahead != 0 ? ahead > 0 : strcasecmp(a->id, b->id) < 0;
}

/*
 * Finds the notice that is to go out first, and those that need not, which
 * what nobody can read is one of.  A code that is held is neither: it stays
 * owed; nor is what a later version may know.
 */
static enum bwdir_status
sort_out(struct bwdir_owed *owed, const struct notices *notices, int64_t now,
         struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_OK;
    size_t first = notices->count, stale = 0;
    const struct bwdir_notice *next;

    for (size_t i = 0; status == BWDIR_OK && i < notices->count; i++) {
        const struct bwdir_notice *notice = &notices->items[i].notice;

        if (notices->items[i].status == BWDIR_NOT_FOUND)
            continue;
        if (notices->items[i].status == BWDIR_MALFORMED ||
            is_stale(owed, notices, notice, now))
            status = set_text(&owed->stale[stale++], owed->values[i], why);
        else if (first == notices->count ||
                 comes_before(owed, notice, &notices->items[first].notice))
            first = i;
    }
    if (status != BWDIR_OK || first == notices->count)
        return status;
    next = &notices->items[first].notice;
    status = choose(owed, next->mail, address_of(owed, next),
                    owed->values[first], why);
    return status == BWDIR_OK ? set_text(&owed->about, next->about, why)
                              : status;
}

static enum bwdir_status
choose_notice(struct bwdir_owed *owed, int64_t now, struct bwdir_detail *why)
{
    struct notices notices = {NULL, 0};
    enum bwdir_status status = parse_notices(owed, &notices, why);

    if (status == BWDIR_OK)
        status = sort_out(owed, &notices, now, why);
    free(notices.items);
    return status;
}

/* The code that the state alone owes. */
static enum bwdir_status
choose_code(struct bwdir_owed *owed, const struct credentials *found,
            struct bwdir_detail *why)
{
    const struct bwdir_user *user = owed->user;

    if (found->delivered || owed->hold != BWDIR_HOLD_NONE ||
        (owed->is_owed && bwdir_mail_has_code(owed->mail)))
        return BWDIR_OK;
    owed->by_state = true;
    owed->code = bwdir_owed_code(user, found->mail);
    if (owed->is_owed &&
        find_hold(owed, owed->code, user->mail) != BWDIR_HOLD_NONE)
        return BWDIR_OK;
    free(owed->value);
    owed->value = NULL;
    return choose(owed, owed->code, user->mail, NULL, why);
}

/*
 * Whether it can go out now.  Where a notice has found no place a code may
 * find the one that is kept for it.
 */
static enum bwdir_status
find_due(struct bwdir_directory *directory, int64_t now, const char *claim,
         struct bwdir_owed *owed, struct bwdir_detail *why)
{
    enum bwdir_status status;

    owed->is_due = !waits(owed, now, claim, &owed->until);
    if (owed->is_due || owed->until != bwdir_owed_tomorrow(now))
        return BWDIR_OK;
    owed->no_place = true;
    if (!owed->is_owed || !bwdir_mail_has_code(owed->mail))
        return BWDIR_OK;
    status =
        bwdir_outbox_has_place(directory, owed->user, owed->address, now, why);
    owed->is_due = status == BWDIR_OK;
    return status == BWDIR_NOT_ALLOWED ? BWDIR_OK : status;
}

static enum bwdir_status
read_into(struct bwdir_directory *directory, const struct dir_entry *entry,
          int64_t now, const char *claim, struct bwdir_owed *owed,
          struct bwdir_detail *why)
{
    struct credentials found = {.now = now};
    enum bwdir_status status;

    status = bwdir_user_map(entry, directory, &owed->user, why);
    if (status == BWDIR_OK)
        status = read_marks(entry, owed, why);
    if (status == BWDIR_OK) {
        owed->is_disabled = bwdir_is_disabled(&owed->user->facts, now);
        status = choose_notice(owed, now, why);
    }
    if (status == BWDIR_OK &&
        owed->user->standing.state == BWDIR_STATE_UNVERIFIED) {
        found.user = owed->user;
        found.mail = bwdir_owed_first_code(owed->user);
        status = find_credentials(directory, &found, why);
        if (status == BWDIR_OK)
            status = choose_code(owed, &found, why);
    }
    if (status == BWDIR_OK)
        status = find_due(directory, now, claim, owed, why);
    owed->is_due = owed->is_due && !found.delivering &&
                   (owed->is_owed || *owed->stale != NULL);
    return status;
}

enum bwdir_status
bwdir_owed_read(struct bwdir_directory *directory,
                const struct dir_entry *entry, int64_t now, const char *claim,
                struct bwdir_owed **owed, struct bwdir_detail *why)
{
    enum bwdir_status status;

    *owed = calloc(1, sizeof **owed);
    if (*owed == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    status = read_into(directory, entry, now, claim, *owed, why);
    if (status != BWDIR_OK ||
        (!(*owed)->is_owed && (*owed)->hold == BWDIR_HOLD_NONE &&
         *(*owed)->stale == NULL))
        bwdir_owed_free(owed);
    return status;
}

void
bwdir_owed_free(struct bwdir_owed **owed)
{
    if (*owed == NULL)
        return;
    bwdir_user_free(&(*owed)->user);
    free((*owed)->address);
    free((*owed)->about);
    free((*owed)->value);
    bwdir_strings_free(&(*owed)->values);
    bwdir_strings_free(&(*owed)->stale);
    bwdir_strings_free(&(*owed)->refused);
    bwdir_strings_free(&(*owed)->sent);
    free((*owed)->not_before);
    free((*owed)->attempts);
    free(*owed);
    *owed = NULL;
}

const struct bwdir_user *
bwdir_owed_user(const struct bwdir_owed *owed)
{
    return owed->user;
}

enum bwdir_mail
bwdir_owed_mail(const struct bwdir_owed *owed)
{
    return owed->mail;
}

bool
bwdir_owed_is_mail(const struct bwdir_owed *owed)
{
    return owed->is_owed;
}

enum bwdir_hold
bwdir_owed_hold(const struct bwdir_owed *owed)
{
    return owed->hold;
}

const char *
bwdir_owed_address(const struct bwdir_owed *owed)
{
    return owed->address;
}

bool
bwdir_owed_is_due(const struct bwdir_owed *owed)
{
    return owed->is_due;
}

void
bwdir_owed_wait(const struct bwdir_owed *owed, struct bwdir_wait *wait)
{
    wait->until = owed->until;
    wait->full = owed->no_place;
    wait->attempts =
        owed->attempts == NULL ? 0 : strtol(owed->attempts, NULL, 10);
}

const char *
bwdir_owed_about(const struct bwdir_owed *owed)
{
    return owed->about;
}
