/*
 * One caller's connection: reading, waiting, writing.  The parent looks at
 * the header only; the fields go to a worker as they came.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "peer.h"
#include "reply.h"

#define TRANSFER_MS 500 /* for a request to come in, for a reply to go out */

enum phase { VACANT, READING, WAITING, WRITING };

struct bwdird_client {
    struct bwdird_clients *clients;
    enum phase phase;
    int fd;
    struct event *readable;
    struct event *writable;
    struct event *timer; /* of reading and of writing */
    struct bwdird_job job;
    size_t used;
    union {
        struct bw_wire_request header;
        uint8_t bytes[BW_WIRE_REQUEST_MAX];
    } frame;
    uint8_t *reply;
    size_t reply_size;
    size_t reply_sent;
};

static const size_t table_size =
    BWDIRD_CLIENTS_MAX * sizeof(struct bwdird_client);

static void
drop(struct bwdird_client *client)
{
    bwdird_pool_withdraw(&client->job);
    if (client->readable != NULL)
        event_free(client->readable);
    if (client->writable != NULL)
        event_free(client->writable);
    if (client->timer != NULL)
        event_free(client->timer);
    close(client->fd);
    free(client->reply);
    explicit_bzero(client, sizeof(*client));
}

static void
on_writable(evutil_socket_t fd, short what, void *closure)
{
    struct bwdird_client *client = closure;
    size_t left = client->reply_size - client->reply_sent;
    ssize_t sent = send(fd, client->reply + client->reply_sent, left,
                        MSG_NOSIGNAL | MSG_DONTWAIT);

    (void)what;
    if (sent < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (sent > 0)
        client->reply_sent += (size_t)sent;
    if (sent <= 0 || client->reply_sent == client->reply_size)
        drop(client);
}

/* The reply is tried at once; what does not fit waits for room. */
static void
answer(struct bwdird_client *client, const void *reply, size_t size)
{
    const struct timeval patience = bwdird_span(TRANSFER_MS);

    client->phase = WRITING;
    event_del(client->readable);
    client->reply = malloc(size);
    if (client->reply == NULL || event_add(client->writable, NULL) != 0 ||
        event_add(client->timer, &patience) != 0) {
        drop(client);
        return;
    }
    memcpy(client->reply, reply, size);
    client->reply_size = size;
    on_writable(client->fd, EV_WRITE, client);
}

static void
answer_unavailable(struct bwdird_client *client)
{
    struct bw_wire_reply reply = bwdird_reply_bare(BWDIR_UNAVAILABLE);

    answer(client, &reply, sizeof(reply));
}

static void
on_done(struct bwdird_job *job, const void *reply, size_t size)
{
    struct bwdird_client *client =
        (struct bwdird_client *)((char *)job -
                                 offsetof(struct bwdird_client, job));

    if (reply != NULL)
        answer(client, reply, size);
    else
        answer_unavailable(client);
}

static void
refuse(struct bwdird_client *client, const char *reason)
{
    const struct bwdird_event event = {
        .origin = &client->job.origin,
        .status = BWDIR_UNAVAILABLE,
        .reason = reason,
        .now = bwdird_now(),
    };

    bwdird_log_undone(client->clients->log, &event);
    answer_unavailable(client);
}

static void
refuse_frame(struct bwdird_client *client, const char *what)
{
    bwdird_log_notice(client->clients->log, LOG_WARNING, "malformed-frame",
                      "uid %ld: %s", (long)client->job.origin.uid, what);
    answer_unavailable(client);
}

static int64_t
deadline_of(const struct bwdird_origin *origin)
{
    uint32_t most = bw_wire_deadline_ms(origin->request.access);
    uint32_t wanted = origin->request.deadline_ms;

    return origin->arrived + (wanted < most ? wanted : most);
}

/* The whole frame is there. */
static void
submit(struct bwdird_client *client)
{
    struct bwdird_job *job = &client->job;

    client->phase = WAITING;
    event_del(client->timer);
    job->deadline = deadline_of(&job->origin);
    job->fields = client->frame.bytes + sizeof(client->frame.header);
    job->done = on_done;
    if (!bwdird_peer_may_ask(job->origin.uid,
                             (enum bw_wire_kind)job->origin.request.kind))
        refuse(client, "this peer may not ask without a secret");
    else if (!bwdird_pool_submit(client->clients->pool, job))
        refuse(client, "out of memory");
}

/* True while more is wanted. */
static bool
header_fits(struct bwdird_client *client)
{
    if (client->used < sizeof(client->frame.header))
        return true;
    client->job.origin.request = client->frame.header;
    if (bw_wire_request_valid(&client->frame.header))
        return true;
    refuse_frame(client, "header not fit");
    return false;
}

/* Never reads behind the frame: what is there must not be. */
static size_t
wanted(const struct bwdird_client *client)
{
    size_t size = sizeof(client->frame.header);

    if (client->used >= size)
        size += client->frame.header.length;
    return size - client->used;
}

static void
read_more(struct bwdird_client *client)
{
    while (wanted(client) > 0) {
        ssize_t got = recv(client->fd, client->frame.bytes + client->used,
                           wanted(client), MSG_DONTWAIT);

        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got <= 0) {
            drop(client);
            return;
        }
        client->used += (size_t)got;
        if (!header_fits(client))
            return;
    }
    submit(client);
}

/* A caller that waits has nothing more to say. */
static void
notice_leaving(struct bwdird_client *client)
{
    char byte;
    ssize_t got = recv(client->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got > 0)
        bwdird_log_notice(client->clients->log, LOG_WARNING, "malformed-frame",
                          "uid %ld: bytes behind the end",
                          (long)client->job.origin.uid);
    drop(client);
}

static void
on_readable(evutil_socket_t fd, short what, void *closure)
{
    struct bwdird_client *client = closure;

    (void)fd;
    (void)what;
    if (client->phase == READING)
        read_more(client);
    else
        notice_leaving(client);
}

static void
on_slow(evutil_socket_t fd, short what, void *closure)
{
    struct bwdird_client *client = closure;

    (void)fd;
    (void)what;
    bwdird_log_notice(client->clients->log, LOG_WARNING, "slow-peer",
                      "uid %ld: %s", (long)client->job.origin.uid,
                      client->phase == READING ? "request not whole in time"
                                               : "reply not taken in time");
    drop(client);
}

static bool
watch(struct bwdird_client *client)
{
    struct event_base *base = client->clients->base;
    const struct timeval patience = bwdird_span(TRANSFER_MS);

    client->readable =
        event_new(base, client->fd, EV_READ | EV_PERSIST, on_readable, client);
    client->writable = event_new(base, client->fd, EV_WRITE | EV_PERSIST,
                                 on_writable, client);
    client->timer = evtimer_new(base, on_slow, client);
    return client->readable != NULL && client->writable != NULL &&
           client->timer != NULL && event_add(client->readable, NULL) == 0 &&
           event_add(client->timer, &patience) == 0;
}

/* A free place, if the rules about peers leave one to UID. */
static struct bwdird_client *
find_place(struct bwdird_clients *clients, uid_t uid)
{
    struct bwdird_peer_count count = {0, 0, 0};
    struct bwdird_client *place = NULL;
    size_t i;

    for (i = 0; i < BWDIRD_CLIENTS_MAX; i++) {
        struct bwdird_client *client = &clients->table[i];
        uid_t other = client->job.origin.uid;

        if (client->phase == VACANT) {
            place = place != NULL ? place : client;
            continue;
        }
        count.all++;
        count.foreign += !bwdird_peer_trusted(other);
        count.same += other == uid;
    }
    return bwdird_peer_fits(uid, &count) ? place : NULL;
}

void
bwdird_clients_admit(struct bwdird_clients *clients, int fd, uid_t uid)
{
    struct bwdird_client *client = find_place(clients, uid);

    if (client == NULL) {
        bwdird_log_notice(clients->log, LOG_WARNING, "too-many-connections",
                          "uid %ld: refused", (long)uid);
        close(fd);
        return;
    }
    client->clients = clients;
    client->phase = READING;
    client->fd = fd;
    client->job.origin.uid = uid;
    client->job.origin.arrived = bwdird_now();
    if (!watch(client))
        drop(client);
}

bool
bwdird_clients_open(struct bwdird_clients *clients, struct event_base *base,
                    struct bwdird_pool *pool, struct bwdird_log *log)
{
    clients->base = base;
    clients->pool = pool;
    clients->log = log;
    clients->table = mmap(NULL, table_size, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (clients->table == MAP_FAILED)
        clients->table = NULL;
    return clients->table != NULL;
}

void
bwdird_clients_close(struct bwdird_clients *clients)
{
    size_t i;

    if (clients->table == NULL)
        return;
    for (i = 0; i < BWDIRD_CLIENTS_MAX; i++)
        if (clients->table[i].phase != VACANT)
            drop(&clients->table[i]);
    bwdird_clients_shed(clients);
}

void
bwdird_clients_shed(struct bwdird_clients *clients)
{
    if (clients->table != NULL)
        munmap(clients->table, table_size);
    clients->table = NULL;
}
