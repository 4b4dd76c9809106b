/*
 * The worker's loop: receive, decode, ask the library, log, reply.  What it
 * must not know it gives away at once: the parent's descriptors, and each
 * password after its request.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#include "clock.h"
#include "privileges.h"
#include "question.h"
#include "reply.h"
#include "worker.h"

/* The library is told to give up a little before the parent kills. */
#define MARGIN_MS 50

/* For the first connections; meanwhile nobody is answered here. */
#define WARM_MS 1000

/* A packet as it comes from the parent. */
struct packet {
    struct bwdird_task task;
    uint8_t fields[BW_WIRE_REQUEST_MAX];
};

struct worker {
    struct bwdird_work *work;
    struct bwdir_signin *signin;
    struct packet packet;
    struct bwdird_question question;
    struct bwdird_outcome outcome;
};

static void
become_worker(const struct bwdird_work *work)
{
    static const int own[] = {SIGTERM, SIGINT, SIGCHLD};
    const int keep[] = {work->fd, work->log->sink.fd};
    sigset_t none;
    size_t i;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_NAME, "bwdird-worker");
    if (getppid() != work->parent)
        _exit(0);
    for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        signal(own[i], SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    closelog();
    bwdird_descriptors_close_but(keep, sizeof(keep) / sizeof(keep[0]));
    bwdird_log_reopen(work->log);
}

static int64_t
deadline_of(const struct bwdird_task *task)
{
    return task->given - MARGIN_MS +
           bw_wire_deadline_ms(task->origin.request.access);
}

static enum bwdir_status
ask_library(struct worker *worker, struct bwdir_answer *answer)
{
    const struct bwdird_question *question = &worker->question;
    const struct bwdir_signin_ask ask = {
        .user = question->user,
        .service = &question->service,
        .deadline = deadline_of(&worker->packet.task),
    };
    const struct bwdir_redemption redemption = {
        question->code, question->phone, question->new_password};

    switch (question->kind) {
    case BW_WIRE_AUTHENTICATE:
        return bwdir_signin_authenticate(worker->signin, &ask,
                                         question->password, answer);
    case BW_WIRE_ACCOUNT:
        return bwdir_signin_account(worker->signin, &ask, answer);
    case BW_WIRE_CHANGE:
        return bwdir_signin_change(worker->signin, &ask, question->password,
                                   question->new_password, answer);
    case BW_WIRE_REDEEM:
        return bwdir_signin_redeem(worker->signin, &ask, &redemption, answer);
    }
    return BWDIR_INTERNAL;
}

static void
log_answer(const struct worker *worker, const struct bwdir_answer *answer)
{
    const struct bwdird_event event = {
        .origin = &worker->packet.task.origin,
        .service = worker->question.service_name,
        .access = answer->service_access,
        .status = answer->status,
        .reason = answer->reason[0] != '\0' ? answer->reason : "-",
        .now = bwdird_now(),
    };

    bwdird_log_event(worker->work->log, &event);
}

/* The PAM line and the access records do not agree on the kind of service. */
static void
log_conflict(const struct worker *worker, const struct bwdir_answer *answer)
{
    unsigned said = worker->packet.task.origin.request.access;

    if (!bwdir_service_in_conflict(said, answer->service_listed))
        return;
    bwdird_log_notice(
        worker->work->log, LOG_WARNING, "service-conflict",
        "service %.128s: argument %s, directory %s; counts as %s",
        worker->question.service_name, bwdir_access_name(said),
        bwdir_access_name(answer->service_listed),
        bwdir_access_name(answer->service_access));
}

/* The question may have been answered by another server. */
static void
log_trouble(const struct worker *worker)
{
    const char *trouble = bwdir_signin_trouble(worker->signin);

    if (*trouble != '\0')
        bwdird_log_notice(worker->work->log, LOG_WARNING,
                          "directory-unavailable", "%s", trouble);
}

/* Replaces whatever ANSWER holds by a refusal. */
static void
refuse(struct bwdir_answer *answer, const char *reason)
{
    bwdir_answer_clear(answer);
    memset(answer, 0, sizeof(*answer));
    answer->status = BWDIR_UNAVAILABLE;
    answer->days_left = -1;
    snprintf(answer->reason, sizeof(answer->reason), "%s", reason);
}

/* ANSWER holds a verdict that may leave the daemon, or a refusal. */
static void
find_answer(struct worker *worker, struct bwdir_answer *answer)
{
    const struct packet *packet = &worker->packet;
    const char *why = NULL;
    bool decoded;

    decoded = bwdird_question_decode(
        &worker->question, &packet->task.origin.request, packet->fields, &why);
    explicit_bzero(worker->packet.fields, sizeof(worker->packet.fields));
    if (!decoded)
        refuse(answer, why);
    else if (ask_library(worker, answer) != answer->status)
        refuse(answer, "verdict contradicts itself");
    if (decoded)
        log_trouble(worker);
}

static bool
send_packet(const struct worker *worker, const void *bytes, size_t size)
{
    ssize_t sent;

    do
        sent = send(worker->work->fd, bytes, size, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)size;
}

static bool
serve(struct worker *worker)
{
    const bool unsaid =
        worker->packet.task.origin.request.access == BW_WIRE_UNSAID;
    struct bwdir_answer answer;
    size_t size;
    bool sent;

    worker->outcome.number = worker->packet.task.number;
    memset(&answer, 0, sizeof(answer));
    refuse(&answer, "not decided");
    find_answer(worker, &answer);
    log_conflict(worker, &answer);
    size = bwdird_reply_encode(&answer, unsaid, worker->outcome.frame);
    if (size == 0) {
        refuse(&answer, "answer too long for a frame");
        size = bwdird_reply_encode(&answer, unsaid, worker->outcome.frame);
    }
    log_answer(worker, &answer);
    sent = send_packet(worker, &worker->outcome, BWDIRD_OUTCOME_HEAD + size);
    bwdir_answer_clear(&answer);
    bwdird_question_clear(&worker->question);
    return sent;
}

/* False when the parent has closed the socket or speaks nonsense. */
static bool
receive(struct worker *worker)
{
    struct packet *packet = &worker->packet;
    ssize_t got;

    do
        got = recv(worker->work->fd, packet, sizeof(*packet), 0);
    while (got < 0 && errno == EINTR);
    return got >= (ssize_t)sizeof(packet->task) &&
           bw_wire_request_valid(&packet->task.origin.request) &&
           (size_t)got ==
               sizeof(packet->task) + packet->task.origin.request.length;
}

static bool
prepare(struct worker *worker)
{
    static const char ready = BWDIRD_READY;
    struct bwdir_detail why = {""};

    if (bwdir_signin_new(worker->work->config, &worker->signin, &why) !=
        BWDIR_OK) {
        bwdird_log_notice(worker->work->log, LOG_ERR, "worker-unfit", "%s",
                          why.text);
        return false;
    }
    (void)bwdir_signin_warm(worker->signin, bwdird_now() + WARM_MS);
    log_trouble(worker);
    return send_packet(worker, &ready, sizeof(ready));
}

void
bwdird_worker_run(struct bwdird_work *work)
{
    struct worker *worker = calloc(1, sizeof(*worker));

    become_worker(work);
    if (worker == NULL)
        _exit(1);
    worker->work = work;
    if (prepare(worker))
        while (receive(worker) && serve(worker))
            continue;
    bwdir_signin_free(&worker->signin);
    explicit_bzero(worker, sizeof(*worker));
    free(worker);
    _exit(0);
}
