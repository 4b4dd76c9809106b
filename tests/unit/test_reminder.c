/*
 * Whom to remind and when: from each threshold to the next, once for each
 * expiry, and nobody who is never made to renew a password.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libbwdir/reminder.h"

#define DAY INT64_C(86400)
#define CHANGED INT64_C(1790000000)
#define EXPIRY (CHANGED + 90 * DAY)

static struct bwdir_standing standing;
static struct bwdir_facts facts;

static int
set_up(void **state)
{
    static char *none[] = {NULL};

    (void)state;
    standing = (struct bwdir_standing){.state = BWDIR_STATE_VERIFIED,
                                       .level = BWDIR_LEVEL_BASIC,
                                       .access = BWDIR_ACCESS_DASHBOARD,
                                       .roles = none,
                                       .accounts = none};
    facts = (struct bwdir_facts){.sound = true,
                                 .standing = &standing,
                                 .policy = {.max_age = 90 * DAY,
                                            .expire_warning = 14 * DAY,
                                            .grace_limit = 18},
                                 .changed_known = true,
                                 .changed = CHANGED};
    return 0;
}

static void
test_at_thresholds(void **state)
{
    static const struct {
        int64_t left; /* seconds to the expiry */
        int reminder;
    } rows[] = {{90 * DAY, BWDIR_REMINDER_NONE},
                {14 * DAY + 1, BWDIR_REMINDER_NONE},
                {14 * DAY, 14},
                {7 * DAY + 1, 14},
                {7 * DAY, 7},
                {DAY + 1, 7},
                {DAY, 1},
                {0, 1},
                {-1, BWDIR_REMINDER_EXPIRED},
                {-400 * DAY, BWDIR_REMINDER_EXPIRED}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(bwdir_reminder_at(&facts, EXPIRY - rows[i].left),
                         rows[i].reminder);
}

static void
test_at_grace_used_up(void **state)
{
    (void)state;
    facts.grace_used = 18;
    assert_int_equal(bwdir_reminder_at(&facts, EXPIRY + DAY),
                     BWDIR_REMINDER_EXPIRED);
}

static void
assert_never(void)
{
    for (int64_t left = -2 * DAY; left < 20 * DAY; left += DAY / 2)
        assert_int_equal(bwdir_reminder_at(&facts, EXPIRY - left),
                         BWDIR_REMINDER_NONE);
}

static void
test_at_others_never(void **state)
{
    (void)state;
    standing.access = BWDIR_ACCESS_API;
    assert_never();
    standing.access = BWDIR_ACCESS_API | BWDIR_ACCESS_DASHBOARD;
    assert_never();
    standing.access = BWDIR_ACCESS_DASHBOARD;
    standing.state = BWDIR_STATE_UNVERIFIED;
    assert_never();
    standing.state = BWDIR_STATE_VERIFIED;
    facts.ends = true;
    facts.end = CHANGED;
    assert_never();
    facts.ends = false;
    facts.reset = true;
    assert_never();
    facts.reset = false;
    facts.sound = false;
    assert_never();
    facts.sound = true;
    facts.changed_known = false;
    assert_never();
}

#define AFTER (EXPIRY + 2 * DAY)

static bool
is_new_at(int64_t now, int reminder, const char *mark)
{
    return bwdir_reminder_is_new(&facts, reminder, mark, now);
}

static void
test_is_new_once_for_each_expiry(void **state)
{
    char mark[BWDIR_REMINDER_SIZE], other[BWDIR_REMINDER_SIZE];

    (void)state;
    assert_false(bwdir_reminder_mark(&facts, BWDIR_REMINDER_NONE, mark));
    assert_false(is_new_at(AFTER, BWDIR_REMINDER_NONE, NULL));
    assert_true(is_new_at(AFTER, 14, NULL));
    assert_true(bwdir_reminder_mark(&facts, 7, mark));
    assert_string_equal(mark, "7 20261220141320Z");
    assert_false(is_new_at(AFTER, 14, mark));
    assert_false(is_new_at(AFTER, 7, mark));
    assert_true(is_new_at(AFTER, 1, mark));
    assert_true(is_new_at(AFTER, BWDIR_REMINDER_EXPIRED, mark));
    facts.changed += DAY; /* a new password */
    assert_true(is_new_at(AFTER, 14, mark));
    assert_true(bwdir_reminder_mark(&facts, 14, other));
    assert_false(is_new_at(AFTER, 14, other));
    assert_true(is_new_at(AFTER, 14, "nonsense"));
}

/* A clock that is ahead costs no reminder. */
static void
test_is_new_though_owed_too_early(void **state)
{
    static const struct {
        int64_t left; /* seconds to the expiry, at present */
        int owed, reminder;
        bool is_new;
    } rows[] = {{80 * DAY, 0, 14, true},
                {14 * DAY, 0, 14, true},
                {14 * DAY, 7, 14, true},
                {7 * DAY + BWDIR_CLOCK_SKEW + 1, 7, 14, true},
                {7 * DAY + BWDIR_CLOCK_SKEW, 7, 14, false},
                {7 * DAY, 7, 7, false},
                {1, 0, 1, false},
                {BWDIR_CLOCK_SKEW, 0, 1, true},
                {-1, 0, BWDIR_REMINDER_EXPIRED, false},
                /* looked at ahead of time */
                {80 * DAY, 14, 14, true},
                {80 * DAY, 0, BWDIR_REMINDER_EXPIRED, true}};
    char mark[BWDIR_REMINDER_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(bwdir_reminder_mark(&facts, rows[i].owed, mark));
        assert_int_equal(
            is_new_at(EXPIRY - rows[i].left, rows[i].reminder, mark),
            rows[i].is_new);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_at_thresholds, set_up),
        cmocka_unit_test_setup(test_at_grace_used_up, set_up),
        cmocka_unit_test_setup(test_at_others_never, set_up),
        cmocka_unit_test_setup(test_is_new_once_for_each_expiry, set_up),
        cmocka_unit_test_setup(test_is_new_though_owed_too_early, set_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
