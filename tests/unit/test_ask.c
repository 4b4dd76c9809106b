/*
 * The client of bwdird against daemons that misbehave.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/ask.h"
#include "pam_bw/module/channel.h"
#include "tests/unit/fake_bwdird.h"
#include "tests/unit/pam_handle.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static struct test_pam pam;

static int
setup(void **state)
{
    (void)state;
    test_pam_start(&pam, "auth required pam_deny.so\n", "dana", "");
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    test_pam_end(&pam);
    return 0;
}

/* Asks PATH as an API service, which has the shorter deadline. */
static enum bwdir_status
ask_at(const char *path, struct pambw_answer *answer)
{
    static const struct pambw_question question = {
        .kind = BW_WIRE_AUTHENTICATE, .password = "secret"};
    const struct pambw call = {
        .handle = pam.handle,
        .user = "dana",
        .service = "unit",
        .options = {.access = BW_WIRE_API, .socket = path}};

    return pambw_ask(&call, &question, answer);
}

/* Asks a fake daemon that serves so; the answer must be "unavailable". */
static void
assert_unavailable(void (*serve)(int fd, const void *closure),
                   const void *closure)
{
    struct pambw_answer answer;
    struct fake_bwdird fake;
    int64_t start;

    fake_bwdird_start(&fake, 0, serve, closure);
    start = pambw_clock_ms();
    assert_int_equal(ask_at(fake.path, &answer), BWDIR_UNAVAILABLE);
    assert_true(pambw_clock_ms() - start < 1200);
    pambw_answer_clear(&answer);
    fake_bwdird_stop(&fake);
}

/* A reply as bytes, for tests that break it. */
struct bytes {
    uint8_t bytes[256];
    size_t length;
};

static void
serve_bytes(int fd, const void *closure)
{
    const struct bytes *bytes = closure;

    fake_take_request(fd);
    (void)send(fd, bytes->bytes, bytes->length, MSG_NOSIGNAL);
}

static struct bytes
make_reply(const struct bw_wire_reply *header, const void *fields,
           size_t length)
{
    struct bytes bytes = {.length = sizeof(*header) + length};

    memcpy(bytes.bytes, header, sizeof(*header));
    if (length > 0)
        memcpy(bytes.bytes + sizeof(*header), fields, length);
    return bytes;
}

static void
assert_header_refused(struct bw_wire_reply header)
{
    struct bytes bytes = make_reply(&header, NULL, 0);

    assert_unavailable(serve_bytes, &bytes);
}

static void
assert_fields_refused(const void *fields, size_t length)
{
    struct bw_wire_reply header = {.version = BW_WIRE_VERSION,
                                   .length = (uint32_t)length,
                                   .days_left = -1};
    struct bytes bytes = make_reply(&header, fields, length);

    assert_unavailable(serve_bytes, &bytes);
}

static void
test_ask_answer_with_facts(void **state)
{
    struct bw_wire_reply header = {.version = BW_WIRE_VERSION, .days_left = 5};
    struct pambw_answer answer;
    struct bw_wire_writer writer;
    struct fake_bwdird fake;
    struct bytes bytes;

    (void)state;
    bw_wire_start(&writer, bytes.bytes, sizeof(bytes.bytes), sizeof(header));
    bw_wire_put(&writer, BW_WIRE_LEVEL, "admin", 5);
    bw_wire_put(&writer, BW_WIRE_ROLES, "", 0);
    header.length = (uint32_t)(writer.used - sizeof(header));
    memcpy(bytes.bytes, &header, sizeof(header));
    bytes.length = writer.used;
    fake_bwdird_start(&fake, 0, serve_bytes, &bytes);
    assert_int_equal(ask_at(fake.path, &answer), BWDIR_OK);
    assert_int_equal(answer.days_left, 5);
    assert_int_equal(answer.level.length, 5);
    assert_memory_equal(answer.level.bytes, "admin", 5);
    assert_non_null(answer.roles.bytes);
    assert_int_equal(answer.roles.length, 0);
    assert_null(answer.access.bytes);
    pambw_answer_clear(&answer);
    fake_bwdird_stop(&fake);
}

static void
test_ask_every_status_travels(void **state)
{
    struct pambw_answer answer;
    struct fake_bwdird fake;

    (void)state;
    for (uint32_t status = 0; status <= BWDIR_STATUS_LAST; status++) {
        fake_bwdird_start(&fake, 0, fake_answer, &status);
        assert_int_equal(ask_at(fake.path, &answer), status);
        assert_int_equal(answer.status, status);
        pambw_answer_clear(&answer);
        fake_bwdird_stop(&fake);
    }
}

static void
test_ask_130_bad_headers(void **state)
{
    struct bw_wire_reply good = {.version = BW_WIRE_VERSION, .days_left = -1};
    struct bw_wire_reply header;

    (void)state;
    header = good, header.version = BW_WIRE_VERSION + 1;
    assert_header_refused(header);
    header = good, header.version = 0;
    assert_header_refused(header);
    header = good, header.reserved[1] = 1;
    assert_header_refused(header);
    header = good, header.status = BWDIR_STATUS_LAST + 1;
    assert_header_refused(header);
    header = good, header.status = UINT32_MAX;
    assert_header_refused(header);
    header = good, header.length = BW_WIRE_REPLY_MAX;
    assert_header_refused(header);
    header = good, header.length = UINT32_MAX;
    assert_header_refused(header);
    header = good, header.length = 10; /* which never come */
    assert_header_refused(header);
    header = good, header.days_left = -2;
    assert_header_refused(header);
}

static void
test_ask_bad_fields(void **state)
{
    (void)state;
    assert_fields_refused("\x10", 1);
    assert_fields_refused("\x10\xff\x00x", 4);
    assert_fields_refused("\xff\x00\x00", 3);
    assert_fields_refused("\x02\x01\x00p", 4);              /* a request's */
    assert_fields_refused("\x10\x01\x00x\x10\x01\x00x", 8); /* twice */
    assert_fields_refused("\x10\x01\x00\n", 4);             /* control */
    assert_fields_refused("\x14\x01\x00\x9b", 4);           /* C1 */
    assert_fields_refused("\x11\x03\x00"
                          "a\0b",
                          6);
}

static void
test_ask_garbage(void **state)
{
    struct bytes bytes = {.length = sizeof(bytes.bytes)};

    (void)state;
    memset(bytes.bytes, 'A', sizeof(bytes.bytes));
    assert_unavailable(serve_bytes, &bytes);
    bytes.length = 7;
    assert_unavailable(serve_bytes, &bytes);
    bytes.length = 0;
    assert_unavailable(serve_bytes, &bytes);
}

static void
serve_nothing(int fd, const void *closure)
{
    (void)fd, (void)closure;
}

/* THREATS 36, 72: no SIGPIPE, whose disposition is the default here. */
static void
test_ask_072_peer_closes_unread(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++)
        assert_unavailable(serve_nothing, NULL);
}

static void
serve_silence(int fd, const void *closure)
{
    char byte;

    (void)closure;
    while (read(fd, &byte, 1) > 0)
        ;
}

static void
test_ask_135_silent(void **state)
{
    (void)state;
    assert_unavailable(serve_silence, NULL);
}

/* THREATS 34: the deadline counts from the start, not per read. */
static void
serve_drops(int fd, const void *closure)
{
    struct bw_wire_reply reply = {.version = BW_WIRE_VERSION};
    const char *next = (const char *)&reply;

    (void)closure;
    fake_take_request(fd);
    for (size_t i = 0; i < sizeof(reply); i++) {
        if (send(fd, next + i, 1, MSG_NOSIGNAL) < 0)
            return;
        (void)usleep(300000);
    }
}

static void
test_ask_034_drip(void **state)
{
    (void)state;
    assert_unavailable(serve_drops, NULL);
}

/* THREATS 134: a daemon that accepts nothing, its queue full. */
static void
test_ask_134_queue_full(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct pambw_answer answer;
    struct fake_bwdird fake;
    int64_t start;
    int fds[4];

    (void)state;
    fake_bwdird_start(&fake, 0, NULL, NULL);
    strcpy(address.sun_path, fake.path);
    for (int i = 0; i < 4; i++) {
        fds[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)connect(fds[i], (struct sockaddr *)&address, sizeof(address));
    }
    start = pambw_clock_ms();
    assert_int_equal(ask_at(fake.path, &answer), BWDIR_UNAVAILABLE);
    assert_in_range(pambw_clock_ms() - start, 1000, 1200);
    for (int i = 0; i < 4; i++)
        (void)close(fds[i]);
    fake_bwdird_stop(&fake);
}

static void
test_ask_nobody_listens(void **state)
{
    struct pambw_answer answer;
    char path[128];

    (void)state;
    assert_int_equal(ask_at("/nonexistent/s", &answer), BWDIR_UNAVAILABLE);
    assert_int_equal(ask_at("/dev/null", &answer), BWDIR_UNAVAILABLE);
    memset(path, 'x', sizeof(path));
    path[0] = '/';
    path[sizeof(path) - 1] = '\0';
    assert_int_equal(ask_at(path, &answer), BWDIR_UNAVAILABLE);
}

/* THREATS 131: somebody else's socket gets no password. */
static void
serve_trap(int fd, const void *closure)
{
    const char *directory = closure;
    char byte, path[64];

    (void)snprintf(path, sizeof(path), "%s/caught", directory);
    if (read(fd, &byte, 1) == 1)
        (void)close(open(path, O_CREAT | O_WRONLY, 0600));
}

static void
test_ask_131_stranger(void **state)
{
    struct pambw_answer answer;
    struct fake_bwdird fake;
    static char caught[] = "/tmp/bwt.XXXXXX";

    (void)state;
    if (geteuid() != 0) {
        print_message("left out without root: a daemon of another user\n");
        skip();
    }
    assert_non_null(mkdtemp(caught));
    assert_int_equal(chown(caught, 65534, 65534), 0);
    fake_bwdird_start(&fake, 65534, serve_trap, caught);
    assert_int_equal(ask_at(fake.path, &answer), BWDIR_UNAVAILABLE);
    fake_bwdird_stop(&fake);
    assert_int_equal(rmdir(caught), 0);
}

/* THREATS 72: a host whose timer fires all the time. */
static void
on_alarm(int number)
{
    (void)number;
}

static void
test_ask_072_interrupted(void **state)
{
    struct sigaction action = {.sa_handler = on_alarm};
    struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};

    (void)state;
    /* It stays: one more alarm may be on its way at the end. */
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    assert_unavailable(serve_silence, NULL);
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
}

/* Whatever the daemon says of a name or password that cannot be. */
static void
test_ask_stand_ins_never_succeed(void **state)
{
    struct pambw_question question = {.kind = BW_WIRE_AUTHENTICATE,
                                      .password = ""};
    struct pambw call = {.handle = pam.handle,
                         .user = "dana",
                         .service = "unit",
                         .options = {.access = BW_WIRE_API}};
    uint32_t status = BWDIR_OK;
    struct pambw_answer answer;
    struct fake_bwdird fake;

    (void)state;
    fake_bwdird_start(&fake, 0, fake_answer, &status);
    call.options.socket = fake.path;
    assert_int_equal(pambw_ask(&call, &question, &answer),
                     BWDIR_BAD_CREDENTIALS);
    question.password = "secret";
    call.user = "DANA";
    assert_int_equal(pambw_ask(&call, &question, &answer), BWDIR_NO_SUCH_USER);
    fake_bwdird_stop(&fake);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ask_answer_with_facts),
        cmocka_unit_test(test_ask_every_status_travels),
        cmocka_unit_test(test_ask_130_bad_headers),
        cmocka_unit_test(test_ask_bad_fields),
        cmocka_unit_test(test_ask_garbage),
        cmocka_unit_test(test_ask_072_peer_closes_unread),
        cmocka_unit_test(test_ask_135_silent),
        cmocka_unit_test(test_ask_034_drip),
        cmocka_unit_test(test_ask_134_queue_full),
        cmocka_unit_test(test_ask_nobody_listens),
        cmocka_unit_test(test_ask_131_stranger),
        cmocka_unit_test(test_ask_072_interrupted),
        cmocka_unit_test(test_ask_stand_ins_never_succeed),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
