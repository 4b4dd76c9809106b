/*
 * The one decision, pure: facts about a user, what the server said when the
 * password was tried, the service and the time in; the verdict and its
 * reason out.  No input or output, no clock, no globals.  The daemon, and
 * every tool that explains, reminds or reports, call it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DECISION_H
#define BWDIR_DECISION_H

#include "access.h"
#include "bwdir.h"
#include "standing.h"

/* How far ahead of our clock a change of password may lie, in seconds. */
#define BWDIR_CLOCK_SKEW 300

/* What is known of a user.  Times are seconds since the epoch, UTC. */
struct bwdir_facts {
    bool sound; /* false: the entry or its record could not be mapped */
    const struct bwdir_standing *standing;
    struct bwdir_policy policy;
    bool changed_known;     /* false: missing or malformed */
    int64_t changed;        /* pwdChangedTime */
    bool reset;             /* pwdReset */
    bool disabled_for_good; /* pwdAccountLockedTime 000001010000Z */
    bool ends;
    int64_t end;       /* pwdEndTime */
    size_t grace_used; /* values of pwdGraceUseTime */
};

/* What the bind said.  NULL where no password was tried. */
struct bwdir_proof {
    bool proven;  /* the password is right */
    bool expired; /* and expired with no grace left */
    bool change_after_reset;
    bool in_grace;        /* the server counts this as a grace login */
    int64_t seconds_left; /* to expiry; -1: not said */
};

struct bwdir_verdict {
    enum bwdir_status status;
    const char *reason; /* one of a fixed set of words */
    int days_left;      /* rounded up; -1: no warning is due */
};

/* Whether the user's time has ended, or was ended by hand. */
bool bwdir_is_disabled(const struct bwdir_facts *facts, int64_t now);

/*
 * The verdict at NOW.  The first rule that applies decides, in the order of
 * the table in pam_bw(8).
 */
struct bwdir_verdict bwdir_decide(const struct bwdir_facts *facts,
                                  const struct bwdir_proof *proof,
                                  const struct bwdir_service *service,
                                  int64_t now);

#endif
