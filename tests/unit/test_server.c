/*
 * The daemon and its callers: frames whole and broken, slow callers, too many.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "pam_bw/bwdird/clock.h"
#include "running_daemon.h"

static void
test_run_answers(void **state)
{
    static uint8_t fields[BW_WIRE_REPLY_MAX];
    struct ask ask = dana;

    (void)state;
    daemon_start(2, 0);
    assert_int_equal(read_answer(send_ask(&dana), fields), BWDIR_OK);
    assert_memory_equal(fields,
                        "\x10\x05\x00"
                        "basic\x11\x10\x00ordering,porting",
                        27);
    ask.password = "wrong";
    assert_int_equal(put_question(&ask), BWDIR_BAD_CREDENTIALS);
    ask.user = "nobody";
    assert_int_equal(put_question(&ask), BWDIR_NO_SUCH_USER);
    ask.user = "dana";
    ask.kind = BW_WIRE_ACCOUNT;
    ask.password = NULL;
    assert_int_equal(put_question(&ask), BWDIR_OK);
    assert_true(daemon_log_has("event=authenticate user=dana service=test "
                               "access=api source=- uid="));
    assert_true(daemon_log_has("status=ok reason=\"password proven\" ms="));
    assert_true(
        daemon_log_has("status=bad-credentials reason=\"wrong password\""));
    assert_false(daemon_log_has("right"));
    daemon_stop();
}

static void
test_run_malformed_frames(void **state)
{
    uint8_t frame[BW_WIRE_REQUEST_MAX];
    size_t size = write_frame(&dana, frame), i;
    struct ask ask = dana;

    (void)state;
    daemon_start(1, 0);
    /* each byte of the header in turn; the user and source are free text */
    for (i = 0; i < 12; i++) {
        uint8_t kept = frame[i];
        int fd;

        if (i == 4 || i == 8) /* low bytes of length and deadline: fit */
            continue;
        fd = daemon_dial();
        frame[i] = 0xee;
        assert_int_equal(send(fd, frame, size, MSG_NOSIGNAL), size);
        assert_int_equal(read_answer(fd, NULL), BWDIR_UNAVAILABLE);
        frame[i] = kept;
    }
    assert_true(daemon_log_has("notice=malformed-frame detail="));
    ask.password = NULL;
    assert_int_equal(put_question(&ask), BWDIR_UNAVAILABLE);
    assert_true(daemon_log_has("reason=\"malformed frame: field missing\""));
    frame[sizeof(struct bw_wire_request)] = 200;
    {
        int fd = daemon_dial();

        assert_int_equal(send(fd, frame, size, MSG_NOSIGNAL), size);
        assert_int_equal(read_answer(fd, NULL), BWDIR_UNAVAILABLE);
    }
    assert_int_equal(put_question(&dana), BWDIR_OK);
    daemon_stop();
}

static void
test_run_bytes_behind_the_end(void **state)
{
    uint8_t frame[BW_WIRE_REQUEST_MAX] = {0};
    struct ask ask = dana;
    size_t size;
    int fd;

    (void)state;
    ask.user = "slow";
    daemon_start(1, 0);
    size = write_frame(&ask, frame);
    fd = daemon_dial();
    assert_int_equal(send(fd, frame, size + 1, MSG_NOSIGNAL), size + 1);
    assert_int_equal(read_answer(fd, NULL), NO_ANSWER);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    daemon_stop();
}

static void
test_run_frame_in_pieces(void **state)
{
    uint8_t frame[BW_WIRE_REQUEST_MAX];
    size_t size = write_frame(&dana, frame), i;
    int fd;

    (void)state;
    daemon_start(1, 0);
    fd = daemon_dial();
    for (i = 0; i < size; i++) {
        assert_int_equal(send(fd, frame + i, 1, MSG_NOSIGNAL), 1);
        usleep(1000);
    }
    assert_int_equal(read_answer(fd, NULL), BWDIR_OK);
    daemon_stop();
}

static void
test_run_slow_caller(void **state)
{
    uint8_t frame[BW_WIRE_REQUEST_MAX];
    size_t size = write_frame(&dana, frame);
    int64_t began;
    int fd;

    (void)state;
    daemon_start(1, 0);
    fd = daemon_dial();
    began = bwdird_now();
    assert_int_equal(send(fd, frame, size - 1, MSG_NOSIGNAL), size - 1);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    assert_int_equal(read_answer(fd, NULL), NO_ANSWER);
    expect_near(began, 500);
    assert_true(daemon_log_has("request not whole in time"));
    daemon_stop();
}

static void
test_run_idle_connections(void **state)
{
    int idle[200];
    size_t i;

    (void)state;
    daemon_start(1, 0);
    for (i = 0; i < 200; i++)
        assert_true((idle[i] = daemon_dial()) >= 0);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    for (i = 0; i < 200; i++)
        assert_int_equal(read_answer(idle[i], NULL), NO_ANSWER);
    daemon_stop();
}

static void
test_run_too_many_connections(void **state)
{
    static int idle[600];
    size_t i;

    (void)state;
    daemon_start(1, 0);
    for (i = 0; i < 600; i++)
        assert_true((idle[i] = daemon_dial()) >= 0);
    for (i = 0; i < 40 && !daemon_log_has("notice=too-many-connections"); i++)
        usleep(10 * 1000);
    assert_true(daemon_log_has("notice=too-many-connections"));
    for (i = 0; i < 600; i++)
        close(idle[i]);
    for (i = 0; i < 100 && put_question(&dana) != BWDIR_OK; i++)
        usleep(10 * 1000);
    assert_true(i < 100);
    daemon_stop();
}

static void
test_run_caller_leaves(void **state)
{
    struct ask slow = dana;
    int turn;

    (void)state;
    slow.user = "slow";
    daemon_start(1, 0);
    /* one in work, four in the queue */
    for (turn = 0; turn < 5; turn++)
        close(send_ask(&slow));
    assert_int_equal(put_question(&dana), BWDIR_OK);
    daemon_stop();
}

static void
test_run_untrue_answers(void **state)
{
    (void)state;
    daemon_start(1, 0);
    assert_int_equal(ask_as("liar"), BWDIR_UNAVAILABLE);
    assert_int_equal(ask_as("long"), BWDIR_UNAVAILABLE);
    assert_true(daemon_log_has("reason=\"answer too long for a frame\""));
    assert_int_equal(put_question(&dana), BWDIR_OK);
    daemon_stop();
}

static void
test_run_leaks_no_descriptor(void **state)
{
    unsigned before;
    int turn;

    (void)state;
    daemon_start(2, 0);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    before = daemon_descriptors();
    for (turn = 0; turn < 1000; turn++)
        assert_int_equal(put_question(&dana), BWDIR_OK);
    usleep(20 * 1000);
    assert_int_equal(daemon_descriptors(), before);
    daemon_stop();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        DAEMON_TEST(test_run_answers),
        DAEMON_TEST(test_run_malformed_frames),
        DAEMON_TEST(test_run_bytes_behind_the_end),
        DAEMON_TEST(test_run_frame_in_pieces),
        DAEMON_TEST(test_run_slow_caller),
        DAEMON_TEST(test_run_idle_connections),
        DAEMON_TEST(test_run_too_many_connections),
        DAEMON_TEST(test_run_caller_leaves),
        DAEMON_TEST(test_run_untrue_answers),
        DAEMON_TEST(test_run_leaks_no_descriptor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
