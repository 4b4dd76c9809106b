/*
 * The kind of a service, from what is said and what is listed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libbwdir/service.h"

#define D BWDIR_ACCESS_DASHBOARD
#define A BWDIR_ACCESS_API

static const struct {
    unsigned said, listed, kind;
    bool conflict;
} table[] = {
    {0, 0, D, false}, {0, D, D, false}, {0, A, A, false}, {0, D | A, D, true},
    {D, 0, D, false}, {D, D, D, false}, {D, A, D, true},  {D, D | A, D, true},
    {A, 0, A, false}, {A, D, A, true},  {A, A, A, false}, {A, D | A, A, true},
};

static void
test_service_kind_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_int_equal(
            bwdir_service_kind((enum bwdir_access_kind)table[i].said,
                               table[i].listed),
            table[i].kind);
        assert_int_equal(
            bwdir_service_in_conflict(table[i].said, table[i].listed),
            table[i].conflict);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_service_kind_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
