/*
 * Times as people write them (ISO 8601, UTC), on top of GeneralizedTime,
 * which is the same without the marks between the numbers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bwdir.h"
#include "gtime.h"

#define DAY 86400
#define DAYS_MAX 9999999

/* True when TEXT has a digit wherever SHAPE has "0", and else is SHAPE. */
static bool
has_shape(const char *text, const char *shape)
{
    for (; *shape != '\0'; text++, shape++)
        if (*shape == '0' ? *text < '0' || *text > '9' : *text != *shape)
            return false;
    return *text == '\0';
}

static bool
parse_distance(const char *text, int64_t now, int64_t *seconds)
{
    char *end;
    long days;

    if ((text[0] != '+' && text[0] != '-') || text[1] < '0' || text[1] > '9')
        return false;
    days = strtol(text + 1, &end, 10);
    if (strcmp(end, "d") != 0 || days > DAYS_MAX)
        return false;
    *seconds = now + (int64_t)(text[0] == '-' ? -days : days) * DAY;
    return true;
}

bool
bwdir_time_parse(const char *text, int64_t now, int64_t *seconds)
{
    char basic[BWDIR_GTIME_SIZE];
    size_t used = 0;

    if (parse_distance(text, now, seconds))
        return true;
    if (!has_shape(text, "0000-00-00") &&
        !has_shape(text, "0000-00-00T00:00Z") &&
        !has_shape(text, "0000-00-00T00:00:00Z"))
        return false;
    for (const char *at = text; *at != '\0'; at++)
        if (*at >= '0' && *at <= '9')
            basic[used++] = *at;
    while (used < BWDIR_GTIME_SIZE - 2)
        basic[used++] = '0';
    basic[used++] = 'Z';
    basic[used] = '\0';
    return bwdir_gtime_parse(basic, seconds);
}

void
bwdir_time_format(int64_t seconds, char text[BWDIR_TIME_SIZE])
{
    static const char form[] = "0000-00-00T00:00:00Z";
    char basic[BWDIR_GTIME_SIZE];

    if (!bwdir_gtime_format(seconds, basic)) {
        strcpy(text, "-");
        return;
    }
    /* Not snprintf(3), for lists have three times for each user. */
    for (size_t i = 0, at = 0; i < sizeof form; i++)
        text[i] = form[i] == '0' ? basic[at++] : form[i];
}
