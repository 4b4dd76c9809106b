/*
 * The callers: each has a place in a table of fixed size, sends one request
 * within half a second, waits for the answer and is gone.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIRD_CLIENT_H
#define BWDIRD_CLIENT_H

#include <event2/event.h>
#include <stdbool.h>
#include <sys/types.h>

#include "eventlog.h"
#include "pool.h"

struct bwdird_client;

struct bwdird_clients {
    struct event_base *base;
    struct bwdird_pool *pool;
    struct bwdird_log *log;
    struct bwdird_client *table; /* passwords pass through it */
};

bool bwdird_clients_open(struct bwdird_clients *clients,
                         struct event_base *base, struct bwdird_pool *pool,
                         struct bwdird_log *log);

/* Takes FD, a non-blocking stream socket, of a peer with that uid. */
void bwdird_clients_admit(struct bwdird_clients *clients, int fd, uid_t uid);

/* Ends every connection and wipes the table. */
void bwdird_clients_close(struct bwdird_clients *clients);

/* In a new worker: gives the table back without touching the events. */
void bwdird_clients_shed(struct bwdird_clients *clients);

#endif
