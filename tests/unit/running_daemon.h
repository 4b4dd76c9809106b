/*
 * The daemon with a double of the library's sign-in (signin_double.c) in real
 * forked workers: one at a time, in a process of its own.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_TESTS_RUNNING_DAEMON_H
#define BWDIR_TESTS_RUNNING_DAEMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "libbwdir/bwdir_signin.h"
#include "pam_bw/wire/wire.h"

extern pid_t daemon_pid; /* 0: none runs */

/* Returns when it answers; SERVED_MAX as in struct bwdird_server_setup. */
void daemon_start(unsigned workers, unsigned served_max);
/* It must end in order and leave no socket behind. */
void daemon_stop(void);
/* After each test, and the more so after one that failed. */
int daemon_tidy(void **state);

/* The worker of a daemon that has one; who was killed may take a while to
 * go. */
pid_t daemon_worker(void);
unsigned daemon_descriptors(void);
bool daemon_log_has(const char *text);

/* A connection, which is the caller's, or -1. */
int daemon_dial(void);

struct ask {
    enum bw_wire_kind kind;
    enum bw_wire_access access;
    const char *user;
    const char *password;
    uint32_t deadline_ms; /* 0: the usual */
};

/* A question that is answered with BWDIR_OK. */
extern const struct ask dana;

/* The length of the question, which FRAME of BW_WIRE_REQUEST_MAX gets. */
size_t write_frame(const struct ask *ask, uint8_t *frame);
/* A connection on which it was put, the caller's. */
int send_ask(const struct ask *ask);

#define NO_ANSWER 1000 /* beside the statuses: closed without a reply */

/* The status, or NO_ANSWER; fields go to FIELDS if not NULL.  Closes. */
unsigned read_answer(int fd, uint8_t *fields);
unsigned put_question(const struct ask *ask);
unsigned ask_as(const char *user);

/* MS have passed since BEGAN, and not many more. */
void expect_near(int64_t began, int64_t ms);

#define DAEMON_TEST(test) cmocka_unit_test_teardown(test, daemon_tidy)

#endif
