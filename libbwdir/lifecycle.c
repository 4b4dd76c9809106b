/*
 * Plans for what happens to a user between the first day and the last: an end
 * is set or taken away, a lock opened, a password replaced, a code asked for.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "account.h"
#include "detail.h"
#include "directory.h"
#include "gtime.h"
#include "notice.h"
#include "place.h"
#include "plan.h"
#include "strlist.h"
#include "user.h"
#include "user_change.h"
#include "verification.h"

void
bwdir_user_refusal(const struct bwdir_user *user, struct bwdir_detail *words)
{
    (void)bwdir_fail(words, BWDIR_NOT_PERMITTED,
                     "user name \"%s\": not permitted; somebody else who "
                     "administers all accounts of this user is wanted",
                     user->standing.name);
}

/* Whether the user of that name is an admin of all of USER's accounts. */
static enum bwdir_status
administers_all(struct bwdir_directory *directory, const char *name,
                const struct bwdir_user *user, bool *all,
                struct bwdir_detail *why)
{
    char *dn = bwdir_place_dn(directory->base, BWDIR_PLACE_PEOPLE, name);
    char **numbers = NULL;
    enum bwdir_status status;

    *all = true;
    status = dn == NULL
                 ? bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory")
                 : bwdir_account_administered(directory, dn, &numbers, why);
    if (status == BWDIR_OK)
        for (const char *const *n = bwdir_user_accounts(user); *n != NULL; n++)
            *all = *all && bwdir_change_has(numbers, *n);
    bwdir_strings_free(&numbers);
    free(dn);
    return status;
}

enum bwdir_status
bwdir_user_check_administered(struct bwdir_directory *directory,
                              const struct bwdir_user *user,
                              struct bwdir_detail *why)
{
    char *self = bwdir_directory_self(directory);
    enum bwdir_status status = BWDIR_OK;
    bool may = true;

    if (self != NULL && strcmp(self, user->standing.name) == 0)
        may = false;
    else if (self != NULL)
        status = administers_all(directory, self, user, &may, why);
    free(self);
    if (status != BWDIR_OK || may)
        return status;
    bwdir_user_refusal(user, why);
    return BWDIR_NOT_PERMITTED;
}

/* A plan with one Modify of USER, to be filled in. */
static enum bwdir_status
begin(struct bwdir_directory *directory, const struct bwdir_user *user,
      const char *what, struct bwdir_plan **plan, struct bwdir_detail *why)
{
    struct bwdir_detail refusal;
    enum bwdir_status status;

    *plan = NULL;
    status = bwdir_user_check_administered(directory, user, why);
    if (status == BWDIR_OK)
        status =
            bwdir_plan_new(bwdir_directory_purpose(directory, what), plan);
    if (status != BWDIR_OK)
        return status;
    bwdir_user_refusal(user, &refusal);
    bwdir_plan_set_refusal(*plan, refusal.text);
    bwdir_plan_modify(*plan, user->standing.dn);
    return BWDIR_OK;
}

/*
 * The ends that slapd 2.5 reads as they are written.  It counts in 32 bits
 * without a sign, in which the days go one ahead: a later end is for it one of
 * the past, an earlier one is one of the next century.  tests/time.sh asks it.
 */
#define END_FIRST 0                    /* 1970-01-01T00:00:00Z */
#define END_LAST ((1LL << 32) - 86401) /* 2106-02-06T06:28:15Z */

static enum bwdir_status
format_end(int64_t when, char text[BWDIR_GTIME_SIZE], struct bwdir_detail *why)
{
    char wrong[BWDIR_TIME_SIZE], first[BWDIR_TIME_SIZE], last[BWDIR_TIME_SIZE];

    if (when >= END_FIRST && when <= END_LAST &&
        bwdir_gtime_format(when, text))
        return BWDIR_OK;
    bwdir_time_format(when, wrong);
    bwdir_time_format(END_FIRST, first);
    bwdir_time_format(END_LAST, last);
    return bwdir_fail(why, BWDIR_BAD_VALUE,
                      "end \"%s\": a time from %s to %s wanted, as far as "
                      "the directory counts",
                      wrong, first, last);
}

/* Who is disabled is not let in by another end. */
static enum bwdir_status
check_later(const struct bwdir_user *user, int64_t when,
            struct bwdir_detail *why)
{
    int64_t now = (int64_t)time(NULL);
    struct bwdir_condition condition;
    char text[BWDIR_TIME_SIZE];

    bwdir_user_condition(user, now, &condition);
    if (when <= now || (condition.is & BWDIR_IS_DISABLED) == 0)
        return BWDIR_OK;
    bwdir_time_format(when, text);
    return bwdir_fail(why, BWDIR_BAD_VALUE,
                      "user name \"%s\": disabled now, and would be let in "
                      "until %s; if that is meant: bwdir-enable first",
                      user->standing.name, text);
}

/* A moment that has passed is now. */
static enum bwdir_status
check_leaving(struct bwdir_directory *directory, const struct bwdir_user *user,
              int64_t when, struct bwdir_detail *why)
{
    if (bwdir_is_disabled(&user->facts, (int64_t)time(NULL)))
        return BWDIR_OK;
    return bwdir_user_can_leave(directory, user, when, why);
}

/* As the directory has it.  A lock is no end: slapd forgets it with a new
 * password (slapo-ppolicy(5)). */
static bool
is_set(const struct bwdir_user *user, int64_t when)
{
    const struct bwdir_facts *facts = &user->facts;
    int64_t now = (int64_t)time(NULL);

    return facts->ends &&
           (facts->end == when || (when <= now && facts->end <= now));
}

/* Whether a code stands that would be good after the end. */
static enum bwdir_status
outlives(struct bwdir_directory *directory, const struct bwdir_user *user,
         int64_t when, bool *does, struct bwdir_detail *why)
{
    struct bwdir_pending *pending;
    enum bwdir_status status;

    *does = false;
    if (user->standing.state == BWDIR_STATE_VERIFIED)
        return BWDIR_OK;
    status = bwdir_user_pending(directory, user, (int64_t)time(NULL), &pending,
                                why);
    if (status == BWDIR_OK)
        *does = pending->code && (!pending->ends || pending->end > when);
    bwdir_pending_free(&pending);
    return status;
}

/* The end, and in the place of a code that would outlive it that one is owed,
 * which waits or is issued until then. */
static enum bwdir_status
put_end(struct bwdir_directory *directory, const struct bwdir_user *user,
        const char *text, bool with_codes, struct bwdir_plan *plan,
        struct bwdir_detail *why)
{
    enum bwdir_status status;
    enum bwdir_mail mail;

    if (text != NULL)
        bwdir_plan_value(plan, DIR_REPLACE, "pwdEndTime", text);
    if (!with_codes)
        return BWDIR_OK;
    status = bwdir_outbox_code(directory, user, &mail, why);
    if (status != BWDIR_OK)
        return status;
    bwdir_notice_owe(plan, mail, NULL);
    return bwdir_verification_plan_removals(directory, user, plan, why);
}

enum bwdir_status
bwdir_user_plan_disable(struct bwdir_directory *directory,
                        const struct bwdir_user *user, int64_t when,
                        bool force, struct bwdir_plan **plan,
                        struct bwdir_detail *why)
{
    char text[BWDIR_GTIME_SIZE];
    enum bwdir_status status;
    bool with_codes;

    *plan = NULL;
    status = format_end(when, text, why);
    if (status == BWDIR_OK)
        status = check_later(user, when, why);
    if (status == BWDIR_OK)
        status = outlives(directory, user, when, &with_codes, why);
    if (status != BWDIR_OK || (is_set(user, when) && !with_codes))
        return status;
    status = begin(directory, user, "disable user", plan, why);
    if (status == BWDIR_OK && !force && !is_set(user, when))
        status = check_leaving(directory, user, when, why);
    if (status == BWDIR_OK)
        status = put_end(directory, user, is_set(user, when) ? NULL : text,
                         with_codes, *plan, why);
    return bwdir_plan_finish(status, plan, why);
}

enum bwdir_status
bwdir_user_plan_enable(struct bwdir_directory *directory,
                       const struct bwdir_user *user, struct bwdir_plan **plan,
                       struct bwdir_detail *why)
{
    enum bwdir_status status =
        begin(directory, user, "enable user", plan, why);

    if (status == BWDIR_OK && user->facts.ends)
        bwdir_plan_remove(*plan, "pwdEndTime");
    if (status == BWDIR_OK && user->facts.disabled_for_good)
        bwdir_plan_remove(*plan, "pwdAccountLockedTime");
    return bwdir_plan_finish(status, plan, why);
}

/* The server forgets the failures that led to the lock by itself
 * (slapo-ppolicy(5), pwdAccountLockedTime). */
enum bwdir_status
bwdir_user_plan_unlock(struct bwdir_directory *directory,
                       const struct bwdir_user *user, struct bwdir_plan **plan,
                       struct bwdir_detail *why)
{
    enum bwdir_status status =
        begin(directory, user, "unlock user", plan, why);

    if (status == BWDIR_OK)
        bwdir_plan_remove(*plan, "pwdAccountLockedTime");
    return bwdir_plan_finish(status, plan, why);
}

/* Nobody is made to wait for a code until tomorrow. */
static enum bwdir_status
check_place(struct bwdir_directory *directory, const struct bwdir_user *user,
            struct bwdir_detail *why)
{
    return bwdir_outbox_has_place(directory, user, user->mail,
                                  (int64_t)time(NULL), why);
}

enum bwdir_status
bwdir_user_plan_reset(struct bwdir_directory *directory,
                      const struct bwdir_user *user, struct bwdir_plan **plan,
                      struct bwdir_detail *why)
{
    enum bwdir_status status = check_place(directory, user, why);

    *plan = NULL;
    if (status != BWDIR_OK)
        return status;
    status = begin(directory, user, "reset password", plan, why);
    if (status != BWDIR_OK)
        return bwdir_plan_finish(status, plan, why);
    /* Another mail or another reset may take him back at this moment. */
    bwdir_plan_may_be_done(*plan);
    if (user->standing.state == BWDIR_STATE_VERIFIED) {
        bwdir_plan_value(*plan, DIR_DELETE_VALUE, "bwVerificationState",
                         "verified");
        bwdir_plan_value(*plan, DIR_ADD_VALUE, "bwVerificationState",
                         "unverified");
    }
    /* The server holds the old password to this (access.rules). */
    bwdir_plan_value(*plan, DIR_REPLACE, "pwdReset", "TRUE");
    bwdir_notice_owe(*plan, BWDIR_MAIL_RESET, NULL);
    /* One that was in the mail while he redeemed another. */
    if (user->standing.state == BWDIR_STATE_VERIFIED)
        status = bwdir_verification_plan_removals(directory, user, *plan, why);
    return bwdir_plan_finish(status, plan, why);
}

enum bwdir_status
bwdir_user_plan_resend(struct bwdir_directory *directory,
                       const struct bwdir_user *user, struct bwdir_plan **plan,
                       struct bwdir_detail *why)
{
    enum bwdir_mail mail = BWDIR_MAIL_SIGN_UP;
    enum bwdir_status status;

    *plan = NULL;
    if (user->standing.state == BWDIR_STATE_VERIFIED)
        return bwdir_fail(why, BWDIR_BAD_VALUE,
                          "user name \"%s\": verified, so there is nothing to "
                          "confirm; for a forgotten password: bwdir-passwd "
                          "--reset %s",
                          user->standing.name, user->standing.name);
    status = check_place(directory, user, why);
    if (status == BWDIR_OK)
        status = bwdir_outbox_code(directory, user, &mail, why);
    if (status != BWDIR_OK)
        return status;
    status = begin(directory, user, "owe another code", plan, why);
    if (status == BWDIR_OK)
        bwdir_notice_owe(*plan, mail, NULL);
    return bwdir_plan_finish(status, plan, why);
}

enum bwdir_status
bwdir_user_plan_password(struct bwdir_directory *directory,
                         const struct bwdir_user *user,
                         const struct bwdir_secret *password,
                         struct bwdir_plan **plan, struct bwdir_detail *why)
{
    int64_t past = (int64_t)time(NULL) - 1;
    char text[BWDIR_GTIME_SIZE];
    enum bwdir_status status =
        begin(directory, user, "set password", plan, why);

    if (status == BWDIR_OK)
        bwdir_plan_secret(*plan, DIR_REPLACE, "userPassword", password);
    /* A lock goes with the old password; an end does not. */
    if (status == BWDIR_OK && user->facts.disabled_for_good &&
        !is_set(user, past)) {
        status = format_end(past, text, why);
        bwdir_plan_value(*plan, DIR_REPLACE, "pwdEndTime", text);
    }
    return bwdir_plan_finish(status, plan, why);
}

enum bwdir_status
bwdir_password_plan_change(struct bwdir_directory *directory,
                           const struct bwdir_secret *old_password,
                           const struct bwdir_secret *new_password,
                           struct bwdir_plan **plan, struct bwdir_detail *why)
{
    const char *whoami = bwdir_directory_whoami(directory);
    enum bwdir_status status;

    *plan = NULL;
    if (strncmp(whoami, "dn:", 3) != 0)
        return bwdir_fail(why, BWDIR_BAD_VALUE,
                          "the connection is nobody's with a password");
    status = bwdir_plan_new(
        bwdir_directory_purpose(directory, "change own password"), plan);
    if (status == BWDIR_OK)
        bwdir_plan_set_refusal(
            *plan, "not permitted; if the password was reset: redeem the code "
                   "that was mailed (bwdir-verify)");
    if (status == BWDIR_OK)
        bwdir_plan_password(*plan, whoami + 3, old_password, new_password);
    return bwdir_plan_finish(status, plan, why);
}
