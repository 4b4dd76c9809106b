/*
 * Times as people write them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bwdir.h"

#define NOW INT64_C(1800000000) /* 2027-01-15T08:00:00Z */
#define DAY INT64_C(86400)

static void
test_time_parse_forms(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } rows[] = {
        {"2027-01-15T08:00:00Z", NOW},
        {"2027-01-15T08:00Z", NOW},
        {"2027-01-15", NOW - 8 * 3600},
        {"1970-01-01", 0},
        {"2000-02-29", 951782400},
        {"2106-02-07T06:28:16Z", INT64_C(4294967296)},
        {"+91d", NOW + 91 * DAY},
        {"-1d", NOW - DAY},
        {"+0d", NOW},
        {"+9999999d", NOW + 9999999 * DAY},
    };
    int64_t seconds;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(bwdir_time_parse(rows[i].text, NOW, &seconds));
        assert_int_equal(seconds, rows[i].seconds);
    }
}

static void
test_time_parse_refuses(void **state)
{
    static const char *const texts[] = {
        "",
        "91d",
        "+d",
        "+ 1d",
        "+-1d",
        "+1",
        "+1D",
        "+1dd",
        "+10000000d",
        "+99999999999999999999d",
        "2026-02-29",
        "2026-13-01",
        "2026-12-32",
        "2026-1-1",
        "20261224",
        "2026-12-24T18:00",
        "2026-12-24T18:00:00",
        "2026-12-24T18Z",
        "2026-12-24T24:00Z",
        "2026-12-24T18:60Z",
        "2026-12-24 18:00Z",
        "2026-12-24T18:00:00+01:00",
        "2026-12-24T18:00:00Z ",
        " 2026-12-24",
        "tomorrow",
    };
    int64_t seconds = 42;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_false(bwdir_time_parse(texts[i], NOW, &seconds));
        assert_int_equal(seconds, 42);
    }
}

static void
test_time_format_round_trip(void **state)
{
    char text[BWDIR_TIME_SIZE];
    int64_t seconds;

    (void)state;
    bwdir_time_format(NOW, text);
    assert_string_equal(text, "2027-01-15T08:00:00Z");
    for (int64_t time = 0; time < INT64_C(10000000000); time += 987654321) {
        bwdir_time_format(time, text);
        assert_true(bwdir_time_parse(text, NOW, &seconds));
        assert_int_equal(seconds, time);
    }
    bwdir_time_format(INT64_MAX, text);
    assert_string_equal(text, "-");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_parse_forms),
        cmocka_unit_test(test_time_parse_refuses),
        cmocka_unit_test(test_time_format_round_trip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
