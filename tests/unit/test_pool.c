/*
 * Workers shared by uids: what one peer sends keeps no other waiting.  Jobs
 * are put to the pool directly, so that they may come from any uid; the
 * workers are real processes with a double of the library's sign-in.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "pam_bw/bwdird/clock.h"
#include "pam_bw/bwdird/pool.h"

#define JOBS 128

struct asked {
    struct bwdird_job job; /* first: done() is given this */
    uint8_t fields[64];
    unsigned order; /* 1: answered first; 0: not yet */
    unsigned status;
};

static struct bwdird_pool pool;
static struct event_base *base;
static struct bwdird_log event_log;
static char log_path[64];
static struct asked asked[JOBS];
static size_t asked_count;
static unsigned answers;
static unsigned wanted; /* answers, before the loop stops */

static void
shed(void *closure)
{
    (void)closure;
}

static int
make(void **state)
{
    int fd;

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    strcpy(log_path, "/tmp/pool.XXXXXX");
    fd = mkstemp(log_path);
    assert_true(fd >= 0);
    close(fd);
    assert_true(bwdird_log_open(&event_log, log_path));
    base = event_base_new();
    assert_non_null(base);
    memset(asked, 0, sizeof(asked));
    asked_count = 0;
    answers = 0;
    return 0;
}

static void
start(unsigned workers)
{
    const struct bwdird_pool_setup setup = {
        .base = base,
        .log = &event_log,
        .workers = workers,
        .shed = shed,
    };

    assert_true(bwdird_pool_start(&pool, &setup));
}

static int
tidy(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < asked_count; i++)
        bwdird_pool_withdraw(&asked[i].job);
    bwdird_pool_stop(&pool);
    event_base_free(base);
    bwdird_log_close(&event_log);
    unlink(log_path);
    return 0;
}

static void
on_done(struct bwdird_job *job, const void *reply, size_t size)
{
    struct asked *one = (struct asked *)job;
    struct bw_wire_reply header;

    one->order = ++answers;
    one->status = BWDIR_UNAVAILABLE;
    if (size >= sizeof(header)) {
        memcpy(&header, reply, sizeof(header));
        one->status = header.status;
    }
    if (answers == wanted)
        event_base_loopbreak(base);
}

static struct asked *
ask(uid_t uid, const char *user)
{
    struct asked *one = &asked[asked_count++];
    struct bw_wire_request *request = &one->job.origin.request;
    struct bw_wire_writer writer;

    bw_wire_start(&writer, one->fields, sizeof(one->fields), 0);
    bw_wire_put(&writer, BW_WIRE_SERVICE, "test", 4);
    bw_wire_put(&writer, BW_WIRE_PASSWORD, "right", 5);
    request->version = BW_WIRE_VERSION;
    request->kind = BW_WIRE_AUTHENTICATE;
    request->access = BW_WIRE_DASHBOARD;
    request->deadline_ms = 3000;
    request->length = (uint32_t)writer.used;
    memcpy(request->user, user, strlen(user));
    one->job.origin.uid = uid;
    one->job.origin.arrived = bwdird_now();
    one->job.deadline = one->job.origin.arrived + 3000;
    one->job.fields = one->fields;
    one->job.done = on_done;
    assert_true(bwdird_pool_submit(&pool, &one->job));
    return one;
}

/* Until so many more are answered. */
static void
run(unsigned count)
{
    const struct timeval patience = {10, 0};

    wanted = answers + count;
    event_base_loopexit(base, &patience);
    event_base_dispatch(base);
    assert_int_equal(answers, wanted);
}

static uid_t
stranger(unsigned number)
{
    return geteuid() + 1 + number;
}

/* Every worker is ready. */
static void
warm_up(unsigned workers)
{
    unsigned i;

    for (i = 0; i < workers; i++)
        ask(0, "slow");
    run(workers);
    for (i = 0; i < workers; i++)
        assert_int_equal(asked[i].status, BWDIR_OK);
}

/* The queue full of one stranger's, root behind it: answered at once. */
static void
test_submit_root_behind_stranger(void **state)
{
    struct asked *root;
    unsigned i, before;

    (void)state;
    start(4);
    warm_up(4);
    for (i = 0; i < 100; i++)
        ask(stranger(0), "slow");
    before = answers;
    root = ask(0, "dana");
    run(1);
    assert_int_equal(root->order, before + 1);
    assert_int_equal(root->status, BWDIR_OK);
}

static void
test_submit_own_uid_behind_stranger(void **state)
{
    struct asked *own;
    unsigned i;

    (void)state;
    start(2);
    warm_up(2);
    for (i = 0; i < 100; i++)
        ask(stranger(0), "hang");
    own = ask(geteuid(), "dana");
    run(1);
    assert_int_equal(own->status, BWDIR_OK);
}

/* With one worker: in front of all who wait. */
static void
test_submit_root_with_one_worker(void **state)
{
    struct asked *root;
    unsigned i, before;

    (void)state;
    start(1);
    warm_up(1);
    for (i = 0; i < 50; i++)
        ask(stranger(0), "slow");
    before = answers;
    root = ask(0, "dana");
    run(2);
    assert_int_equal(root->order, before + 2);
    assert_int_equal(root->status, BWDIR_OK);
}

/* One stranger's queue is not another's. */
static void
test_submit_second_stranger(void **state)
{
    struct asked *other, *third;
    unsigned i, before;

    (void)state;
    start(2);
    warm_up(2);
    for (i = 0; i < 100; i++)
        ask(stranger(0), "dana");
    before = answers;
    other = ask(stranger(1), "dana");
    third = ask(stranger(2), "dana");
    run(4);
    assert_in_range(other->order, before + 1, before + 3);
    assert_in_range(third->order, before + 1, before + 4);
}

/* Strangers have all workers but one, no fewer. */
static void
test_submit_strangers_at_a_time(void **state)
{
    unsigned i, busy = 0;

    (void)state;
    start(3);
    warm_up(3);
    for (i = 0; i < 6; i++)
        ask(stranger(i), "slow");
    for (i = 0; i < 3; i++)
        busy += pool.slots[i].state == BWDIRD_BUSY;
    assert_int_equal(busy, 2);
    run(6);
    for (i = 0; i < 6; i++)
        assert_int_equal(asked[3 + i].status, BWDIR_OK);
}

/* An answer with the number of an earlier task is none. */
static void
test_submit_answer_to_another_task(void **state)
{
    struct asked *stale;

    (void)state;
    start(1);
    warm_up(1);
    stale = ask(0, "stale");
    run(1);
    assert_int_equal(stale->status, BWDIR_UNAVAILABLE);
    assert_int_equal(ask(0, "dana")->order, 0);
    run(1);
    assert_int_equal(asked[asked_count - 1].status, BWDIR_OK);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, make, tidy)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_submit_root_behind_stranger),
        CASE(test_submit_own_uid_behind_stranger),
        CASE(test_submit_root_with_one_worker),
        CASE(test_submit_second_stranger),
        CASE(test_submit_strangers_at_a_time),
        CASE(test_submit_answer_to_another_task),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
