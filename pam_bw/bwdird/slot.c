/*
 * One worker seen from the parent: born, given work, answered for, killed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "clock.h"
#include "pool.h"
#include "reply.h"

#define START_MS 5000 /* for connecting to the directory */
#define YOUNG_MS                                                              \
    1000 /* who dies younger than this is not replaced at once                \
          */
#define DELAY_MIN_MS 100
#define DELAY_MAX_MS 5000

/* Unless the caller was told before, and a line written. */
static void
log_failure(struct bwdird_slot *slot, const char *reason)
{
    const struct bwdird_event event = {
        .origin = &slot->origin,
        .status = BWDIR_UNAVAILABLE,
        .reason = reason,
        .now = bwdird_now(),
    };

    if (!slot->logged)
        bwdird_log_event(slot->pool->setup.log, &event);
    slot->logged = true;
}

static void
answer(struct bwdird_slot *slot, const void *reply, size_t size)
{
    struct bwdird_job *job = slot->job;

    if (job == NULL)
        return;
    bwdird_pool_withdraw(job);
    job->done(job, reply, size);
}

static void
close_slot(struct bwdird_slot *slot)
{
    if (slot->readable != NULL)
        event_free(slot->readable);
    if (slot->timer != NULL)
        event_free(slot->timer);
    if (slot->fd >= 0)
        close(slot->fd);
    slot->readable = NULL;
    slot->timer = NULL;
    slot->fd = -1;
    slot->pid = 0;
    slot->state = BWDIRD_VACANT;
}

void
bwdird_slot_retire(struct bwdird_slot *slot, const char *reason)
{
    bool busy = slot->state == BWDIRD_BUSY;

    if (slot->pid > 0)
        kill(slot->pid, SIGKILL);
    if (busy)
        log_failure(slot, reason);
    close_slot(slot);
    answer(slot, NULL, 0);
}

static void
arrange_respawn(struct bwdird_pool *pool)
{
    const struct timeval span = bwdird_span(pool->delay);

    if (!event_pending(pool->respawn, EV_TIMEOUT, NULL))
        event_add(pool->respawn, &span);
}

static void
replace(struct bwdird_slot *slot, const char *reason)
{
    struct bwdird_pool *pool = slot->pool;

    bwdird_slot_retire(slot, reason);
    bwdird_slots_fill(pool);
    bwdird_pool_dispatch(pool);
}

/* A worker that fails just after its birth holds up its successor. */
static void
fail(struct bwdird_slot *slot, const char *reason)
{
    struct bwdird_pool *pool = slot->pool;

    bwdird_log_notice(pool->setup.log, LOG_ERR, "worker-failed", "pid %ld: %s",
                      (long)slot->known_as, reason);
    bwdird_slots_reap(pool);
    if (bwdird_now() - slot->born < YOUNG_MS) {
        pool->delay = pool->delay > 0 ? pool->delay * 2 : DELAY_MIN_MS;
        if (pool->delay > DELAY_MAX_MS)
            pool->delay = DELAY_MAX_MS;
        arrange_respawn(pool);
    }
    replace(slot, reason);
}

static void
on_overdue(evutil_socket_t fd, short what, void *closure)
{
    struct bwdird_slot *slot = closure;

    (void)fd;
    (void)what;
    bwdird_log_notice(slot->pool->setup.log, LOG_ERR, "worker-killed",
                      "pid %ld %s", (long)slot->known_as,
                      slot->state == BWDIRD_STARTING
                          ? "not ready in time"
                          : "past the deadline of its request");
    replace(slot, "worker past the deadline; killed");
}

/* Worn out: closing its socket lets it leave in good order. */
static void
recycle(struct bwdird_slot *slot)
{
    close_slot(slot);
    bwdird_slots_fill(slot->pool);
}

static void
finish(struct bwdird_slot *slot, size_t size)
{
    struct bwdird_pool *pool = slot->pool;

    event_del(slot->timer);
    slot->state = BWDIRD_IDLE;
    slot->served++;
    pool->delay = 0;
    answer(slot, pool->outcome.frame, size);
    if (slot->state == BWDIRD_IDLE && slot->served >= pool->setup.served_max)
        recycle(slot);
    bwdird_pool_dispatch(pool);
}

static void
become_ready(struct bwdird_slot *slot)
{
    event_del(slot->timer);
    slot->state = BWDIRD_IDLE;
    bwdird_pool_dispatch(slot->pool);
}

/* A whole reply, and to the request that SLOT is at work on. */
static bool
is_answer(const struct bwdird_slot *slot, size_t got)
{
    const struct bwdird_outcome *outcome = &slot->pool->outcome;

    return slot->state == BWDIRD_BUSY && got > BWDIRD_OUTCOME_HEAD &&
           outcome->number == slot->number &&
           bwdird_reply_whole(outcome->frame, got - BWDIRD_OUTCOME_HEAD);
}

static void
on_readable(evutil_socket_t fd, short what, void *closure)
{
    struct bwdird_slot *slot = closure;
    struct bwdird_outcome *outcome = &slot->pool->outcome;
    ssize_t got = recv(fd, outcome, sizeof(*outcome), MSG_DONTWAIT);

    (void)what;
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0)
        fail(slot, "worker died");
    else if (slot->state == BWDIRD_STARTING && got == 1 &&
             *(const char *)outcome == BWDIRD_READY)
        become_ready(slot);
    else if (is_answer(slot, (size_t)got))
        finish(slot, (size_t)got - BWDIRD_OUTCOME_HEAD);
    else
        fail(slot, "worker answered nonsense; killed");
}

bool
bwdird_slot_give(struct bwdird_slot *slot, struct bwdird_job *job)
{
    struct bwdird_task task;
    struct iovec parts[2] = {{&task, sizeof(task)},
                             {job->fields, job->origin.request.length}};
    const struct msghdr packet = {.msg_iov = parts, .msg_iovlen = 2};
    uint32_t span = bw_wire_deadline_ms(job->origin.request.access);
    const struct timeval patience = bwdird_span(span);
    ssize_t sent;

    memset(&task, 0, sizeof(task));
    task.origin = job->origin;
    task.given = bwdird_now();
    task.number = ++slot->pool->tasks;
    sent = sendmsg(slot->fd, &packet, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 || event_add(slot->timer, &patience) != 0) {
        bwdird_slot_retire(slot, "worker takes no work");
        bwdird_slots_fill(slot->pool);
        return false;
    }
    explicit_bzero(job->fields, job->origin.request.length);
    slot->state = BWDIRD_BUSY;
    slot->origin = job->origin;
    slot->round = job->round;
    slot->number = task.number;
    slot->logged = false;
    slot->job = job;
    job->slot = slot;
    return true;
}

/* In the parent: SLOT becomes the new worker's.  PID may be -1. */
static bool
adopt(struct bwdird_slot *slot, pid_t pid, int fd)
{
    struct event_base *base = slot->pool->setup.base;
    const struct timeval patience = bwdird_span(START_MS);

    slot->pid = slot->known_as = pid > 0 ? pid : 0;
    slot->fd = fd;
    slot->job = NULL;
    slot->served = 0;
    slot->born = bwdird_now();
    slot->state = BWDIRD_STARTING;
    slot->readable =
        event_new(base, fd, EV_READ | EV_PERSIST, on_readable, slot);
    slot->timer = evtimer_new(base, on_overdue, slot);
    return pid > 0 && slot->readable != NULL && slot->timer != NULL &&
           event_add(slot->readable, NULL) == 0 &&
           event_add(slot->timer, &patience) == 0;
}

/* In the child: nothing of the parent's is left behind. */
static void
work(struct bwdird_pool *pool, int fd, pid_t parent)
{
    struct bwdird_work work = {
        .fd = fd,
        .parent = parent,
        .config = pool->setup.config,
        .log = pool->setup.log,
    };

    pool->setup.shed(pool->setup.closure);
    bwdird_worker_run(&work);
}

static bool
spawn(struct bwdird_slot *slot)
{
    pid_t parent = getpid(), pid;
    sigset_t every, before;
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    /* No signal may find the parent's handlers in the child. */
    sigfillset(&every);
    sigprocmask(SIG_SETMASK, &every, &before);
    pid = fork();
    if (pid == 0)
        work(slot->pool, pair[1], parent);
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(pair[1]);
    if (adopt(slot, pid, pair[0]))
        return true;
    bwdird_slot_retire(slot, "");
    return false;
}

void
bwdird_slots_fill(struct bwdird_pool *pool)
{
    bool held_up = event_pending(pool->respawn, EV_TIMEOUT, NULL);
    size_t i;

    for (i = 0; i < pool->setup.workers && !held_up; i++) {
        if (pool->slots[i].state != BWDIRD_VACANT)
            continue;
        if (!spawn(&pool->slots[i])) {
            pool->delay = DELAY_MAX_MS;
            bwdird_log_notice(pool->setup.log, LOG_ERR, "no-worker",
                              "cannot start a worker: %s", strerror(errno));
            arrange_respawn(pool);
            held_up = true;
        }
    }
}

static void
note_death(struct bwdird_pool *pool, pid_t pid, int status)
{
    size_t i;

    for (i = 0; i < BWDIRD_WORKERS_MAX; i++) {
        if (pool->slots[i].pid != pid)
            continue;
        /* Its last words may be unread: the end of the stream retires it. */
        pool->slots[i].pid = 0;
        bwdird_log_notice(
            pool->setup.log, LOG_ERR, "worker-died", "pid %ld %s %d",
            (long)pid, WIFSIGNALED(status) ? "signal" : "exit",
            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    }
}

void
bwdird_slots_reap(struct bwdird_pool *pool)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        note_death(pool, pid, status);
}
