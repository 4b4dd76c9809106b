/*
 * The password-policy control, byte by byte.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libbwdir/dir/ppolicy.h"

static const struct {
    const char *bytes;
    size_t length;
    bool valid;
    int error;
    int grace;
    int64_t seconds;
} rows[] = {
    /* as slapd sends them */
    {"\x30\x00", 2, true, -1, -1, -1},
    {"\x30\x03\x81\x01\x00", 5, true, 0, -1, -1},
    {"\x30\x03\x81\x01\x02", 5, true, 2, -1, -1},
    {"\x30\x03\x81\x01\x09", 5, true, 9, -1, -1},
    {"\x30\x05\xa0\x03\x81\x01\x05", 7, true, -1, 5, -1},
    {"\x30\x07\xa0\x05\x80\x03\x01\x51\x80", 9, true, -1, -1, 86400},
    {"\x30\x08\xa0\x03\x81\x01\x03\x81\x01\x02", 10, true, 2, 3, -1},
    {"\x30\x08\xa0\x06\x80\x04\x7f\xff\xff\xff", 10, true, -1, -1, 2147483647},
    {"\x30\x81\x03\x81\x01\x01", 6, true, 1, -1, -1}, /* long form */
    {"\x30\x04\x81\x81\x01\x01", 6, true, 1, -1, -1},
    /* what is none */
    {"", 0, false, 0, 0, 0},
    {"\x30", 1, false, 0, 0, 0},
    {"\x30\x80", 2, false, 0, 0, 0},
    {"\x30\x80\x00\x00", 4, false, 0, 0, 0},
    {"\x31\x00", 2, false, 0, 0, 0},
    {"\x30\x00\x00", 3, false, 0, 0, 0}, /* trailing */
    {"\x30\x01\x00", 3, false, 0, 0, 0},
    {"\x30\x03\x81\x01", 4, false, 0, 0, 0}, /* cut */
    {"\x30\x04\x81\x01\x00", 5, false, 0, 0, 0},
    {"\x30\x02\x81\x00", 4, false, 0, 0, 0},     /* no number */
    {"\x30\x03\x81\x01\x0a", 5, false, 0, 0, 0}, /* unknown error */
    {"\x30\x03\x81\x01\xff", 5, false, 0, 0, 0}, /* -1 */
    {"\x30\x07\x81\x05\x00\x00\x00\x00\x00", 9, false, 0, 0, 0},
    {"\x30\x06\x81\x01\x00\x81\x01\x02", 8, false, 0, 0, 0}, /* twice */
    {"\x30\x08\x81\x01\x02\xa0\x03\x81\x01\x03", 10, false, 0, 0, 0},
    {"\x30\x02\xa0\x00", 4, false, 0, 0, 0},
    {"\x30\x05\xa0\x03\x81\x01\x80", 7, false, 0, 0, 0}, /* grace -128 */
    {"\x30\x08\xa0\x06\x80\x04\x80\x00\x00\x00", 10, false, 0, 0, 0},
    {"\x30\x09\xa0\x07\x80\x05\x01\x00\x00\x00\x00", 11, false, 0, 0, 0},
    {"\x30\x05\xa0\x03\x82\x01\x05", 7, false, 0, 0, 0},
    {"\x30\x08\xa0\x06\x81\x01\x05\x81\x01\x05", 10, false, 0, 0, 0},
    {"\x30\x05\x80\x03\x81\x01\x05", 7, false, 0, 0, 0}, /* primitive */
    {"\x30\x84\xff\xff\xff\xff", 6, false, 0, 0, 0},
    {"\x30\x82\x00\x03\x81\x01\x00", 7, false, 0, 0, 0},
};

static void
test_parse_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dir_policy policy;

        assert_int_equal(
            dir_policy_parse(rows[i].bytes, rows[i].length, &policy),
            rows[i].valid);
        assert_int_equal(policy.error, rows[i].valid ? rows[i].error : -1);
        assert_int_equal(policy.grace_left,
                         rows[i].valid ? rows[i].grace : -1);
        assert_true(policy.seconds_left ==
                    (rows[i].valid ? rows[i].seconds : -1));
    }
}

static void
test_parse_absent_value(void **state)
{
    struct dir_policy policy;

    (void)state;
    assert_false(dir_policy_parse(NULL, 0, &policy));
    assert_int_equal(policy.error, DIR_POLICY_NONE);
}

/* Every control of up to three bytes: nothing but the empty one is valid. */
static void
test_parse_short_garbage(void **state)
{
    unsigned char bytes[3];
    struct dir_policy policy;
    size_t valid = 0;

    (void)state;
    for (unsigned n = 0; n < 1u << 24; n += 7) {
        bytes[0] = (unsigned char)(n >> 16);
        bytes[1] = (unsigned char)(n >> 8);
        bytes[2] = (unsigned char)n;
        valid += dir_policy_parse(bytes, 3, &policy) ? 1 : 0;
        valid += dir_policy_parse(bytes, 1, &policy) ? 1 : 0;
    }
    /* 30 81 00 is the empty control in the long form. */
    assert_true(valid <= 1);
}

static void
test_words(void **state)
{
    (void)state;
    assert_null(dir_policy_words(DIR_POLICY_NONE));
    assert_null(dir_policy_words(DIR_POLICY_EXPIRED));
    assert_null(dir_policy_words(DIR_POLICY_LOCKED));
    assert_null(dir_policy_words(DIR_POLICY_CHANGE_AFTER_RESET));
    for (int error = DIR_POLICY_CHANGE_NOT_ALLOWED;
         error <= DIR_POLICY_TOO_LONG; error++)
        assert_non_null(dir_policy_words((enum dir_policy_error)error));
    assert_string_equal(dir_policy_words(DIR_POLICY_TOO_SHORT),
                        "the password is too short");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_rows),
        cmocka_unit_test(test_parse_absent_value),
        cmocka_unit_test(test_parse_short_garbage),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
