/*
 * What became of an owed mail, written to the user: exactly what was delivered
 * is taken away, and then the claim.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "detail.h"
#include "directory.h"
#include "gtime.h"
#include "notice.h"
#include "owed.h"
#include "place.h"
#include "plan.h"
#include "user.h"

#define BACK_OFF_FIRST 60
#define BACK_OFF_MAX 3600
#define REFUSALS_MAX 5 /* kept; the oldest goes first */

/* Doubled with each failure. */
static int64_t
back_off(long failures)
{
    int64_t seconds = BACK_OFF_FIRST;

    for (; failures > 1 && seconds < BACK_OFF_MAX; failures--)
        seconds *= 2;
    return seconds < BACK_OFF_MAX ? seconds : BACK_OFF_MAX;
}

static void
plan_wait(struct bwdir_plan *plan, int64_t until)
{
    char text[BWDIR_GTIME_SIZE];

    bwdir_plan_value(plan, DIR_ADD_VALUE, "bwMailNotBefore",
                     bwdir_gtime_format(until, text) ? text : NULL);
}

static void
plan_no_attempts(struct bwdir_plan *plan, const struct bwdir_owed *owed)
{
    if (owed->attempts != NULL)
        bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwMailAttempts",
                         owed->attempts);
}

static void
plan_later(struct bwdir_plan *plan, const struct bwdir_owed *owed, int64_t now)
{
    long failures =
        owed->attempts == NULL ? 0 : strtol(owed->attempts, NULL, 10);
    char text[24];

    failures += failures < LONG_MAX ? 1 : 0;
    snprintf(text, sizeof text, "%ld", failures);
    plan_no_attempts(plan, owed);
    bwdir_plan_value(plan, DIR_ADD_VALUE, "bwMailAttempts", text);
    plan_wait(plan, bwdir_owed_later(now, back_off(failures)));
}

/*
 * What has been told; one code does for all that were owed.  Somebody else may
 * have told it meanwhile: so it is a step by itself, and the first, for what
 * has gone out is not owed even if the claim is another's by now.
 */
static void
plan_told(struct bwdir_plan *plan, const struct bwdir_owed *owed)
{
    bool code = bwdir_mail_has_code(owed->mail);

    if (owed->value == NULL)
        return;
    bwdir_plan_modify(plan, owed->user->standing.dn);
    bwdir_plan_may_be_done(plan);
    if (!code)
        bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwMailOwed", owed->value);
    for (char **value = owed->values; code && *value != NULL; value++)
        if (bwdir_notice_is_met(*value, owed->mail))
            bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwMailOwed", *value);
}

/* A code stays owed: it goes out when the refusal is taken away. */
static void
plan_refused(struct bwdir_plan *plan, const struct bwdir_owed *owed,
             const struct bwdir_settlement *settlement)
{
    char id[BWDIR_NOTICE_ID_SIZE];
    struct bwdir_detail answer;
    char *text = NULL;
    const char *oldest = NULL;
    size_t count = 0;

    if (!bwdir_notice_id(settlement->now, id))
        id[0] = '\0';
    (void)bwdir_fail(&answer, BWDIR_REFUSED, "%.160s", settlement->answer);
    /* The address as it stands, however odd or long: by it the refusal is
     * known again. */
    if (asprintf(&text, "%s %s %s", id, owed->address, answer.text) < 0)
        text = NULL;
    bwdir_plan_value(plan, DIR_ADD_VALUE, "bwMailRefused", text);
    free(text);
    for (char **value = owed->refused; *value != NULL; value++, count++)
        if (oldest == NULL || strcmp(*value, oldest) < 0)
            oldest = *value;
    if (count >= REFUSALS_MAX)
        bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwMailRefused", oldest);
    if (owed->value != NULL && !bwdir_mail_has_code(owed->mail))
        bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwMailOwed", owed->value);
    plan_no_attempts(plan, owed);
}

/* Places of other days are of no use, those ahead least of all. */
static void
plan_tidy(struct bwdir_plan *plan, const struct bwdir_owed *owed,
          const struct bwdir_settlement *settlement)
{
    char today[BWDIR_GTIME_SIZE];

    if (settlement->unused != NULL)
        bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwMailSent",
                         settlement->unused);
    if (settlement->now == 0 || !bwdir_gtime_format(settlement->now, today))
        return;
    for (char **sent = owed->sent; *sent != NULL; sent++)
        if (strncmp(*sent, today, 8) != 0)
            bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwMailSent", *sent);
}

static void
plan_marks(struct bwdir_plan *plan, const struct bwdir_owed *owed,
           const struct bwdir_settlement *settlement)
{
    if (settlement->status == BWDIR_OK)
        plan_told(plan, owed);
    bwdir_plan_modify(plan, owed->user->standing.dn);
    bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwMailNotBefore",
                     owed->not_before);
    if (settlement->status == BWDIR_OK)
        plan_no_attempts(plan, owed);
    else if (settlement->status == BWDIR_REFUSED)
        plan_refused(plan, owed, settlement);
    else if (settlement->status == BWDIR_NOT_ALLOWED)
        plan_wait(plan, bwdir_owed_tomorrow(settlement->now));
    else
        plan_later(plan, owed, settlement->now);
    plan_tidy(plan, owed, settlement);
}

/* ---- telling the admins ---- */

static enum bwdir_status
tell(struct bwdir_directory *directory, const char *admin, const char *about,
     struct bwdir_detail *why)
{
    char *dn = bwdir_place_dn(directory->base, BWDIR_PLACE_PEOPLE, admin);
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status;

    status = bwdir_plan_new(
        bwdir_directory_purpose(directory, "tell of refused mail"), &plan);
    if (status == BWDIR_OK) {
        bwdir_plan_modify(plan, dn);
        bwdir_notice_owe(plan, BWDIR_MAIL_REFUSED, about);
        status = bwdir_plan_apply(directory, plan, why);
    }
    bwdir_plan_free(&plan);
    free(dn);
    return status == BWDIR_NOT_FOUND ? BWDIR_OK : status; /* gone meanwhile */
}

/* Whether one of the accounts before NUMBER has the same admin. */
static bool
is_told(struct bwdir_account *const *accounts, size_t number, const char *name)
{
    for (size_t i = 0; i < number; i++)
        if (accounts[i] != NULL && bwdir_account_has_admin(accounts[i], name))
            return true;
    return false;
}

static enum bwdir_status
tell_admins(struct bwdir_directory *directory, const struct bwdir_user *user,
            struct bwdir_account **accounts, struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_OK;

    for (size_t i = 0; status == BWDIR_OK && user->standing.accounts[i]; i++) {
        const char *const *admins;

        status = bwdir_account_get(directory, user->standing.accounts[i],
                                   &accounts[i], why);
        if (status == BWDIR_NOT_FOUND) {
            status = BWDIR_OK;
            continue;
        }
        if (status != BWDIR_OK)
            break;
        admins = bwdir_account_admins(accounts[i]);
        for (; status == BWDIR_OK && *admins != NULL; admins++)
            if (strcmp(*admins, user->standing.name) != 0 &&
                !is_told(accounts, i, *admins))
                status = tell(directory, *admins, user->standing.name, why);
    }
    return status;
}

/* Before the refusal is recorded: a crash in between tells twice. */
static enum bwdir_status
tell_all(struct bwdir_directory *directory, const struct bwdir_owed *owed,
         struct bwdir_detail *why)
{
    const struct bwdir_user *user = owed->user;
    struct bwdir_account **accounts;
    enum bwdir_status status;
    size_t count = 0;

    if (owed->mail == BWDIR_MAIL_REFUSED)
        return BWDIR_OK;
    while (user->standing.accounts[count] != NULL)
        count++;
    accounts = calloc(count + 1, sizeof *accounts);
    if (accounts == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    status = tell_admins(directory, user, accounts, why);
    for (size_t i = 0; i < count; i++)
        bwdir_account_free(&accounts[i]);
    free(accounts);
    return status;
}

enum bwdir_status
bwdir_outbox_settle(struct bwdir_directory *directory,
                    const struct bwdir_owed *owed,
                    const struct bwdir_settlement *settlement,
                    struct bwdir_detail *why)
{
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status = BWDIR_OK;

    if (settlement->status == BWDIR_REFUSED)
        status = tell_all(directory, owed, why);
    if (status != BWDIR_OK)
        return status;
    status = bwdir_plan_new(
        bwdir_directory_purpose(directory, "settle owed mail"), &plan);
    if (status != BWDIR_OK)
        return bwdir_fail(why, status, "%s", bwdir_strerror(status));
    plan_marks(plan, owed, settlement);
    status = bwdir_plan_apply(directory, plan, why);
    bwdir_plan_free(&plan);
    return status;
}
