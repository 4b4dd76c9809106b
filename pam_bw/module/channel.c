/*
 * One connection to bwdird: connect, send, poll, recv, close.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* How long to wait for room in the daemon's queue before asking again. */
#define RETRY_MS 5

int64_t
pambw_clock_ms(void)
{
    struct timespec now = {0};

    /* Cannot fail: the clock exists and the address is good. */
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int
left_ms(const struct pambw_channel *channel)
{
    int64_t left = channel->deadline - pambw_clock_ms();

    return left > 0 ? (int)left : 0;
}

/* A socket that is not 0, 1 or 2, even in a host that has closed these. */
static int
safe_socket(void)
{
    int fd, safe;

    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    safe = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    (void)close(fd);
    return safe;
}

/*
 * A non-blocking connect(2) to a Unix socket succeeds or fails at once;
 * EAGAIN means that the listener's queue is full.
 */
static enum pambw_fault
reach(const struct pambw_channel *channel, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (strlen(path) >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return PAMBW_UNREACHABLE;
    }
    strcpy(address.sun_path, path);
    while (connect(channel->fd, (const struct sockaddr *)&address,
                   sizeof(address)) != 0) {
        if (errno == EISCONN)
            break;
        if (errno != EAGAIN && errno != EINTR)
            return PAMBW_UNREACHABLE;
        if (left_ms(channel) == 0)
            return PAMBW_LATE;
        (void)poll(NULL, 0, RETRY_MS);
    }
    return PAMBW_NO_FAULT;
}

/*
 * The uid of whoever made the listening socket.  Anybody else's socket at
 * that path is a trap for passwords.
 */
static enum pambw_fault
check_peer(struct pambw_channel *channel)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);

    if (getsockopt(channel->fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
        size != sizeof(peer))
        return PAMBW_UNREACHABLE;
    channel->peer = peer.uid;
    if (peer.uid != 0 && peer.uid != geteuid())
        return PAMBW_STRANGER;
    return PAMBW_NO_FAULT;
}

enum pambw_fault
pambw_channel_open(struct pambw_channel *channel, const char *path)
{
    enum pambw_fault fault;

    channel->fd = safe_socket();
    if (channel->fd < 0)
        return PAMBW_UNREACHABLE;
    fault = reach(channel, path);
    if (fault == PAMBW_NO_FAULT)
        fault = check_peer(channel);
    return fault;
}

/* Waits until the socket is fit for EVENTS or has failed. */
static enum pambw_fault
await(const struct pambw_channel *channel, short events)
{
    struct pollfd entry = {.fd = channel->fd, .events = events};
    int left, ready;

    do {
        left = left_ms(channel);
        if (left == 0)
            return PAMBW_LATE;
        ready = poll(&entry, 1, left);
    } while (ready == 0 || (ready < 0 && errno == EINTR));
    return ready > 0 ? PAMBW_NO_FAULT : PAMBW_CLOSED;
}

enum pambw_fault
pambw_channel_send(const struct pambw_channel *channel, const void *bytes,
                   size_t length)
{
    const char *next = bytes;
    enum pambw_fault fault;
    ssize_t sent;

    while (length > 0) {
        fault = await(channel, POLLOUT);
        if (fault != PAMBW_NO_FAULT)
            return fault;
        sent = send(channel->fd, next, length, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR && errno != EAGAIN)
            return PAMBW_CLOSED;
        if (sent > 0) {
            next += sent;
            length -= (size_t)sent;
        }
    }
    return PAMBW_NO_FAULT;
}

enum pambw_fault
pambw_channel_receive(const struct pambw_channel *channel, void *bytes,
                      size_t length)
{
    char *next = bytes;
    enum pambw_fault fault;
    ssize_t got;

    while (length > 0) {
        fault = await(channel, POLLIN);
        if (fault != PAMBW_NO_FAULT)
            return fault;
        got = recv(channel->fd, next, length, 0);
        if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN))
            return PAMBW_CLOSED;
        if (got > 0) {
            next += got;
            length -= (size_t)got;
        }
    }
    return PAMBW_NO_FAULT;
}

void
pambw_channel_close(struct pambw_channel *channel)
{
    if (channel->fd >= 0)
        (void)close(channel->fd);
    channel->fd = -1;
}
