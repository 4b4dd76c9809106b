/*
 * The order of those who wait.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "peer.h"
#include "queue.h"

void
bwdird_queue_open(struct bwdird_queue *queue)
{
    TAILQ_INIT(&queue->trusted);
    TAILQ_INIT(&queue->foreign);
    queue->round = 0;
}

/* The present round, or the one behind JOB's uid's last, if that is later. */
static uint64_t
round_for(const struct bwdird_queue *queue, const struct bwdird_job *job)
{
    const struct bwdird_job *other;

    TAILQ_FOREACH_REVERSE(other, &queue->foreign, bwdird_line, next)
    if (other->origin.uid == job->origin.uid)
        return other->round + 1;
    return queue->round;
}

static void
add_foreign(struct bwdird_queue *queue, struct bwdird_job *job,
            uint64_t earliest)
{
    struct bwdird_job *before;

    job->round = round_for(queue, job);
    if (job->round < earliest)
        job->round = earliest;
    TAILQ_FOREACH_REVERSE(before, &queue->foreign, bwdird_line, next)
    if (before->round <= job->round)
        break;
    if (before != NULL)
        TAILQ_INSERT_AFTER(&queue->foreign, before, job, next);
    else
        TAILQ_INSERT_HEAD(&queue->foreign, job, next);
}

void
bwdird_queue_add(struct bwdird_queue *queue, struct bwdird_job *job,
                 uint64_t earliest)
{
    bool trusted = bwdird_peer_trusted(job->origin.uid);

    job->line = trusted ? &queue->trusted : &queue->foreign;
    job->round = 0;
    if (trusted)
        TAILQ_INSERT_TAIL(&queue->trusted, job, next);
    else
        add_foreign(queue, job, earliest);
}

struct bwdird_job *
bwdird_queue_next(const struct bwdird_queue *queue, bool foreign)
{
    if (!TAILQ_EMPTY(&queue->trusted))
        return TAILQ_FIRST(&queue->trusted);
    return foreign ? TAILQ_FIRST(&queue->foreign) : NULL;
}

void
bwdird_queue_take(struct bwdird_queue *queue, struct bwdird_job *job)
{
    if (job->line == &queue->foreign)
        queue->round = job->round;
    bwdird_queue_remove(job);
}

void
bwdird_queue_remove(struct bwdird_job *job)
{
    TAILQ_REMOVE(job->line, job, next);
    job->line = NULL;
}
