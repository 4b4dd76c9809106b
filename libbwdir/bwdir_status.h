/*
 * The one error and verdict enum of bwdir.  Its numbers travel in the frames
 * between pam_bw.so and bwdird, so they are never renumbered; this header
 * needs nothing, so that the libc-only PAM module may include it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_STATUS_H
#define BWDIR_STATUS_H

enum bwdir_status {
    BWDIR_OK = 0,
    BWDIR_INTERNAL = 1, /* a bug of the caller or ours */
    BWDIR_NO_MEMORY = 2,
    BWDIR_CONFIG = 3,      /* configuration or module arguments */
    BWDIR_UNAVAILABLE = 4, /* directory or daemon: unreachable, hung,
                              answering what cannot be trusted */
    BWDIR_BAD_VALUE = 5,   /* a value given is not fit */
    BWDIR_NO_SUCH_USER = 6,
    BWDIR_NOT_FOUND = 7, /* any other entry */
    BWDIR_EXISTS = 8,
    BWDIR_NOT_PERMITTED = 9,    /* access control refused the operation */
    BWDIR_MALFORMED = 10,       /* an entry that cannot be mapped */
    BWDIR_BAD_CREDENTIALS = 11, /* the secret is not proven */
    BWDIR_REFUSED = 12,         /* a new password was refused */
    BWDIR_DISABLED = 13,
    BWDIR_NOT_ALLOWED = 14, /* access method, role, account, level */
    BWDIR_UNVERIFIED = 15,
    BWDIR_EXPIRED = 16,      /* expired, no grace left */
    BWDIR_MUST_CHANGE = 17,  /* expired or reset, can be changed now */
    BWDIR_NEED_PASSWORD = 18 /* the credential sets a password: send one */
};

#define BWDIR_STATUS_LAST BWDIR_NEED_PASSWORD

#endif
