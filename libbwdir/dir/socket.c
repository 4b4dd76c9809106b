/*
 * A connected socket for an LDAP URI, within a deadline.  bwdir connects by
 * itself because libldap cannot: its time-out for connecting leaves the
 * handshake unbounded, and its asynchronous connect sets the socket back to
 * blocking.
 *
 * The name service is the one thing here that keeps no deadline: the C
 * library has no bounded getaddrinfo().  A worker that hangs in it is killed;
 * a tool has its watchdog.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "connection_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "../detail.h"

/* Where slapd listens when ldapi:/// names no path. */
#define DEFAULT_LDAPI "/run/slapd/ldapi"

/*
 * connect(2) that gives up at the deadline.  SO_SNDTIMEO bounds it (socket(7))
 * also where a non-blocking connect could not be waited for: a Unix socket
 * whose backlog is full.
 */
static bool
connect_until(int fd, const struct sockaddr *address, socklen_t length,
              int64_t deadline)
{
    int result;

    do {
        int64_t left = deadline - dir_now();
        struct timeval bound = {left / 1000, left % 1000 * 1000};

        if (left <= 0) {
            errno = ETIMEDOUT;
            return false;
        }
        if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof(bound)) < 0)
            return false;
        result = connect(fd, address, length);
    } while (result < 0 && errno == EINTR);
    if (result < 0 && (errno == EAGAIN || errno == EINPROGRESS))
        errno = ETIMEDOUT;
    return result == 0;
}

static int
open_address(const struct sockaddr *address, socklen_t length,
             int64_t deadline)
{
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    int saved;

    if (fd < 0)
        return -1;
    if (address->sa_family != AF_UNIX) {
        /* Small questions and answers; a kept connection must notice that
         * its server's host is gone. */
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    }
    if (connect_until(fd, address, length, deadline) &&
        fcntl(fd, F_SETFL, O_NONBLOCK) == 0)
        return fd;
    saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static int
open_local(const char *path, int64_t deadline)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (path == NULL || *path == '\0')
        path = DEFAULT_LDAPI;
    if (strlen(path) >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    return open_address((const struct sockaddr *)&address, sizeof(address),
                        deadline);
}

/* Each address gets its share of the time that is left. */
static int
open_first(const struct addrinfo *addresses, int64_t deadline)
{
    int count = 0;
    int fd = -1;

    for (const struct addrinfo *a = addresses; a != NULL; a = a->ai_next)
        count++;
    for (const struct addrinfo *a = addresses; a != NULL && fd < 0;
         a = a->ai_next) {
        int64_t now = dir_now();

        fd = open_address(a->ai_addr, a->ai_addrlen,
                          now + (deadline - now) / count--);
    }
    return fd;
}

enum bwdir_status
dir_socket_open(const LDAPURLDesc *url, int64_t deadline, int *fd,
                struct bwdir_detail *why)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_NUMERICSERV};
    struct addrinfo *addresses = NULL;
    char port[8];
    int failure;

    *fd = -1;
    if (strcmp(url->lud_scheme, "ldapi") == 0) {
        *fd = open_local(url->lud_host, deadline);
    } else {
        snprintf(port, sizeof(port), "%d", url->lud_port & 0xffff);
        failure = getaddrinfo(url->lud_host, port, &hints, &addresses);
        if (failure != 0)
            return bwdir_fail(why, BWDIR_UNAVAILABLE,
                              "host %s: cannot be looked up: %s",
                              url->lud_host, gai_strerror(failure));
        *fd = open_first(addresses, deadline);
        freeaddrinfo(addresses);
    }
    if (*fd < 0)
        return bwdir_fail(why, BWDIR_UNAVAILABLE, "cannot connect: %s",
                          strerrordesc_np(errno));
    return BWDIR_OK;
}
