/*
 * How far a list has come.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "progress.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define WIDTH 60

static struct {
    bool begun;
    bool wanted;
    bool shown;
    int64_t last; /* when it was shown, or the first row came: milliseconds */
    size_t rows;
} progress;

static int64_t
milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
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
    int64_t now;

    if (!progress.begun) {
        progress.begun = true;
        progress.wanted = is_wanted();
        progress.last = milliseconds();
    }
    progress.rows++;
    if (!progress.wanted || (now = milliseconds()) - progress.last < 1000)
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
