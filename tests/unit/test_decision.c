/*
 * The decision, row by row of DESIGN's table, and at the edges of its times.
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

static char *roles[] = {(char[]){"ordering"}, (char[]){"reporting"}, NULL};
static char *accounts[] = {(char[]){"5500001"}, NULL};

/* A verified dashboard user with a ten-day-old password. */
static struct bwdir_standing standing;
static struct bwdir_facts facts;
static const struct bwdir_proof right = {.proven = true, .seconds_left = -1};
static const struct bwdir_service dashboard = {.access =
                                                   BWDIR_ACCESS_DASHBOARD};
static const struct bwdir_service api = {.access = BWDIR_ACCESS_API};

static int
setup(void **state)
{
    (void)state;
    standing = (struct bwdir_standing){.dn = (char[]){"uid=dana"},
                                       .name = (char[]){"dana"},
                                       .level = BWDIR_LEVEL_BASIC,
                                       .state = BWDIR_STATE_VERIFIED,
                                       .access = BWDIR_ACCESS_DASHBOARD,
                                       .roles = roles,
                                       .accounts = accounts};
    facts = (struct bwdir_facts){.sound = true,
                                 .standing = &standing,
                                 .policy = {MAX_AGE, 14 * DAY, 18, 900},
                                 .changed_known = true,
                                 .changed = NOW - 10 * DAY};
    return 0;
}

static void
assert_verdict(struct bwdir_verdict verdict, enum bwdir_status status,
               const char *reason)
{
    assert_string_equal(verdict.reason, reason);
    assert_int_equal(verdict.status, status);
}

static void
test_decide_method_and_service(void **state)
{
    static const struct {
        unsigned access;
        enum bwdir_status at_dashboard, at_api;
    } rows[] = {
        {BWDIR_ACCESS_DASHBOARD, BWDIR_OK, BWDIR_NOT_ALLOWED},
        {BWDIR_ACCESS_API, BWDIR_NOT_ALLOWED, BWDIR_OK},
        {BWDIR_ACCESS_DASHBOARD | BWDIR_ACCESS_API, BWDIR_OK, BWDIR_OK},
        {0, BWDIR_NOT_ALLOWED, BWDIR_NOT_ALLOWED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        standing.access = rows[i].access;
        assert_int_equal(bwdir_decide(&facts, &right, &dashboard, NOW).status,
                         rows[i].at_dashboard);
        assert_int_equal(bwdir_decide(&facts, NULL, &dashboard, NOW).status,
                         rows[i].at_dashboard);
        assert_int_equal(bwdir_decide(&facts, &right, &api, NOW).status,
                         rows[i].at_api);
        assert_int_equal(bwdir_decide(&facts, NULL, &api, NOW).status,
                         rows[i].at_api);
    }
}

static void
test_decide_unproven_tells_nothing_else(void **state)
{
    const struct bwdir_proof wrong = {.seconds_left = -1};

    (void)state;
    facts.sound = false;
    standing.state = BWDIR_STATE_UNVERIFIED;
    assert_verdict(bwdir_decide(&facts, &wrong, &api, NOW),
                   BWDIR_BAD_CREDENTIALS, "password");
}

static void
test_decide_malformed_entry(void **state)
{
    (void)state;
    facts.sound = false;
    assert_verdict(bwdir_decide(&facts, &right, &dashboard, NOW),
                   BWDIR_NOT_ALLOWED, "malformed-entry");
    assert_verdict(bwdir_decide(&facts, NULL, &api, NOW), BWDIR_NOT_ALLOWED,
                   "malformed-entry");
}

static void
test_decide_disabled(void **state)
{
    (void)state;
    facts.ends = true;
    facts.end = NOW + 1;
    assert_verdict(bwdir_decide(&facts, NULL, &dashboard, NOW), BWDIR_OK,
                   "ok");
    facts.end = NOW;
    assert_verdict(bwdir_decide(&facts, NULL, &dashboard, NOW), BWDIR_DISABLED,
                   "disabled");
    /* Before the method, and never a success although the server let it. */
    assert_verdict(bwdir_decide(&facts, NULL, &api, NOW), BWDIR_DISABLED,
                   "disabled");
    assert_verdict(bwdir_decide(&facts, &right, &dashboard, NOW),
                   BWDIR_BAD_CREDENTIALS, "disabled");
    facts.ends = false;
    facts.disabled_for_good = true;
    assert_verdict(bwdir_decide(&facts, NULL, &dashboard, NOW), BWDIR_DISABLED,
                   "disabled");
}

static void
test_decide_unverified(void **state)
{
    (void)state;
    standing.access = BWDIR_ACCESS_DASHBOARD | BWDIR_ACCESS_API;
    standing.state = BWDIR_STATE_UNVERIFIED;
    assert_verdict(bwdir_decide(&facts, &right, &dashboard, NOW),
                   BWDIR_UNVERIFIED, "unverified");
    assert_verdict(bwdir_decide(&facts, &right, &api, NOW), BWDIR_OK, "ok");
}

/* fault_051: expired iff age > 7,776,000 s. */
static void
test_decide_age_to_the_second(void **state)
{
    static const struct {
        int64_t age;
        enum bwdir_status status;
    } rows[] = {{MAX_AGE - 1, BWDIR_OK},
                {MAX_AGE, BWDIR_OK},
                {MAX_AGE + 1, BWDIR_MUST_CHANGE},
                {400 * DAY, BWDIR_MUST_CHANGE}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        facts.changed = NOW - rows[i].age;
        assert_int_equal(bwdir_decide(&facts, &right, &dashboard, NOW).status,
                         rows[i].status);
        assert_int_equal(bwdir_decide(&facts, NULL, &dashboard, NOW).status,
                         rows[i].status);
    }
}

/* fault_049, fault_050, fault_052 */
static void
test_decide_change_time_not_to_be_trusted(void **state)
{
    (void)state;
    facts.changed = NOW + BWDIR_CLOCK_SKEW;
    assert_verdict(bwdir_decide(&facts, &right, &dashboard, NOW), BWDIR_OK,
                   "ok");
    facts.changed = NOW + BWDIR_CLOCK_SKEW + 1;
    assert_verdict(bwdir_decide(&facts, &right, &dashboard, NOW),
                   BWDIR_MUST_CHANGE, "change-time-ahead");
    facts.changed_known = false;
    assert_verdict(bwdir_decide(&facts, &right, &dashboard, NOW),
                   BWDIR_MUST_CHANGE, "no-change-time");
    assert_verdict(bwdir_decide(&facts, NULL, &dashboard, NOW),
                   BWDIR_MUST_CHANGE, "no-change-time");
    standing.access = BWDIR_ACCESS_DASHBOARD | BWDIR_ACCESS_API;
    assert_verdict(bwdir_decide(&facts, &right, &dashboard, NOW), BWDIR_OK,
                   "ok");
}

/* fault_051, fault_052, fault_056: the same on both sides of what 31, 32 and
 * 63 bits of nanoseconds hold. */
static void
test_decide_far_away(void **state)
{
    static const int64_t times[] = {
        INT64_C(-2147483649), 0,
        INT64_C(2147483647),  INT64_C(2147483648),
        INT64_C(4294967295),  INT64_C(4294967296),
        INT64_C(9223372036),  INT64_C(253402300799)};
    static const struct {
        int64_t age;
        enum bwdir_status status;
    } rows[] = {{-301, BWDIR_MUST_CHANGE},
                {-300, BWDIR_OK},
                {-299, BWDIR_OK},
                {0, BWDIR_OK},
                {MAX_AGE, BWDIR_OK},
                {MAX_AGE + 1, BWDIR_MUST_CHANGE},
                {INT64_C(4294967296), BWDIR_MUST_CHANGE},
                {INT64_C(-4294967296), BWDIR_MUST_CHANGE}};

    (void)state;
    for (size_t t = 0; t < sizeof times / sizeof *times; t++)
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            facts.changed = times[t] - rows[i].age;
            assert_int_equal(
                bwdir_decide(&facts, &right, &dashboard, times[t]).status,
                rows[i].status);
        }
}

static void
test_decide_both_methods_never_age(void **state)
{
    (void)state;
    standing.access = BWDIR_ACCESS_DASHBOARD | BWDIR_ACCESS_API;
    facts.changed = NOW - 4000 * DAY;
    assert_verdict(bwdir_decide(&facts, &right, &dashboard, NOW), BWDIR_OK,
                   "ok");
    assert_int_equal(bwdir_decide(&facts, NULL, &dashboard, NOW).days_left,
                     -1);
}

static void
test_decide_grace(void **state)
{
    struct bwdir_proof proof = right;

    (void)state;
    facts.changed = NOW - 91 * DAY;
    facts.grace_used = 17;
    assert_verdict(bwdir_decide(&facts, NULL, &dashboard, NOW),
                   BWDIR_MUST_CHANGE, "expired");
    facts.grace_used = 18;
    assert_verdict(bwdir_decide(&facts, NULL, &dashboard, NOW), BWDIR_EXPIRED,
                   "grace-used-up");
    /* The last grace login is still one. */
    proof.in_grace = true;
    assert_verdict(bwdir_decide(&facts, &proof, &dashboard, NOW),
                   BWDIR_MUST_CHANGE, "expired");
    proof = (struct bwdir_proof){
        .proven = true, .expired = true, .seconds_left = -1};
    assert_verdict(bwdir_decide(&facts, &proof, &dashboard, NOW),
                   BWDIR_EXPIRED, "grace-used-up");
    assert_verdict(bwdir_decide(&facts, &proof, &api, NOW), BWDIR_NOT_ALLOWED,
                   "access-method");
}

static void
test_decide_server_stricter_than_we(void **state)
{
    struct bwdir_proof proof = right;

    (void)state;
    proof.in_grace = true;
    assert_verdict(bwdir_decide(&facts, &proof, &dashboard, NOW),
                   BWDIR_MUST_CHANGE, "expired");
    proof = right;
    proof.seconds_left = 3 * DAY - 5;
    assert_int_equal(bwdir_decide(&facts, &proof, &dashboard, NOW).days_left,
                     3);
}

/* fault_057 */
static void
test_decide_reset_by_administrator(void **state)
{
    struct bwdir_proof proof = right;

    (void)state;
    proof.change_after_reset = true;
    assert_verdict(bwdir_decide(&facts, &proof, &dashboard, NOW),
                   BWDIR_MUST_CHANGE, "reset");
    facts.reset = true;
    assert_verdict(bwdir_decide(&facts, NULL, &dashboard, NOW),
                   BWDIR_MUST_CHANGE, "reset");
    standing.access = BWDIR_ACCESS_API;
    assert_verdict(bwdir_decide(&facts, &right, &api, NOW), BWDIR_OK, "ok");
}

static void
test_decide_warning_days(void **state)
{
    static const struct {
        int64_t left;
        int days;
    } rows[] = {{14 * DAY + 1, -1},
                {14 * DAY, 14},
                {14 * DAY - 1, 14},
                {13 * DAY, 13},
                {10 * DAY, 10},
                {10 * DAY - 7, 10},
                {DAY + 1, 2},
                {DAY, 1},
                {1, 1},
                {0, 1}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        facts.changed = NOW - MAX_AGE + rows[i].left;
        assert_int_equal(
            bwdir_decide(&facts, &right, &dashboard, NOW).days_left,
            rows[i].days);
        assert_int_equal(bwdir_decide(&facts, NULL, &dashboard, NOW).days_left,
                         rows[i].days);
        assert_int_equal(bwdir_decide(&facts, NULL, &dashboard, NOW).status,
                         BWDIR_OK);
    }
}

static void
test_decide_requirements(void **state)
{
    static const struct {
        const char *role[3], *account[2], *level[2];
        const char *reason;
    } rows[] = {
        {{NULL}, {NULL}, {NULL}, "ok"},
        {{"ordering"}, {"5500001"}, {"basic"}, "ok"},
        {{"porting,reporting"}, {NULL}, {"admin,basic"}, "ok"},
        {{"ordering", "reporting"}, {NULL}, {NULL}, "ok"},
        {{"ordering", "porting"}, {NULL}, {NULL}, "role"},
        {{"order"}, {NULL}, {NULL}, "role"},
        {{"orderings"}, {NULL}, {NULL}, "role"},
        {{""}, {NULL}, {NULL}, "role"},
        {{","}, {NULL}, {NULL}, "role"},
        {{NULL}, {"5500002"}, {NULL}, "account"},
        {{NULL}, {"5500002,5500001"}, {NULL}, "ok"},
        {{NULL}, {NULL}, {"admin"}, "level"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bwdir_service service = {.access = BWDIR_ACCESS_DASHBOARD,
                                        .require_role = rows[i].role,
                                        .require_account = rows[i].account,
                                        .require_level = rows[i].level};
        struct bwdir_verdict verdict =
            bwdir_decide(&facts, &right, &service, NOW);

        assert_string_equal(verdict.reason, rows[i].reason);
        assert_int_equal(verdict.status == BWDIR_OK,
                         strcmp(rows[i].reason, "ok") == 0);
    }
}

static void
test_decide_requirement_without_any_role(void **state)
{
    static char *no_roles[] = {NULL};
    const char *wanted[] = {"ordering", NULL};
    struct bwdir_service service = {.access = BWDIR_ACCESS_DASHBOARD,
                                    .require_role = wanted};

    (void)state;
    standing.roles = no_roles;
    assert_verdict(bwdir_decide(&facts, &right, &service, NOW),
                   BWDIR_NOT_ALLOWED, "role");
}

/* An unset kind of service is the stricter one. */
static void
test_decide_unknown_kind_of_service(void **state)
{
    const struct bwdir_service service = {0};

    (void)state;
    assert_int_equal(bwdir_decide(&facts, &right, &service, NOW).status,
                     BWDIR_NOT_ALLOWED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_decide_method_and_service, setup),
        cmocka_unit_test_setup(test_decide_unproven_tells_nothing_else, setup),
        cmocka_unit_test_setup(test_decide_malformed_entry, setup),
        cmocka_unit_test_setup(test_decide_disabled, setup),
        cmocka_unit_test_setup(test_decide_unverified, setup),
        cmocka_unit_test_setup(test_decide_age_to_the_second, setup),
        cmocka_unit_test_setup(test_decide_change_time_not_to_be_trusted,
                               setup),
        cmocka_unit_test_setup(test_decide_far_away, setup),
        cmocka_unit_test_setup(test_decide_both_methods_never_age, setup),
        cmocka_unit_test_setup(test_decide_grace, setup),
        cmocka_unit_test_setup(test_decide_server_stricter_than_we, setup),
        cmocka_unit_test_setup(test_decide_reset_by_administrator, setup),
        cmocka_unit_test_setup(test_decide_warning_days, setup),
        cmocka_unit_test_setup(test_decide_requirements, setup),
        cmocka_unit_test_setup(test_decide_requirement_without_any_role,
                               setup),
        cmocka_unit_test_setup(test_decide_unknown_kind_of_service, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
