/*
 * A worker: the process that talks to the directory, one request at a time.
 * It has a socket to the parent and the log, and nothing else.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIRD_WORKER_H
#define BWDIRD_WORKER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "bwdir_signin.h"
#include "eventlog.h"

/* What the parent sends: this, then the fields, in one packet. */
struct bwdird_task {
    struct bwdird_origin origin;
    int64_t given;   /* bwdird_now() */
    uint64_t number; /* of no other task of this daemon */
};

/*
 * What the worker sends back, in one packet: the number of the task, so that
 * no answer can be taken for that to another request, and the frame.
 */
struct bwdird_outcome {
    uint64_t number;
    uint8_t frame[BW_WIRE_REPLY_MAX + 1]; /* one to see what is too long */
};
#define BWDIRD_OUTCOME_HEAD offsetof(struct bwdird_outcome, frame)

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
