/*
 * A worker: the process that talks to the directory, one request at a time.
 * It has a socket to the parent and the log, and nothing else.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIRD_WORKER_H
#define BWDIRD_WORKER_H

#include <sys/types.h>

#include "bwdir.h"
#include "eventlog.h"

/* What the parent sends: this, then the fields, in one packet. */
struct bwdird_task {
    struct bwdird_origin origin;
    int64_t given; /* bwdird_now() */
};

/* What the worker sends first, when it may be given work. */
#define BWDIRD_READY 'r'

struct bwdird_work {
    int fd; /* a SOCK_SEQPACKET socket to the parent */
    pid_t parent;
    const struct bwdir_config *config;
    struct bwdird_log *log;
};

/*
 * The life of a new process: it dies with its parent and leaves when the
 * parent closes the socket.
 */
void bwdird_worker_run(struct bwdird_work *work) __attribute__((noreturn));

#endif
