/*
 * Status to exit code, value by value.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/cli/exit_code.h"

static void
test_exit_code_table(void **state)
{
    static const int wanted[] = {
        [BWDIR_OK] = 0,
        [BWDIR_INTERNAL] = 70,
        [BWDIR_NO_MEMORY] = 71,
        [BWDIR_CONFIG] = 78,
        [BWDIR_UNAVAILABLE] = 69,
        [BWDIR_BAD_VALUE] = 65,
        [BWDIR_NO_SUCH_USER] = 67,
        [BWDIR_NOT_FOUND] = 77,
        [BWDIR_EXISTS] = 73,
        [BWDIR_NOT_PERMITTED] = 77,
        [BWDIR_MALFORMED] = 65,
        [BWDIR_BAD_CREDENTIALS] = 77,
        [BWDIR_REFUSED] = 65,
        [BWDIR_DISABLED] = 77,
        [BWDIR_NOT_ALLOWED] = 77,
        [BWDIR_UNVERIFIED] = 77,
        [BWDIR_EXPIRED] = 77,
        [BWDIR_MUST_CHANGE] = 77,
        [BWDIR_NEED_PASSWORD] = 65,
    };

    (void)state;
    assert_int_equal(sizeof wanted / sizeof wanted[0], BWDIR_STATUS_LAST + 1);
    for (int i = 0; i <= BWDIR_STATUS_LAST; i++)
        assert_int_equal(cli_exit_code((enum bwdir_status)i), wanted[i]);
}

static void
test_exit_code_unknown_status(void **state)
{
    (void)state;
    assert_int_equal(cli_exit_code((enum bwdir_status)(BWDIR_STATUS_LAST + 1)),
                     70);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exit_code_table),
        cmocka_unit_test(test_exit_code_unknown_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
