/*
 * Whose turn it is: the trusted first, then one of each uid in turn.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "pam_bw/bwdird/queue.h"

#define JOBS 64

static struct bwdird_queue queue;
static struct bwdird_job jobs[JOBS];

static int
reset(void **state)
{
    (void)state;
    memset(jobs, 0, sizeof(jobs));
    bwdird_queue_open(&queue);
    return 0;
}

/* A letter is a foreign uid, 0 is root, * is our own. */
static uid_t
uid_of(char letter)
{
    if (letter == '0')
        return 0;
    return letter == '*' ? geteuid() : geteuid() + (unsigned char)letter;
}

static size_t
add(const char *letters, size_t first)
{
    size_t i;

    for (i = 0; letters[i] != '\0'; i++) {
        jobs[first + i].origin.uid = uid_of(letters[i]);
        bwdird_queue_add(&queue, &jobs[first + i], 0);
    }
    return first + i;
}

static void
expect(const char *letters)
{
    struct bwdird_job *job;

    for (; *letters != '\0'; letters++) {
        job = bwdird_queue_next(&queue, true);
        assert_non_null(job);
        assert_int_equal(job->origin.uid, uid_of(*letters));
        bwdird_queue_take(&queue, job);
    }
}

static void
expect_empty(void)
{
    assert_null(bwdird_queue_next(&queue, true));
}

static void
test_next_trusted_first(void **state)
{
    (void)state;
    add("aab0a*0", 0);
    expect("0*0aba");
    expect("a");
    expect_empty();
}

static void
test_next_in_order_of_coming(void **state)
{
    size_t i;

    (void)state;
    add("aaaa", 0);
    for (i = 0; i < 4; i++) {
        assert_ptr_equal(bwdird_queue_next(&queue, true), &jobs[i]);
        bwdird_queue_take(&queue, &jobs[i]);
    }
}

static void
test_next_without_foreign(void **state)
{
    (void)state;
    add("ab", 0);
    assert_null(bwdird_queue_next(&queue, false));
    add("*", 2);
    assert_ptr_equal(bwdird_queue_next(&queue, false), &jobs[2]);
}

static void
test_next_takes_turns(void **state)
{
    (void)state;
    add("aaaaaaaabbc", 0);
    expect("abcabaaaaaa");
    expect_empty();
}

/* Who comes late neither waits behind everybody nor overtakes for ever. */
static void
test_next_late_comers(void **state)
{
    size_t used = add("aaaaaa", 0);

    (void)state;
    expect("aa");
    used = add("b", used);
    expect("ba");
    used = add("bcb", used);
    expect("bcabaa");
    expect_empty();
}

/* One who has a request in work comes after those who have none. */
static void
test_add_behind_what_is_in_work(void **state)
{
    (void)state;
    add("aab", 0);
    expect("a");
    bwdird_queue_remove(&jobs[1]);
    jobs[1].origin.uid = uid_of('a');
    bwdird_queue_add(&queue, &jobs[1], jobs[0].round + 1);
    expect("ba");
    expect_empty();
}

static void
test_remove_gives_up_turn(void **state)
{
    (void)state;
    add("aabb0", 0);
    bwdird_queue_remove(&jobs[0]);
    bwdird_queue_remove(&jobs[4]);
    expect("b");
    bwdird_queue_remove(&jobs[3]);
    expect("a");
    expect_empty();
}

#define CASE(test) cmocka_unit_test_setup(test, reset)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_next_trusted_first),   CASE(test_next_in_order_of_coming),
        CASE(test_next_without_foreign), CASE(test_next_takes_turns),
        CASE(test_next_late_comers),     CASE(test_add_behind_what_is_in_work),
        CASE(test_remove_gives_up_turn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
