/*
 * Plans as LDIF: what an administrator reads before anything is written.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "libbwdir/plan.h"

static void
assert_ldif(struct bwdir_plan *plan, const char *expected)
{
    char *text;

    assert_int_equal(bwdir_plan_ldif(plan, &text), BWDIR_OK);
    assert_string_equal(text, expected);
    free(text);
    bwdir_plan_free(&plan);
    assert_null(plan);
}

static void
test_plan_ldif_all_kinds(void **state)
{
    struct bwdir_secret *secret;
    struct bwdir_plan *plan;

    (void)state;
    assert_int_equal(bwdir_secret_new("Marker-plan-secret", 18, &secret),
                     BWDIR_OK);
    assert_int_equal(bwdir_plan_new("dn:uid=alice", "test", &plan), BWDIR_OK);
    bwdir_plan_delete_if_there(plan, "cn=old,dc=x");
    bwdir_plan_add(plan, "uid=dana,dc=x");
    bwdir_plan_value(plan, DIR_ADD_VALUE, "uid", "dana");
    bwdir_plan_secret(plan, DIR_ADD_VALUE, "userPassword", secret);
    bwdir_plan_modify(plan, "cn=1,dc=x");
    bwdir_plan_value(plan, DIR_ADD_VALUE, "bwAccountAdmin", "uid=dana,dc=x");
    bwdir_plan_value(plan, DIR_REPLACE, "description", "new");
    bwdir_secret_free(&secret);
    assert_ldif(plan, "# who: dn:uid=alice\n"
                      "# why: test\n"
                      "\n"
                      "dn: cn=old,dc=x\n"
                      "changetype: delete\n"
                      "\n"
                      "dn: uid=dana,dc=x\n"
                      "changetype: add\n"
                      "uid: dana\n"
                      "# userPassword: (not shown)\n"
                      "\n"
                      "dn: cn=1,dc=x\n"
                      "changetype: modify\n"
                      "add: bwAccountAdmin\n"
                      "bwAccountAdmin: uid=dana,dc=x\n"
                      "-\n"
                      "replace: description\n"
                      "description: new\n"
                      "-\n");
}

/* RFC 2849: what is not SAFE-STRING goes into base64. */
static void
test_plan_ldif_base64(void **state)
{
    static const struct {
        const char *value, *line;
    } rows[] = {{"plain", "sn: plain\n"},      {"", "sn: \n"},
                {" blank", "sn:: IGJsYW5r\n"}, {"blank ", "sn:: Ymxhbmsg\n"},
                {":x", "sn:: Ong=\n"},         {"<x", "sn:: PHg=\n"},
                {"a\nb", "sn:: YQpi\n"},       {"\xc3\xa4", "sn:: w6Q=\n"}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bwdir_plan *plan;
        char expected[128];

        assert_int_equal(bwdir_plan_new("", "", &plan), BWDIR_OK);
        bwdir_plan_add(plan, "dc=x");
        bwdir_plan_value(plan, DIR_ADD_VALUE, "sn", rows[i].value);
        snprintf(expected, sizeof expected,
                 "# who: \n# why: \n\ndn: dc=x\nchangetype: add\n%s",
                 rows[i].line);
        assert_ldif(plan, expected);
    }
}

static void
test_plan_that_is_not_complete_is_refused(void **state)
{
    struct bwdir_plan *plan;
    char *text;

    (void)state;
    assert_int_equal(bwdir_plan_new("", "", &plan), BWDIR_OK);
    bwdir_plan_add(plan, "dc=x");
    bwdir_plan_value(plan, DIR_ADD_VALUE, "sn", NULL);
    assert_int_equal(bwdir_plan_done(plan), BWDIR_NO_MEMORY);
    assert_int_equal(bwdir_plan_ldif(plan, &text), BWDIR_NO_MEMORY);
    assert_int_equal(bwdir_plan_apply(NULL, plan, NULL), BWDIR_NO_MEMORY);
    bwdir_plan_free(&plan);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan_ldif_all_kinds),
        cmocka_unit_test(test_plan_ldif_base64),
        cmocka_unit_test(test_plan_that_is_not_complete_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
