/*
 * How a user stands, in words: each by the rule of the decision, at the second
 * where it changes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libbwdir/user.h"

#define DAY 86400
#define NOW 1800000000

/* A verified dashboard user whose password is ten days old. */
static struct bwdir_user
usual(void)
{
    struct bwdir_user user = {.standing = {.level = BWDIR_LEVEL_BASIC,
                                           .state = BWDIR_STATE_VERIFIED,
                                           .access = BWDIR_ACCESS_DASHBOARD},
                              .facts = {.sound = true,
                                        .policy = {.max_age = 90 * DAY,
                                                   .expire_warning = 14 * DAY,
                                                   .grace_limit = 18,
                                                   .lockout = 900},
                                        .changed_known = true,
                                        .changed = NOW - 10 * DAY}};

    return user;
}

static struct bwdir_condition
at(struct bwdir_user *user, int64_t when)
{
    struct bwdir_condition condition;

    user->facts.standing = &user->standing;
    bwdir_user_condition(user, when, &condition);
    return condition;
}

static void
test_condition_usual(void **state)
{
    struct bwdir_user user = usual();
    struct bwdir_condition told = at(&user, NOW);

    (void)state;
    assert_int_equal(told.is, BWDIR_IS_ACTIVE | BWDIR_IS_VERIFIED);
    assert_int_equal(told.days_left, 80);
    assert_int_equal(told.expiry, NOW + 80 * DAY);
    assert_int_equal(told.max_age, 90 * DAY);
    assert_int_equal(told.grace_left, 18);
}

/* The last second of the age is good, the warning begins 14 days before. */
static void
test_condition_age(void **state)
{
    struct bwdir_user user = usual();
    const int64_t expiry = NOW + 80 * DAY;

    (void)state;
    assert_false(at(&user, expiry - 14 * DAY - 1).is & BWDIR_IS_EXPIRING);
    assert_true(at(&user, expiry - 14 * DAY).is & BWDIR_IS_EXPIRING);
    assert_int_equal(at(&user, expiry - 14 * DAY).days_left, 14);
    assert_int_equal(at(&user, expiry).days_left, 1);
    assert_true(at(&user, expiry).is & BWDIR_IS_ACTIVE);
    assert_int_equal(at(&user, expiry + 1).is,
                     BWDIR_IS_VERIFIED | BWDIR_IS_EXPIRED);
    assert_int_equal(at(&user, expiry + 1).days_left, 0);
}

/* Only who has the dashboard alone is made to renew. */
static void
test_condition_exempt(void **state)
{
    struct bwdir_user user = usual();

    (void)state;
    for (unsigned access = BWDIR_ACCESS_API; access <= 3; access++) {
        user.standing.access = access;
        assert_int_equal(at(&user, NOW + 1000 * DAY).is,
                         BWDIR_IS_ACTIVE | BWDIR_IS_VERIFIED);
        assert_int_equal(at(&user, NOW + 1000 * DAY).days_left, -1);
    }
}

static void
test_condition_disabled(void **state)
{
    struct bwdir_user user = usual();

    (void)state;
    user.facts.ends = true;
    user.facts.end = NOW;
    assert_int_equal(at(&user, NOW - 1).is,
                     BWDIR_IS_ACTIVE | BWDIR_IS_VERIFIED);
    assert_int_equal(at(&user, NOW).is, BWDIR_IS_VERIFIED | BWDIR_IS_DISABLED);
    user.facts.ends = false;
    user.facts.disabled_for_good = true;
    assert_int_equal(at(&user, NOW).is, BWDIR_IS_VERIFIED | BWDIR_IS_DISABLED);
}

static void
test_condition_locked(void **state)
{
    struct bwdir_user user = usual();

    (void)state;
    user.facts.locked = true;
    user.facts.locked_since = NOW;
    assert_int_equal(at(&user, NOW).is, BWDIR_IS_VERIFIED | BWDIR_IS_LOCKED);
    assert_int_equal(at(&user, NOW).locked_until, NOW + 900);
    assert_int_equal(at(&user, NOW + 900).is,
                     BWDIR_IS_ACTIVE | BWDIR_IS_VERIFIED);
    user.facts.policy.lockout = 0;
    assert_int_equal(at(&user, NOW + 900).is,
                     BWDIR_IS_VERIFIED | BWDIR_IS_LOCKED);
    assert_int_equal(at(&user, NOW + 900).locked_until, 0);
}

static void
test_condition_others(void **state)
{
    struct bwdir_user user = usual();

    (void)state;
    user.facts.reset = true;
    assert_int_equal(at(&user, NOW).is,
                     BWDIR_IS_VERIFIED | BWDIR_IS_TO_CHANGE);
    user = usual();
    user.facts.changed_known = false;
    user.standing.state = BWDIR_STATE_UNVERIFIED;
    assert_int_equal(at(&user, NOW).is,
                     BWDIR_IS_UNVERIFIED | BWDIR_IS_PASSWORDLESS);
    user = usual();
    user.facts.sound = false;
    user.standing.access = 0;
    assert_int_equal(at(&user, NOW).is,
                     BWDIR_IS_VERIFIED | BWDIR_IS_MALFORMED);
    user = usual();
    user.standing.state = BWDIR_STATE_UNVERIFIED;
    user.standing.access = BWDIR_ACCESS_API;
    assert_int_equal(at(&user, NOW).is, BWDIR_IS_UNVERIFIED | BWDIR_IS_ACTIVE);
}

static void
test_condition_names(void **state)
{
    unsigned word;

    (void)state;
    for (unsigned i = 0; i < BWDIR_CONDITION_WORDS; i++) {
        assert_non_null(bwdir_condition_name(1U << i));
        assert_true(
            bwdir_condition_from_name(bwdir_condition_name(1U << i), &word));
        assert_int_equal(word, 1U << i);
    }
    assert_null(bwdir_condition_name(1U << BWDIR_CONDITION_WORDS));
    assert_null(bwdir_condition_name(3));
    assert_false(bwdir_condition_from_name("Active", &word));
    assert_false(bwdir_condition_from_name("", &word));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_condition_usual),
        cmocka_unit_test(test_condition_age),
        cmocka_unit_test(test_condition_exempt),
        cmocka_unit_test(test_condition_disabled),
        cmocka_unit_test(test_condition_locked),
        cmocka_unit_test(test_condition_others),
        cmocka_unit_test(test_condition_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
