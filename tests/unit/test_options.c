/*
 * The arguments of pam_bw.so.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MANY 12

/* Parses a line of arguments with blanks between them. */
static bool
parse(const char *line, struct pambw_options *options, char **copy)
{
    const char *argv[MANY], *wrong, *why;
    char *word, *rest;
    bool fine;
    int argc = 0;

    *copy = strdup(line);
    for (word = strtok_r(*copy, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest))
        argv[argc++] = word;
    fine = pambw_options_parse(argc, argv, options, &wrong, &why);
    assert_true(fine == (wrong == NULL));
    assert_true(fine == (why == NULL));
    return fine;
}

static void
test_options_parse_defaults(void **state)
{
    struct pambw_options options;
    char *copy;

    (void)state;
    assert_true(parse("", &options, &copy));
    assert_int_equal(options.access, BW_WIRE_UNSAID);
    assert_string_equal(options.socket, "/run/bwdir/bwdird.sock");
    assert_int_equal(options.requirement_count, 0);
    assert_false(options.use_first_pass || options.try_first_pass ||
                 options.use_authtok || options.one_phase || options.debug);
    free(copy);
}

static void
test_options_parse_all(void **state)
{
    struct pambw_options options;
    char *copy;

    (void)state;
    assert_true(parse("debug access=api one_phase socket=/s require_level="
                      "admin require_role=porting,http-voice use_first_pass "
                      "require_account=1,22 try_first_pass use_authtok "
                      "require_role=ordering",
                      &options, &copy));
    assert_int_equal(options.access, BW_WIRE_API);
    assert_string_equal(options.socket, "/s");
    assert_true(options.use_first_pass && options.try_first_pass &&
                options.use_authtok && options.one_phase && options.debug);
    assert_int_equal(options.requirement_count, 4);
    assert_int_equal(options.requirements[0].tag, BW_WIRE_REQUIRE_LEVEL);
    assert_string_equal(options.requirements[0].list, "admin");
    assert_int_equal(options.requirements[1].tag, BW_WIRE_REQUIRE_ROLE);
    assert_string_equal(options.requirements[1].list, "porting,http-voice");
    assert_int_equal(options.requirements[2].tag, BW_WIRE_REQUIRE_ACCOUNT);
    assert_int_equal(options.requirements[3].tag, BW_WIRE_REQUIRE_ROLE);
    free(copy);
}

static void
test_options_parse_each_flag_alone(void **state)
{
    struct pambw_options options;
    char *copy;

    (void)state;
    assert_true(parse("one_phase", &options, &copy));
    assert_true(options.one_phase && !options.debug);
    free(copy);
    assert_true(parse("try_first_pass", &options, &copy));
    assert_true(options.try_first_pass && !options.use_first_pass);
    free(copy);
    assert_true(parse("access=dashboard", &options, &copy));
    assert_int_equal(options.access, BW_WIRE_DASHBOARD);
    free(copy);
}

/* THREATS 67: a mistyped option must not open the door. */
static void
test_options_parse_067_refusals(void **state)
{
    static const char *const lines[] = {
        "acess=api",
        "access",
        "access=",
        "access=API",
        "access=api,dashboard",
        "access=api access=api",
        "access=api access=dashboard",
        "acc",
        "accessx=api",
        "Access=api",
        "=",
        "=api",
        "nullok",
        "debug=1",
        "debug=",
        "debug debug",
        "one_phase=yes",
        "use_first_pas",
        "use_first_passs",
        "use_first_pass use_first_pass",
        "socket",
        "socket=",
        "socket=run/bwdird.sock",
        "socket=/a socket=/a",
        "require_role=",
        "require_role",
        "require_role=,",
        "require_role=ordering,",
        "require_role=,ordering",
        "require_role=ordering,,porting",
        "require_role=Ordering",
        "require_role=ordering*",
        "require_account=",
        "require_account=55X",
        "require_account=55*",
        "require_level=root",
        "require_level=admin,",
        "require_level=admin,admin",
    };
    struct pambw_options options;
    char *copy;

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        if (parse(lines[i], &options, &copy))
            fail_msg("accepted: %s", lines[i]);
        free(copy);
    }
}

static void
test_options_parse_empty_argument(void **state)
{
    const char *argv[] = {"", NULL}, *wrong, *why;
    struct pambw_options options;

    (void)state;
    assert_false(pambw_options_parse(1, argv, &options, &wrong, &why));
    assert_ptr_equal(wrong, argv[0]);
}

/* An argument of PREFIX and so many bytes; true when it is taken. */
static bool
takes_length(const char *prefix, size_t length)
{
    struct pambw_options options;
    char line[512], *copy;
    bool taken;

    memset(line, '1', sizeof(line));
    memcpy(line, prefix, strlen(prefix));
    line[strlen(prefix) + length] = '\0';
    taken = parse(line, &options, &copy);
    free(copy);
    return taken;
}

static void
test_options_parse_lengths(void **state)
{
    (void)state;
    assert_true(takes_length("require_account=", 255));
    assert_false(takes_length("require_account=", 256));
    assert_true(takes_length("socket=/", 106));
    assert_false(takes_length("socket=/", 107));
}

static void
test_options_parse_too_many_requirements(void **state)
{
    struct pambw_options options;
    const char *argv[9], *wrong, *why;

    (void)state;
    for (size_t i = 0; i < 9; i++)
        argv[i] = "require_role=ordering";
    assert_true(pambw_options_parse(8, argv, &options, &wrong, &why));
    assert_false(pambw_options_parse(9, argv, &options, &wrong, &why));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_parse_defaults),
        cmocka_unit_test(test_options_parse_all),
        cmocka_unit_test(test_options_parse_each_flag_alone),
        cmocka_unit_test(test_options_parse_067_refusals),
        cmocka_unit_test(test_options_parse_empty_argument),
        cmocka_unit_test(test_options_parse_lengths),
        cmocka_unit_test(test_options_parse_too_many_requirements),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
