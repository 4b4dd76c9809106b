/*
 * Searches of a server that misbehaves.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ldap_client.h"
#include "libbwdir/dir/connection.h"
#include "libbwdir/dir/search.h"

static const char *const attributes[] = {"cn", NULL};
static const struct dir_search search = {"dc=x", DIR_SCOPE_ONE, "(cn=*)",
                                         attributes};

/* The status of dir_search_one() against one answer in up to four parts. */
static enum bwdir_status
search_answered(const struct fake_bytes *parts, size_t count)
{
    struct fake_step script[8] = {{FAKE_READ, NULL, 0}};
    struct fake_ldap *server;
    struct dir_connection *connection;
    struct dir_entry *entry = NULL;
    struct bwdir_detail why = {""};
    enum bwdir_status status;
    struct client_clock since;

    for (size_t i = 0; i < count; i++)
        script[i + 1] =
            (struct fake_step){FAKE_SEND, parts[i].at, parts[i].length};
    script[count + 1].action = FAKE_END;
    server = fake_ldap_start("ldapi", script);
    connection = client_connected(server);
    since = client_start();
    status = dir_search_one(connection, &search, &entry, &why);
    assert_in_time(since);
    assert_int_equal(entry != NULL, status == BWDIR_OK);
    if (entry != NULL)
        assert_string_equal(dir_entry_dn(entry), "cn=a,dc=x");
    dir_entry_free(&entry);
    dir_close(&connection);
    fake_ldap_stop(server);
    return status;
}

static struct fake_bytes
done(unsigned char code)
{
    return fake_result(1, FAKE_SEARCH_DONE, code, FAKE_NONE, FAKE_NONE);
}

static void
test_search_one(void **state)
{
    struct fake_bytes a = fake_entry(1, "cn=a,dc=x", "cn", "a");
    struct fake_bytes b = fake_entry(1, "cn=b,dc=x", "cn", "b");
    struct fake_bytes good[] = {a, done(0)};
    struct fake_bytes two[] = {a, b, done(0)};
    struct fake_bytes two_cut[] = {a, b, done(4)};
    struct fake_bytes three[] = {a, b, a, done(0)};
    struct fake_bytes none[] = {done(0)};
    struct fake_bytes no_base[] = {done(32)};

    (void)state;
    assert_int_equal(search_answered(good, 2), BWDIR_OK);
    assert_int_equal(search_answered(two, 3), BWDIR_MALFORMED);
    assert_int_equal(search_answered(two_cut, 3), BWDIR_MALFORMED);
    assert_int_equal(search_answered(three, 4), BWDIR_UNAVAILABLE);
    assert_int_equal(search_answered(none, 1), BWDIR_NOT_FOUND);
    assert_int_equal(search_answered(no_base, 1), BWDIR_NOT_FOUND);
}

/* Row 38: an entry followed by a failure is no entry. */
static void
test_search_038_codes(void **state)
{
    static const unsigned char codes[] = {1, 3, 4, 10, 11, 51, 52, 53, 80};
    struct fake_bytes a = fake_entry(1, "cn=a,dc=x", "cn", "a");

    (void)state;
    for (size_t i = 0; i < sizeof(codes); i++) {
        struct fake_bytes parts[] = {a, done(codes[i])};

        assert_int_equal(search_answered(parts, 2), BWDIR_UNAVAILABLE);
        assert_int_equal(search_answered(&parts[1], 1), BWDIR_UNAVAILABLE);
    }
}

/* Row 29 again: a search reference. */
static void
test_search_029_reference(void **state)
{
    struct fake_bytes a = fake_entry(1, "cn=a,dc=x", "cn", "a");
    static const char reference[] =
        "\x30\x15\x02\x01\x01\x73\x10\x04\x0eldap://x.test/";
    struct fake_bytes parts[] = {a, FAKE_NONE, done(0)};

    (void)state;
    memcpy(parts[1].at, reference, 23);
    parts[1].length = 23;
    assert_int_equal(search_answered(parts, 3), BWDIR_UNAVAILABLE);
}

static bool
count_spoilt(const struct dir_entry *entry, void *closure)
{
    struct bwdir_detail why = {""};
    int *spoilt = closure;

    if (dir_entry_check(entry, &why) == BWDIR_OK)
        return true;
    assert_string_equal(why.text, "entry cn=a,dc=x: an attribute comes twice");
    assert_null(dir_entry_attribute(entry, 0));
    ++*spoilt;
    return true;
}

/* How many are, of an entry between two others. */
static int
spoilt_between(struct fake_bytes others, struct fake_bytes entry,
               struct fake_bytes end)
{
    const struct fake_step script[] = {
        {FAKE_READ, NULL, 0}, FAKE_STEP(others), FAKE_STEP(entry),
        FAKE_STEP(others),    FAKE_STEP(end),    {FAKE_END, NULL, 0}};
    struct fake_ldap *server = fake_ldap_start("ldapi", script);
    struct dir_connection *connection = client_connected(server);
    int spoilt = 0;

    assert_int_equal(
        dir_search_some(connection, &search, 9, count_spoilt, &spoilt, NULL),
        BWDIR_OK);
    dir_close(&connection);
    fake_ldap_stop(server);
    return spoilt;
}

/* An entry that has one attribute twice: a list goes on behind it. */
static void
test_search_attribute_twice(void **state)
{
    static const char twice[] = "\x30\x2b\x02\x01\x01\x64\x26"
                                "\x04\x09"
                                "cn=a,dc=x"
                                "\x30\x19"
                                "\x30\x09\x04\x02"
                                "cn"
                                "\x31\x03\x04\x01"
                                "a"
                                "\x30\x0c\x04\x02"
                                "CN"
                                "\x31\x06\x04\x01"
                                "a"
                                "\x04\x01"
                                "b";
    struct fake_bytes a = fake_entry(1, "cn=a,dc=x", "cn", "a");
    struct fake_bytes parts[] = {FAKE_NONE, done(0)};

    (void)state;
    memcpy(parts[0].at, twice, sizeof(twice) - 1);
    parts[0].length = sizeof(twice) - 1;
    assert_int_equal(search_answered(parts, 2), BWDIR_MALFORMED);
    assert_int_equal(spoilt_between(a, parts[0], parts[1]), 1);
}

/* Row 42: entries without end. */
static void
test_search_042_endless(void **state)
{
    struct fake_bytes a = fake_entry(1, "cn=a,dc=x", "cn", "a");
    const struct fake_step script[] = {{FAKE_READ, NULL, 0},
                                       {FAKE_FLOOD, a.at, a.length},
                                       {FAKE_END, NULL, 0}};
    struct fake_ldap *server = fake_ldap_start("ldapi", script);
    struct dir_connection *connection = client_connected(server);
    struct dir_entry *entry = NULL;
    struct client_clock since = client_start();

    (void)state;
    assert_int_equal(dir_search_one(connection, &search, &entry, NULL),
                     BWDIR_UNAVAILABLE);
    assert_not_late(since);
    dir_close(&connection);
    fake_ldap_stop(server);
}

static bool
count_entries(const struct dir_entry *entry, void *closure)
{
    int *left = closure;

    assert_non_null(strstr(dir_entry_dn(entry), "dc=x"));
    return --*left > 0;
}

/* Two pages, then as if there were more without saying so. */
static void
test_search_all_pages(void **state)
{
    const char *oid = "1.2.840.113556.1.4.319";
    struct fake_bytes a = fake_entry(1, "cn=a,dc=x", "cn", "a");
    struct fake_bytes b = fake_entry(2, "cn=b,dc=x", "cn", "b");
    struct fake_bytes first =
        fake_result(1, FAKE_SEARCH_DONE, 0, FAKE_NONE,
                    fake_control(oid, "\x30\x06\x02\x01\x00\x04\x01k", 8));
    struct fake_bytes last =
        fake_result(2, FAKE_SEARCH_DONE, 0, FAKE_NONE,
                    fake_control(oid, "\x30\x05\x02\x01\x00\x04\x00", 7));
    struct fake_bytes silent =
        fake_result(2, FAKE_SEARCH_DONE, 0, FAKE_NONE, FAKE_NONE);
    struct fake_bytes *ends[] = {&last, &silent};

    (void)state;
    for (int i = 0; i < 2; i++) {
        const struct fake_step script[] = {
            {FAKE_READ, NULL, 0}, FAKE_STEP(a), FAKE_STEP(first),
            {FAKE_READ, NULL, 0}, FAKE_STEP(b), FAKE_STEP(*ends[i]),
            {FAKE_END, NULL, 0}};
        struct fake_ldap *server = fake_ldap_start("ldapi", script);
        struct dir_connection *connection = client_connected(server);
        int left = 100;

        assert_int_equal(
            dir_search_all(connection, &search, count_entries, &left, NULL),
            i == 0 ? BWDIR_OK : BWDIR_UNAVAILABLE);
        assert_int_equal(left, 98);
        dir_close(&connection);
        fake_ldap_stop(server);
    }
}

static void
test_search_all_stops(void **state)
{
    struct fake_bytes a = fake_entry(1, "cn=a,dc=x", "cn", "a");
    const struct fake_step script[] = {
        {FAKE_READ, NULL, 0}, FAKE_STEP(a), FAKE_STEP(a), {FAKE_END, NULL, 0}};
    struct fake_ldap *server = fake_ldap_start("ldapi", script);
    struct dir_connection *connection = client_connected(server);
    int left = 1;

    (void)state;
    assert_int_equal(
        dir_search_all(connection, &search, count_entries, &left, NULL),
        BWDIR_OK);
    assert_int_equal(left, 0);
    dir_close(&connection);
    fake_ldap_stop(server);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_search_one),
        cmocka_unit_test(test_search_029_reference),
        cmocka_unit_test(test_search_038_codes),
        cmocka_unit_test(test_search_042_endless),
        cmocka_unit_test(test_search_attribute_twice),
        cmocka_unit_test(test_search_all_pages),
        cmocka_unit_test(test_search_all_stops),
    };

    return cmocka_run_group_tests(tests, client_setup, client_teardown);
}
