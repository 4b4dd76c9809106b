/*
 * Entries: what is missing, doubled or malformed is refused, never guessed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libbwdir/dir/entry_impl.h"

static struct dir_entry *entry;

static void
put(const char *attribute, size_t count, ...)
{
    va_list values;

    assert_int_equal(dir_entry_add_attribute(entry, attribute, count),
                     BWDIR_OK);
    va_start(values, count);
    for (size_t i = 0; i < count; i++) {
        const char *value = va_arg(values, const char *);

        assert_int_equal(dir_entry_add_value(entry, value, strlen(value)),
                         BWDIR_OK);
    }
    va_end(values);
}

static int
setup(void **state)
{
    (void)state;
    entry = dir_entry_new("uid=dana,ou=people,dc=x");
    put("uid", (size_t)1, "dana");
    put("bwRole", (size_t)2, "a", "b");
    put("empty", (size_t)1, "");
    put("none", (size_t)0);
    assert_int_equal(dir_entry_add_attribute(entry, "nul", 1), BWDIR_OK);
    assert_int_equal(dir_entry_add_value(entry, "a\0b", 3), BWDIR_OK);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    dir_entry_free(&entry);
    return entry == NULL ? 0 : -1;
}

static void
test_one(void **state)
{
    struct bwdir_detail why;
    const char *value;

    (void)state;
    assert_int_equal(dir_entry_one(entry, "UID", &value, &why), BWDIR_OK);
    assert_string_equal(value, "dana");
    assert_string_equal(dir_entry_dn(entry), "uid=dana,ou=people,dc=x");
}

static void
assert_malformed(const char *attribute, const char *words)
{
    struct bwdir_detail why = {""};
    const char *value = "x";

    assert_int_equal(dir_entry_one(entry, attribute, &value, &why),
                     BWDIR_MALFORMED);
    assert_null(value);
    assert_non_null(strstr(why.text, "uid=dana,ou=people,dc=x"));
    assert_non_null(strstr(why.text, attribute));
    assert_non_null(strstr(why.text, words));
}

static void
test_one_refuses(void **state)
{
    (void)state;
    assert_malformed("mail", "missing");
    assert_malformed("none", "missing");
    assert_malformed("bwRole", "2 values");
    assert_malformed("empty", "empty");
    assert_malformed("nul", "NUL");
    assert_malformed("ui", "missing"); /* no prefix is the attribute */
    assert_malformed("uid;x", "missing");
}

static void
test_at_most_one(void **state)
{
    struct bwdir_detail why;
    const char *value = "x";

    (void)state;
    assert_int_equal(dir_entry_at_most_one(entry, "mail", &value, &why),
                     BWDIR_OK);
    assert_null(value);
    assert_int_equal(dir_entry_at_most_one(entry, "bwRole", &value, &why),
                     BWDIR_MALFORMED);
    assert_null(value);
    assert_int_equal(dir_entry_at_most_one(entry, "empty", &value, &why),
                     BWDIR_MALFORMED);
}

static void
test_all(void **state)
{
    const char *const *values;
    struct bwdir_detail why;

    (void)state;
    assert_int_equal(dir_entry_all(entry, "bwrole", &values, &why), BWDIR_OK);
    assert_string_equal(values[0], "a");
    assert_string_equal(values[1], "b");
    assert_null(values[2]);
    assert_int_equal(dir_entry_all(entry, "mail", &values, &why), BWDIR_OK);
    assert_null(values[0]);
    assert_int_equal(dir_entry_all(entry, "nul", &values, &why),
                     BWDIR_MALFORMED);
    assert_null(values[0]);
}

static void
test_count_and_has(void **state)
{
    (void)state;
    assert_int_equal(dir_entry_count(entry, "BWROLE"), 2);
    assert_int_equal(dir_entry_count(entry, "mail"), 0);
    assert_true(dir_entry_has(entry, "uid", "DANA"));
    assert_true(dir_entry_has(entry, "bwRole", "b"));
    assert_false(dir_entry_has(entry, "bwRole", "c"));
    assert_false(dir_entry_has(entry, "nul", "a"));
    assert_false(dir_entry_has(entry, "mail", ""));
}

static void
test_add_refuses(void **state)
{
    (void)state;
    assert_int_equal(dir_entry_add_attribute(entry, "Uid", 1),
                     BWDIR_MALFORMED);
    assert_int_equal(dir_entry_add_value(entry, "more", 4), BWDIR_INTERNAL);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_one), CASE(test_one_refuses),   CASE(test_at_most_one),
        CASE(test_all), CASE(test_count_and_has), CASE(test_add_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
