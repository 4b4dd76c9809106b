/*
 * Finding pam_bw.so in the files of a PAM service, cut as libpam cuts them.
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
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tools/pam/service_file.h"

static char home[] = "/tmp/bw-pam.XXXXXX";
static struct pam_line line;
static struct bwdir_detail why;

static int
make_home(void **state)
{
    (void)state;
    return mkdtemp(home) == NULL ? -1 : 0;
}

static char *
path_of(const char *name, char path[512])
{
    snprintf(path, 512, "%s/%s", home, name);
    return path;
}

static int
remove_home(void **state)
{
    char command[600];

    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", home);
    return system(command);
}

static void
write_file(const char *name, const char *text)
{
    char path[512];
    FILE *file = fopen(path_of(name, path), "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static enum bwdir_status
look(const char *service, const char *type)
{
    pam_line_clear(&line);
    why.text[0] = '\0';
    return pam_service_line(home, service, type, &line, &why);
}

/* The arguments with one blank between two. */
static void
assert_arguments(const char *service, const char *type, const char *wanted)
{
    char text[512] = "";

    assert_int_equal(look(service, type), BWDIR_OK);
    assert_true(line.count > 0);
    for (size_t i = 0; i < line.arguments.count; i++) {
        strcat(text, i > 0 ? " " : "");
        strcat(text, line.arguments.items[i]);
    }
    assert_string_equal(text, wanted);
}

static void
test_line_forms(void **state)
{
    (void)state;
    write_file("forms", "# pam_bw.so in a comment\n"
                        "\n"
                        "account\t required  /lib/security/pam_bw.so\ta b\n"
                        "AUTH [success=1 default=ignore] pam_unix.so x\n"
                        "-auth Required pam_bw.so access=api # c=d\n"
                        "password required [/with blank/pam_bw.so] "
                        "[a b] [c\\]d]e #\n"
                        "session required pam_bw.so.old\n");
    assert_arguments("forms", "auth", "access=api");
    assert_true(strstr(line.where, "/forms:5") != NULL);
    assert_arguments("forms", "account", "a b");
    assert_arguments("forms", "password", "a b c]d e");
    assert_arguments("FORMS", "auth", "access=api");
    assert_int_equal(look("forms", "session"), BWDIR_OK);
    assert_int_equal(line.count, 0);
}

static void
test_line_bracket_that_does_not_end(void **state)
{
    (void)state;
    write_file("open", "auth required pam_bw.so [a b\n"
                       "account [default=die pam_bw.so x\n");
    assert_arguments("open", "auth", "a b");
    assert_int_equal(look("open", "account"), BWDIR_CONFIG);
}

static void
test_line_continuations(void **state)
{
    (void)state;
    write_file("long", "auth \\\n"
                       "  # within a line\n"
                       "\n"
                       "  required \\  \n"
                       "  pam_bw.so one\\\n"
                       "two # comment \\\n"
                       "account required pam_bw.so three \\");
    assert_arguments("long", "auth", "one two");
    assert_true(strstr(line.where, "/long:1") != NULL);
    assert_arguments("long", "account", "three");
    assert_true(strstr(line.where, "/long:7") != NULL);
}

static void
test_line_first_of_many(void **state)
{
    (void)state;
    write_file("many", "auth required pam_bw.so first\n"
                       "auth required pam_bw.so second\n");
    assert_arguments("many", "auth", "first");
    assert_int_equal(line.count, 2);
}

static void
test_line_includes(void **state)
{
    char text[1024], path[512];

    (void)state;
    write_file("common", "auth required pam_bw.so common\n"
                         "account required pam_bw.so of=account\n");
    write_file("debian", "@include common\n");
    write_file("include", "auth include common\naccount substack common\n");
    write_file("one-type", "account include common\nauth required x.so\n");
    snprintf(text, sizeof text, "auth include %s\n", path_of("common", path));
    write_file("absolute", text);
    write_file("twice", "auth include debian\n");
    assert_arguments("debian", "auth", "common");
    assert_true(strstr(line.where, "/common:1") != NULL);
    assert_arguments("debian", "account", "of=account");
    assert_arguments("include", "auth", "common");
    assert_arguments("include", "account", "of=account");
    assert_arguments("absolute", "auth", "common");
    assert_arguments("twice", "auth", "common");
    assert_int_equal(look("one-type", "auth"), BWDIR_OK);
    assert_int_equal(line.count, 0);
}

static void
test_line_loops(void **state)
{
    (void)state;
    write_file("self", "@include self\n");
    write_file("ping", "auth include pong\n");
    write_file("pong", "auth substack ping\n");
    /* 2^16 files where only the depth is bounded. */
    write_file("bomb", "@include bomb\n@include bomb\n");
    assert_int_equal(look("self", "auth"), BWDIR_CONFIG);
    assert_true(strstr(why.text, "too deep") != NULL);
    assert_int_equal(look("ping", "auth"), BWDIR_CONFIG);
    assert_int_equal(look("bomb", "auth"), BWDIR_CONFIG);
}

static void
test_line_missing(void **state)
{
    char path[512];

    (void)state;
    write_file("hole", "@include nowhere\n");
    write_file("bare", "@include\n");
    write_file("short", "auth required\n");
    assert_int_equal(look("nowhere", "auth"), BWDIR_CONFIG);
    assert_true(strstr(why.text, "service \"nowhere\"") != NULL);
    assert_int_equal(look("hole", "auth"), BWDIR_CONFIG);
    assert_int_equal(look("bare", "auth"), BWDIR_CONFIG);
    assert_int_equal(look("short", "auth"), BWDIR_CONFIG);
    mkdir(path_of("folder", path), 0700);
    assert_int_equal(look("folder", "auth"), BWDIR_CONFIG);
    mkfifo(path_of("fifo", path), 0600);
    assert_int_equal(look("fifo", "auth"), BWDIR_CONFIG);
}

/* What has no line of the type is handled by "other", as libpam does it. */
static void
test_line_other(void **state)
{
    char path[512];

    (void)state;
    write_file("other", "auth required pam_bw.so of=other\n");
    write_file("partly", "account required pam_deny.so\n");
    assert_arguments("nowhere", "auth", "of=other");
    assert_arguments("partly", "auth", "of=other");
    assert_int_equal(look("partly", "account"), BWDIR_OK);
    assert_int_equal(line.count, 0);
    unlink(path_of("other", path));
}

static void
test_line_names(void **state)
{
    static const char *const bad[] = {"", ".", "..", "../x", "a/b", "/etc/x"};
    char overlong[300];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(look(bad[i], "auth"), BWDIR_BAD_VALUE);
    memset(overlong, 'a', sizeof overlong);
    overlong[sizeof overlong - 1] = '\0';
    assert_int_equal(look(overlong, "auth"), BWDIR_BAD_VALUE);
}

static int
clear_line(void **state)
{
    (void)state;
    pam_line_clear(&line);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_line_forms, clear_line),
        cmocka_unit_test_teardown(test_line_bracket_that_does_not_end,
                                  clear_line),
        cmocka_unit_test_teardown(test_line_continuations, clear_line),
        cmocka_unit_test_teardown(test_line_first_of_many, clear_line),
        cmocka_unit_test_teardown(test_line_includes, clear_line),
        cmocka_unit_test_teardown(test_line_loops, clear_line),
        cmocka_unit_test_teardown(test_line_missing, clear_line),
        cmocka_unit_test_teardown(test_line_other, clear_line),
        cmocka_unit_test_teardown(test_line_names, clear_line),
    };

    return cmocka_run_group_tests(tests, make_home, remove_home);
}
