/*
 * What the commands of bwdir-passwd share: whose password is made anew, by
 * whom, and what proves it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_PASSWD_RENEWAL_H
#define BW_PASSWD_RENEWAL_H

#include "../cli/session.h"
#include "../mail/office.h"

struct renewal {
    struct cli_session *session;
    struct mail_office *office;
    char *dn;   /* to bind as */
    char *self; /* the user that we are, or NULL */
    bool own;   /* it is the password of that user that changes */
    struct bwdir_secret *before;
    struct bwdir_secret *after;
    char lost[320]; /* what to do where nobody was shown it */
};

/* Connects as whoever may do it, and finds out whose password it is.
 * CLI_GO_ON or an exit code. */
int passwd_sign_in(struct renewal *renewal);

/* Changes one's own password: the new one is asked for or read.  CLI_GO_ON or
 * an exit code. */
int passwd_change(struct renewal *renewal);

/*
 * Replaces the one before by the one after; the session then knows whether
 * nothing of it stands, and what is wrong is the caller's to tell.
 */
enum bwdir_status passwd_replace(struct renewal *renewal,
                                 struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* --generate: one's own, and other users'.  An exit code. */
int passwd_generate_own(struct renewal *renewal);
int passwd_generate_others(struct renewal *renewal);

#endif
