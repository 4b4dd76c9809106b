/*
 * Mapping of a user's entry: what is missing, doubled or malformed is
 * refused, never guessed at (fault_050, fault_060).
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

#include "libbwdir/access.h"
#include "libbwdir/dir/entry_impl.h"
#include "libbwdir/standing.h"

#define BASE "dc=example,dc=com"
#define VALUES_MAX 3

struct attribute {
    const char *name;
    const char *values[VALUES_MAX];
};

static const struct attribute whole[] = {
    {"uid", {"dana"}},
    {"bwAdministrationLevel", {"basic"}},
    {"bwVerificationState", {"verified"}},
    {"bwRole",
     {"cn=ordering,ou=roles," BASE,
      "cn=porting, OU=Roles, DC=example,dc=com"}},
    {"bwAccount", {"cn=5500001,ou=accounts," BASE}},
    {"pwdPolicySubentry", {"cn=dashboard-api,ou=access," BASE}},
};
#define WHOLE (sizeof whole / sizeof *whole)

static void
add(struct dir_entry *entry, const struct attribute *attribute)
{
    size_t count = 0;

    while (count < VALUES_MAX && attribute->values[count] != NULL)
        count++;
    if (count == 0)
        return;
    assert_int_equal(dir_entry_add_attribute(entry, attribute->name, count),
                     BWDIR_OK);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(dir_entry_add_value(entry, attribute->values[i],
                                             strlen(attribute->values[i])),
                         BWDIR_OK);
}

/* The whole entry, one attribute replaced by CHANGED. */
static enum bwdir_status
map_changed(const struct attribute *changed, struct bwdir_standing *standing)
{
    struct dir_entry *entry = dir_entry_new("uid=dana,ou=people," BASE);
    enum bwdir_status status;

    assert_non_null(entry);
    for (size_t i = 0; i < WHOLE; i++)
        if (changed == NULL || strcmp(changed->name, whole[i].name) != 0)
            add(entry, &whole[i]);
    if (changed != NULL)
        add(entry, changed);
    status = bwdir_standing_map(entry, BASE, standing, NULL);
    dir_entry_free(&entry);
    return status;
}

static void
test_standing_map_whole(void **state)
{
    struct bwdir_standing standing;

    (void)state;
    assert_int_equal(map_changed(NULL, &standing), BWDIR_OK);
    assert_string_equal(standing.name, "dana");
    assert_string_equal(standing.dn, "uid=dana,ou=people," BASE);
    assert_int_equal(standing.level, BWDIR_LEVEL_BASIC);
    assert_int_equal(standing.state, BWDIR_STATE_VERIFIED);
    assert_int_equal(standing.access,
                     BWDIR_ACCESS_DASHBOARD | BWDIR_ACCESS_API);
    assert_string_equal(standing.roles[0], "ordering");
    assert_string_equal(standing.roles[1], "porting");
    assert_null(standing.roles[2]);
    assert_string_equal(standing.accounts[0], "5500001");
    assert_null(standing.accounts[1]);
    bwdir_standing_clear(&standing);
}

static void
test_standing_map_refusals(void **state)
{
    static const struct attribute rows[] = {
        {"uid", {NULL}},
        {"uid", {"dana", "eve"}},
        {"bwAdministrationLevel", {NULL}},
        {"bwAdministrationLevel", {"basic", "admin"}},
        {"bwAdministrationLevel", {"root"}},
        {"bwAdministrationLevel", {""}},
        {"bwVerificationState", {NULL}},
        {"bwVerificationState", {"verified", "unverified"}},
        {"bwVerificationState", {"yes"}},
        {"bwRole", {"ordering"}},
        {"bwRole", {"cn=ordering,ou=people," BASE}},
        {"bwRole", {"cn=x,cn=ordering,ou=roles," BASE}},
        {"bwRole", {"uid=ordering,ou=roles," BASE}},
        {"bwAccount", {"cn=5500001,ou=accounts,dc=evil"}},
        {"pwdPolicySubentry",
         {"cn=api,ou=access," BASE, "cn=dashboard,ou=access," BASE}},
    };
    struct bwdir_standing standing;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (map_changed(&rows[i], &standing) != BWDIR_MALFORMED)
            fail_msg("row %zu: %s", i, rows[i].name);
        bwdir_standing_clear(&standing);
    }
}

static void
test_standing_map_access(void **state)
{
    static const struct {
        const char *dn;
        unsigned access;
    } rows[] = {
        {NULL, BWDIR_ACCESS_DASHBOARD},
        {"cn=dashboard,ou=access," BASE, BWDIR_ACCESS_DASHBOARD},
        {"cn=api,ou=access," BASE, BWDIR_ACCESS_API},
        {"CN=api, OU=access, DC=example, DC=com", BWDIR_ACCESS_API},
        {"cn=service,ou=access," BASE, 0},
        {"cn=gone,ou=access," BASE, 0},
        {"cn=dashboard,ou=other," BASE, 0},
        {"garbage", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct attribute changed = {"pwdPolicySubentry", {rows[i].dn}};
        struct bwdir_standing standing;

        assert_int_equal(map_changed(&changed, &standing), BWDIR_OK);
        assert_int_equal(standing.access, rows[i].access);
        bwdir_standing_clear(&standing);
    }
}

static void
test_standing_map_no_roles_no_accounts(void **state)
{
    static const struct attribute no_roles = {"bwRole", {NULL}};
    struct bwdir_standing standing;

    (void)state;
    assert_int_equal(map_changed(&no_roles, &standing), BWDIR_OK);
    assert_non_null(standing.roles);
    assert_null(standing.roles[0]);
    bwdir_standing_clear(&standing);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_standing_map_whole),
        cmocka_unit_test(test_standing_map_refusals),
        cmocka_unit_test(test_standing_map_access),
        cmocka_unit_test(test_standing_map_no_roles_no_accounts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
