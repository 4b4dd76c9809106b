/*
 * The listening socket: systemd's, or one of our own.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIRD_LISTENER_H
#define BWDIRD_LISTENER_H

#include <event2/event.h>
#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "bwdir_signin.h"
#include "client.h"

struct bwdird_listener {
    int fd;
    const char *path; /* NULL when the socket was handed to us */
    dev_t device;     /* of the socket file that we made */
    ino_t inode;
    struct timespec changed; /* inode numbers come back */
    struct event *readable;
    struct event *resume; /* after a pause for want of descriptors */
    struct bwdird_clients *clients;
    struct bwdird_log *log;
};

/*
 * How many sockets systemd handed over (sd_listen_fds(3)); to be asked while
 * there is an environment.
 */
int bwdird_listener_handed(void);

/* Takes over descriptor 3, which must be a listening Unix stream socket. */
enum bwdir_status bwdird_listener_adopt(struct bwdird_listener *listener,
                                        struct bwdir_detail *why);

/*
 * Makes the socket at PATH, mode 0660, for GROUP where it is not -1.  The
 * directory must belong to root or the effective user and not be writable by
 * others; it is made when missing.  A socket that nobody answers at is
 * replaced, anything else left alone.  PATH is kept.  BWDIR_EXISTS when
 * somebody answers, BWDIR_CONFIG for all else.
 */
enum bwdir_status bwdird_listener_make(struct bwdird_listener *listener,
                                       const char *path, gid_t group,
                                       struct bwdir_detail *why);

/* Hands each connection to CLIENTS. */
bool bwdird_listener_start(struct bwdird_listener *listener,
                           struct event_base *base,
                           struct bwdird_clients *clients,
                           struct bwdird_log *log);

/* Stops, and removes the socket if it is the one that we made. */
void bwdird_listener_close(struct bwdird_listener *listener);

#endif
