/*
 * The daemon and its workers: deadlines, the queue, who hangs or dies.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pam_bw/bwdird/clock.h"
#include "running_daemon.h"

static void
test_run_hung_worker_is_replaced(void **state)
{
    pid_t before, after;
    int64_t began;

    (void)state;
    daemon_start(1, 0);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    before = daemon_worker();
    began = bwdird_now();
    assert_int_equal(ask_as("hang"), BWDIR_UNAVAILABLE);
    expect_near(began, 1000);
    began = bwdird_now();
    assert_int_equal(put_question(&dana), BWDIR_OK);
    expect_near(began, 0);
    after = daemon_worker();
    assert_int_not_equal(before, after);
    assert_true(daemon_log_has("notice=worker-killed"));
    assert_true(daemon_log_has("user=hang service=- access=api"));
    daemon_stop();
}

static void
test_run_dashboard_deadline(void **state)
{
    struct ask ask = dana;
    int64_t began;

    (void)state;
    ask.access = BW_WIRE_DASHBOARD;
    ask.user = "hang";
    daemon_start(1, 0);
    began = bwdird_now();
    assert_int_equal(put_question(&ask), BWDIR_UNAVAILABLE);
    expect_near(began, 3000);
    daemon_stop();
}

/* A short deadline of the caller's is kept, and costs no worker. */
static void
test_run_short_deadline_kills_nobody(void **state)
{
    struct ask ask = dana;
    pid_t before, after;
    int64_t began;

    (void)state;
    ask.user = "slow";
    ask.deadline_ms = 50;
    daemon_start(1, 0);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    before = daemon_worker();
    began = bwdird_now();
    assert_int_equal(put_question(&ask), BWDIR_UNAVAILABLE);
    expect_near(began, 50);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    after = daemon_worker();
    assert_int_equal(before, after);
    assert_true(daemon_log_has("reason=\"no answer before the deadline\""));
    daemon_stop();
}

static void
test_run_queue(void **state)
{
    struct ask ask = dana;
    int64_t began;
    int fds[3];
    size_t i;

    (void)state;
    ask.user = "slow";
    daemon_start(1, 0);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    began = bwdird_now();
    for (i = 0; i < 3; i++)
        fds[i] = send_ask(&ask);
    for (i = 0; i < 3; i++)
        assert_int_equal(read_answer(fds[i], NULL), BWDIR_OK);
    expect_near(began, 900);
    daemon_stop();
}

static void
test_run_queue_deadline(void **state)
{
    struct ask hang = {BW_WIRE_AUTHENTICATE, BW_WIRE_DASHBOARD, "hang", "x",
                       0};
    int64_t began;
    int fd;

    (void)state;
    daemon_start(1, 0);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    fd = send_ask(&hang);
    usleep(50 * 1000);
    began = bwdird_now();
    assert_int_equal(put_question(&dana), BWDIR_UNAVAILABLE);
    expect_near(began, 1000);
    assert_true(
        daemon_log_has("reason=\"no worker free before the deadline\""));
    assert_int_equal(read_answer(fd, NULL), BWDIR_UNAVAILABLE);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    daemon_stop();
}

static void
test_run_worker_crashes(void **state)
{
    int turn;

    (void)state;
    daemon_start(2, 0);
    for (turn = 0; turn < 4; turn++) {
        assert_int_equal(ask_as("crash"), BWDIR_UNAVAILABLE);
        assert_int_equal(put_question(&dana), BWDIR_OK);
    }
    assert_true(daemon_log_has("reason=\"worker died\""));
    assert_true(daemon_log_has("notice=worker-failed"));
    daemon_stop();
}

static void
test_run_recycles_workers(void **state)
{
    pid_t before, after;
    int turn;

    (void)state;
    daemon_start(1, 5);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    before = daemon_worker();
    for (turn = 0; turn < 20; turn++)
        assert_int_equal(put_question(&dana), BWDIR_OK);
    after = daemon_worker();
    assert_int_not_equal(before, after);
    assert_false(daemon_log_has("worker-died"));
    daemon_stop();
}

static void
test_run_killed_daemon_leaves_no_worker(void **state)
{
    struct ask hang = dana;
    int status, turn, fd;
    pid_t worker;

    (void)state;
    hang.user = "hang";
    daemon_start(1, 0);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    worker = daemon_worker();
    fd = send_ask(&hang);
    usleep(50 * 1000);
    /* the orphan must be ours to see it go */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    kill(daemon_pid, SIGKILL);
    waitpid(daemon_pid, &status, 0);
    daemon_pid = 0;
    for (turn = 0; turn < 100; turn++) {
        if (waitpid(worker, &status, WNOHANG) == worker)
            break;
        usleep(10 * 1000);
    }
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    assert_true(turn < 100);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_int_equal(read_answer(fd, NULL), NO_ANSWER);
    assert_int_equal(daemon_dial(), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        DAEMON_TEST(test_run_hung_worker_is_replaced),
        DAEMON_TEST(test_run_dashboard_deadline),
        DAEMON_TEST(test_run_short_deadline_kills_nobody),
        DAEMON_TEST(test_run_queue),
        DAEMON_TEST(test_run_queue_deadline),
        DAEMON_TEST(test_run_worker_crashes),
        DAEMON_TEST(test_run_recycles_workers),
        DAEMON_TEST(test_run_killed_daemon_leaves_no_worker),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
