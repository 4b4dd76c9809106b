/*
 * What libpam makes of controls, and what that lets happen in a stack.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/pam/control.h"

static enum pam_action
action(const char *control, const char *result)
{
    size_t jump;

    return pam_control_action(control, result, &jump);
}

static void
test_action_of_words(void **state)
{
    (void)state;
    assert_int_equal(action("required", "success"), PAM_ACTION_OK);
    assert_int_equal(action("required", "perm_denied"), PAM_ACTION_BAD);
    assert_int_equal(action("requisite", "perm_denied"), PAM_ACTION_DIE);
    assert_int_equal(action("sufficient", "success"), PAM_ACTION_DONE);
    assert_int_equal(action("SUFFICIENT", "auth_err"), PAM_ACTION_IGNORE);
    assert_int_equal(action("optional", "acct_expired"), PAM_ACTION_IGNORE);
}

static void
test_action_of_brackets(void **state)
{
    static const char control[] =
        "success=2 new_authtok_reqd=done user_unknown=ignore default=die";
    size_t jump;

    (void)state;
    assert_int_equal(pam_control_action(control, "success", &jump),
                     PAM_ACTION_JUMP);
    assert_int_equal(jump, 2);
    assert_int_equal(action(control, "new_authtok_reqd"), PAM_ACTION_DONE);
    assert_int_equal(action(control, "user_unknown"), PAM_ACTION_IGNORE);
    assert_int_equal(action(control, "perm_denied"), PAM_ACTION_DIE);
    assert_int_equal(action("success=end\tdefault=bad", "success"),
                     PAM_ACTION_BAD);
    assert_int_equal(action("default=ok", "authtok_expired"), PAM_ACTION_OK);
    /* A name that only begins like it is another. */
    assert_int_equal(action("auth_errs=ok default=bad", "auth_err"),
                     PAM_ACTION_BAD);
}

static void
test_action_of_what_cannot_be_read(void **state)
{
    (void)state;
    assert_int_equal(action("", "success"), PAM_ACTION_BAD);
    assert_int_equal(action("sufficent", "success"), PAM_ACTION_BAD);
    assert_int_equal(action("success=0 default=bad", "success"),
                     PAM_ACTION_BAD);
    assert_int_equal(action("success=", "success"), PAM_ACTION_BAD);
    assert_int_equal(action("success", "success"), PAM_ACTION_BAD);
}

/* A stack of two lines before ours and one behind. */
static struct pam_entry entries[4];
static const struct pam_stack stack = {.entries = entries, .count = 4};

static void
set(size_t i, const char *control, const char *module)
{
    entries[i] = (struct pam_entry){.control = (char *)(uintptr_t)control,
                                    .module = (char *)(uintptr_t)module};
}

static void
reset(void)
{
    set(0, "required", "pam_nologin.so");
    set(1, "required", "pam_unix.so");
    set(2, "required", "pam_bw.so");
    set(3, "required", "pam_unix.so");
}

static void
test_skips(void **state)
{
    (void)state;
    reset();
    assert_null(pam_stack_skips(&stack, 2));
    set(1, "sufficient", "pam_unix.so");
    assert_ptr_equal(pam_stack_skips(&stack, 2), &entries[1]);
    set(1, "success=1 default=ignore", "/lib/security/pam_unix.so");
    assert_ptr_equal(pam_stack_skips(&stack, 2), &entries[1]);
    set(1, "success=1 default=ignore", "pam_succeed_if.so");
    assert_null(pam_stack_skips(&stack, 2));
    set(1, "sufficient", "/lib/security/pam_localuser.so");
    assert_null(pam_stack_skips(&stack, 2));
}

static void
test_skips_by_the_length_of_a_jump(void **state)
{
    (void)state;
    reset();
    set(0, "success=1 default=ignore", "pam_unix.so");
    assert_null(pam_stack_skips(&stack, 2));
    set(0, "success=2 default=ignore", "pam_unix.so");
    assert_ptr_equal(pam_stack_skips(&stack, 2), &entries[0]);
    set(0, "success=99 default=ignore", "pam_unix.so");
    assert_ptr_equal(pam_stack_skips(&stack, 2), &entries[0]);
}

static void
test_skips_not_by_the_end_of_a_substack(void **state)
{
    (void)state;
    reset();
    set(1, "sufficient", "pam_unix.so");
    entries[1].level = 1;
    assert_null(pam_stack_skips(&stack, 2));
    entries[2].level = 1;
    assert_ptr_equal(pam_stack_skips(&stack, 2), &entries[1]);
}

static void
test_ignores(void **state)
{
    (void)state;
    reset();
    assert_false(pam_stack_ignores(&stack, 2));
    set(2, "sufficient", "pam_bw.so");
    assert_true(pam_stack_ignores(&stack, 2));
    set(3, "required", "pam_deny.so");
    assert_false(pam_stack_ignores(&stack, 2));
    set(3, "optional", "pam_deny.so");
    assert_true(pam_stack_ignores(&stack, 2));
    set(2, "success=ok user_unknown=ignore default=bad", "pam_bw.so");
    assert_false(pam_stack_ignores(&stack, 2));
    set(2, "success=ok acct_expired=ignore default=bad", "pam_bw.so");
    assert_true(pam_stack_ignores(&stack, 2));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_action_of_words),
        cmocka_unit_test(test_action_of_brackets),
        cmocka_unit_test(test_action_of_what_cannot_be_read),
        cmocka_unit_test(test_skips),
        cmocka_unit_test(test_skips_by_the_length_of_a_jump),
        cmocka_unit_test(test_skips_not_by_the_end_of_a_substack),
        cmocka_unit_test(test_ignores),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
