/*
 * The watchdog of the tools: when its clock has run out the program ends with
 * the message and the exit code that were given, also where the alarm was
 * blocked and ignored by who started it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tools/cli/watchdog.h"

/* In a child: waits for what the clock does, told that it has run out. */
static void
wait_for_ever(bool json, const struct cli_secret *secret)
{
    struct cli_report *report = cli_report_new("tool");
    sigset_t all;

    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    signal(SIGALRM, SIG_IGN);
    if (json)
        cli_report_use_json(report);
    cli_say(report, "a result so far");
    if (secret != NULL)
        cli_secret_hold(report, secret);
    cli_watchdog_start(report, 75, "too slow");
    raise(SIGALRM);
    _exit(1);
}

/* What a child writes to both outputs; its exit status is the result. */
static int
run(bool json, const struct cli_secret *secret, char *text, size_t size)
{
    int ends[2], status;
    size_t used = 0;
    ssize_t got;
    pid_t pid;

    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        wait_for_ever(json, secret);
    }
    close(ends[1]);
    while ((got = read(ends[0], text + used, size - 1 - used)) > 0)
        used += (size_t)got;
    text[used] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void
test_watchdog_ends_with_message(void **state)
{
    char text[2048];

    (void)state;
    assert_int_equal(run(false, NULL, text, sizeof text), 75);
    assert_string_equal(text, "a result so far\ntool: too slow\n");
}

static void
test_watchdog_ends_with_object(void **state)
{
    char text[2048];

    (void)state;
    assert_int_equal(run(true, NULL, text, sizeof text), 75);
    assert_memory_equal(text, "tool: too slow\n{\n", 17);
    assert_non_null(strstr(text, "\"exit\": 75"));
    assert_non_null(strstr(text, "\"too slow\""));
    assert_string_equal(text + strlen(text) - 3, "\n}\n");
}

/* Nobody knows whether it is in force: who waits for it is to try it. */
static void
test_watchdog_shows_what_is_held(void **state)
{
    const struct cli_secret secret = {"password", "Marker-1", "try it",
                                      "lost"};
    char text[2048];

    (void)state;
    assert_int_equal(run(false, &secret, text, sizeof text), 75);
    assert_string_equal(text, "a result so far\ntool: too slow; try it\n"
                              "Marker-1\n");
    assert_int_equal(run(true, &secret, text, sizeof text), 75);
    assert_non_null(strstr(text, "\"password\": \"Marker-1\""));
    assert_non_null(strstr(text, "\"too slow; try it\""));
}

static void
test_watchdog_start_and_stop(void **state)
{
    struct cli_report *report = cli_report_new("tool");
    struct itimerval left;

    (void)state;
    cli_watchdog_start(report, 69, "too slow");
    assert_int_equal(getitimer(ITIMER_REAL, &left), 0);
    assert_true(left.it_value.tv_sec >= CLI_WATCHDOG_SECONDS - 1);
    cli_watchdog_stop();
    assert_int_equal(getitimer(ITIMER_REAL, &left), 0);
    assert_true(left.it_value.tv_sec == 0 && left.it_value.tv_usec == 0);
    cli_report_finish(report, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_watchdog_ends_with_message),
        cmocka_unit_test(test_watchdog_ends_with_object),
        cmocka_unit_test(test_watchdog_shows_what_is_held),
        cmocka_unit_test(test_watchdog_start_and_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
