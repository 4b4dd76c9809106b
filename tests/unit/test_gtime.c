/*
 * GeneralizedTime: the rows of gtime_rows.c both ways, every form of one
 * moment, and every year.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "gtime_rows.h"
#include "libbwdir/gtime.h"

#define UNTOUCHED INT64_C(-4711)

static void
check_rows(void)
{
    for (size_t i = 0; i < gtime_row_count; i++) {
        int64_t seconds = UNTOUCHED;
        bool valid = bwdir_gtime_parse(gtime_rows[i].text, &seconds);

        if (valid != gtime_rows[i].valid ||
            seconds != (valid ? gtime_rows[i].seconds : UNTOUCHED))
            print_error("row %zu: %s gives %lld\n", i, gtime_rows[i].text,
                        (long long)seconds);
        assert_int_equal(valid, gtime_rows[i].valid);
        assert_true(seconds == (valid ? gtime_rows[i].seconds : UNTOUCHED));
    }
}

static void
test_parse_rows(void **state)
{
    (void)state;
    check_rows();
}

static void
test_parse_null(void **state)
{
    int64_t seconds = UNTOUCHED;

    (void)state;
    assert_false(bwdir_gtime_parse(NULL, &seconds));
    assert_true(seconds == UNTOUCHED);
}

static void
test_parse_whatever_tz(void **state)
{
    static const char *const zones[] = {
        "UTC",           "America/New_York",
        "Europe/Berlin", "Asia/Kathmandu",
        "Pacific/Apia",  "right/Europe/London"};

    (void)state;
    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        setenv("TZ", zones[i], 1);
        tzset();
        check_rows();
    }
    unsetenv("TZ");
    tzset(); /* or timegm() goes on counting leap seconds */
}

/* One instant in every form of RFC 4517: what it means is found out by libc,
 * and the offset by multiplication. */
static void
check_forms(const struct tm *when)
{
    static const struct {
        const char *zone;
        int offset; /* minutes east */
    } zones[] = {{"Z", 0},        {"+00", 0},     {"-0000", 0},
                 {"+01", 60},     {"-05", -300},  {"+0530", 330},
                 {"-0330", -210}, {"+1245", 765}, {"+2359", 1439},
                 {"-2359", -1439}};
    static const struct {
        int digits; /* of year, month, day, hour, minute and second */
        const char *fraction;
        int more; /* seconds that the fraction stands for */
    } forms[] = {{10, "", 0}, {10, ".5", 1800}, {10, ",25", 900},
                 {12, "", 0}, {12, ".5", 30},   {12, ",75", 45},
                 {14, "", 0}, {14, ".999", 0},  {14, ",1", 0}};

    for (size_t f = 0; f < sizeof(forms) / sizeof(forms[0]); f++)
        for (size_t z = 0; z < sizeof(zones) / sizeof(zones[0]); z++) {
            struct tm cut = *when;
            char digits[72], text[96];
            int64_t seconds = UNTOUCHED;

            cut.tm_min = forms[f].digits >= 12 ? cut.tm_min : 0;
            cut.tm_sec = forms[f].digits >= 14 ? cut.tm_sec : 0;
            (void)snprintf(digits, sizeof(digits), "%04d%02d%02d%02d%02d%02d",
                           cut.tm_year + 1900, cut.tm_mon + 1, cut.tm_mday,
                           cut.tm_hour, cut.tm_min, cut.tm_sec);
            (void)snprintf(text, sizeof(text), "%.*s%s%s", forms[f].digits,
                           digits, forms[f].fraction, zones[z].zone);
            assert_true(bwdir_gtime_parse(text, &seconds));
            assert_true(seconds == (int64_t)timegm(&cut) + forms[f].more -
                                       INT64_C(60) * zones[z].offset);
        }
}

/* fault_055, fault_056 */
static void
test_parse_every_form(void **state)
{
    static const struct tm instants[] = {
        {.tm_year = 0, .tm_mon = 0, .tm_mday = 1},
        {.tm_year = 1,
         .tm_mon = 11,
         .tm_mday = 13,
         .tm_hour = 20,
         .tm_min = 45,
         .tm_sec = 51},
        {.tm_year = 69,
         .tm_mon = 11,
         .tm_mday = 31,
         .tm_hour = 23,
         .tm_min = 59,
         .tm_sec = 59},
        {.tm_year = 100,
         .tm_mon = 1,
         .tm_mday = 29,
         .tm_hour = 23,
         .tm_min = 59,
         .tm_sec = 59},
        {.tm_year = 126,
         .tm_mon = 10,
         .tm_mday = 23,
         .tm_hour = 14,
         .tm_min = 48},
        {.tm_year = 138,
         .tm_mon = 0,
         .tm_mday = 19,
         .tm_hour = 3,
         .tm_min = 14,
         .tm_sec = 7},
        {.tm_year = 206,
         .tm_mon = 1,
         .tm_mday = 7,
         .tm_hour = 6,
         .tm_min = 28,
         .tm_sec = 15},
        {.tm_year = 362,
         .tm_mon = 3,
         .tm_mday = 11,
         .tm_hour = 23,
         .tm_min = 47,
         .tm_sec = 16},
        {.tm_year = 8099,
         .tm_mon = 11,
         .tm_mday = 31,
         .tm_hour = 23,
         .tm_min = 59,
         .tm_sec = 59},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(instants) / sizeof(instants[0]); i++)
        check_forms(&instants[i]);
}

/* Every text that is valid and of the format's own form comes back. */
static void
test_format_rows(void **state)
{
    char text[BWDIR_GTIME_SIZE];
    size_t compared = 0;

    (void)state;
    for (size_t i = 0; i < gtime_row_count; i++) {
        if (!gtime_rows[i].valid ||
            strlen(gtime_rows[i].text) != BWDIR_GTIME_SIZE - 1 ||
            strspn(gtime_rows[i].text, "0123456789") != BWDIR_GTIME_SIZE - 2 ||
            strcmp(gtime_rows[i].text + 12, "60Z") == 0)
            continue;
        assert_true(bwdir_gtime_format(gtime_rows[i].seconds, text));
        assert_string_equal(text, gtime_rows[i].text);
        compared++;
    }
    assert_true(compared > 100);
}

static void
test_format_round_trip(void **state)
{
    const int64_t first = INT64_C(-62167219200); /* year 0 */
    const int64_t last = INT64_C(253402300799);  /* year 9999 */
    char text[BWDIR_GTIME_SIZE];

    (void)state;
    /* About every 37 days, at another time of day each. */
    for (int64_t at = first; at <= last; at += 3196861) {
        int64_t seconds = UNTOUCHED;

        assert_true(bwdir_gtime_format(at, text));
        assert_true(bwdir_gtime_parse(text, &seconds));
        assert_true(seconds == at);
    }
}

static void
test_format_years_that_do_not_fit(void **state)
{
    static const int64_t wrong[] = {
        INT64_C(-62167219201), INT64_C(253402300800), INT64_MIN, INT64_MAX};
    char text[BWDIR_GTIME_SIZE];

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        strcpy(text, "x");
        assert_false(bwdir_gtime_format(wrong[i], text));
        assert_string_equal(text, "");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_rows),
        cmocka_unit_test(test_parse_null),
        cmocka_unit_test(test_parse_whatever_tz),
        cmocka_unit_test(test_parse_every_form),
        cmocka_unit_test(test_format_rows),
        cmocka_unit_test(test_format_round_trip),
        cmocka_unit_test(test_format_years_that_do_not_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
