/*
 * The table status → PAM code, value by value, and what else goes with a
 * verdict.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/verdict.h"
#include "tests/unit/pam_handle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PHASES 5
#define UNAVAIL PAM_AUTHINFO_UNAVAIL

/* Columns: authenticate, authenticate only, account, prove old, change. */
static const struct {
    enum bwdir_status status;
    int codes[PHASES];
} table[] = {
    {BWDIR_OK, {0, 0, 0, 0, 0}},
    {BWDIR_INTERNAL, {UNAVAIL, UNAVAIL, UNAVAIL, UNAVAIL, UNAVAIL}},
    {BWDIR_NO_MEMORY,
     {PAM_BUF_ERR, PAM_BUF_ERR, PAM_BUF_ERR, PAM_BUF_ERR, PAM_BUF_ERR}},
    {BWDIR_CONFIG,
     {PAM_SERVICE_ERR, PAM_SERVICE_ERR, PAM_SERVICE_ERR, PAM_SERVICE_ERR,
      PAM_SERVICE_ERR}},
    {BWDIR_UNAVAILABLE, {UNAVAIL, UNAVAIL, UNAVAIL, UNAVAIL, UNAVAIL}},
    {BWDIR_BAD_VALUE, {UNAVAIL, UNAVAIL, UNAVAIL, UNAVAIL, PAM_AUTHTOK_ERR}},
    {BWDIR_NO_SUCH_USER,
     {PAM_USER_UNKNOWN, PAM_USER_UNKNOWN, PAM_USER_UNKNOWN, PAM_USER_UNKNOWN,
      PAM_USER_UNKNOWN}},
    {BWDIR_NOT_FOUND, {UNAVAIL, UNAVAIL, UNAVAIL, UNAVAIL, UNAVAIL}},
    {BWDIR_EXISTS, {UNAVAIL, UNAVAIL, UNAVAIL, UNAVAIL, UNAVAIL}},
    {BWDIR_NOT_PERMITTED, {UNAVAIL, UNAVAIL, UNAVAIL, UNAVAIL, UNAVAIL}},
    {BWDIR_MALFORMED,
     {PAM_PERM_DENIED, PAM_PERM_DENIED, PAM_PERM_DENIED, PAM_PERM_DENIED,
      PAM_PERM_DENIED}},
    {BWDIR_BAD_CREDENTIALS,
     {PAM_AUTH_ERR, PAM_AUTH_ERR, PAM_AUTH_ERR, PAM_AUTH_ERR, PAM_AUTH_ERR}},
    {BWDIR_REFUSED, {UNAVAIL, UNAVAIL, UNAVAIL, UNAVAIL, PAM_AUTHTOK_ERR}},
    {BWDIR_DISABLED,
     {PAM_AUTH_ERR, PAM_AUTH_ERR, PAM_ACCT_EXPIRED, PAM_AUTH_ERR,
      PAM_AUTH_ERR}},
    {BWDIR_NOT_ALLOWED,
     {PAM_PERM_DENIED, PAM_PERM_DENIED, PAM_PERM_DENIED, PAM_PERM_DENIED,
      PAM_PERM_DENIED}},
    {BWDIR_UNVERIFIED,
     {PAM_PERM_DENIED, PAM_PERM_DENIED, PAM_PERM_DENIED, PAM_PERM_DENIED,
      PAM_PERM_DENIED}},
    {BWDIR_EXPIRED,
     {PAM_AUTHTOK_EXPIRED, PAM_AUTHTOK_EXPIRED, PAM_AUTHTOK_EXPIRED,
      PAM_AUTHTOK_EXPIRED, PAM_AUTHTOK_EXPIRED}},
    {BWDIR_MUST_CHANGE,
     {0, PAM_AUTHTOK_EXPIRED, PAM_NEW_AUTHTOK_REQD, 0, PAM_AUTHTOK_ERR}},
    {BWDIR_NEED_PASSWORD, {UNAVAIL, UNAVAIL, UNAVAIL, UNAVAIL, UNAVAIL}},
};

static void
test_verdict_code_value_by_value(void **state)
{
    const size_t rows = sizeof(table) / sizeof(table[0]);

    (void)state;
    assert_int_equal(rows, BWDIR_STATUS_LAST + 1);
    for (size_t i = 0; i < rows; i++) {
        assert_int_equal(table[i].status, i);
        for (unsigned phase = 0; phase < PHASES; phase++)
            assert_int_equal(
                pambw_code((enum pambw_phase)phase, table[i].status),
                table[i].codes[phase]);
    }
}

static void
test_verdict_code_unknown_status_refuses(void **state)
{
    (void)state;
    for (unsigned phase = 0; phase < PHASES; phase++)
        for (unsigned status = BWDIR_STATUS_LAST + 1; status < 300; status++)
            assert_int_equal(
                pambw_code((enum pambw_phase)phase, (enum bwdir_status)status),
                PAM_AUTHINFO_UNAVAIL);
}

static void
test_verdict_code_never_ignores(void **state)
{
    (void)state;
    for (unsigned phase = 0; phase < PHASES; phase++)
        for (unsigned status = 0; status < 300; status++)
            assert_int_not_equal(
                pambw_code((enum pambw_phase)phase, (enum bwdir_status)status),
                PAM_IGNORE);
}

static void
test_verdict_authenticating(void **state)
{
    struct pambw call = {.options = {.access = BW_WIRE_DASHBOARD}};

    (void)state;
    assert_int_equal(pambw_verdict_authenticating(&call), PAMBW_AUTHENTICATE);
    call.options.one_phase = true;
    assert_int_equal(pambw_verdict_authenticating(&call),
                     PAMBW_AUTHENTICATE_ONLY);
    call.options.one_phase = false;
    call.options.access = BW_WIRE_API;
    assert_int_equal(pambw_verdict_authenticating(&call),
                     PAMBW_AUTHENTICATE_ONLY);
    call.options.access = BW_WIRE_UNSAID;
    assert_int_equal(pambw_verdict_authenticating(&call), PAMBW_AUTHENTICATE);
    call.told = BW_WIRE_API;
    assert_int_equal(pambw_verdict_authenticating(&call),
                     PAMBW_AUTHENTICATE_ONLY);
    call.options.access = BW_WIRE_DASHBOARD;
    assert_int_equal(pambw_verdict_authenticating(&call), PAMBW_AUTHENTICATE);
}

static void
test_pam_code_names(void **state)
{
    (void)state;
    for (unsigned phase = 0; phase < PHASES; phase++)
        for (unsigned status = 0; status < 300; status++)
            assert_non_null(pambw_code_name(pambw_code(
                (enum pambw_phase)phase, (enum bwdir_status)status)));
    assert_null(pambw_code_name(PAM_IGNORE));
}

static struct pambw_text
text(const char *bytes)
{
    return (struct pambw_text){bytes, bytes == NULL ? 0 : strlen(bytes)};
}

static void
test_verdict_environment_set_and_taken_away(void **state)
{
    struct pambw_answer answer = {.level = text("basic"),
                                  .roles = text(""),
                                  .accounts = text("5500001,5500002"),
                                  .access = text(NULL)};
    struct pambw call = {0};
    struct test_pam pam;

    (void)state;
    test_pam_start(&pam, "auth required pam_deny.so\n", "dana", "");
    call.handle = pam.handle;
    assert_int_equal(pambw_verdict_environment(&call, &answer), PAM_SUCCESS);
    assert_string_equal(pam_getenv(pam.handle, "BWDIR_LEVEL"), "basic");
    assert_string_equal(pam_getenv(pam.handle, "BWDIR_ROLES"), "");
    assert_string_equal(pam_getenv(pam.handle, "BWDIR_ACCOUNTS"),
                        "5500001,5500002");
    assert_null(pam_getenv(pam.handle, "BWDIR_ACCESS"));
    assert_int_equal(pambw_verdict_environment(&call, NULL), PAM_SUCCESS);
    assert_null(pam_getenv(pam.handle, "BWDIR_LEVEL"));
    assert_null(pam_getenv(pam.handle, "BWDIR_ROLES"));
    test_pam_end(&pam);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdict_code_value_by_value),
        cmocka_unit_test(test_verdict_code_unknown_status_refuses),
        cmocka_unit_test(test_verdict_code_never_ignores),
        cmocka_unit_test(test_verdict_authenticating),
        cmocka_unit_test(test_pam_code_names),
        cmocka_unit_test(test_verdict_environment_set_and_taken_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
