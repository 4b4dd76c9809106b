/*
 * Connecting to a server that misbehaves.
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

#include <unistd.h>

#include "ldap_client.h"
#include "libbwdir/dir/connection.h"

static void
assert_no_connection(const char *scheme, const struct fake_step *script)
{
    struct fake_ldap *server = fake_ldap_start(scheme, script);
    struct dir_connection *connection = NULL;
    struct bwdir_detail why;
    struct client_clock since = client_start();

    assert_int_equal(client_connect(fake_ldap_uri(server), &connection, &why),
                     BWDIR_UNAVAILABLE);
    assert_in_time(since);
    assert_null(connection);
    assert_non_null(strstr(why.text, fake_ldap_uri(server)));
    fake_ldap_stop(server);
}

/* Rows 27 and 28: the TLS handshake never begins, stalls amid a record,
 * drips, or is none. */
static void
test_connect_027_tls_stall(void **state)
{
    /* A handshake record of 1000 bytes, begun. */
    static const char record[] = "\x16\x03\x03\x03\xe8\x02\x00\x03";
    const struct fake_step silent[] = {{FAKE_END, NULL, 0}};
    const struct fake_step begun[] = {{FAKE_SEND, record, 3},
                                      {FAKE_END, NULL, 0}};
    const struct fake_step amid[] = {{FAKE_SEND, record, 8},
                                     {FAKE_END, NULL, 0}};
    const struct fake_step drip[] = {
        {FAKE_SEND, record, 8}, {FAKE_DRIP, record, 8}, {FAKE_END, NULL, 0}};
    const struct fake_step plain[] = {{FAKE_SEND, "hello, world\n", 13},
                                      {FAKE_END, NULL, 0}};
    const struct fake_step closed[] = {{FAKE_CLOSE, NULL, 0}};
    const struct fake_step reset[] = {{FAKE_RESET, NULL, 0}};

    (void)state;
    assert_no_connection("ldaps", silent);
    assert_no_connection("ldaps", begun);
    assert_no_connection("ldaps", amid);
    assert_no_connection("ldaps", drip);
    assert_no_connection("ldaps", plain);
    assert_no_connection("ldaps", closed);
    assert_no_connection("ldaps", reset);
}

/* Row 22: StartTLS refused, not understood, unanswered; nothing follows it,
 * least of all a bind. */
static void
test_connect_022_start_tls_stripped(void **state)
{
    static const unsigned char codes[] = {1, 2, 12, 52, 53, 80};
    struct dir_connection *connection = NULL;
    struct bwdir_detail why;

    (void)state;
    for (size_t i = 0; i < sizeof(codes); i++) {
        struct fake_bytes answer = fake_result(1, FAKE_EXTENDED_RESPONSE,
                                               codes[i], FAKE_NONE, FAKE_NONE);
        /* The Unbind is the one thing that may still come. */
        const struct fake_step script[] = {{FAKE_READ, NULL, 0},
                                           FAKE_STEP(answer),
                                           {FAKE_READ, NULL, 0},
                                           {FAKE_READ, NULL, 0},
                                           {FAKE_END, NULL, 0}};
        struct fake_ldap *server = fake_ldap_start("ldap", script);

        assert_int_equal(
            client_connect(fake_ldap_uri(server), &connection, &why),
            BWDIR_UNAVAILABLE);
        assert_null(connection);
        fake_ldap_stop(server);
    }
}

/* Row 23: plain text after the answer to StartTLS is no TLS. */
static void
test_connect_023_start_tls_injection(void **state)
{
    struct fake_bytes answer =
        fake_result(1, FAKE_EXTENDED_RESPONSE, 0, FAKE_NONE, FAKE_NONE);
    struct fake_bytes injected = fake_join(
        answer, fake_result(2, FAKE_BIND_RESPONSE, 0, FAKE_NONE, FAKE_NONE));
    const struct fake_step script[] = {
        {FAKE_READ, NULL, 0}, FAKE_STEP(injected), {FAKE_END, NULL, 0}};
    const struct fake_step silent[] = {
        {FAKE_READ, NULL, 0}, FAKE_STEP(answer), {FAKE_END, NULL, 0}};

    (void)state;
    assert_no_connection("ldap", script);
    assert_no_connection("ldap", silent);
}

static void
test_connect_refuses_uris(void **state)
{
    static const char *const uris[] = {"http://x", "ldapi:///a ldapi:///b",
                                       "nonsense", "",
                                       "ldaps://", "cldap://127.0.0.1"};

    (void)state;
    for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
        struct dir_connection *connection = NULL;
        struct bwdir_detail why;

        assert_int_equal(client_connect(uris[i], &connection, &why),
                         BWDIR_CONFIG);
        assert_null(connection);
    }
}

/* A server that nobody listens for: its backlog fills and connect() hangs. */
static void
test_connect_past_deadline(void **state)
{
    const struct fake_step nothing[] = {{FAKE_END, NULL, 0}};
    struct fake_ldap *server = fake_ldap_start("ldapi", nothing);
    struct dir_target target = {fake_ldap_uri(server), NULL, dir_now() - 1};
    struct dir_connection *connection = NULL;
    struct dir_bind_result result;

    (void)state;
    assert_int_equal(dir_connect(&target, &connection, NULL),
                     BWDIR_UNAVAILABLE);
    connection = client_connected(server);
    dir_set_deadline(connection, dir_now() - 1);
    assert_int_equal(
        dir_bind_simple(connection, CLIENT_DN, client_password, &result, NULL),
        BWDIR_UNAVAILABLE);
    dir_close(&connection);
    fake_ldap_stop(server);
}

/* No descriptor is left behind, whatever happened. */
static void
test_connect_leaves_no_descriptor(void **state)
{
    const struct fake_step silent[] = {{FAKE_CLOSE, NULL, 0}};
    int before = dup(0);
    int after;

    (void)state;
    close(before);
    for (int i = 0; i < 5; i++)
        assert_no_connection("ldaps", silent);
    assert_unavailable(silent);
    after = dup(0);
    close(after);
    assert_int_equal(before, after);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_connect_022_start_tls_stripped),
        cmocka_unit_test(test_connect_023_start_tls_injection),
        cmocka_unit_test(test_connect_027_tls_stall),
        cmocka_unit_test(test_connect_refuses_uris),
        cmocka_unit_test(test_connect_past_deadline),
        cmocka_unit_test(test_connect_leaves_no_descriptor),
    };

    return cmocka_run_group_tests(tests, client_setup, client_teardown);
}
