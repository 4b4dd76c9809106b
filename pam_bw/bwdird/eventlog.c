/*
 * What the daemon writes into its log, in the form that all of bwdir's lines
 * have (libbwdir's bwdir_line), and how often.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "clock.h"
#include "eventlog.h"

#define LIMITED_PER_SECOND 10

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
add_source(struct bwdir_line *line, const uint8_t source[BW_WIRE_SOURCE_SIZE])
{
    char text[INET6_ADDRSTRLEN] = "-";
    struct in6_addr address;
    bool v4;

    memcpy(&address, source, sizeof(address));
    v4 = IN6_IS_ADDR_V4MAPPED(&address);
    if (!IN6_IS_ADDR_UNSPECIFIED(&address))
        inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? source + 12 : source, text,
                  sizeof(text));
    bwdir_line_text(line, "source", text);
}

void
bwdird_log_format(const struct bwdird_event *event, struct bwdir_line *line)
{
    const struct bw_wire_request *request = &event->origin->request;

    bwdir_line_start(line);
    bwdir_line_text(line, "event", kind_word(request->kind));
    bwdir_line_bytes(line, "user", request->user,
                     strnlen(request->user, sizeof(request->user)));
    bwdir_line_text(line, "service", event->service ? event->service : "-");
    bwdir_line_text(
        line, "access",
        access_word(event->access != 0 ? event->access : request->access));
    add_source(line, request->source);
    bwdir_line_number(line, "uid", (int64_t)event->origin->uid);
    bwdir_line_text(line, "status", bwdir_status_name(event->status));
    bwdir_line_text(line, "reason", event->reason);
    bwdir_line_number(line, "ms", event->now - event->origin->arrived);
}

void
bwdird_log_event(const struct bwdird_log *log,
                 const struct bwdird_event *event)
{
    struct bwdir_line line;

    bwdird_log_format(event, &line);
    bwdir_log_write(&log->sink, bwdir_log_priority(event->status), line.text);
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
    struct bwdir_line line;

    bwdir_line_start(&line);
    bwdir_line_text(&line, "notice", word);
    bwdir_line_text(&line, "detail", detail);
    if (log->suppressed > 0)
        bwdir_line_number(&line, "suppressed", (int64_t)log->suppressed);
    log->suppressed = 0;
    bwdir_log_write(&log->sink, priority, line.text);
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
    return bwdir_log_open(&log->sink, "bwdird", target);
}

void
bwdird_log_close(struct bwdird_log *log)
{
    bwdir_log_close(&log->sink);
}

void
bwdird_log_reopen(struct bwdird_log *log)
{
    bwdir_log_reopen(&log->sink);
    log->notices.lines = 0;
    log->undone.lines = 0;
    log->suppressed = 0;
}
