/*
 * Who is at the other end, what he may ask, and how many of his connections
 * there may be.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIRD_PEER_H
#define BWDIRD_PEER_H

#include <stdbool.h>
#include <sys/types.h>

#include "pam_bw/wire/wire.h"

/* Connections at a time. */
#define BWDIRD_CLIENTS_MAX 512     /* of everybody */
#define BWDIRD_CLIENTS_FOREIGN 384 /* of all who are not trusted */
#define BWDIRD_CLIENTS_OF_UID 128  /* of one who is not trusted */

/* The effective uid of the peer (SO_PEERCRED, unix(7)). */
bool bwdird_peer_read(int fd, uid_t *uid);

/* Root and the daemon's own user. */
bool bwdird_peer_trusted(uid_t uid);

/*
 * Everything for the trusted; for others only what carries a secret, so that
 * nobody learns about a user whose password he does not know.
 */
bool bwdird_peer_may_ask(uid_t uid, enum bw_wire_kind kind);

/* What is open already. */
struct bwdird_peer_count {
    unsigned all;
    unsigned foreign; /* of uids that are not trusted */
    unsigned same;    /* of the uid in question */
};

/* Some room is always left for the trusted. */
bool bwdird_peer_fits(uid_t uid, const struct bwdird_peer_count *count);

#endif
