/*
 * scenario SANDBOX FILE …: plays each file against a running sandbox, whose
 * DIR/env has been sourced, and prints "ok" or "not ok" for it.  Exit status
 * 0 when all were ok.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "tests/scenario.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
scenario_fail(struct scenario *scenario, int line, const char *format, ...)
{
    va_list arguments;

    (void)printf("# %s:%d: ", scenario->path, line);
    va_start(arguments, format);
    (void)vprintf(format, arguments);
    va_end(arguments);
    (void)putchar('\n');
    scenario->failures++;
}

/* "area/case" of a path. */
static const char *
title(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        return path;
    while (slash > path && slash[-1] != '/')
        slash--;
    return slash;
}

static bool
run(const char *sandbox, const char *path)
{
    static struct scenario scenario;

    memset(&scenario, 0, sizeof(scenario));
    scenario.path = path;
    scenario.sandbox = sandbox;
    if (words_read(&scenario))
        play(&scenario);
    words_free(&scenario);
    (void)printf("%s - %s\n", scenario.failures == 0 ? "ok" : "not ok",
                 title(path));
    (void)fflush(stdout);
    return scenario.failures == 0;
}

int
main(int argc, char **argv)
{
    int failed = 0;

    if (argc < 3) {
        (void)fprintf(stderr, "usage: scenario SANDBOX FILE ...\n");
        return 64;
    }
    for (int i = 2; i < argc; i++)
        if (!run(argv[1], argv[i]))
            failed++;
    return failed == 0 ? 0 : 1;
}
