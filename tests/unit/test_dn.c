/*
 * Distinguished names: made, compared, taken apart.
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

#include "libbwdir/dir/entry.h"

#define PARENT "ou=people,dc=example,dc=com"

static void
test_equal(void **state)
{
    static const struct {
        const char *a;
        const char *b;
        bool equal;
    } rows[] = {
        {"uid=a,dc=x", "uid=a,dc=x", true},
        {"uid=a,dc=x", "UID=A, DC=X", true},
        {"uid=a,dc=x", "uid = a , dc = x", true},
        {"uid=a b,dc=x", "uid=a  b,dc=x", true},
        {"uid=\\61,dc=x", "uid=a,dc=x", true},
        {"uid=a\\20,dc=x", "uid=a,dc=x", true},
        {"cn=a+sn=b,dc=x", "sn=B+cn=A,dc=x", true},
        {"uid=a,dc=x", "uid=b,dc=x", false},
        {"uid=a,dc=x", "cn=a,dc=x", false},
        {"uid=a,dc=x", "uid=a", false},
        {"uid=a", "uid=a,dc=x", false},
        {"uid=a,dc=x", "uid=a,dc=y", false},
        {"uid=a,dc=x", "uid=a,dc=x,dc=x", false},
        {"uid=ab,dc=x", "uid=a b,dc=x", false},
        {"uid=a\\,dc\\=x", "uid=a,dc=x", false},
        {"cn=a+sn=b,dc=x", "cn=a+sn=c,dc=x", false},
        {"cn=a+sn=b,dc=x", "cn=a,dc=x", false},
        {"cn=a\\00b,dc=x", "cn=a,dc=x", false},
        {"cn=#0401,dc=x", "cn=\\04\\01,dc=x", false},
        {"", "", false},
        {"", "uid=a", false},
        {"nonsense", "nonsense", false},
        {"uid=a,,dc=x", "uid=a,,dc=x", false},
        {"uid=a,dc=x,", "uid=a,dc=x", false},
        {NULL, "uid=a", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(dir_dn_equal(rows[i].a, rows[i].b), rows[i].equal);
        assert_int_equal(dir_dn_equal(rows[i].b, rows[i].a), rows[i].equal);
    }
}

static void
test_is_dn(void **state)
{
    (void)state;
    assert_true(dir_is_dn("uid=a,dc=x"));
    assert_true(dir_is_dn("cn=a+sn=b , dc = x"));
    assert_false(dir_is_dn("alice"));
    assert_false(dir_is_dn("alice@example.com"));
    assert_false(dir_is_dn("uid=a,,dc=x"));
    assert_false(dir_is_dn("uid=a,dc=x,"));
    assert_false(dir_is_dn(""));
    assert_false(dir_is_dn(NULL));
}

static void
assert_child(const char *dn, const char *expected)
{
    char *value = NULL;
    enum bwdir_status status = dir_dn_child(dn, "uid", PARENT, &value);

    if (expected == NULL) {
        assert_int_equal(status, BWDIR_MALFORMED);
        assert_null(value);
    } else {
        assert_int_equal(status, BWDIR_OK);
        assert_string_equal(value, expected);
    }
    free(value);
}

static void
test_child(void **state)
{
    (void)state;
    assert_child("uid=dana," PARENT, "dana");
    assert_child("UID=Dana, OU=People, DC=Example, DC=Com", "Dana");
    assert_child("uid=a\\2cb," PARENT, "a,b");
    assert_child("uid=a\\,b," PARENT, "a,b");
    assert_child("cn=dana," PARENT, NULL);
    assert_child("uid=dana+cn=x," PARENT, NULL);
    assert_child("cn=verification,uid=dana," PARENT, NULL);
    assert_child("uid=dana,ou=other,dc=example,dc=com", NULL);
    assert_child("uid=dana,dc=example,dc=com", NULL);
    assert_child(PARENT, NULL);
    assert_child("uid=dana", NULL);
    assert_child("uid=a\\00b," PARENT, NULL);
    assert_child("uid=#0401," PARENT, NULL);
    assert_child("uid=," PARENT, NULL);
    assert_child("", NULL);
    assert_child("dana", NULL);
    assert_child(NULL, NULL);
}

/* Whatever the value, it comes back as it was. */
static void
test_make_round_trip(void **state)
{
    static const char *const values[] = {
        "dana",     "a,b", "a+b=c", "\"quoted\"",  " blanks ",
        "#hash",    "a#b", "<>;\\", "x,ou=admins", "\n\x01\x7f",
        "\xc3\xa9", "*()", "-",     " ",           "#",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        char *dn = dir_dn_make("uid", values[i], PARENT);
        char *value = NULL;

        assert_int_equal(dir_dn_child(dn, "uid", PARENT, &value), BWDIR_OK);
        assert_string_equal(value, values[i]);
        free(value);
        free(dn);
    }
}

static void
test_make_text(void **state)
{
    char *dn = dir_dn_make("cn", "5500001", "ou=accounts,dc=x");

    (void)state;
    assert_string_equal(dn, "cn=5500001,ou=accounts,dc=x");
    free(dn);
    dn = dir_dn_make("cn", "a,b", "");
    assert_string_equal(dn, "cn=a\\2cb");
    free(dn);
}

static void
test_plain(void **state)
{
    static const struct {
        const char *dn;
        const char *plain; /* NULL: refused */
    } rows[] = {
        {"dc=example,dc=com", "dc=example,dc=com"},
        {"DC=Example, dc = COM", "dc=example,dc=com"},
        {"o=a_b-c.1", "o=a_b-c.1"},
        {"dc=\\65xample", "dc=example"},
        {"2.5.4.10=x", "2.5.4.10=x"},
        /* What a rule's regular expression, set or URL would understand. */
        {"o=Example Inc", NULL},
        {"o=a(b)", NULL},
        {"o=a]b", NULL},
        {"o=a?b", NULL},
        {"o=a$b", NULL},
        {"o=a*", NULL},
        {"o=a\\,b", NULL},
        {"o=a+ou=b", NULL},
        {"o=@BASE@", NULL},
        {"o=\xc3\xa9", NULL},
        {"o=", NULL},
        {"", NULL},
        {"nonsense", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *plain = dir_dn_plain(rows[i].dn);

        if (rows[i].plain == NULL)
            assert_null(plain);
        else
            assert_string_equal(plain, rows[i].plain);
        free(plain);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_is_dn),
        cmocka_unit_test(test_child),
        cmocka_unit_test(test_make_round_trip),
        cmocka_unit_test(test_make_text),
        cmocka_unit_test(test_plain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
