/*
 * Jobs and idle workers brought together, and nobody kept past his deadline.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "clock.h"
#include "peer.h"
#include "pool.h"

#define SERVED_MAX 10000

static void
on_child(evutil_socket_t signal, short what, void *closure)
{
    (void)signal;
    (void)what;
    bwdird_slots_reap(closure);
}

static void
on_respawn(evutil_socket_t fd, short what, void *closure)
{
    (void)fd;
    (void)what;
    bwdird_slots_fill(closure);
}

bool
bwdird_pool_start(struct bwdird_pool *pool,
                  const struct bwdird_pool_setup *setup)
{
    size_t i;

    memset(pool, 0, sizeof(*pool));
    pool->setup = *setup;
    if (pool->setup.served_max == 0)
        pool->setup.served_max = SERVED_MAX;
    bwdird_queue_open(&pool->queue);
    for (i = 0; i < BWDIRD_WORKERS_MAX; i++) {
        pool->slots[i].pool = pool;
        pool->slots[i].fd = -1;
    }
    pool->child = evsignal_new(setup->base, SIGCHLD, on_child, pool);
    pool->respawn = evtimer_new(setup->base, on_respawn, pool);
    if (pool->child == NULL || pool->respawn == NULL ||
        event_add(pool->child, NULL) != 0)
        return false;
    bwdird_slots_fill(pool);
    return true;
}

void
bwdird_pool_stop(struct bwdird_pool *pool)
{
    size_t i;

    if (pool->child != NULL)
        event_free(pool->child);
    if (pool->respawn != NULL)
        event_free(pool->respawn);
    for (i = 0; i < BWDIRD_WORKERS_MAX; i++) {
        struct bwdird_slot *slot = &pool->slots[i];
        pid_t pid = slot->pid;

        if (slot->state == BWDIRD_VACANT)
            continue;
        bwdird_slot_retire(slot, "daemon stops");
        if (pid > 0)
            waitpid(pid, NULL, 0);
    }
}

/* Past its deadline, in the queue or in work. */
static void
on_expired(evutil_socket_t fd, short what, void *closure)
{
    struct bwdird_job *job = closure;
    const struct bwdird_event event = {
        .origin = &job->origin,
        .status = BWDIR_UNAVAILABLE,
        .reason = job->slot != NULL ? "no answer before the deadline"
                                    : "no worker free before the deadline",
        .now = bwdird_now(),
    };

    (void)fd;
    (void)what;
    if (job->slot != NULL)
        bwdird_log_event(job->pool->setup.log, &event);
    else
        bwdird_log_undone(job->pool->setup.log, &event);
    if (job->slot != NULL)
        job->slot->logged = true;
    bwdird_pool_withdraw(job);
    job->done(job, NULL, 0);
}

/* Behind what UID has in work already. */
static uint64_t
earliest_round(const struct bwdird_pool *pool, uid_t uid)
{
    uint64_t round = 0;
    size_t i;

    for (i = 0; i < pool->setup.workers; i++) {
        const struct bwdird_slot *slot = &pool->slots[i];

        if (slot->state == BWDIRD_BUSY && slot->origin.uid == uid &&
            slot->round >= round)
            round = slot->round + 1;
    }
    return round;
}

bool
bwdird_pool_submit(struct bwdird_pool *pool, struct bwdird_job *job)
{
    struct timeval left = bwdird_span(job->deadline - bwdird_now());

    job->slot = NULL;
    job->timer = evtimer_new(pool->setup.base, on_expired, job);
    if (job->timer == NULL)
        return false;
    if (event_add(job->timer, &left) != 0) {
        event_free(job->timer);
        job->timer = NULL;
        return false;
    }
    job->pool = pool;
    bwdird_queue_add(&pool->queue, job, earliest_round(pool, job->origin.uid));
    bwdird_pool_dispatch(pool);
    return true;
}

void
bwdird_pool_withdraw(struct bwdird_job *job)
{
    if (job->pool == NULL)
        return;
    if (job->slot != NULL)
        job->slot->job = NULL;
    else
        bwdird_queue_remove(job);
    event_free(job->timer);
    job->timer = NULL;
    job->slot = NULL;
    job->pool = NULL;
}

static struct bwdird_slot *
find_idle(struct bwdird_pool *pool)
{
    size_t i;

    for (i = 0; i < pool->setup.workers; i++)
        if (pool->slots[i].state == BWDIRD_IDLE)
            return &pool->slots[i];
    return NULL;
}

/* Whether one more worker may serve others than the trusted. */
static bool
foreign_may_enter(const struct bwdird_pool *pool)
{
    unsigned busy = 0;
    size_t i;

    for (i = 0; i < pool->setup.workers; i++)
        busy += pool->slots[i].state == BWDIRD_BUSY &&
                !bwdird_peer_trusted(pool->slots[i].origin.uid);
    return busy < BWDIRD_WORKERS_FOREIGN(pool->setup.workers);
}

void
bwdird_pool_dispatch(struct bwdird_pool *pool)
{
    struct bwdird_slot *slot;
    struct bwdird_job *job;

    while ((slot = find_idle(pool)) != NULL &&
           (job = bwdird_queue_next(&pool->queue, foreign_may_enter(pool))) !=
               NULL)
        if (bwdird_slot_give(slot, job))
            bwdird_queue_take(&pool->queue, job);
}
