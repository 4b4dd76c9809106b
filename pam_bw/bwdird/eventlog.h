/*
 * The daemon's log: one line for each event, with fixed keys in a fixed
 * order, and a notice for what happens to the daemon itself.  Goes to
 * syslog(3) (authpriv) or to the end of a file.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIRD_EVENTLOG_H
#define BWDIRD_EVENTLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "bwdir_signin.h"
#include "pam_bw/wire/wire.h"

/* Who asked what, and when; all that the parent knows of a request. */
struct bwdird_origin {
    struct bw_wire_request request;
    uid_t uid;       /* of the peer */
    int64_t arrived; /* bwdird_now() */
};

struct bwdird_event {
    const struct bwdird_origin *origin;
    const char *service; /* NULL where it has not been read */
    unsigned access;     /* the kind decided for; 0: as asked */
    enum bwdir_status status;
    const char *reason; /* fixed words */
    int64_t now;
};

/* How many lines of a kind there have been in a second. */
struct bwdird_limit {
    int64_t window; /* when it began */
    unsigned lines;
};

struct bwdird_log {
    struct bwdir_log sink;
    struct bwdird_limit notices;
    struct bwdird_limit undone; /* of its own, so that it hides no notice */
    unsigned suppressed;        /* of both */
};

/* TARGET as in bwdir_log_open().  False with errno set. */
bool bwdird_log_open(struct bwdird_log *log, const char *target);
void bwdird_log_close(struct bwdird_log *log);

/* In a new process: a connection and a process id of its own. */
void bwdird_log_reopen(struct bwdird_log *log);

/* An event line, without a newline. */
void bwdird_log_format(const struct bwdird_event *event,
                       struct bwdir_line *line);
void bwdird_log_event(const struct bwdird_log *log,
                      const struct bwdird_event *event);

/*
 * An event that cost no work and decided nothing: a question that may not be
 * put, or that came to no worker.  Anybody may cause any number of these, so
 * they are limited as notices are.
 */
void bwdird_log_undone(struct bwdird_log *log,
                       const struct bwdird_event *event);

/*
 * notice=WORD detail=TEXT.  At most ten in a second; how many lines were left
 * out is told in the next notice, and there is one as soon as a line may be
 * written again.  PRIORITY as in syslog(3).
 */
void bwdird_log_notice(struct bwdird_log *log, int priority, const char *word,
                       const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
