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
expiry_text(const struct bwdir_facts *facts, char text[BWDIR_GTIME_SIZE])
{
    int64_t expiry;

    return facts->changed_known &&
           !__builtin_add_overflow(facts->changed, facts->policy.max_age,
                                   &expiry) &&
           bwdir_gtime_format(expiry, text);
}

bool
bwdir_reminder_mark(const struct bwdir_facts *facts, int reminder,
                    char mark[BWDIR_REMINDER_SIZE])
{
    char expiry[BWDIR_GTIME_SIZE];

    mark[0] = '\0';
    if (reminder == BWDIR_REMINDER_NONE || !expiry_text(facts, expiry))
        return false;
    snprintf(mark, BWDIR_REMINDER_SIZE, "%d %s", reminder, expiry);
    return true;
}

bool
bwdir_reminder_is_new(const struct bwdir_facts *facts, int reminder,
                      const char *mark)
{
    char expiry[BWDIR_GTIME_SIZE];
    char *end;
    long owed;

    if (reminder == BWDIR_REMINDER_NONE || !expiry_text(facts, expiry))
        return false;
    if (mark == NULL)
        return true;
    owed = strtol(mark, &end, 10);
    if (end == mark || *end != ' ' || strcmp(end + 1, expiry) != 0)
        return true;
    return reminder < owed;
}
