/*
 * A stand-in for bwdird in a child process, for tests of its client: it
 * accepts connections one after the other and does with each what the test
 * says.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef FAKE_BWDIRD_H
#define FAKE_BWDIRD_H

#include <stdint.h>
#include <sys/types.h>

struct fake_bwdird {
    char directory[32];
    char path[48];
    pid_t pid;
};

/*
 * Starts a child that listens on PATH in a directory of its own before this
 * returns, and calls SERVE there for each connection; NULL accepts none.  As
 * root, UID other than 0 makes the child that user first.
 */
void fake_bwdird_start(struct fake_bwdird *fake, uid_t uid,
                       void (*serve)(int fd, const void *closure),
                       const void *closure);
void fake_bwdird_stop(struct fake_bwdird *fake);

/* For SERVE: reads one whole request. */
void fake_take_request(int fd);

/* A SERVE: takes the request and answers with the uint32_t status. */
void fake_answer(int fd, const void *closure);

#endif
