/*
 * Whose turn it is.  Root and the daemon's own user are served before
 * everybody else; the others take turns by uid, so that nobody waits for more
 * than one request of each other uid, however many that one sends.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIRD_QUEUE_H
#define BWDIRD_QUEUE_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>

#include "eventlog.h"

struct bwdird_pool;
struct bwdird_slot;

/* A request that has been read.  The memory is the client's. */
struct bwdird_job {
    struct bwdird_origin origin;
    int64_t deadline;
    uint8_t *fields; /* origin.request.length bytes; wiped once passed on */

    /* Called once, unless withdrawn; REPLY is NULL when there is none. */
    void (*done)(struct bwdird_job *job, const void *reply, size_t size);

    /* the pool's own */
    struct bwdird_pool *pool;
    struct bwdird_slot *slot; /* who works on it; NULL in the queue */
    struct event *timer;

    /* the queue's own */
    uint64_t round;
    struct bwdird_line *line;
    TAILQ_ENTRY(bwdird_job) next;
};

TAILQ_HEAD(bwdird_line, bwdird_job);

struct bwdird_queue {
    struct bwdird_line trusted; /* in the order they came */
    struct bwdird_line foreign; /* by round: one request of each uid in each */
    uint64_t round;             /* of the last one taken */
};

void bwdird_queue_open(struct bwdird_queue *queue);

/*
 * JOB waits.  EARLIEST is the first round that it may have: the one behind
 * those of its uid's requests that are in work, 0 when there are none.
 */
void bwdird_queue_add(struct bwdird_queue *queue, struct bwdird_job *job,
                      uint64_t earliest);

/* Who is next; FOREIGN: others than the trusted too.  NULL: nobody. */
struct bwdird_job *bwdird_queue_next(const struct bwdird_queue *queue,
                                     bool foreign);

/* JOB is given to a worker. */
void bwdird_queue_take(struct bwdird_queue *queue, struct bwdird_job *job);

/* JOB waits no longer, and was given to nobody. */
void bwdird_queue_remove(struct bwdird_job *job);

#endif
