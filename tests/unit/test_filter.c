/*
 * Filters: a value can never become part of the filter's own syntax.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>

#include "libbwdir/dir/search.h"

static void
assert_filter(const char *value, const char *expected)
{
    char *filter = dir_filter("(uid=%s)", value);

    assert_non_null(filter);
    assert_string_equal(filter, expected);
    free(filter);
}

static void
test_filter_values(void **state)
{
    (void)state;
    assert_filter("dana", "(uid=dana)");
    assert_filter("", "(uid=)");
    assert_filter("*", "(uid=\\2a)");
    assert_filter("a)(uid=*", "(uid=a\\29\\28uid=\\2a)");
    assert_filter("\\2a", "(uid=\\5c2a)");
    assert_filter("a b&|!=<>~", "(uid=a b&|!=<>~)");
    assert_filter("\x01\x1f\x7f\n", "(uid=\\01\\1f\\7f\\0a)");
    assert_filter("\xc3\xa9\xff", "(uid=\\c3\\a9\\ff)");
    assert_filter("%s%n", "(uid=%s%n)");
}

static void
test_filter_several_values(void **state)
{
    char *filter = dir_filter("(&(cn=%s)(|(a=%s)(b=%s)))", "(", "x", "*");

    (void)state;
    assert_string_equal(filter, "(&(cn=\\28)(|(a=x)(b=\\2a)))");
    free(filter);
    filter = dir_filter("(objectClass=bwUser)");
    assert_string_equal(filter, "(objectClass=bwUser)");
    free(filter);
}

/* Every byte, many times: the room is always enough. */
static void
test_filter_worst_case(void **state)
{
    char value[4096];
    char *filter;

    (void)state;
    for (size_t i = 0; i < sizeof(value) - 1; i++)
        value[i] = (char)(i % 255 + 1);
    value[sizeof(value) - 1] = '\0';
    filter = dir_filter("(|(a=%s)(b=%s))", value, value);
    assert_non_null(filter);
    for (const char *c = filter; *c != '\0'; c++)
        assert_true(*c >= 0x20 && *c < 0x7f);
    assert_int_equal(
        strcspn(filter + 5, "()"), /* up to the first value's end */
        strchr(filter + 5, ')') - (filter + 5));
    free(filter);
    memset(value, '*', sizeof(value) - 1);
    filter = dir_filter("(a=%s)", value);
    assert_int_equal(strlen(filter), 4 + 3 * (sizeof(value) - 1));
    free(filter);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filter_values),
        cmocka_unit_test(test_filter_several_values),
        cmocka_unit_test(test_filter_worst_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
