/*
 * How far a list has come: told from the first whole second on, and once in
 * each.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tools/cli/progress.h"

/* In a child, in the place of libc's: the time that a row comes at, in
 * milliseconds, and a terminal. */
static int64_t row_at;
static bool terminal;

int
clock_gettime(clockid_t clock, struct timespec *now)
{
    (void)clock;
    now->tv_sec = (time_t)(row_at / 1000);
    now->tv_nsec = row_at % 1000 * 1000000;
    return 0;
}

int
isatty(int descriptor)
{
    return terminal && descriptor == STDERR_FILENO;
}

static void
print_rows(const int64_t *times, FILE *out)
{
    dup2(fileno(out), STDOUT_FILENO);
    dup2(fileno(out), STDERR_FILENO);
    for (; *times >= 0; times++) {
        row_at = *times;
        cli_progress_step("tool");
    }
    cli_progress_clear();
    fflush(NULL);
    _exit(0);
}

/* Holds what rows at TIMES, which end with a negative one, show: how many
 * there are each time, and whether that is taken away. */
static void
assert_shown(const int64_t *times, const char *counts)
{
    FILE *out = tmpfile();
    char text[1024], seen[64] = "";
    size_t length;
    int status;
    pid_t pid;

    assert_non_null(out);
    pid = fork();
    if (pid == 0)
        print_rows(times, out);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    rewind(out);
    length = fread(text, 1, sizeof text - 1, out);
    text[length] = '\0';
    fclose(out);
    for (char *at = text; (at = strstr(at, "\rtool: ")) != NULL; at++) {
        size_t used = strlen(seen);
        int rows = 0;

        assert_int_equal(sscanf(at, "\rtool: %d so far", &rows), 1);
        snprintf(seen + used, sizeof seen - used, "%d ", rows);
    }
    assert_string_equal(seen, counts);
    if (length > 0)
        assert_int_equal(text[length - 1], '\r');
}

#define ROWS(...) ((const int64_t[]){__VA_ARGS__, -1})

static int
at_terminal(void **state)
{
    (void)state;
    terminal = true;
    return 0;
}

/* Whole seconds of the clock are not whole seconds of waiting. */
static void
test_progress_not_in_the_first_second(void **state)
{
    (void)state;
    assert_shown(ROWS(5990, 5995, 6000, 6500, 6989), "");
}

static void
test_progress_each_second(void **state)
{
    (void)state;
    assert_shown(ROWS(5990, 6989, 6990, 6991, 7989, 7990), "3 6 ");
    assert_shown(ROWS(5000, 9000, 9500, 10000), "2 4 ");
}

static void
test_progress_not_without_a_terminal(void **state)
{
    (void)state;
    terminal = false;
    assert_shown(ROWS(5000, 6000, 7000), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_progress_not_in_the_first_second,
                               at_terminal),
        cmocka_unit_test_setup(test_progress_each_second, at_terminal),
        cmocka_unit_test_setup(test_progress_not_without_a_terminal,
                               at_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
