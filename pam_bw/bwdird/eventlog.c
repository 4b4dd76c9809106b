/*
 * Formatting and writing log lines.  Every value that came from outside is
 * escaped, so that one event is one line of printable ASCII.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "eventlog.h"

#define LIMITED_PER_SECOND 10

/* A line being put together; what does not fit is left out. */
struct line {
    char *text;
    size_t size;
    size_t used;
};

static void
line_start(struct line *line, char *text, size_t size)
{
    line->text = text;
    line->size = size;
    line->used = 0;
    text[0] = '\0';
}

static void
line_add(struct line *line, const char *text)
{
    size_t length = strlen(text);

    if (length >= line->size - line->used)
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
    size_t i;

    for (i = 0; i < length; i++)
        if (!is_plain((unsigned char)value[i]))
            return true;
    return length == 0;
}

static void
add_escaped(struct line *line, const char *value, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)value[i];
        char piece[8];

        if (is_plain(byte) || byte == ' ')
            snprintf(piece, sizeof(piece), "%c", byte);
        else
            snprintf(piece, sizeof(piece), "\\x%02x", byte);
        line_add(line, piece);
    }
}

static void
add_pair(struct line *line, const char *key, const char *value, size_t length)
{
    bool quotes = needs_quotes(value, length);

    if (line->used > 0)
        line_add(line, " ");
    line_add(line, key);
    line_add(line, quotes ? "=\"" : "=");
    add_escaped(line, value, length);
    if (quotes)
        line_add(line, "\"");
}

static void
add_text(struct line *line, const char *key, const char *value)
{
    add_pair(line, key, value, strlen(value));
}

static void
add_number(struct line *line, const char *key, int64_t number)
{
    char text[32];

    snprintf(text, sizeof(text), "%" PRId64, number);
    add_text(line, key, text);
}

static const char *
kind_word(unsigned kind)
{
    switch (kind) {
    case BW_WIRE_AUTHENTICATE:
        return "authenticate";
    case BW_WIRE_ACCOUNT:
        return "account";
    case BW_WIRE_CHANGE:
        return "change";
    case BW_WIRE_REDEEM:
        return "redeem";
    default:
        return "-";
    }
}

static const char *
access_word(unsigned access)
{
    switch (access) {
    case BW_WIRE_DASHBOARD:
        return "dashboard";
    case BW_WIRE_API:
        return "api";
    default:
        return "-";
    }
}

static void
add_source(struct line *line, const uint8_t source[BW_WIRE_SOURCE_SIZE])
{
    char text[INET6_ADDRSTRLEN] = "-";
    struct in6_addr address;
    bool v4;

    memcpy(&address, source, sizeof(address));
    v4 = IN6_IS_ADDR_V4MAPPED(&address);
    if (!IN6_IS_ADDR_UNSPECIFIED(&address))
        inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? source + 12 : source, text,
                  sizeof(text));
    add_text(line, "source", text);
}

void
bwdird_log_format(const struct bwdird_event *event, char *text, size_t size)
{
    const struct bw_wire_request *request = &event->origin->request;
    const char *service = event->service ? event->service : "-";
    struct line line;

    line_start(&line, text, size);
    add_text(&line, "event", kind_word(request->kind));
    add_pair(&line, "user", request->user,
             strnlen(request->user, sizeof(request->user)));
    add_text(&line, "service", service);
    add_text(
        &line, "access",
        access_word(event->access != 0 ? event->access : request->access));
    add_source(&line, request->source);
    add_number(&line, "uid", (int64_t)event->origin->uid);
    add_text(&line, "status", bwdir_status_name(event->status));
    add_text(&line, "reason", event->reason);
    add_number(&line, "ms", event->now - event->origin->arrived);
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
        strftime(seconds, sizeof(seconds), "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text, size, "%s.%03ldZ", seconds, now.tv_nsec / 1000000);
}

/* One write(2) for a line, so that lines of several processes never mix. */
static void
write_line(const struct bwdird_log *log, int priority, const char *text)
{
    char line[BWDIRD_LINE_MAX + 96], when[64];
    int length;

    if (log->fd < 0) {
        syslog(LOG_AUTHPRIV | priority, "%s", text);
        return;
    }
    stamp(when, sizeof(when));
    length = snprintf(line, sizeof(line), "%s bwdird[%ld]: %s\n", when,
                      (long)getpid(), text);
    if (length > 0 && (size_t)length < sizeof(line) &&
        write(log->fd, line, (size_t)length) < 0)
        syslog(LOG_AUTHPRIV | LOG_ERR, "log file: %m");
}

static int
priority_of(enum bwdir_status status)
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
bwdird_log_event(const struct bwdird_log *log,
                 const struct bwdird_event *event)
{
    char line[BWDIRD_LINE_MAX];

    bwdird_log_format(event, line, sizeof(line));
    write_line(log, priority_of(event->status), line);
}

/* False when this second has had its lines. */
static bool
line_due(struct bwdird_log *log, struct bwdird_limit *limit)
{
    int64_t now = bwdird_now();

    if (now - limit->window >= 1000) {
        limit->window = now;
        limit->lines = 0;
    }
    if (limit->lines < LIMITED_PER_SECOND) {
        limit->lines++;
        return true;
    }
    log->suppressed++;
    return false;
}

static void
write_notice(struct bwdird_log *log, int priority, const char *word,
             const char *detail)
{
    char text[1024];
    struct line line;

    line_start(&line, text, sizeof(text));
    add_text(&line, "notice", word);
    add_text(&line, "detail", detail);
    if (log->suppressed > 0)
        add_number(&line, "suppressed", (int64_t)log->suppressed);
    log->suppressed = 0;
    write_line(log, priority, text);
}

void
bwdird_log_undone(struct bwdird_log *log, const struct bwdird_event *event)
{
    if (!line_due(log, &log->undone))
        return;
    if (log->suppressed > 0)
        write_notice(log, LOG_WARNING, "lines-left-out",
                     "too many in a second");
    bwdird_log_event(log, event);
}

void
bwdird_log_notice(struct bwdird_log *log, int priority, const char *word,
                  const char *format, ...)
{
    char detail[256];
    va_list arguments;

    if (!line_due(log, &log->notices))
        return;
    va_start(arguments, format);
    vsnprintf(detail, sizeof(detail), format, arguments);
    va_end(arguments);
    write_notice(log, priority, word, detail);
}

bool
bwdird_log_open(struct bwdird_log *log, const char *target)
{
    memset(log, 0, sizeof(*log));
    log->fd = -1;
    openlog("bwdird", LOG_PID | LOG_NDELAY, LOG_AUTHPRIV);
    if (strcmp(target, "syslog") == 0)
        return true;
    log->fd =
        open(target,
             O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY,
             S_IRUSR | S_IWUSR | S_IRGRP);
    return log->fd >= 0;
}

void
bwdird_log_close(struct bwdird_log *log)
{
    if (log->fd >= 0)
        close(log->fd);
    log->fd = -1;
    closelog();
}

void
bwdird_log_reopen(struct bwdird_log *log)
{
    closelog();
    openlog("bwdird", LOG_PID | LOG_NDELAY, LOG_AUTHPRIV);
    log->notices.lines = 0;
    log->undone.lines = 0;
    log->suppressed = 0;
}
