/*
 * When the verdict changes, to the second, and what the server is foreseen to
 * say.
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

#include "libbwdir/decision.h"

#define NOW INT64_C(1800000000)
#define DAY INT64_C(86400)
#define MAX_AGE (90 * DAY)
#define WARNING (14 * DAY)

static struct bwdir_standing standing;
static struct bwdir_facts facts;
static struct bwdir_service service;

static int
setup(void **state)
{
    (void)state;
    standing = (struct bwdir_standing){.level = BWDIR_LEVEL_BASIC,
                                       .state = BWDIR_STATE_VERIFIED,
                                       .access = BWDIR_ACCESS_DASHBOARD};
    facts = (struct bwdir_facts){.sound = true,
                                 .standing = &standing,
                                 .policy = {.max_age = MAX_AGE,
                                            .expire_warning = WARNING,
                                            .grace_limit = 18,
                                            .lockout = 900},
                                 .changed_known = true,
                                 .changed = NOW - 10 * DAY};
    service = (struct bwdir_service){.access = BWDIR_ACCESS_DASHBOARD};
    return 0;
}

static struct bwdir_verdict
verdict_at(bool with_password, int64_t when)
{
    struct bwdir_proof proof = bwdir_proof_foresee(&facts, when);

    return bwdir_decide(&facts, with_password ? &proof : NULL, &service, when);
}

/* The change is at WHEN to REASON, and the second before is as now. */
static void
assert_next(bool with_password, int64_t now, int64_t when, const char *reason)
{
    struct bwdir_verdict before, today;
    int64_t next = 0;

    assert_true(
        bwdir_decide_next(&facts, with_password, &service, now, &next));
    assert_int_equal(next, when);
    assert_string_equal(verdict_at(with_password, next).reason, reason);
    before = verdict_at(with_password, next - 1);
    today = verdict_at(with_password, now);
    assert_string_equal(before.reason, today.reason);
    assert_int_equal(before.days_left < 0, today.days_left < 0);
}

static void
assert_for_ever(bool with_password, int64_t now)
{
    int64_t next;

    assert_false(
        bwdir_decide_next(&facts, with_password, &service, now, &next));
}

static void
test_next_warning_then_expiry(void **state)
{
    const int64_t warns = facts.changed + MAX_AGE - WARNING;
    const int64_t expires = facts.changed + MAX_AGE + 1;

    (void)state;
    for (int with = 0; with <= 1; with++) {
        assert_next(with, NOW, warns, "ok");
        assert_true(verdict_at(with, warns).days_left == 14);
        assert_next(with, warns, expires, "expired");
        assert_next(with, expires - 1, expires, "expired");
        assert_for_ever(with, expires);
    }
}

static void
test_next_end_of_validity(void **state)
{
    (void)state;
    facts.ends = true;
    facts.end = NOW + DAY;
    assert_next(false, NOW, NOW + DAY, "disabled");
    assert_next(true, NOW, NOW + DAY, "disabled");
    assert_for_ever(false, NOW + DAY);
    facts.end = NOW - DAY;
    assert_for_ever(true, NOW);
}

static void
test_next_change_time_ahead(void **state)
{
    (void)state;
    facts.changed = NOW + 1000;
    assert_next(false, NOW, NOW + 700, "ok");
    assert_next(true, NOW, NOW + 700, "ok");
}

static void
test_next_lock_by_guesses(void **state)
{
    (void)state;
    facts.locked = true;
    facts.locked_since = NOW - 100;
    assert_string_equal(verdict_at(true, NOW).reason, "password");
    assert_next(true, NOW, NOW + 800, "ok");
    assert_string_equal(verdict_at(false, NOW).reason, "ok");
    facts.policy.lockout = 0;
    assert_for_ever(true, NOW);
}

static void
test_next_of_those_who_need_not_renew(void **state)
{
    (void)state;
    standing.access = BWDIR_ACCESS_DASHBOARD | BWDIR_ACCESS_API;
    facts.policy.max_age = 0;
    facts.changed = NOW - 400 * DAY;
    assert_for_ever(false, NOW);
    assert_for_ever(true, NOW);
    service.access = BWDIR_ACCESS_API;
    assert_for_ever(true, NOW);
    standing.access = BWDIR_ACCESS_DASHBOARD;
    facts.policy.max_age = MAX_AGE;
    assert_for_ever(true, NOW); /* refused there for ever */
}

static void
test_next_without_times(void **state)
{
    (void)state;
    facts.changed_known = false;
    assert_for_ever(false, NOW);
    facts.sound = false;
    assert_for_ever(true, NOW);
}

static void
test_next_survives_absurd_numbers(void **state)
{
    (void)state;
    facts.policy.max_age = INT64_MAX;
    facts.policy.lockout = INT64_MAX;
    facts.locked = true;
    facts.locked_since = NOW;
    facts.ends = true;
    facts.end = INT64_MAX;
    assert_for_ever(true, NOW);
    assert_for_ever(false, NOW);
}

static void
test_foresee_grace(void **state)
{
    (void)state;
    facts.changed = NOW - 91 * DAY;
    assert_string_equal(verdict_at(true, NOW).reason, "expired");
    facts.grace_used = 18;
    assert_true(bwdir_proof_foresee(&facts, NOW).expired);
    assert_int_equal(verdict_at(true, NOW).status, BWDIR_EXPIRED);
    assert_int_equal(verdict_at(false, NOW).status, BWDIR_EXPIRED);
    facts.reset = true; /* the server does not look at the age then */
    assert_false(bwdir_proof_foresee(&facts, NOW).expired);
    assert_string_equal(verdict_at(true, NOW).reason, "reset");
}

/* Every rule is looked at, in order, up to the one that decides. */
static void
test_trace_order(void **state)
{
    struct bwdir_trace trace;
    struct bwdir_proof proof = bwdir_proof_foresee(&facts, NOW);

    (void)state;
    bwdir_decide_traced(&facts, &proof, &service, NOW, &trace);
    assert_int_equal(trace.count, BWDIR_RULES);
    for (size_t i = 0; i < trace.count; i++) {
        assert_int_equal(trace.steps[i].rule, i);
        assert_null(trace.steps[i].reason);
    }
    standing.state = BWDIR_STATE_UNVERIFIED;
    bwdir_decide_traced(&facts, NULL, &service, NOW, &trace);
    assert_int_equal(trace.count, BWDIR_RULE_VERIFIED);
    assert_int_equal(trace.steps[trace.count - 1].rule, BWDIR_RULE_VERIFIED);
    assert_string_equal(trace.steps[trace.count - 1].reason, "unverified");
    service.access = BWDIR_ACCESS_API;
    bwdir_decide_traced(&facts, &proof, &service, NOW, &trace);
    assert_string_equal(trace.steps[trace.count - 1].reason, "access-method");
    assert_int_equal(trace.steps[trace.count - 1].rule, BWDIR_RULE_ACCESS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_next_warning_then_expiry, setup),
        cmocka_unit_test_setup(test_next_end_of_validity, setup),
        cmocka_unit_test_setup(test_next_change_time_ahead, setup),
        cmocka_unit_test_setup(test_next_lock_by_guesses, setup),
        cmocka_unit_test_setup(test_next_of_those_who_need_not_renew, setup),
        cmocka_unit_test_setup(test_next_without_times, setup),
        cmocka_unit_test_setup(test_next_survives_absurd_numbers, setup),
        cmocka_unit_test_setup(test_foresee_grace, setup),
        cmocka_unit_test_setup(test_trace_order, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
