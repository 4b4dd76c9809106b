/*
 * The option table of the tools: what is read, what is refused, what --help
 * says, and that a password does not stay in the argument list.
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

#include "tools/cli/exit_code.h"
#include "tools/cli/fields.h"
#include "tools/cli/options.h"

#define ARGS_MAX 24

#define ONE_USER                                                              \
    {                                                                         \
        "USERNAME", "one user name", 1                                        \
    }
static const struct cli_tool add = {"bwdir-add", CLI_ADD, "Adds.", ONE_USER};
static const struct cli_tool verify = {"bwdir-verify", CLI_VERIFY, "Verifies.",
                                       ONE_USER};

/* A command line that may be written to, and what came of it. */
struct line {
    char *argv[ARGS_MAX];
    int argc;
    struct cli_options options;
    struct cli_report *report;
};

static int
parse_code(struct line *line, const struct cli_tool *tool,
           const char *const arguments[])
{
    memset(line, 0, sizeof *line);
    line->report = cli_report_new(tool->name);
    line->argv[line->argc++] = strdup(tool->name);
    for (; *arguments != NULL; arguments++)
        line->argv[line->argc++] = strdup(*arguments);
    assert_true(line->argc < ARGS_MAX);
    return cli_options_parse(tool, line->argc, line->argv, &line->options,
                             line->report);
}

static bool
parse(struct line *line, const struct cli_tool *tool,
      const char *const arguments[])
{
    return parse_code(line, tool, arguments) == CLI_GO_ON;
}

static void
clear(struct line *line)
{
    for (int i = 0; i < line->argc; i++)
        free(line->argv[i]);
    cli_options_clear(&line->options);
    cli_report_finish(line->report, 0);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* An unset variable of a script is no filter that matches everybody. */
static void
test_parse_refuses_empty_parts(void **state)
{
    const char *const empty[] = {"",   " ",   ",",    "a,",
                                 ",a", "a, ", "a,,b", "a, ,b"};
    struct line line;

    (void)state;
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        assert_int_equal(parse_code(&line, &add, WORDS("--role", empty[i])),
                         EX_DATAERR);
        clear(&line);
        assert_int_equal(
            parse_code(&line, &add, WORDS("--role", "a", "--role", empty[i])),
            EX_DATAERR);
        clear(&line);
    }
    assert_int_equal(parse_code(&line, &add, WORDS("--role=", "--nosuch")),
                     EX_USAGE);
    clear(&line);
    assert_int_equal(parse_code(&line, &add, WORDS("--nosuch", "--role=")),
                     EX_USAGE);
    clear(&line);
}

/* The directory takes no value twice (RFC 4511 4.1.7). */
static void
test_parse_takes_each_once(void **state)
{
    struct line line;

    (void)state;
    assert_true(
        parse(&line, &add,
              WORDS("--role", "a,b,a", "--role", "b", "--role", "c,A")));
    assert_int_equal(line.options.roles.count, 4);
    assert_string_equal(line.options.roles.items[0], "a");
    assert_string_equal(line.options.roles.items[1], "b");
    assert_string_equal(line.options.roles.items[2], "c");
    assert_string_equal(line.options.roles.items[3], "A");
    assert_null(line.options.roles.items[4]);
    clear(&line);
}

/* Nor does it stand for the place that a tool has by itself. */
static void
test_parse_refuses_empty_places(void **state)
{
    struct line line;

    (void)state;
    for (const struct cli_option *o = cli_option_table; o->verbs != 0; o++) {
        const struct cli_tool tool = {"test",
                                      (enum cli_verb)(o->verbs & -o->verbs),
                                      "Tests.",
                                      {"", "nothing", 0}};
        char spelt[32];
        bool names_a_place =
            o->argument != NULL && (strcmp(o->argument, "FILE") == 0 ||
                                    strcmp(o->argument, "DIR") == 0);

        if (o->name != NULL)
            snprintf(spelt, sizeof spelt, "--%s", o->name);
        else
            snprintf(spelt, sizeof spelt, "-%c", o->letter);
        /* The configuration is looked at together with its variable. */
        if (names_a_place && strcmp(spelt, "--config") != 0)
            assert_int_equal(o->kind, CLI_PLACE);
        if (o->kind != CLI_PLACE)
            continue;
        assert_int_equal(parse_code(&line, &tool, WORDS(spelt, "")),
                         EX_DATAERR);
        clear(&line);
        assert_true(parse(&line, &tool, WORDS(spelt, "x")));
        clear(&line);
    }
}

static void
test_parse_user(void **state)
{
    struct line line;

    (void)state;
    assert_true(parse(&line, &add,
                      WORDS("--first", "Jane", "--last=Doe", "jdoe", "--mail",
                            "j@example.com", "--access", "dashboard",
                            "--access", "api", "--role", "ordering, porting",
                            "--account=1,2", "-n", "--json")));
    assert_string_equal(line.options.first, "Jane");
    assert_string_equal(line.options.last, "Doe");
    assert_string_equal(line.options.user, "jdoe");
    assert_true(line.options.dry_run && line.options.json);
    assert_false(line.options.verbose);
    assert_int_equal(cli_fields_access(&line.options.access),
                     BWDIR_ACCESS_DASHBOARD | BWDIR_ACCESS_API);
    assert_int_equal(line.options.roles.count, 2);
    assert_string_equal(line.options.roles.items[1], "porting");
    assert_int_equal(line.options.accounts.count, 2);
    assert_null(line.options.accounts.items[2]);
    clear(&line);
}

static void
test_parse_connection(void **state)
{
    struct line line;

    (void)state;
    assert_true(
        parse(&line, &add,
              WORDS("-H", "ldaps://host", "-D", "cn=x", "-y", "file", "-xZWv",
                    "-bdc=x", "-Y", "EXTERNAL", "--config", "conf")));
    assert_string_equal(line.options.uri, "ldaps://host");
    assert_string_equal(line.options.bind_dn, "cn=x");
    assert_string_equal(line.options.bind_password_file, "file");
    assert_string_equal(line.options.base, "dc=x");
    assert_string_equal(line.options.mechanism, "EXTERNAL");
    assert_string_equal(line.options.config, "conf");
    assert_true(line.options.simple && line.options.start_tls &&
                line.options.ask_password && line.options.verbose);
    assert_null(line.options.user);
    clear(&line);
}

static void
test_parse_wipes_password(void **state)
{
    struct line line;

    (void)state;
    assert_true(parse(&line, &add, WORDS("-w", "marker", "jdoe")));
    assert_string_equal(line.argv[2], "");
    assert_memory_equal(bwdir_secret_bytes(line.options.password), "marker",
                        7);
    clear(&line);
    assert_true(parse(&line, &add, WORDS("-wmarker", "jdoe")));
    assert_string_equal(line.argv[1], "-w");
    clear(&line);
}

static void
test_parse_wipes_doubled_password(void **state)
{
    struct line line;

    (void)state;
    assert_false(parse(&line, &add, WORDS("-w", "one", "-w", "two")));
    assert_string_equal(line.argv[2], "");
    assert_string_equal(line.argv[4], "");
    clear(&line);
}

static void
test_parse_refuses(void **state)
{
    const char *const *const bad[] = {
        WORDS("--nonsense", "x"),
        WORDS("-q", "x"),
        WORDS("--first"),
        WORDS("x", "-H"),
        WORDS("--json=yes", "x"),
        WORDS("one", "two"),
        WORDS("--first", "a", "--first", "b"),
        WORDS("--password", "secret", "x"),
        WORDS("--password=secret", "x"),
        WORDS("--fir", "Jane", "x"),
        WORDS("--fir=Jane", "x"),
        WORDS("--js", "x"),
    };
    struct line line;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(parse(&line, &add, bad[i]));
        clear(&line);
    }
}

static void
test_parse_only_own_options(void **state)
{
    struct line line;

    (void)state;
    assert_false(parse(&line, &verify, WORDS("--first", "Jane", "jdoe")));
    clear(&line);
    assert_true(parse(&line, &verify, WORDS("--no-prompt", "jdoe")));
    assert_true(line.options.no_prompt);
    clear(&line);
}

static void
test_parse_operand_after_dashes(void **state)
{
    struct line line;

    (void)state;
    assert_true(parse(&line, &add, WORDS("--", "--json")));
    assert_string_equal(line.options.user, "--json");
    assert_false(line.options.json);
    clear(&line);
}

static void
test_help_fits_a_screen(void **state)
{
    const struct cli_tool *const tools[] = {&add, &verify};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char *help = cli_options_help(tools[i]);
        int lines = 0;

        for (char *at = help; *at != '\0'; lines++) {
            size_t length = strcspn(at, "\n");

            assert_true(length <= 80);
            at += length + 1;
        }
        assert_true(lines <= 24);
        free(help);
    }
}

static void
test_help_names_every_option(void **state)
{
    char *help = cli_options_help(&add);

    (void)state;
    for (const struct cli_option *o = cli_option_table; o->verbs != 0; o++) {
        char letter[] = "  -x";

        if ((o->verbs & CLI_ADD) == 0)
            continue;
        assert_true(o->letter != 0 || o->name != NULL);
        if (o->name != NULL)
            assert_non_null(strstr(help, o->name));
        letter[3] = (char)o->letter;
        if (o->letter != 0)
            assert_true(strstr(help, letter) != NULL ||
                        strstr(help, letter + 1) != NULL);
    }
    free(help);
}

static void
test_table_spells_nothing_twice(void **state)
{
    (void)state;
    for (const struct cli_option *a = cli_option_table; a->verbs != 0; a++)
        for (const struct cli_option *b = a + 1; b->verbs != 0; b++) {
            if ((a->verbs & b->verbs) == 0)
                continue;
            assert_true(a->letter == 0 || a->letter != b->letter);
            assert_true(a->name == NULL || b->name == NULL ||
                        strcmp(a->name, b->name) != 0);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_user),
        cmocka_unit_test(test_parse_refuses_empty_parts),
        cmocka_unit_test(test_parse_takes_each_once),
        cmocka_unit_test(test_parse_refuses_empty_places),
        cmocka_unit_test(test_parse_connection),
        cmocka_unit_test(test_parse_wipes_password),
        cmocka_unit_test(test_parse_wipes_doubled_password),
        cmocka_unit_test(test_parse_refuses),
        cmocka_unit_test(test_parse_only_own_options),
        cmocka_unit_test(test_parse_operand_after_dashes),
        cmocka_unit_test(test_help_fits_a_screen),
        cmocka_unit_test(test_help_names_every_option),
        cmocka_unit_test(test_table_spells_nothing_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
