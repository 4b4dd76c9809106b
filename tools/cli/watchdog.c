/*
 * Ends a tool that a server keeps waiting.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "watchdog.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "progress.h"

/* What the handler writes was made ready before the clock was started; in it
 * only write(2) and _exit(2) are safe (signal-safety(7)). */
static char complaint[512];
static char *output; /* to be written at the end, or NULL */
static char waiting[128];
static const char *program;
static volatile sig_atomic_t told; /* or nobody is there to be told */
static volatile sig_atomic_t exit_code;
static struct sigaction before; /* of the signal, while ours stands */
static bool watching;
static volatile sig_atomic_t bites; /* or it only tells */

static void
write_text(int fd, const char *text)
{
    ssize_t ignored = write(fd, text, strlen(text));

    (void)ignored;
}

/* Whoever sits at a terminal is told after a second that this takes time. */
static void
expire(int signal_number)
{
    (void)signal_number;
    if (!told) {
        told = 1;
        write_text(STDERR_FILENO, waiting);
        if (bites)
            alarm(CLI_WATCHDOG_SECONDS - 1);
        return;
    }
    write_text(STDERR_FILENO, complaint);
    if (output != NULL) {
        write_text(STDOUT_FILENO, output);
        write_text(STDOUT_FILENO, "\n");
    }
    _exit(exit_code);
}

/* An ignored or blocked signal is inherited through execve(2). */
static void
catch_alarm(void)
{
    struct sigaction action = {.sa_handler = expire};
    sigset_t alarm_only;

    sigemptyset(&action.sa_mask);
    sigaction(SIGALRM, &action, &before);
    watching = true;
    sigemptyset(&alarm_only);
    sigaddset(&alarm_only, SIGALRM);
    sigprocmask(SIG_UNBLOCK, &alarm_only, NULL);
}

static void
prepare_telling(const struct cli_report *report)
{
    program = cli_report_program(report);
    snprintf(waiting, sizeof waiting, "%s: still waiting for an answer\n",
             program);
    told = !isatty(STDERR_FILENO);
}

static void
ring_after(time_t seconds)
{
    const struct itimerval once = {.it_value.tv_sec = seconds};

    setitimer(ITIMER_REAL, &once, NULL);
}

void
cli_watchdog_start(const struct cli_report *report, int code,
                   const char *error)
{
    const char *doubt = cli_secret_doubt(report);
    char whole[sizeof complaint - 64];

    cli_watchdog_stop();
    fflush(stdout); /* the handler cannot */
    snprintf(whole, sizeof whole, "%s%s%s", error, doubt != NULL ? "; " : "",
             doubt != NULL ? doubt : "");
    snprintf(complaint, sizeof complaint, "%s: %s\n",
             cli_report_program(report), whole);
    output = cli_report_preview(report, whole, code);
    prepare_telling(report);
    exit_code = code;
    bites = 1;
    catch_alarm();
    cli_watchdog_again();
}

void
cli_watchdog_tell(const struct cli_report *report)
{
    cli_watchdog_stop();
    prepare_telling(report);
    if (told)
        return;
    bites = 0;
    catch_alarm();
    ring_after(1);
}

void
cli_watchdog_again(void)
{
    told = !isatty(STDERR_FILENO);
    ring_after(told ? CLI_WATCHDOG_SECONDS : 1);
}

bool
cli_watchdog_pass_rows(void)
{
    bool written;

    cli_progress_step(program);
    if (!cli_rows_due())
        return true;
    ring_after(0); /* never: whoever reads the list may take his time */
    written = fflush(stdout) == 0;
    cli_watchdog_again();
    return written;
}

void
cli_watchdog_stop(void)
{
    const struct itimerval never = {0};

    setitimer(ITIMER_REAL, &never, NULL);
    if (watching)
        sigaction(SIGALRM, &before, NULL);
    watching = false;
    if (output != NULL)
        explicit_bzero(output, strlen(output));
    free(output);
    output = NULL;
}
