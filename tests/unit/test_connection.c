/*
 * A connection against a server that misbehaves: every fault ends as
 * BWDIR_UNAVAILABLE (or as the refusal that it is) within the deadline, with
 * little work and no signal.  The numbers in the names are the rows of the
 * catalogue of faults.
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
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "fake_ldap.h"
#include "libbwdir/dir/connection.h"
#include "libbwdir/dir/modify.h"
#include "libbwdir/dir/search.h"

#define DN "uid=dana,ou=people,dc=x"
#define POLICY "1.3.6.1.4.1.42.2.27.8.5.1"
/* Milliseconds that each operation has; a memory tool makes it slow. */
static int64_t
patience(void)
{
    return getenv("TEST_MEMORY_TOOL") == NULL ? 400 : 2000;
}

/*
 * What libldap 2.5.13 itself does not give back, for LeakSanitizer: the
 * priority that another replaced, once for each TLS context, and the request
 * and the answer where an answer ends before its operation.
 */
#define SEEN_BY_SANITIZERS __attribute__((visibility("default")))
SEEN_BY_SANITIZERS const char *__asan_default_options(void);
SEEN_BY_SANITIZERS const char *__lsan_default_suppressions(void);

const char *
__asan_default_options(void)
{
    return "fast_unwind_on_malloc=0"; /* libldap has no frame pointers */
}

const char *
__lsan_default_suppressions(void)
{
    return "leak:gnutls_priority_init\n"
           "leak:ldap_send_server_request\n"
           "leak:ldap_alloc_ber_with_options\n";
}

static struct bwdir_secret *password;
static struct bwdir_secret *empty;

static int
setup(void **state)
{
    (void)state;
    return bwdir_secret_new("secret", 6, &password) == BWDIR_OK &&
                   bwdir_secret_new("", 0, &empty) == BWDIR_OK
               ? 0
               : -1;
}

static int
teardown(void **state)
{
    (void)state;
    bwdir_secret_free(&password);
    bwdir_secret_free(&empty);
    return 0;
}

/* CPU milliseconds of this thread. */
static int64_t
cpu(void)
{
    struct rusage used;

    getrusage(RUSAGE_THREAD, &used);
    return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
           (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
}

/* What an operation cost. */
struct clock {
    int64_t wall;
    int64_t cpu;
};

static struct clock
start(void)
{
    return (struct clock){dir_now(), cpu()};
}

/* How late an operation may be. */
static void
assert_not_late(struct clock since)
{
    int64_t grace = getenv("TEST_MEMORY_TOOL") == NULL ? 200 : 3000;

    assert_true(dir_now() - since.wall <= patience() + grace);
}

static void
assert_in_time(struct clock since)
{
    assert_not_late(since);
    if (getenv("TEST_MEMORY_TOOL") == NULL)
        assert_true(cpu() - since.cpu <= 50);
}

static enum bwdir_status
connect_to(const char *uri, struct dir_connection **connection,
           struct bwdir_detail *why)
{
    struct dir_target target = {uri, NULL, dir_now() + patience()};

    memset(why, 0, sizeof(*why));
    return dir_connect(&target, connection, why);
}

static struct dir_connection *
connected(struct fake_ldap *server)
{
    struct dir_connection *connection = NULL;
    struct bwdir_detail why;

    assert_int_equal(connect_to(fake_ldap_uri(server), &connection, &why),
                     BWDIR_OK);
    dir_set_deadline(connection, dir_now() + patience());
    return connection;
}

/* The status of a bind against a script, which is in time. */
static enum bwdir_status
bind_against(const struct fake_step *script, struct dir_bind_result *result)
{
    struct fake_ldap *server = fake_ldap_start("ldapi", script);
    struct dir_connection *connection = connected(server);
    struct bwdir_detail why = {""};
    struct clock since = start();
    enum bwdir_status status =
        dir_bind_simple(connection, DN, password, result, &why);

    assert_in_time(since);
    if (status != BWDIR_OK) {
        assert_string_not_equal(why.text, "");
        assert_null(strstr(why.text, "secret"));
        assert_string_equal(dir_whoami(connection), "");
    }
    if (status == BWDIR_UNAVAILABLE) { /* and it stays so, without waiting */
        since = start();
        assert_int_equal(
            dir_bind_simple(connection, DN, password, result, NULL),
            BWDIR_UNAVAILABLE);
        assert_true(dir_now() - since.wall < 50);
    }
    dir_close(&connection);
    assert_null(connection);
    fake_ldap_stop(server);
    return status;
}

static void
assert_unavailable(const struct fake_step *script)
{
    struct dir_bind_result result;

    assert_int_equal(bind_against(script, &result), BWDIR_UNAVAILABLE);
    assert_false(result.password_expired);
    assert_false(result.account_locked);
    assert_false(result.change_after_reset);
}

static struct fake_bytes
bind_result(unsigned char code, struct fake_bytes controls)
{
    return fake_result(1, FAKE_BIND_RESPONSE, code, FAKE_NONE, controls);
}

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

/* Bind answered so, Who am I with the right DN. */
static enum bwdir_status
bind_answered(struct fake_bytes answer, struct dir_bind_result *result)
{
    struct fake_bytes identity = whoami_result(2, "dn:" DN);
    const struct fake_step script[] = {{FAKE_READ, NULL, 0},
                                       FAKE_STEP(answer),
                                       {FAKE_READ, NULL, 0},
                                       FAKE_STEP(identity),
                                       {FAKE_END, NULL, 0}};

    return bind_against(script, result);
}

/* ---- binds -------------------------------------------------------------- */

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
    struct dir_connection *connection = connected(server);
    struct dir_bind_result result;

    (void)state;
    assert_int_equal(dir_bind_simple(connection, DN, empty, &result, NULL),
                     BWDIR_INTERNAL);
    assert_int_equal(dir_bind_simple(connection, DN, NULL, &result, NULL),
                     BWDIR_INTERNAL);
    assert_int_equal(dir_bind_simple(connection, "", password, &result, NULL),
                     BWDIR_INTERNAL);
    assert_int_equal(
        dir_bind_simple(connection, NULL, password, &result, NULL),
        BWDIR_INTERNAL);
    assert_int_equal(
        dir_change_password(connection, DN, password, empty, NULL),
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
        {"dn:" DN, BWDIR_OK},
        {"dn:UID=Dana, OU=People, DC=X", BWDIR_OK},
        {"", BWDIR_UNAVAILABLE},
        {"dn:", BWDIR_UNAVAILABLE},
        {"dn:uid=dan,ou=people,dc=x", BWDIR_UNAVAILABLE},
        {"dn:uid=dana,ou=people,dc=y", BWDIR_UNAVAILABLE},
        {DN, BWDIR_UNAVAILABLE},
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

        assert_int_equal(bind_against(script, &result), rows[i].status);
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
        fake_element(0x8b, "dn:" DN "\0x", strlen("dn:" DN) + 2), FAKE_NONE);
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

/* ---- silence and noise -------------------------------------------------- */

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
    struct dir_connection *connection = connected(server);
    struct dir_bind_result result;
    struct clock since = start();

    (void)state;
    assert_int_equal(dir_bind_simple(connection, DN, password, &result, NULL),
                     BWDIR_UNAVAILABLE);
    assert_not_late(since);
    dir_close(&connection);
    fake_ldap_stop(server);
}

/* ---- connecting --------------------------------------------------------- */

static void
assert_no_connection(const char *scheme, const struct fake_step *script)
{
    struct fake_ldap *server = fake_ldap_start(scheme, script);
    struct dir_connection *connection = NULL;
    struct bwdir_detail why;
    struct clock since = start();

    assert_int_equal(connect_to(fake_ldap_uri(server), &connection, &why),
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

        assert_int_equal(connect_to(fake_ldap_uri(server), &connection, &why),
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

        assert_int_equal(connect_to(uris[i], &connection, &why), BWDIR_CONFIG);
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
    connection = connected(server);
    dir_set_deadline(connection, dir_now() - 1);
    assert_int_equal(dir_bind_simple(connection, DN, password, &result, NULL),
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

/* ---- searches ----------------------------------------------------------- */

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
    struct clock since;

    for (size_t i = 0; i < count; i++)
        script[i + 1] =
            (struct fake_step){FAKE_SEND, parts[i].at, parts[i].length};
    script[count + 1].action = FAKE_END;
    server = fake_ldap_start("ldapi", script);
    connection = connected(server);
    since = start();
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
    struct dir_connection *connection = connected(server);
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
    struct dir_connection *connection = connected(server);
    struct dir_entry *entry = NULL;
    struct clock since = start();

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
        struct dir_connection *connection = connected(server);
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
    struct dir_connection *connection = connected(server);
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
        cmocka_unit_test(test_bind_ok),
        cmocka_unit_test(test_bind_policy_with_success),
        cmocka_unit_test(test_bind_policy_with_refusal),
        cmocka_unit_test(test_bind_001_empty_is_never_sent),
        cmocka_unit_test(test_bind_003_whoami),
        cmocka_unit_test(test_bind_003_whoami_fails),
        cmocka_unit_test(test_bind_007_codes),
        cmocka_unit_test(test_bind_008_success_with_fatal_policy_error),
        cmocka_unit_test(test_bind_029_referral),
        cmocka_unit_test(test_bind_034_stall_at_every_byte),
        cmocka_unit_test(test_bind_034_drip),
        cmocka_unit_test(test_bind_036_close),
        cmocka_unit_test(test_bind_039_malformed),
        cmocka_unit_test(test_bind_040_confused_answers),
        cmocka_unit_test(test_bind_040_flood),
        cmocka_unit_test(test_bind_046_bad_control),
        cmocka_unit_test(test_connect_022_start_tls_stripped),
        cmocka_unit_test(test_connect_023_start_tls_injection),
        cmocka_unit_test(test_connect_027_tls_stall),
        cmocka_unit_test(test_connect_refuses_uris),
        cmocka_unit_test(test_connect_past_deadline),
        cmocka_unit_test(test_connect_leaves_no_descriptor),
        cmocka_unit_test(test_search_one),
        cmocka_unit_test(test_search_029_reference),
        cmocka_unit_test(test_search_038_codes),
        cmocka_unit_test(test_search_042_endless),
        cmocka_unit_test(test_search_attribute_twice),
        cmocka_unit_test(test_search_all_pages),
        cmocka_unit_test(test_search_all_stops),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
