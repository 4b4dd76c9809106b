/*
 * The table of LDAP result codes, value by value, and every number beside it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libbwdir/dir/result.h"

#define GONE BWDIR_UNAVAILABLE

/* The codes by their numbers in RFC 4511 appendix A.1, and what each means;
 * a code that is not here is BWDIR_UNAVAILABLE to every operation. */
static const struct {
    int code;
    enum bwdir_status bind;
    enum bwdir_status search;
    enum bwdir_status write;
} rows[] = {
    {0, BWDIR_OK, BWDIR_OK, BWDIR_OK},
    {7, BWDIR_CONFIG, GONE, GONE},
    {8, BWDIR_CONFIG, BWDIR_CONFIG, BWDIR_CONFIG},
    {13, BWDIR_CONFIG, BWDIR_CONFIG, BWDIR_CONFIG},
    {16, GONE, GONE, BWDIR_NOT_FOUND},
    {17, GONE, GONE, BWDIR_BAD_VALUE},
    {18, GONE, GONE, BWDIR_BAD_VALUE},
    {19, BWDIR_BAD_CREDENTIALS, GONE, BWDIR_BAD_VALUE},
    {20, GONE, GONE, BWDIR_BAD_VALUE},
    {21, GONE, GONE, BWDIR_BAD_VALUE},
    {32, BWDIR_BAD_CREDENTIALS, BWDIR_NOT_FOUND, BWDIR_NOT_FOUND},
    {34, BWDIR_BAD_CREDENTIALS, GONE, BWDIR_BAD_VALUE},
    {48, BWDIR_BAD_CREDENTIALS, GONE, GONE},
    {49, BWDIR_BAD_CREDENTIALS, GONE, BWDIR_BAD_CREDENTIALS},
    {50, GONE, GONE, BWDIR_NOT_PERMITTED},
    {64, GONE, GONE, BWDIR_BAD_VALUE},
    {65, GONE, GONE, BWDIR_BAD_VALUE},
    {66, GONE, GONE, BWDIR_BAD_VALUE},
    {67, GONE, GONE, BWDIR_BAD_VALUE},
    {68, GONE, GONE, BWDIR_EXISTS},
    {69, GONE, GONE, BWDIR_BAD_VALUE},
    {122, GONE, GONE, BWDIR_BAD_VALUE}, /* assertionFailed, RFC 4528 */
};

static enum bwdir_status
expected(int code, enum dir_operation operation)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].code != code)
            continue;
        return operation == DIR_BIND     ? rows[i].bind
               : operation == DIR_SEARCH ? rows[i].search
                                         : rows[i].write;
    }
    return GONE;
}

static void
test_result_status_every_code(void **state)
{
    (void)state;
    for (int code = -100; code <= 5000; code++)
        for (int operation = DIR_BIND; operation <= DIR_WRITE; operation++)
            assert_int_equal(
                dir_result_status(code, (enum dir_operation)operation),
                expected(code, (enum dir_operation)operation));
}

static void
test_result_status_only_zero_succeeds(void **state)
{
    static const int odd[] = {INT32_MIN, -1,      1 << 8,
                              1 << 16,   1 << 24, INT32_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
        assert_int_equal(dir_result_status(odd[i], DIR_BIND), GONE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_result_status_every_code),
        cmocka_unit_test(test_result_status_only_zero_succeeds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
