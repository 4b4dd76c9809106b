/*
 * What plans that were printed would have changed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "libbwdir/directory.h"
#include "libbwdir/plan.h"
#include "libbwdir/strlist.h"
#include "libbwdir/supposed.h"

#define NOW INT64_C(1800000000) /* 2027-01-15 08:00 UTC */
#define PAST "20270115075959Z"
#define FUTURE "20270115080001Z"

#define ACCOUNT "cn=1,ou=accounts,dc=x"
#define ALICE "uid=alice,ou=people,dc=x"
#define DANA "uid=dana,ou=people,dc=x"

static char base[] = "dc=x";
static struct bwdir_directory directory;

static int
setup(void **state)
{
    (void)state;
    directory = (struct bwdir_directory){.base = base};
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    bwdir_supposed_free(&directory.supposed);
    return directory.supposed == NULL ? 0 : 1;
}

static void
suppose_plan(struct bwdir_plan *plan)
{
    assert_int_equal(bwdir_plan_done(plan), BWDIR_OK);
    assert_int_equal(bwdir_plan_suppose(&directory, plan), BWDIR_OK);
    bwdir_plan_free(&plan);
}

static struct bwdir_plan *
new_plan(void)
{
    const struct bwdir_purpose purpose = {"dn:uid=x", "-", "test"};
    struct bwdir_plan *plan;

    assert_int_equal(bwdir_plan_new(purpose, &plan), BWDIR_OK);
    return plan;
}

/* A plan with one change; VALUE NULL removes them all. */
static void
suppose(const char *dn, enum dir_change_kind kind, const char *attribute,
        const char *value)
{
    struct bwdir_plan *plan = new_plan();

    bwdir_plan_modify(plan, dn);
    if (value == NULL)
        bwdir_plan_remove(plan, attribute);
    else
        bwdir_plan_value(plan, kind, attribute, value);
    suppose_plan(plan);
}

/* The admins of account 1, who are alice and bob as it stands. */
static void
assert_admins(const char *const *expected)
{
    char **names = NULL;
    size_t count = 0;

    assert_true(bwdir_strings_add(&names, "alice"));
    assert_true(bwdir_strings_add(&names, "bob"));
    assert_true(bwdir_supposed_admins(&directory, "1", &names));
    for (; expected[count] != NULL; count++) {
        assert_non_null(names[count]);
        assert_string_equal(names[count], expected[count]);
    }
    assert_null(names[count]);
    bwdir_strings_free(&names);
}

static void
test_admins_are_as_they_stand(void **state)
{
    (void)state;
    assert_admins((const char *const[]){"alice", "bob", NULL});
}

static void
test_admins_of_several_plans(void **state)
{
    (void)state;
    suppose(ACCOUNT, DIR_DELETE_VALUE, "bwAccountAdmin", ALICE);
    assert_admins((const char *const[]){"bob", NULL});
    suppose(ACCOUNT, DIR_ADD_VALUE, "bwAccountAdmin", DANA);
    assert_admins((const char *const[]){"bob", "dana", NULL});
    suppose(ACCOUNT, DIR_ADD_VALUE, "bwAccountAdmin", ALICE);
    assert_admins((const char *const[]){"bob", "dana", "alice", NULL});
    suppose(ACCOUNT, DIR_DELETE_VALUE, "bwAccountAdmin", DANA);
    assert_admins((const char *const[]){"bob", "alice", NULL});
}

/* Who is added twice is there once. */
static void
test_admins_are_named_once(void **state)
{
    (void)state;
    suppose(ACCOUNT, DIR_ADD_VALUE, "bwAccountAdmin", ALICE);
    assert_admins((const char *const[]){"bob", "alice", NULL});
}

/* RFC 4514, RFC 4517: other spellings of the same names. */
static void
test_admins_by_names_spelt_otherwise(void **state)
{
    (void)state;
    suppose("CN=1, OU=Accounts, DC=X", DIR_DELETE_VALUE, "BWACCOUNTADMIN",
            "UID=alice, OU=People, dc=x");
    assert_admins((const char *const[]){"bob", NULL});
}

static void
test_admins_of_other_things(void **state)
{
    (void)state;
    suppose("cn=2,ou=accounts,dc=x", DIR_DELETE_VALUE, "bwAccountAdmin",
            ALICE);
    suppose(ACCOUNT, DIR_DELETE_VALUE, "bwProduct", "inbound");
    suppose(ACCOUNT, DIR_ADD_VALUE, "bwAccountAdmin", "uid=eve,ou=x,dc=x");
    assert_admins((const char *const[]){"alice", "bob", NULL});
}

/* Whether alice would act, who does or does not as it stands. */
static void
assert_acts(bool does, bool would)
{
    assert_int_equal(bwdir_supposed_acts(&directory, ALICE, NOW, does), would);
}

static void
test_acts_as_he_stands(void **state)
{
    (void)state;
    assert_acts(true, true);
    assert_acts(false, false);
    suppose(DANA, DIR_REPLACE, "pwdEndTime", PAST);
    suppose(ALICE, DIR_REPLACE, "sn", PAST);
    assert_acts(true, true);
    assert_acts(false, false);
}

static void
test_acts_until_an_end(void **state)
{
    (void)state;
    suppose(ALICE, DIR_REPLACE, "pwdEndTime", FUTURE);
    assert_acts(true, true);
    assert_acts(false, true);
    suppose(ALICE, DIR_REPLACE, "pwdEndTime", PAST);
    assert_acts(true, false);
    suppose(ALICE, DIR_DELETE_VALUE, "pwdEndTime", NULL);
    assert_acts(false, true);
    suppose(ALICE, DIR_ADD_VALUE, "pwdEndTime", "no time");
    assert_acts(true, false);
}

static void
test_acts_not_when_gone(void **state)
{
    struct bwdir_plan *plan = new_plan();

    (void)state;
    bwdir_plan_delete(plan, ALICE);
    suppose_plan(plan);
    assert_acts(true, false);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_admins_are_as_they_stand, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_admins_of_several_plans, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_admins_are_named_once, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_admins_by_names_spelt_otherwise,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_admins_of_other_things, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_acts_as_he_stands, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_acts_until_an_end, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_acts_not_when_gone, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
