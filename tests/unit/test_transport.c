/*
 * A server that is silent, drips, floods, hangs up or talks nonsense.
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

/* Row 34: silence, or a byte now and then, at every place of an answer. */
static void
test_bind_034_stall_at_every_byte(void **state)
{
    struct fake_bytes answer = bind_result(0, FAKE_NONE);

    (void)state;
    for (size_t length = 0; length < answer.length; length += 2) {
        const struct fake_step script[] = {{FAKE_READ, NULL, 0},
                                           {FAKE_SEND, answer.at, length},
                                           {FAKE_END, NULL, 0}};

        assert_unavailable(script);
    }
}

static void
test_bind_034_drip(void **state)
{
    /* A message of 64 kB, of which never more than a few bytes come. */
    static const char bytes[] = "\x30\x82\xff\xff\x02\x01\x01\x61";
    const struct fake_step script[] = {
        {FAKE_READ, NULL, 0}, {FAKE_DRIP, bytes, 8}, {FAKE_END, NULL, 0}};

    (void)state;
    assert_unavailable(script);
}

/* Row 39: lengths that lie, tags that are none. */
static void
test_bind_039_malformed(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } rows[] = {
        {"\x30\x84\xff\xff\xff\xff", 6},
        {"\x30\x84\x7f\xff\xff\xff\x02\x01\x01", 9},
        {"\x30\x83\x04\x00\x01\x02\x01\x01", 8}, /* over the limit */
        {"\x30\x80\x02\x01\x01\x00\x00", 7},
        {"\x30\x00", 2},
        {"\x30\x88\x00\x00\x00\x00\x00\x00\x00\x05", 10},
        {"\x02\x01\x01", 3},
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff", 9},
        {"\x30\x03\x02\x01\x01", 5},         /* no operation */
        {"\x30\x05\x02\x01\x01\x61\x00", 7}, /* an empty one */
        {"\x30\x0c\x02\x01\xff\x61\x07\x0a\x01\x00\x04\x00\x04\x00", 14},
        {"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x05\x04\x00", 14},
        {"\x30\x0a\x02\x01\x01\x61\x05\x0a\x01\x00\x04\x00", 12},
        {"HTTP/1.1 400 Bad Request\r\n\r\n", 28},
        {"\0\0\0\0\0\0\0\0\0\0\0\0", 12},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct fake_step held[] = {
            {FAKE_READ, NULL, 0},
            {FAKE_SEND, rows[i].bytes, rows[i].length},
            {FAKE_END, NULL, 0}};
        const struct fake_step closed[] = {
            {FAKE_READ, NULL, 0},
            {FAKE_SEND, rows[i].bytes, rows[i].length},
            {FAKE_CLOSE, NULL, 0}};

        assert_unavailable(held);
        assert_unavailable(closed);
    }
}

/* Row 36: closed before, instead of and in the middle of an answer; what is
 * written after that raises no SIGPIPE, which would end this program. */
static void
test_bind_036_close(void **state)
{
    struct fake_bytes answer = bind_result(0, FAKE_NONE);
    const struct fake_step at_once[] = {{FAKE_CLOSE, NULL, 0}};
    const struct fake_step instead[] = {{FAKE_READ, NULL, 0},
                                        {FAKE_CLOSE, NULL, 0}};
    const struct fake_step amid[] = {{FAKE_READ, NULL, 0},
                                     {FAKE_SEND, answer.at, 5},
                                     {FAKE_CLOSE, NULL, 0}};
    const struct fake_step after[] = {
        {FAKE_READ, NULL, 0}, FAKE_STEP(answer), {FAKE_CLOSE, NULL, 0}};

    (void)state;
    assert_unavailable(at_once);
    assert_unavailable(instead);
    assert_unavailable(amid);
    assert_unavailable(after);
}

/* Messages for nobody, as fast as they go. */
static void
test_bind_040_flood(void **state)
{
    struct fake_bytes other =
        fake_result(9, FAKE_BIND_RESPONSE, 0, FAKE_NONE, FAKE_NONE);
    const struct fake_step script[] = {{FAKE_READ, NULL, 0},
                                       {FAKE_FLOOD, other.at, other.length},
                                       {FAKE_END, NULL, 0}};
    struct fake_ldap *server = fake_ldap_start("ldapi", script);
    struct dir_connection *connection = client_connected(server);
    struct dir_bind_result result;
    struct client_clock since = client_start();

    (void)state;
    assert_int_equal(
        dir_bind_simple(connection, CLIENT_DN, client_password, &result, NULL),
        BWDIR_UNAVAILABLE);
    assert_not_late(since);
    dir_close(&connection);
    fake_ldap_stop(server);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bind_034_stall_at_every_byte),
        cmocka_unit_test(test_bind_034_drip),
        cmocka_unit_test(test_bind_036_close),
        cmocka_unit_test(test_bind_039_malformed),
        cmocka_unit_test(test_bind_040_flood),
    };

    return cmocka_run_group_tests(tests, client_setup, client_teardown);
}
