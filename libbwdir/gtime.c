/*
 * GeneralizedTime (RFC 4517 section 3.3.13) by integer arithmetic alone.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "gtime.h"

#define DAY 86400
#define HOUR 3600
#define MINUTE 60

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* COUNT digits at *TEXT, moved past; false when they are not all there or
 * their number is not within LOW … HIGH. */
static bool
take(const char **text, int count, int64_t low, int64_t high, int64_t *value)
{
    int64_t number = 0;

    for (int i = 0; i < count; i++) {
        if (!is_digit((*text)[i]))
            return false;
        number = number * 10 + ((*text)[i] - '0');
    }
    if (number < low || number > high)
        return false;
    *text += count;
    *value = number;
    return true;
}

static int64_t
days_of_month(int64_t year, int64_t month)
{
    static const int64_t days[] = {31, 28, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* Days from 1 March of the year 0, where a leap day is the last of its year,
 * to the epoch (proleptic Gregorian calendar). */
#define EPOCH_FROM_MARCH 719468
#define DAYS_IN_400_YEARS 146097

static int64_t
days_from_date(int64_t year, int64_t month, int64_t day)
{
    int64_t since_march = (month + 9) % 12;
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y + 400) / 400 - 1; /* the year 0 begins in era -1 */
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * since_march + 2) / 5 + day - 1;

    return era * DAYS_IN_400_YEARS + of_era * 365 + of_era / 4 - of_era / 100 +
           of_year - EPOCH_FROM_MARCH;
}

static bool
take_date(const char **text, int64_t *seconds)
{
    int64_t year;
    int64_t month;
    int64_t day;

    if (!take(text, 4, 0, 9999, &year) || !take(text, 2, 1, 12, &month) ||
        !take(text, 2, 1, days_of_month(year, month), &day))
        return false;
    *seconds = days_from_date(year, month, day) * DAY;
    return true;
}

/* Hour and, when given, minute and second; *unit is that of the last one,
 * of which a fraction is a part. */
static bool
take_time(const char **text, int64_t *seconds, int64_t *unit)
{
    int64_t number;

    if (!take(text, 2, 0, 23, &number))
        return false;
    *seconds += number * HOUR;
    *unit = HOUR;
    if (!is_digit(**text))
        return true;
    if (!take(text, 2, 0, 59, &number))
        return false;
    *seconds += number * MINUTE;
    *unit = MINUTE;
    if (!is_digit(**text))
        return true;
    if (!take(text, 2, 0, 60, &number))
        return false;
    *seconds += number == 60 ? 59 : number; /* a leap second */
    *unit = 1;
    return true;
}

/* Digits past the ninth change no second of an hour. */
static bool
take_fraction(const char **text, int64_t unit, int64_t *seconds)
{
    int64_t numerator = 0;
    int64_t denominator = 1;

    if (**text != '.' && **text != ',')
        return true;
    ++*text;
    if (!is_digit(**text))
        return false;
    for (; is_digit(**text); ++*text) {
        if (denominator >= 1000000000)
            continue;
        numerator = numerator * 10 + (**text - '0');
        denominator *= 10;
    }
    *seconds += numerator * unit / denominator;
    return true;
}

static bool
take_zone(const char **text, int64_t *seconds)
{
    char sign = **text;
    int64_t hours;
    int64_t minutes = 0;
    int64_t offset;

    if (sign != 'Z' && sign != '+' && sign != '-')
        return false;
    ++*text;
    if (sign == 'Z')
        return true;
    if (!take(text, 2, 0, 23, &hours))
        return false;
    if (is_digit(**text) && !take(text, 2, 0, 59, &minutes))
        return false;
    offset = hours * HOUR + minutes * MINUTE;
    *seconds -= sign == '+' ? offset : -offset;
    return true;
}

bool
bwdir_gtime_parse(const char *text, int64_t *seconds)
{
    int64_t result;
    int64_t unit;

    if (text == NULL || !take_date(&text, &result) ||
        !take_time(&text, &result, &unit) ||
        !take_fraction(&text, unit, &result) || !take_zone(&text, &result) ||
        *text != '\0')
        return false;
    *seconds = result;
    return true;
}

/* A number in so many digits, not by snprintf(3), for lists have three times
 * for each user; returns where the text goes on. */
static char *
put(char *text, int digits, int64_t number)
{
    for (int i = digits; i-- > 0; number /= 10)
        text[i] = (char)('0' + number % 10);
    return text + digits;
}

bool
bwdir_gtime_format(int64_t seconds, char text[BWDIR_GTIME_SIZE])
{
    const int64_t first = days_from_date(0, 1, 1) * DAY;
    const int64_t last = days_from_date(9999, 12, 31) * DAY + DAY - 1;
    int64_t days;
    int64_t of_era;
    int64_t year;
    int64_t of_year;
    int64_t month;

    text[0] = '\0';
    if (seconds < first || seconds > last)
        return false;
    /* From the year -400, so that nothing below is negative. */
    seconds += (EPOCH_FROM_MARCH + (int64_t)DAYS_IN_400_YEARS) * DAY;
    days = seconds / DAY;
    of_era = days % DAYS_IN_400_YEARS;
    year = (of_era - of_era / 1460 + of_era / 36524 -
            of_era / (DAYS_IN_400_YEARS - 1)) /
           365;
    of_year = of_era - (365 * year + year / 4 - year / 100);
    month = (5 * of_year + 2) / 153;
    year += (days / DAYS_IN_400_YEARS - 1) * 400 + (month >= 10 ? 1 : 0);
    text = put(text, 4, year);
    text = put(text, 2, month < 10 ? month + 3 : month - 9);
    text = put(text, 2, of_year - (153 * month + 2) / 5 + 1);
    text = put(text, 2, seconds % DAY / HOUR);
    text = put(text, 2, seconds % HOUR / MINUTE);
    text = put(text, 2, seconds % MINUTE);
    text[0] = 'Z';
    text[1] = '\0';
    return true;
}
