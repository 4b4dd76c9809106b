/*
 * How far a list has come.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "progress.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define WIDTH 60

static struct {
    bool begun;
    bool wanted;
    bool shown;
    time_t last; /* when it was shown, or the first row came */
    size_t rows;
} progress;

static time_t
seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec;
}

static bool
is_wanted(void)
{
    struct stat out;

    return isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO) &&
           fstat(STDOUT_FILENO, &out) == 0 && !S_ISFIFO(out.st_mode) &&
           !S_ISSOCK(out.st_mode);
}

void
cli_progress_step(const char *program)
{
    char text[WIDTH];
    time_t now;

    if (!progress.begun) {
        progress.begun = true;
        progress.wanted = is_wanted();
        progress.last = seconds();
    }
    progress.rows++;
    if (!progress.wanted || (now = seconds()) <= progress.last)
        return;
    progress.last = now;
    progress.shown = true;
    snprintf(text, sizeof text, "%s: %zu so far", program, progress.rows);
    fprintf(stderr, "\r%-*s", WIDTH, text);
}

void
cli_progress_clear(void)
{
    if (progress.shown)
        fprintf(stderr, "\r%*s\r", WIDTH, "");
    progress.shown = false;
}
