/*
 * The workers as the parent sees them, and the queue before them.  A job is
 * handed to an idle worker or waits its turn (queue.h; all workers but one
 * serve foreign uids too); past its deadline it is answered with nothing.  A
 * worker has the whole time of its kind of service from the moment it is given
 * a job, and is then killed and replaced.  (Were it killed at the caller's
 * deadline, whoever asks with a deadline of 1 ms, or a long queue, would kill
 * workers that have done nothing wrong.)
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIRD_POOL_H
#define BWDIRD_POOL_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "bwdir_signin.h"
#include "eventlog.h"
#include "queue.h"
#include "worker.h"

#define BWDIRD_WORKERS_MAX 64

/* So many may serve foreign uids at a time: one is left to the trusted. */
#define BWDIRD_WORKERS_FOREIGN(workers) ((workers) > 1 ? (workers)-1 : 1)

enum bwdird_slot_state {
    BWDIRD_VACANT,
    BWDIRD_STARTING, /* connecting to the directory */
    BWDIRD_IDLE,
    BWDIRD_BUSY
};

/* A place for a worker. */
struct bwdird_slot {
    struct bwdird_pool *pool;
    enum bwdird_slot_state state;
    pid_t pid;      /* 0 once it has been waited for */
    pid_t known_as; /* the same, for the log */
    int fd;
    struct event *readable;
    struct event *timer;         /* of starting, or of the work */
    struct bwdird_job *job;      /* NULL when nobody waits for it any more */
    struct bwdird_origin origin; /* of the job */
    uint64_t round;              /* of the job, in the queue */
    uint64_t number;             /* of the task */
    bool logged;                 /* the job's event line is written */
    int64_t born;
    unsigned served;
};

struct bwdird_pool_setup {
    struct event_base *base;
    struct bwdird_log *log;
    const struct bwdir_config *config;
    unsigned workers;
    unsigned served_max; /* requests of one worker; 0: the default */
    /* Called in a new worker: forget what is the parent's. */
    void (*shed)(void *closure);
    void *closure;
};

struct bwdird_pool {
    struct bwdird_pool_setup setup;
    struct bwdird_slot slots[BWDIRD_WORKERS_MAX];
    struct bwdird_queue queue;
    uint64_t tasks;        /* given so far, to whichever worker */
    struct event *child;   /* SIGCHLD */
    struct event *respawn; /* armed while workers die as soon as born */
    int64_t delay;
    struct bwdird_outcome outcome;
};

/* Starts the workers.  False when events cannot be made. */
bool bwdird_pool_start(struct bwdird_pool *pool,
                       const struct bwdird_pool_setup *setup);

/* Kills the workers and waits for them.  No job may be in the pool. */
void bwdird_pool_stop(struct bwdird_pool *pool);

/* False, and nothing kept, when out of memory. */
bool bwdird_pool_submit(struct bwdird_pool *pool, struct bwdird_job *job);

/* The asker has gone; harmless when the job is done. */
void bwdird_pool_withdraw(struct bwdird_job *job);

/* ---- between pool.c and slot.c ------------------------------------------ */

/* Gives waiting jobs to idle workers. */
void bwdird_pool_dispatch(struct bwdird_pool *pool);

/* Forks workers for vacant slots, or arranges for it. */
void bwdird_slots_fill(struct bwdird_pool *pool);

/* Ends a worker; its job, if any, is answered with nothing. */
void bwdird_slot_retire(struct bwdird_slot *slot, const char *reason);

/* False when the worker cannot take it: it has then been retired. */
bool bwdird_slot_give(struct bwdird_slot *slot, struct bwdird_job *job);

/* Waits for children that have ended. */
void bwdird_slots_reap(struct bwdird_pool *pool);

#endif
