/*
 * When a user is to be reminded that his password expires.  Pure: no clock,
 * no directory.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "reminder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gtime.h"

static const int thresholds[] = {1, 7, 14};

static int
threshold_for(int days_left)
{
    for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++)
        if (days_left >= 0 && days_left <= thresholds[i])
            return thresholds[i];
    return BWDIR_REMINDER_NONE;
}

int
bwdir_reminder_at(const struct bwdir_facts *facts, int64_t now)
{
    static const struct bwdir_service dashboard = {.access =
                                                       BWDIR_ACCESS_DASHBOARD};
    struct bwdir_verdict verdict = bwdir_decide(facts, NULL, &dashboard, now);

    if (verdict.status == BWDIR_OK)
        return threshold_for(verdict.days_left);
    if (verdict.status == BWDIR_EXPIRED ||
        (verdict.status == BWDIR_MUST_CHANGE &&
         strcmp(verdict.reason, "expired") == 0))
        return BWDIR_REMINDER_EXPIRED;
    return BWDIR_REMINDER_NONE;
}

static bool
find_expiry(const struct bwdir_facts *facts, int64_t *expiry)
{
    return facts->changed_known &&
           !__builtin_add_overflow(facts->changed, facts->policy.max_age,
                                   expiry);
}

bool
bwdir_reminder_mark(const struct bwdir_facts *facts, int reminder,
                    char mark[BWDIR_REMINDER_SIZE])
{
    char text[BWDIR_GTIME_SIZE];
    int64_t expiry;

    mark[0] = '\0';
    if (reminder == BWDIR_REMINDER_NONE || !find_expiry(facts, &expiry) ||
        !bwdir_gtime_format(expiry, text))
        return false;
    snprintf(mark, BWDIR_REMINDER_SIZE, "%d %s", reminder, text);
    return true;
}

/* Whether a host may have owed it by now: their clocks differ a little. */
static bool
has_come(long reminder, int64_t expiry, int64_t now)
{
    return bwdir_days_left(expiry - now - BWDIR_CLOCK_SKEW) <= reminder;
}

bool
bwdir_reminder_is_new(const struct bwdir_facts *facts, int reminder,
                      const char *mark, int64_t now)
{
    char text[BWDIR_GTIME_SIZE];
    int64_t expiry;
    char *end;
    long owed;

    if (reminder == BWDIR_REMINDER_NONE || !find_expiry(facts, &expiry) ||
        !bwdir_gtime_format(expiry, text))
        return false;
    if (mark == NULL)
        return true;
    owed = strtol(mark, &end, 10);
    if (end == mark || *end != ' ' || strcmp(end + 1, text) != 0)
        return true;
    return reminder < owed || !has_come(owed, expiry, now);
}
