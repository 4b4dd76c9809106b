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

static const struct bwdir_purpose purpose = {"dn:uid=alice", "ticket 7",
                                             "test"};

/* The comment is what the log says of it too. */
static void
assert_ldif(struct bwdir_plan *plan, const char *entry, const char *expected)
{
    char comments[128];
    char *text;

    snprintf(comments, sizeof comments,
             "# event=plan what=test entry=%s who=dn:uid=alice "
             "why=\"ticket 7\"\n\n",
             entry);
    assert_int_equal(bwdir_plan_ldif(plan, &text), BWDIR_OK);
    assert_memory_equal(text, comments, strlen(comments));
    assert_string_equal(text + strlen(comments), expected);
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
    assert_int_equal(bwdir_plan_new(purpose, &plan), BWDIR_OK);
    bwdir_plan_delete_if_there(plan, "cn=old,dc=x");
    bwdir_plan_add(plan, "uid=dana,dc=x");
    bwdir_plan_value(plan, DIR_ADD_VALUE, "uid", "dana");
    bwdir_plan_secret(plan, DIR_ADD_VALUE, "userPassword", secret);
    bwdir_plan_modify(plan, "cn=1,dc=x");
    bwdir_plan_value(plan, DIR_ADD_VALUE, "bwAccountAdmin", "uid=dana,dc=x");
    bwdir_plan_value(plan, DIR_REPLACE, "description", "new");
    bwdir_secret_free(&secret);
    assert_ldif(plan, "cn=old,dc=x",
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

        assert_int_equal(bwdir_plan_new(purpose, &plan), BWDIR_OK);
        bwdir_plan_add(plan, "dc=x");
        bwdir_plan_value(plan, DIR_ADD_VALUE, "sn", rows[i].value);
        snprintf(expected, sizeof expected, "dn: dc=x\nchangetype: add\n%s",
                 rows[i].line);
        assert_ldif(plan, "dc=x", expected);
    }
}

static void
test_plan_that_is_not_complete_is_refused(void **state)
{
    struct bwdir_plan *plan;
    char *text;

    (void)state;
    assert_int_equal(bwdir_plan_new(purpose, &plan), BWDIR_OK);
    bwdir_plan_add(plan, "dc=x");
    bwdir_plan_value(plan, DIR_ADD_VALUE, "sn", NULL);
    assert_int_equal(bwdir_plan_done(plan), BWDIR_NO_MEMORY);
    assert_int_equal(bwdir_plan_ldif(plan, &text), BWDIR_NO_MEMORY);
    assert_int_equal(bwdir_plan_apply(NULL, plan, NULL), BWDIR_NO_MEMORY);
    bwdir_plan_free(&plan);
}

static void
assert_line(const struct bwdir_outcome *outcome, const char *expected)
{
    struct bwdir_line line;

    bwdir_line_start(&line);
    bwdir_outcome_line(outcome, &line);
    bwdir_outcome_changes(outcome, &line);
    assert_string_equal(line.text, expected);
}

static void
test_outcome_line_shows_rights_and_nothing_else(void **state)
{
    struct bwdir_secret *secret;
    struct bwdir_plan *plan;
    struct bwdir_outcome outcome = {.reason = "", .done = 2, .ms = 17};

    (void)state;
    assert_int_equal(bwdir_secret_new("Marker-plan-secret", 18, &secret),
                     BWDIR_OK);
    assert_int_equal(bwdir_plan_new(purpose, &plan), BWDIR_OK);
    bwdir_plan_add(plan, "uid=dana,dc=x");
    bwdir_plan_value(plan, DIR_ADD_VALUE, "mail", "dana@example.com");
    bwdir_plan_value(plan, DIR_ADD_VALUE, "bwRole", "cn=ordering,dc=x");
    bwdir_plan_secret(plan, DIR_ADD_VALUE, "userPassword", secret);
    bwdir_plan_modify(plan, "cn=1,dc=x");
    bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwAccountAdmin",
                     "uid=dana,dc=x");
    bwdir_plan_delete_if_there(plan, "cn=old,dc=x");
    bwdir_secret_free(&secret);
    outcome.plan = plan;
    assert_line(&outcome,
                "event=plan what=test entry=uid=dana,dc=x who=dn:uid=alice "
                "why=\"ticket 7\" steps=2/3 status=ok reason=- ms=17 "
                "changes=\"add uid=dana,dc=x mail bwRole=cn=ordering "
                "userPassword; modify cn=1,dc=x delete "
                "bwAccountAdmin=uid=dana; delete cn=old,dc=x\"");
    bwdir_plan_free(&plan);
}

static void
test_outcome_line_escapes_and_tells_what_was_undone(void **state)
{
    const struct bwdir_purpose odd = {"dn:uid=a\nb", "x\" status=ok\n",
                                      "test"};
    struct bwdir_plan *plan;
    struct bwdir_outcome outcome = {.status = BWDIR_NOT_PERMITTED,
                                    .reason = "\"no\"",
                                    .done = 1,
                                    .undone = 1};

    (void)state;
    assert_int_equal(bwdir_plan_new(odd, &plan), BWDIR_OK);
    outcome.plan = plan;
    assert_line(&outcome,
                "event=plan what=test entry=- who=\"dn:uid=a\\x0ab\" "
                "why=\"x\\x22 status=ok\\x0a\" steps=1/0 undone=1 "
                "status=not-permitted reason=\"\\x22no\\x22\" ms=0 "
                "changes=\"\"");
    bwdir_plan_free(&plan);
}

/* Values that follow each other are one change, as they are sent. */
static void
test_plan_ldif_values_together(void **state)
{
    struct bwdir_plan *plan;

    (void)state;
    assert_int_equal(bwdir_plan_new(purpose, &plan), BWDIR_OK);
    bwdir_plan_modify(plan, "cn=1,dc=x");
    bwdir_plan_value(plan, DIR_REPLACE, "olcAccess", "a");
    bwdir_plan_value(plan, DIR_REPLACE, "OLCACCESS", "b");
    bwdir_plan_value(plan, DIR_ADD_VALUE, "olcLimits", "c");
    bwdir_plan_value(plan, DIR_DELETE_VALUE, "olcLimits", "d");
    assert_ldif(plan, "cn=1,dc=x",
                "dn: cn=1,dc=x\n"
                "changetype: modify\n"
                "replace: olcAccess\n"
                "olcAccess: a\n"
                "OLCACCESS: b\n"
                "-\n"
                "add: olcLimits\n"
                "olcLimits: c\n"
                "-\n"
                "delete: olcLimits\n"
                "olcLimits: d\n"
                "-\n");
}

/* More values than a user has: an access rule is one. */
static void
test_plan_many_values(void **state)
{
    struct bwdir_plan *plan;
    const char *at;
    char *text;
    int lines = 0;

    (void)state;
    assert_int_equal(bwdir_plan_new(purpose, &plan), BWDIR_OK);
    bwdir_plan_modify(plan, "cn=1,dc=x");
    for (int i = 0; i < 200; i++)
        bwdir_plan_value(plan, DIR_REPLACE, "olcAccess", "to * by * none");
    assert_int_equal(bwdir_plan_ldif(plan, &text), BWDIR_OK);
    for (at = text; (at = strstr(at, "olcAccess: to")) != NULL; at++)
        lines++;
    assert_int_equal(lines, 200);
    free(text);
    bwdir_plan_free(&plan);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan_ldif_all_kinds),
        cmocka_unit_test(test_plan_ldif_base64),
        cmocka_unit_test(test_plan_that_is_not_complete_is_refused),
        cmocka_unit_test(test_outcome_line_shows_rights_and_nothing_else),
        cmocka_unit_test(test_outcome_line_escapes_and_tells_what_was_undone),
        cmocka_unit_test(test_plan_ldif_values_together),
        cmocka_unit_test(test_plan_many_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
