/*
 * Lines of a log, and where they go.  The one place that escapes what came
 * from outside: an event is one line of printable ASCII, whatever a name, a
 * reason or a server's answer holds.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "bwdir.h"

void
bwdir_line_start(struct bwdir_line *line)
{
    line->used = 0;
    line->text[0] = '\0';
}

static void
add(struct bwdir_line *line, const char *text)
{
    size_t length = strlen(text);

    if (length >= sizeof line->text - line->used)
        return;
    memcpy(line->text + line->used, text, length + 1);
    line->used += length;
}

static bool
is_plain(unsigned char byte)
{
    return byte > 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

static bool
needs_quotes(const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_plain((unsigned char)value[i]))
            return true;
    return length == 0;
}

/* Leaves room for the quote that ends the value. */
static void
add_escaped(struct bwdir_line *line, const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)value[i];
        char piece[8];

        if (is_plain(byte) || byte == ' ')
            snprintf(piece, sizeof piece, "%c", byte);
        else
            snprintf(piece, sizeof piece, "\\x%02x", byte);
        if (line->used + strlen(piece) + 2 > sizeof line->text)
            return;
        add(line, piece);
    }
}

void
bwdir_line_bytes(struct bwdir_line *line, const char *key, const char *value,
                 size_t length)
{
    bool quotes = needs_quotes(value, length);

    /* A key without its value would say something else. */
    if (line->used + strlen(key) + sizeof " =\"\"" > sizeof line->text)
        return;
    if (line->used > 0)
        add(line, " ");
    add(line, key);
    add(line, quotes ? "=\"" : "=");
    add_escaped(line, value, length);
    if (quotes)
        add(line, "\"");
}

void
bwdir_line_text(struct bwdir_line *line, const char *key, const char *value)
{
    bwdir_line_bytes(line, key, value, strlen(value));
}

void
bwdir_line_number(struct bwdir_line *line, const char *key, int64_t number)
{
    char text[32];

    snprintf(text, sizeof text, "%" PRId64, number);
    bwdir_line_text(line, key, text);
}

/* An RFC 3339 time stamp in UTC. */
static void
stamp(char *text, size_t size)
{
    struct timespec now;
    struct tm utc;
    char seconds[32] = "";

    clock_gettime(CLOCK_REALTIME, &now);
    if (gmtime_r(&now.tv_sec, &utc) != NULL)
        strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text, size, "%s.%03ldZ", seconds, now.tv_nsec / 1000000);
}

bool
bwdir_log_open(struct bwdir_log *log, const char *program, const char *target)
{
    log->fd = -1;
    log->program = program;
    bwdir_log_reopen(log);
    if (strcmp(target, "syslog") == 0)
        return true;
    log->fd =
        open(target,
             O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY,
             S_IRUSR | S_IWUSR | S_IRGRP);
    return log->fd >= 0;
}

void
bwdir_log_reopen(const struct bwdir_log *log)
{
    closelog();
    openlog(log->program, LOG_PID | LOG_NDELAY, LOG_AUTHPRIV);
}

void
bwdir_log_write(const struct bwdir_log *log, int priority, const char *text)
{
    char line[BWDIR_LINE_MAX + 96], when[64];
    int length;

    if (log->fd < 0) {
        syslog(LOG_AUTHPRIV | priority, "%s", text);
        return;
    }
    stamp(when, sizeof when);
    length = snprintf(line, sizeof line, "%s %s[%ld]: %s\n", when,
                      log->program, (long)getpid(), text);
    if (length > 0 && (size_t)length < sizeof line &&
        write(log->fd, line, (size_t)length) < 0)
        syslog(LOG_AUTHPRIV | LOG_ERR, "log file: %m");
}

int
bwdir_log_priority(enum bwdir_status status)
{
    if (status == BWDIR_OK || status == BWDIR_MUST_CHANGE)
        return LOG_INFO;
    if (status == BWDIR_INTERNAL || status == BWDIR_NO_MEMORY ||
        status == BWDIR_CONFIG || status == BWDIR_UNAVAILABLE ||
        status == BWDIR_MALFORMED)
        return LOG_ERR;
    return LOG_NOTICE;
}

void
bwdir_log_close(struct bwdir_log *log)
{
    if (log->fd >= 0)
        close(log->fd);
    log->fd = -1;
    closelog();
}
