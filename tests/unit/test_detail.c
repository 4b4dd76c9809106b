/*
 * Details: bounded, printable, and able to quote themselves.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libbwdir/detail.h"

static void
test_fail_returns_status_and_text(void **state)
{
    struct bwdir_detail why;

    (void)state;
    assert_int_equal(bwdir_fail(&why, BWDIR_BAD_VALUE, "%s: %d", "phone", 7),
                     BWDIR_BAD_VALUE);
    assert_string_equal(why.text, "phone: 7");
    assert_int_equal(bwdir_fail(NULL, BWDIR_EXISTS, "%s", "x"), BWDIR_EXISTS);
}

static void
test_fail_escapes(void **state)
{
    struct bwdir_detail why;

    (void)state;
    bwdir_fail(&why, BWDIR_BAD_VALUE, "a%sb",
               "\n\r\t\x1b[31m\x7f\x80\x9b\xc3\xa9~ ");
    assert_string_equal(
        why.text, "a\\x0a\\x0d\\x09\\x1b[31m\\x7f\\x80\\x9b\\xc3\\xa9~ b");
}

static void
test_fail_cuts_whole_escapes(void **state)
{
    struct bwdir_detail why;
    char value[sizeof(why.text) * 2];

    (void)state;
    for (size_t plain = 0; plain < 8; plain++) {
        memset(value, '\n', sizeof(value) - 1);
        memset(value, 'a', plain);
        value[sizeof(value) - 1] = '\0';
        memset(&why, 'x', sizeof(why));
        bwdir_fail(&why, BWDIR_BAD_VALUE, "%s", value);
        assert_true(strlen(why.text) < sizeof(why.text));
        assert_int_equal((strlen(why.text) - plain) % 4, 0);
    }
    memset(value, 'a', sizeof(value) - 1);
    bwdir_fail(&why, BWDIR_BAD_VALUE, "%s", value);
    assert_int_equal(strlen(why.text), sizeof(why.text) - 1);
}

static void
test_fail_quotes_itself(void **state)
{
    struct bwdir_detail why = {"inner"};

    (void)state;
    bwdir_fail(&why, BWDIR_BAD_VALUE, "outer: %s", why.text);
    assert_string_equal(why.text, "outer: inner");
}

static void
test_strerror_every_status(void **state)
{
    (void)state;
    for (int i = 0; i <= BWDIR_STATUS_LAST; i++)
        assert_string_not_equal(bwdir_strerror((enum bwdir_status)i),
                                "unknown status");
    assert_string_equal(
        bwdir_strerror((enum bwdir_status)(BWDIR_STATUS_LAST + 1)),
        "unknown status");
}

static void
test_status_name_every_value(void **state)
{
    static const char *const words[] = {
        "ok",          "internal",      "no-memory",     "config",
        "unavailable", "bad-value",     "no-such-user",  "not-found",
        "exists",      "not-permitted", "malformed",     "bad-credentials",
        "refused",     "disabled",      "not-allowed",   "unverified",
        "expired",     "must-change",   "need-password",
    };
    unsigned value;

    (void)state;
    assert_int_equal(sizeof(words) / sizeof(words[0]), BWDIR_STATUS_LAST + 1);
    for (value = 0; value <= BWDIR_STATUS_LAST; value++)
        assert_string_equal(bwdir_status_name((enum bwdir_status)value),
                            words[value]);
    assert_string_equal(bwdir_status_name((enum bwdir_status)99), "unknown");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fail_returns_status_and_text),
        cmocka_unit_test(test_fail_escapes),
        cmocka_unit_test(test_fail_cuts_whole_escapes),
        cmocka_unit_test(test_fail_quotes_itself),
        cmocka_unit_test(test_strerror_every_status),
        cmocka_unit_test(test_status_name_every_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
