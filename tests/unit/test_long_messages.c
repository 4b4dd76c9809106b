/*
 * A search of which a message is longer than the limit: the list goes on
 * behind an entry, with one that tells so in its place; all else ends the
 * connection.
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

#include <stdlib.h>

#include "fake_ldap.h"
#include "libbwdir/dir/connection_impl.h"
#include "libbwdir/dir/search.h"
#include "message_front.h"

static int64_t
patience(void)
{
    return getenv("TEST_MEMORY_TOOL") == NULL ? 600 : 4000;
}

static struct dir_connection *
connected(const struct fake_ldap *server)
{
    struct dir_target target = {fake_ldap_uri(server), NULL,
                                dir_now() + patience()};
    struct dir_connection *connection;

    assert_int_equal(dir_connect(&target, &connection, NULL), BWDIR_OK);
    return connection;
}

static const char *const attributes[] = {"cn", NULL};
static const struct dir_search search = {"dc=x", DIR_SCOPE_ONE, "(cn=*)",
                                         attributes};

/* An entry whose content has LENGTH bytes, in one value; the caller's. */
static unsigned char *
make_entry(int id, size_t length, size_t *size)
{
    BerElement *ber = ber_alloc_t(LBER_USE_DER);
    struct berval whole;
    unsigned char *bytes;
    char *value = calloc(1, length);
    size_t spare = 0;

    assert_non_null(value);
    /* First as an empty one, which tells what is around the value. */
    for (int pass = 0; pass < 2; pass++) {
        ber_free(ber, 1);
        ber = ber_alloc_t(LBER_USE_DER);
        assert_non_null(ber);
        memset(value, 'v', length - spare);
        assert_int_not_equal(ber_printf(ber, "{it{s{{s[o]}}}}", id,
                                        (ber_tag_t)FRONT_ENTRY, FRONT_DN, "cn",
                                        value, (ber_len_t)(length - spare)),
                             -1);
        assert_int_equal(ber_flatten2(ber, &whole, 0), 0);
        if (pass == 0)
            spare = whole.bv_len - length - 2 - (whole.bv_val[1] & 0x7f);
    }
    bytes = malloc(whole.bv_len);
    assert_non_null(bytes);
    memcpy(bytes, whole.bv_val, whole.bv_len);
    *size = whole.bv_len;
    ber_free(ber, 1);
    free(value);
    return bytes;
}

/* What a visitor has seen. */
struct seen {
    int good;
    int spoilt;
};

static bool
see(const struct dir_entry *entry, void *closure)
{
    struct seen *seen = closure;
    struct bwdir_detail why = {""};
    const char *value;

    assert_string_equal(dir_entry_dn(entry), FRONT_DN);
    if (dir_entry_check(entry, &why) == BWDIR_OK) {
        seen->good++;
        assert_int_equal(dir_entry_one(entry, "cn", &value, &why), BWDIR_OK);
        return true;
    }
    seen->spoilt++;
    assert_string_equal(why.text, "entry " FRONT_DN ": longer than 256 KiB");
    assert_int_equal(dir_entry_one(entry, "cn", &value, NULL),
                     BWDIR_MALFORMED);
    assert_int_equal(dir_entry_at_most_one(entry, "cn", &value, NULL),
                     BWDIR_MALFORMED);
    assert_int_equal(dir_entry_count(entry, "cn"), 0);
    return true;
}

/* An entry of LENGTH between two short ones, and the search after it. */
static struct seen
seen_of(size_t length)
{
    struct fake_bytes a = fake_entry(1, FRONT_DN, "cn", "a");
    struct fake_bytes done =
        fake_result(1, FAKE_SEARCH_DONE, 0, FAKE_NONE, FAKE_NONE);
    struct fake_bytes b = fake_entry(2, FRONT_DN, "cn", "b");
    struct fake_bytes end =
        fake_result(2, FAKE_SEARCH_DONE, 0, FAKE_NONE, FAKE_NONE);
    size_t size;
    unsigned char *entry = make_entry(1, length, &size);
    const struct fake_step script[] = {
        {FAKE_READ, NULL, 0},     FAKE_STEP(a), {FAKE_SEND, entry, size},
        {FAKE_SEND, entry, size}, FAKE_STEP(a), FAKE_STEP(done),
        {FAKE_READ, NULL, 0},     FAKE_STEP(b), FAKE_STEP(end),
        {FAKE_END, NULL, 0}};
    struct fake_ldap *server = fake_ldap_start("ldapi", script);
    struct dir_connection *connection = connected(server);
    struct dir_entry *one = NULL;
    struct seen seen = {0, 0};

    assert_int_equal(dir_search_some(connection, &search, 9, see, &seen, NULL),
                     BWDIR_OK);
    assert_int_equal(dir_search_one(connection, &search, &one, NULL),
                     BWDIR_OK);
    dir_entry_free(&one);
    dir_close(&connection);
    fake_ldap_stop(server);
    free(entry);
    return seen;
}

static void
test_search_goes_on(void **state)
{
    struct seen seen;

    (void)state;
    seen = seen_of(DIR_MESSAGE_MAX);
    assert_int_equal(seen.good, 4);
    assert_int_equal(seen.spoilt, 0);
    seen = seen_of(DIR_MESSAGE_MAX + 1);
    assert_int_equal(seen.good, 2);
    assert_int_equal(seen.spoilt, 2);
    seen = seen_of(20UL << 20);
    assert_int_equal(seen.spoilt, 2);
}

/* dir_search_one() against an answer of up to two parts. */
static enum bwdir_status
one_of(const void *bytes, size_t length, struct fake_bytes rest,
       struct bwdir_detail *why)
{
    const struct fake_step script[] = {
        {FAKE_READ, NULL, 0},
        {FAKE_SEND, bytes, length},
        FAKE_STEP(rest),
        {rest.length > 0 ? FAKE_END : FAKE_CLOSE, NULL, 0}};
    struct fake_ldap *server = fake_ldap_start("ldapi", script);
    struct dir_connection *connection = connected(server);
    struct dir_entry *entry = NULL;
    int64_t begun = dir_now();
    enum bwdir_status status =
        dir_search_one(connection, &search, &entry, why);

    assert_null(entry);
    assert_true(dir_now() - begun <= 2 * patience());
    assert_int_equal(dir_is_open(connection), status == BWDIR_MALFORMED);
    dir_close(&connection);
    fake_ldap_stop(server);
    return status;
}

static void
test_search_one_too_long(void **state)
{
    struct fake_bytes done =
        fake_result(1, FAKE_SEARCH_DONE, 0, FAKE_NONE, FAKE_NONE);
    struct bwdir_detail why = {""};
    size_t size;
    unsigned char *entry = make_entry(1, DIR_MESSAGE_MAX + 1, &size);

    (void)state;
    assert_int_equal(one_of(entry, size, done, &why), BWDIR_MALFORMED);
    assert_string_equal(why.text, "entry " FRONT_DN ": longer than 256 KiB");
    /* The server goes away in the middle, at the last byte, in the FRONT_DN.
     */
    assert_int_equal(one_of(entry, size / 2, FAKE_NONE, &why),
                     BWDIR_UNAVAILABLE);
    assert_non_null(strstr(why.text, "the connection is lost"));
    assert_int_equal(one_of(entry, size - 1, FAKE_NONE, &why),
                     BWDIR_UNAVAILABLE);
    assert_int_equal(one_of(entry, 20, FAKE_NONE, &why), BWDIR_UNAVAILABLE);
    free(entry);
}

/* More is announced than comes: the deadline ends it. */
static void
test_search_one_never_ends(void **state)
{
    struct fake_bytes some = fake_entry(1, FRONT_DN, "cn", "a");
    struct bwdir_detail why = {""};

    (void)state;
    front_length = 0;
    put_header(LBER_SEQUENCE, 0x80000000, 4);
    put("\x02\x01\x01", 3);
    put_header(FRONT_ENTRY, 0x80000000 - 3 - 6, 4);
    put("\x04\x09" FRONT_DN, 2 + strlen(FRONT_DN));
    assert_int_equal(one_of(front, front_length, some, &why),
                     BWDIR_UNAVAILABLE);
    assert_non_null(strstr(why.text, "no answer within the deadline"));
}

static void
test_search_one_says_why(void **state)
{
    struct bwdir_detail why = {""};

    (void)state;
    front_length = 0;
    put_long(DIR_MESSAGE_MAX + 1, FAKE_SEARCH_DONE, strlen(FRONT_DN));
    assert_int_equal(one_of(front, front_length, FAKE_NONE, &why),
                     BWDIR_UNAVAILABLE);
    assert_non_null(strstr(why.text, ": a message longer than 256 KiB"));
    assert_int_equal(
        one_of("\x30\x80\x02\x01\x01\x64\x00", 7, FAKE_NONE, &why),
        BWDIR_UNAVAILABLE);
    assert_non_null(strstr(why.text, ": a malformed message"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_search_goes_on),
        cmocka_unit_test(test_search_one_too_long),
        cmocka_unit_test(test_search_one_never_ends),
        cmocka_unit_test(test_search_one_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
