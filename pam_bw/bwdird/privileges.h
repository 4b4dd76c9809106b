/*
 * What the daemon inherits, and what it gives away before it answers
 * anybody.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIRD_PRIVILEGES_H
#define BWDIRD_PRIVILEGES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "bwdir_signin.h"

/* Whom the daemon runs as. */
struct bwdird_identity {
    uid_t uid;
    gid_t gid;
    bool change; /* started by root for another user */
};

/*
 * USER when started by root; otherwise the caller, whoever USER is.  False
 * with WHY when there is no such user.
 */
bool bwdird_identity_find(const char *user, struct bwdird_identity *identity,
                          struct bwdir_detail *why);

/*
 * Nothing of the surroundings reaches in and nothing leaks out: no
 * environment, no core file, no debugger, descriptors 0-2 open, none behind
 * the KEPT first, umask 077, SIGPIPE ignored.
 */
bool bwdird_privileges_harden(int kept);

/* Changes to IDENTITY for good; false unless there is no way back. */
bool bwdird_privileges_drop(const struct bwdird_identity *identity);

/* Closes every descriptor from 3 on but COUNT of them (-1 is skipped). */
void bwdird_descriptors_close_but(const int *keep, size_t count);

#endif
