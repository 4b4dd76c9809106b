/*
 * A bind against a server that misbehaves: what each answer to it means.
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
#include "libbwdir/dir/modify.h"

#define POLICY "1.3.6.1.4.1.42.2.27.8.5.1"

static struct fake_bytes
whoami_result(int id, const char *identity)
{
    return fake_result(id, FAKE_EXTENDED_RESPONSE, 0,
                       fake_element(0x8b, identity, strlen(identity)),
                       FAKE_NONE);
}

static struct fake_bytes
policy(const char *value, size_t length)
{
    return fake_control(POLICY, value, length);
}

/* Bind answered so, Who am I with the right CLIENT_DN. */
static enum bwdir_status
bind_answered(struct fake_bytes answer, struct dir_bind_result *result)
{
    struct fake_bytes identity = whoami_result(2, "dn:" CLIENT_DN);
    const struct fake_step script[] = {{FAKE_READ, NULL, 0},
                                       FAKE_STEP(answer),
                                       {FAKE_READ, NULL, 0},
                                       FAKE_STEP(identity),
                                       {FAKE_END, NULL, 0}};

    return client_bind(script, result);
}

static void
test_bind_ok(void **state)
{
    struct dir_bind_result result;

    (void)state;
    assert_int_equal(bind_answered(bind_result(0, FAKE_NONE), &result),
                     BWDIR_OK);
    assert_int_equal(result.grace_left, -1);
    assert_int_equal(result.seconds_left, -1);
    assert_false(result.change_after_reset);
}

static void
test_bind_policy_with_success(void **state)
{
    struct dir_bind_result result;

    (void)state;
    assert_int_equal(
        bind_answered(
            bind_result(0, policy("\x30\x05\xa0\x03\x81\x01\x05", 7)),
            &result),
        BWDIR_OK);
    assert_int_equal(result.grace_left, 5);
    assert_int_equal(
        bind_answered(
            bind_result(0, policy("\x30\x06\xa0\x04\x80\x02\x01\x00", 8)),
            &result),
        BWDIR_OK);
    assert_int_equal(result.seconds_left, 256);
    assert_int_equal(
        bind_answered(bind_result(0, policy("\x30\x03\x81\x01\x02", 5)),
                      &result),
        BWDIR_OK);
    assert_true(result.change_after_reset);
}

static void
test_bind_policy_with_refusal(void **state)
{
    struct dir_bind_result result;

    (void)state;
    assert_int_equal(bind_answered(bind_result(49, FAKE_NONE), &result),
                     BWDIR_BAD_CREDENTIALS);
    assert_false(result.password_expired);
    assert_int_equal(
        bind_answered(bind_result(49, policy("\x30\x00", 2)), &result),
        BWDIR_BAD_CREDENTIALS);
    assert_false(result.password_expired);
    assert_int_equal(
        bind_answered(bind_result(49, policy("\x30\x03\x81\x01\x00", 5)),
                      &result),
        BWDIR_BAD_CREDENTIALS);
    assert_true(result.password_expired);
    assert_int_equal(
        bind_answered(bind_result(49, policy("\x30\x03\x81\x01\x01", 5)),
                      &result),
        BWDIR_BAD_CREDENTIALS);
    assert_true(result.account_locked);
    assert_false(result.password_expired);
    /* passwordExpired proves the password only with 49. */
    assert_int_equal(
        bind_answered(bind_result(32, policy("\x30\x03\x81\x01\x00", 5)),
                      &result),
        BWDIR_BAD_CREDENTIALS);
    assert_false(result.password_expired);
    assert_int_equal(
        bind_answered(bind_result(53, policy("\x30\x03\x81\x01\x00", 5)),
                      &result),
        BWDIR_UNAVAILABLE);
    assert_false(result.password_expired);
}

/* Row 8: granted and refused at once. */
static void
test_bind_008_success_with_fatal_policy_error(void **state)
{
    static const char values[][6] = {
        "\x30\x03\x81\x01\x00", "\x30\x03\x81\x01\x01", "\x30\x03\x81\x01\x03",
        "\x30\x03\x81\x01\x08"};
    struct dir_bind_result result;

    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        assert_int_equal(
            bind_answered(bind_result(0, policy(values[i], 5)), &result),
            BWDIR_UNAVAILABLE);
}

/* Row 46: a control that does not parse, or comes twice. */
static void
test_bind_046_bad_control(void **state)
{
    struct fake_bytes good = policy("\x30\x00", 2);
    struct dir_bind_result result;

    (void)state;
    for (unsigned char code = 0; code <= 49; code += 49) {
        assert_int_equal(
            bind_answered(bind_result(code, fake_join(good, good)), &result),
            BWDIR_UNAVAILABLE);
        assert_int_equal(
            bind_answered(bind_result(code, policy("\x30\x01", 2)), &result),
            BWDIR_UNAVAILABLE);
        assert_int_equal(
            bind_answered(bind_result(code, policy("\x30\x00\x00", 3)),
                          &result),
            BWDIR_UNAVAILABLE);
        assert_int_equal(
            bind_answered(bind_result(code, policy(NULL, 0)), &result),
            BWDIR_UNAVAILABLE);
    }
    /* Others are none of our business. */
    assert_int_equal(
        bind_answered(bind_result(0, fake_control("1.2.3", "x", 1)), &result),
        BWDIR_OK);
}

/* Rows 1 and 2: never sent. */
static void
test_bind_001_empty_is_never_sent(void **state)
{
    const struct fake_step script[] = {{FAKE_END, NULL, 0}};
    struct fake_ldap *server = fake_ldap_start("ldapi", script);
    struct dir_connection *connection = client_connected(server);
    struct dir_bind_result result;

    (void)state;
    assert_int_equal(
        dir_bind_simple(connection, CLIENT_DN, client_empty, &result, NULL),
        BWDIR_INTERNAL);
    assert_int_equal(
        dir_bind_simple(connection, CLIENT_DN, NULL, &result, NULL),
        BWDIR_INTERNAL);
    assert_int_equal(
        dir_bind_simple(connection, "", client_password, &result, NULL),
        BWDIR_INTERNAL);
    assert_int_equal(
        dir_bind_simple(connection, NULL, client_password, &result, NULL),
        BWDIR_INTERNAL);
    assert_int_equal(dir_change_password(connection, CLIENT_DN,
                                         client_password, client_empty, NULL),
                     BWDIR_INTERNAL);
    assert_int_equal(fake_ldap_requests(server), 0);
    dir_close(&connection);
    fake_ldap_stop(server);
}

/* Row 3: success, but the session is somebody else's or nobody's. */
static void
test_bind_003_whoami(void **state)
{
    static const struct {
        const char *identity;
        enum bwdir_status status;
    } rows[] = {
        {"dn:" CLIENT_DN, BWDIR_OK},
        {"dn:UID=Dana, OU=People, DC=X", BWDIR_OK},
        {"", BWDIR_UNAVAILABLE},
        {"dn:", BWDIR_UNAVAILABLE},
        {"dn:uid=dan,ou=people,dc=x", BWDIR_UNAVAILABLE},
        {"dn:uid=dana,ou=people,dc=y", BWDIR_UNAVAILABLE},
        {CLIENT_DN, BWDIR_UNAVAILABLE},
        {"u:dana", BWDIR_UNAVAILABLE},
        {"dn:nonsense", BWDIR_UNAVAILABLE},
    };
    struct fake_bytes success = bind_result(0, FAKE_NONE);

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct fake_bytes identity = whoami_result(2, rows[i].identity);
        const struct fake_step script[] = {{FAKE_READ, NULL, 0},
                                           FAKE_STEP(success),
                                           {FAKE_READ, NULL, 0},
                                           FAKE_STEP(identity),
                                           {FAKE_END, NULL, 0}};
        struct dir_bind_result result;

        assert_int_equal(client_bind(script, &result), rows[i].status);
    }
}

static void
test_bind_003_whoami_fails(void **state)
{
    struct fake_bytes success = bind_result(0, FAKE_NONE);
    struct fake_bytes refused =
        fake_result(2, FAKE_EXTENDED_RESPONSE, 50, FAKE_NONE, FAKE_NONE);
    struct fake_bytes absent =
        fake_result(2, FAKE_EXTENDED_RESPONSE, 0, FAKE_NONE, FAKE_NONE);
    struct fake_bytes nul = fake_result(
        2, FAKE_EXTENDED_RESPONSE, 0,
        fake_element(0x8b, "dn:" CLIENT_DN "\0x", strlen("dn:" CLIENT_DN) + 2),
        FAKE_NONE);
    struct fake_bytes answers[] = {refused, absent, nul};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const struct fake_step script[] = {{FAKE_READ, NULL, 0},
                                           FAKE_STEP(success),
                                           {FAKE_READ, NULL, 0},
                                           FAKE_STEP(answers[i]),
                                           {FAKE_END, NULL, 0}};

        assert_unavailable(script);
    }
}

/* Row 7: each result code of a bind; the table itself is tested elsewhere. */
static void
test_bind_007_codes(void **state)
{
    struct dir_bind_result result;

    (void)state;
    assert_int_equal(bind_answered(bind_result(34, FAKE_NONE), &result),
                     BWDIR_BAD_CREDENTIALS);
    assert_int_equal(bind_answered(bind_result(51, FAKE_NONE), &result),
                     BWDIR_UNAVAILABLE);
    assert_int_equal(bind_answered(bind_result(13, FAKE_NONE), &result),
                     BWDIR_CONFIG);
    assert_int_equal(bind_answered(bind_result(14, FAKE_NONE), &result),
                     BWDIR_UNAVAILABLE);
    assert_int_equal(bind_answered(bind_result(123, FAKE_NONE), &result),
                     BWDIR_UNAVAILABLE);
}

/* Row 29: a referral, as a result and beside a success. */
static void
test_bind_029_referral(void **state)
{
    const struct fake_step nothing[] = {{FAKE_END, NULL, 0}};
    struct fake_ldap *other = fake_ldap_start("ldap", nothing);
    const char *uri = fake_ldap_uri(other);
    struct fake_bytes url = fake_element(0x04, uri, strlen(uri));
    struct fake_bytes list = fake_element(0xa3, url.at, url.length);

    (void)state;
    for (unsigned char code = 0; code <= 10; code += 10) {
        struct fake_bytes answer =
            fake_result(1, FAKE_BIND_RESPONSE, code, list, FAKE_NONE);
        const struct fake_step script[] = {
            {FAKE_READ, NULL, 0}, FAKE_STEP(answer), {FAKE_END, NULL, 0}};

        assert_unavailable(script);
    }
    assert_int_equal(fake_ldap_connections(other), 0);
    fake_ldap_stop(other);
}

/* Row 40: an answer of another kind, to another question, twice. */
static void
test_bind_040_confused_answers(void **state)
{
    struct fake_bytes done =
        fake_result(1, FAKE_SEARCH_DONE, 0, FAKE_NONE, FAKE_NONE);
    struct fake_bytes extended =
        fake_result(1, FAKE_EXTENDED_RESPONSE, 0, FAKE_NONE, FAKE_NONE);
    struct fake_bytes other =
        fake_result(7, FAKE_BIND_RESPONSE, 0, FAKE_NONE, FAKE_NONE);
    struct fake_bytes notice = fake_result(
        0, FAKE_EXTENDED_RESPONSE, 52,
        fake_element(0x8a, "1.3.6.1.4.1.1466.20036", 22), FAKE_NONE);
    struct fake_bytes answers[] = {done, extended, other, notice};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const struct fake_step script[] = {
            {FAKE_READ, NULL, 0}, FAKE_STEP(answers[i]), {FAKE_END, NULL, 0}};
        const struct fake_step flood[] = {
            {FAKE_READ, NULL, 0},
            {FAKE_SEND, answers[i].at, answers[i].length},
            {FAKE_CLOSE, NULL, 0}};

        assert_unavailable(script);
        assert_unavailable(flood);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bind_ok),
        cmocka_unit_test(test_bind_policy_with_success),
        cmocka_unit_test(test_bind_policy_with_refusal),
        cmocka_unit_test(test_bind_001_empty_is_never_sent),
        cmocka_unit_test(test_bind_003_whoami),
        cmocka_unit_test(test_bind_003_whoami_fails),
        cmocka_unit_test(test_bind_007_codes),
        cmocka_unit_test(test_bind_008_success_with_fatal_policy_error),
        cmocka_unit_test(test_bind_029_referral),
        cmocka_unit_test(test_bind_040_confused_answers),
        cmocka_unit_test(test_bind_046_bad_control),
    };

    return cmocka_run_group_tests(tests, client_setup, client_teardown);
}
