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
    /* pwdAccountLockedTime.  No rule of ours: the server refuses the bind. */
    bool locked;
    int64_t locked_since;
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

/* Whether the server refuses every password for now, after wrong guesses. */
bool bwdir_is_locked(const struct bwdir_facts *facts, int64_t now);

/* The rules in the order in which they are looked at, but that grace is
 * looked at last where no password was tried. */
enum bwdir_rule {
    BWDIR_RULE_PASSWORD,
    BWDIR_RULE_ENTRY,
    BWDIR_RULE_DISABLED,
    BWDIR_RULE_ACCESS,
    BWDIR_RULE_LEVEL,
    BWDIR_RULE_ROLE,
    BWDIR_RULE_ACCOUNT,
    BWDIR_RULE_VERIFIED,
    BWDIR_RULE_GRACE,
    BWDIR_RULE_RESET,
    BWDIR_RULE_AGE,
    BWDIR_RULE_WARNING
};
#define BWDIR_RULES (BWDIR_RULE_WARNING + 1)

/* What the decision looked at, for those who explain it. */
struct bwdir_trace {
    size_t count;
    struct {
        enum bwdir_rule rule;
        const char *reason; /* NULL: the rule has nothing against it */
    } steps[BWDIR_RULES];
};

/*
 * The verdict at NOW.  The first rule that applies decides, in the order of
 * the table in pam_bw(8).
 */
struct bwdir_verdict bwdir_decide(const struct bwdir_facts *facts,
                                  const struct bwdir_proof *proof,
                                  const struct bwdir_service *service,
                                  int64_t now);

/* The same; TRACE, which may be NULL, gets the steps. */
struct bwdir_verdict bwdir_decide_traced(const struct bwdir_facts *facts,
                                         const struct bwdir_proof *proof,
                                         const struct bwdir_service *service,
                                         int64_t now,
                                         struct bwdir_trace *trace);

/* Whether the user's password has to be renewed at all. */
bool bwdir_password_ages(const struct bwdir_facts *facts);

/*
 * For how many seconds after NOW the password of a user to whom it happens is
 * still good; negative when it has expired or its age is not known.
 */
int64_t bwdir_password_left(const struct bwdir_facts *facts, int64_t now);

/* Such seconds as days for a person: rounded up, so that the last day is 1;
 * 0 when they are over. */
int bwdir_days_left(int64_t seconds);

/* Days to expiry when that is worth a warning, else -1; PROOF, which may be
 * NULL, is the server's word.  Asked only of a password that is good. */
int bwdir_warning_days(const struct bwdir_facts *facts,
                       const struct bwdir_proof *proof, int64_t now);

/* How many binds the server lets pass after expiry; counts down to 0. */
int64_t bwdir_grace_left(const struct bwdir_facts *facts);

/*
 * What the server would say to the right password at NOW, as far as that is
 * known from FACTS (slapo-ppolicy(5)): for those who foresee a verdict.
 */
struct bwdir_proof bwdir_proof_foresee(const struct bwdir_facts *facts,
                                       int64_t now);

/*
 * The first time after NOW at which the verdict is another (status, reason,
 * or whether a warning is due) if nothing but time passes; WITH_PASSWORD: of
 * one who proves his password.  False when it stays for ever.
 */
bool bwdir_decide_next(const struct bwdir_facts *facts, bool with_password,
                       const struct bwdir_service *service, int64_t now,
                       int64_t *next);

#endif
