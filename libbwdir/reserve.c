/*
 * How many mails an address may get in a day.  Each takes one of three places,
 * values of bwMailSent that the server lets stand once below ou=people
 * (slapo-unique): so the limit holds for all users with that address, all
 * hosts and all who deliver.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detail.h"
#include "directory.h"
#include "gtime.h"
#include "plan.h"
#include "unit.h"
#include "user.h"

#define DAY_DIGITS 8 /* "20261224" */

/*
 * In which order places are tried.  The third is the outbox's alone, so that
 * no account admin takes all, today or for a day to come: the access rules
 * refuse it to others.  The first is a code's alone, so that no notices keep a
 * code back.  A code begins with the second, which then is no notice's.
 */
static const int for_code[] = {2, 1, BWDIR_MAILS_A_DAY, 0};
static const int for_notice[] = {BWDIR_MAILS_A_DAY, 2, 0};

/* Taken, by another user or by this one (20). */
static bool
is_taken_place(enum bwdir_status status)
{
    return status == BWDIR_EXISTS || status == BWDIR_BAD_VALUE;
}

/* Or kept for the outbox. */
static bool
is_no_place(enum bwdir_status status)
{
    return is_taken_place(status) || status == BWDIR_NOT_PERMITTED;
}

/* No address: this is logged. */
static enum bwdir_status
not_today(enum bwdir_mail mail, struct bwdir_detail *why)
{
    return bwdir_fail(why, BWDIR_NOT_ALLOWED,
                      "the address has had its mails of today (UTC), at most "
                      "%d to an address and %d for a user%s",
                      BWDIR_MAILS_A_DAY, BWDIR_MAILS_OF_USER,
                      bwdir_mail_has_code(mail)
                          ? ", one of which is kept for bwdir-mail"
                          : ", one of which is kept for a code");
}

/* The places that the user himself has taken on that day. */
static enum bwdir_status
count_own(struct bwdir_directory *directory, const struct bwdir_user *user,
          const char *day, size_t *count, struct bwdir_detail *why)
{
    static const char *const attributes[] = {"bwMailSent", NULL};
    struct dir_search search = {user->standing.dn, DIR_SCOPE_BASE,
                                "(objectClass=bwUser)", attributes};
    struct dir_entry *entry;
    enum bwdir_status status;
    const char *place;
    size_t length;

    *count = 0;
    status =
        dir_search_one(bwdir_directory_ready(directory), &search, &entry, why);
    if (status == BWDIR_OK)
        status = dir_entry_check(entry, why);
    for (size_t i = 0;
         status == BWDIR_OK &&
         (place = dir_entry_bytes(entry, "bwMailSent", i, &length)) != NULL;
         i++)
        *count += strncmp(place, day, DAY_DIGITS) == 0;
    dir_entry_free(&entry);
    return status;
}

static enum bwdir_status
take_place(struct bwdir_directory *directory, const struct bwdir_user *user,
           const char *place, bool (*is_gone)(enum bwdir_status status),
           struct bwdir_detail *why)
{
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status;

    status = bwdir_plan_new(bwdir_directory_purpose(directory, "count mail"),
                            &plan);
    if (status != BWDIR_OK)
        return bwdir_fail(why, status, "%s", bwdir_strerror(status));
    bwdir_plan_modify(plan, user->standing.dn);
    bwdir_plan_value(plan, DIR_ADD_VALUE, "bwMailSent", place);
    bwdir_plan_may_be_lost(plan, is_gone);
    status = bwdir_plan_apply(directory, plan, why);
    bwdir_plan_free(&plan);
    return status;
}

/* The value of place NUMBER; the caller's to free(3). */
static enum bwdir_status
make_place(const char *day, int number, const char *address, char **place,
           struct bwdir_detail *why)
{
    if (asprintf(place, "%.*s.%d %s", DAY_DIGITS, day, number, address) >= 0)
        return BWDIR_OK;
    *place = NULL;
    return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
}

enum bwdir_status
bwdir_outbox_reserve(struct bwdir_directory *directory,
                     const struct bwdir_posting *posting, char **place,
                     struct bwdir_detail *why)
{
    bool code = bwdir_mail_has_code(posting->mail);
    char day[BWDIR_GTIME_SIZE];
    enum bwdir_status status;
    size_t own;

    *place = NULL;
    status = bwdir_field_check("mail", posting->address, why);
    if (status == BWDIR_OK && !bwdir_gtime_format(posting->now, day))
        status = bwdir_fail(why, BWDIR_INTERNAL, "no such time");
    if (status == BWDIR_OK)
        status = count_own(directory, posting->user, day, &own, why);
    if (status != BWDIR_OK)
        return status;
    if (own >= (code ? BWDIR_MAILS_OF_USER : BWDIR_MAILS_OF_USER - 1))
        return not_today(posting->mail, why);
    for (const int *i = code ? for_code : for_notice; *i != 0; i++) {
        bool (*is_gone)(enum bwdir_status) =
            *i == BWDIR_MAILS_A_DAY ? is_no_place : is_taken_place;

        status = make_place(day, *i, posting->address, place, why);
        if (status != BWDIR_OK)
            return status;
        status = take_place(directory, posting->user, *place, is_gone, why);
        if (status == BWDIR_OK)
            return status;
        free(*place);
        *place = NULL;
        if (!is_gone(status))
            return status;
    }
    return not_today(posting->mail, why);
}

/* ---- beforehand ---- */

static bool
note(const struct dir_entry *entry, void *closure)
{
    bool *found = closure;

    (void)entry;
    *found = true;
    return false;
}

/* Whether somebody whom we may see has it. */
static enum bwdir_status
is_taken(struct bwdir_directory *directory, const char *place, bool *taken,
         struct bwdir_detail *why)
{
    static const char *const nothing[] = {"1.1", NULL};
    char *filter = dir_filter("(bwMailSent=%s)", place);
    const struct bwdir_unit_search search = {
        directory->base, BWDIR_PLACE_PEOPLE, filter, nothing};
    enum bwdir_status status;

    *taken = false;
    status = bwdir_unit_some(bwdir_directory_ready(directory), &search, 1,
                             note, taken, why);
    free(filter);
    return status;
}

static enum bwdir_status
find_place(struct bwdir_directory *directory, const char *address,
           const char *day, bool *found, struct bwdir_detail *why)
{
    *found = false;
    for (int i = 1; i <= BWDIR_MAILS_A_DAY && !*found; i++) {
        bool taken = false;
        char *place;
        enum bwdir_status status = make_place(day, i, address, &place, why);

        if (status == BWDIR_OK)
            status = is_taken(directory, place, &taken, why);
        free(place);
        if (status != BWDIR_OK)
            return status;
        *found = !taken;
    }
    return BWDIR_OK;
}

enum bwdir_status
bwdir_outbox_has_place(struct bwdir_directory *directory,
                       const struct bwdir_user *user, const char *address,
                       int64_t now, struct bwdir_detail *why)
{
    char day[BWDIR_GTIME_SIZE];
    bool found = false;
    enum bwdir_status status;
    size_t own = 0;

    if (!bwdir_gtime_format(now, day))
        return bwdir_fail(why, BWDIR_INTERNAL, "no such time");
    status = count_own(directory, user, day, &own, why);
    if (status == BWDIR_OK)
        status = find_place(directory, address, day, &found, why);
    if (status != BWDIR_OK || (found && own < BWDIR_MAILS_OF_USER))
        return status;
    return bwdir_fail(why, BWDIR_NOT_ALLOWED,
                      "mail \"%.256s\": has had the mails of today (UTC), at "
                      "most %d to an address and %d for a user, so no code "
                      "could reach it; nothing is changed, try again tomorrow",
                      address, BWDIR_MAILS_A_DAY, BWDIR_MAILS_OF_USER);
}
