/*
 * Log lines: the module's, caught on their way to syslog(3) because symbols
 * of the program win over libc's, and the daemon's, from the sandbox's log.
 * <syslog.h> stays out: its inline functions would be in the way.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "tests/scenario.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINES_MAX 64
#define LINE_BYTES 1024

static struct {
    char lines[LINES_MAX][LINE_BYTES];
    size_t count;
} module_log, daemon_log;

static long daemon_start; /* offset in the daemon's log */

#define EXPORT __attribute__((visibility("default")))

EXPORT void syslog(int priority, const char *format, ...);
EXPORT void vsyslog(int priority, const char *format, va_list arguments);
EXPORT void __syslog_chk(int priority, int flag, const char *format, ...);
EXPORT void __vsyslog_chk(int priority, int flag, const char *format,
                          va_list arguments);

EXPORT __attribute__((format(printf, 2, 0))) void
vsyslog(int priority, const char *format, va_list arguments)
{
    char *line = module_log.lines[module_log.count];

    (void)priority;
    if (module_log.count == LINES_MAX)
        return;
    (void)vsnprintf(line, LINE_BYTES, format, arguments);
    if (strstr(line, "pam_bw(") != NULL)
        module_log.count++;
}

EXPORT __attribute__((format(printf, 2, 3))) void
syslog(int priority, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsyslog(priority, format, arguments);
    va_end(arguments);
}

EXPORT __attribute__((format(printf, 3, 0))) void
__vsyslog_chk(int priority, int flag, const char *format, va_list arguments)
{
    (void)flag;
    vsyslog(priority, format, arguments);
}

EXPORT __attribute__((format(printf, 3, 4))) void
__syslog_chk(int priority, int flag, const char *format, ...)
{
    va_list arguments;

    (void)flag;
    va_start(arguments, format);
    vsyslog(priority, format, arguments);
    va_end(arguments);
}

static void
daemon_path(const struct scenario *scenario, char *path, size_t size)
{
    (void)snprintf(path, size, "%s/log", scenario->sandbox);
}

void
log_start(const struct scenario *scenario)
{
    struct stat status;
    char path[512];

    daemon_path(scenario, path, sizeof(path));
    daemon_start = stat(path, &status) == 0 ? (long)status.st_size : 0;
    module_log.count = 0;
}

/* Keeps an event's line without its time stamp, process id and duration. */
static void
keep_event(char *line)
{
    char *event = strstr(line, ": event="), *duration;

    if (event == NULL || daemon_log.count == LINES_MAX)
        return;
    event[strcspn(event, "\n")] = '\0';
    duration = strstr(event, " ms=");
    if (duration != NULL)
        *duration = '\0';
    (void)snprintf(daemon_log.lines[daemon_log.count++], LINE_BYTES, "%s",
                   event + 2);
}

static void
read_daemon(const struct scenario *scenario)
{
    char path[512], line[LINE_BYTES];
    FILE *file;

    daemon_log.count = 0;
    daemon_path(scenario, path, sizeof(path));
    file = fopen(path, "r");
    if (file == NULL)
        return;
    if (fseek(file, daemon_start, SEEK_SET) == 0)
        while (fgets(line, sizeof(line), file) != NULL)
            keep_event(line);
    (void)fclose(file);
}

/* The next "log WHO" statement from *NEXT on, or NULL. */
static const struct statement *
expected(const struct scenario *scenario, const char *who, size_t *next)
{
    const struct statement *statement;

    while (*next < scenario->count) {
        statement = &scenario->statements[(*next)++];
        if (strcmp(statement->words[0], "log") == 0 && statement->count > 2 &&
            strcmp(statement->words[1], who) == 0 &&
            strcmp(statement->raw, "none") != 0)
            return statement;
    }
    return NULL;
}

static void
compare(struct scenario *scenario, const char *who,
        const char lines[][LINE_BYTES], size_t count)
{
    const struct statement *statement;
    size_t next = 0;

    for (size_t i = 0; i < count; i++) {
        statement = expected(scenario, who, &next);
        if (statement == NULL)
            scenario_fail(scenario, 0, "unexpected line of the %s: %s", who,
                          lines[i]);
        else if (strcmp(statement->raw, lines[i]) != 0)
            scenario_fail(scenario, statement->line, "line of the %s: %s", who,
                          lines[i]);
    }
    while ((statement = expected(scenario, who, &next)) != NULL)
        scenario_fail(scenario, statement->line, "no such line of the %s",
                      who);
}

void
log_compare(struct scenario *scenario)
{
    size_t next = 0, wanted = 0;
    bool looks = false;

    compare(scenario, "module", module_log.lines, module_log.count);
    for (size_t i = 0; i < scenario->count; i++)
        looks |= strcmp(scenario->statements[i].words[0], "log") == 0 &&
                 scenario->statements[i].count > 2 &&
                 strcmp(scenario->statements[i].words[1], "daemon") == 0;
    if (!looks)
        return;
    while (expected(scenario, "daemon", &next) != NULL)
        wanted++;
    read_daemon(scenario);
    for (int i = 0; i < 100 && daemon_log.count < wanted; i++) {
        (void)usleep(20000);
        read_daemon(scenario);
    }
    compare(scenario, "daemon", daemon_log.lines, daemon_log.count);
}
