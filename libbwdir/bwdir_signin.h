/*
 * The decision: may this user, with this secret, use this service now?  And
 * why.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_PUBLIC_SIGNIN_H
#define BWDIR_PUBLIC_SIGNIN_H

#include "bwdir_domain.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* ---- sign-in ------------------------------------------------------------ */

/* Kept connections of the daemon's identity and for binds of users. */
struct bwdir_signin;

/* What a PAM service is and wants.  Strings are the caller's. */
struct bwdir_service {
    /*
     * PAM's name of it, to be looked up among the values of bwService of the
     * access records; NULL: not to be looked up.
     */
    const char *name;
    /* What kind it is; 0: not said, then it is as those records say, and a
     * dashboard service, the stricter, where they say nothing. */
    enum bwdir_access_kind access;
    /* Each element is a comma list of which one must be held; all elements
     * must be met.  NULL-terminated; NULL = nothing wanted. */
    const char *const *require_role;
    const char *const *require_account;
    const char *const *require_level;
};

/*
 * The verdict and what goes with it.  status is BWDIR_OK, BWDIR_MUST_CHANGE
 * or a refusal.  The facts about the user are set only with the first two.
 */
struct bwdir_answer {
    enum bwdir_status status;
    bool password_proven;
    int days_left;     /* to expiry, rounded up; -1: no warning is due */
    char reason[96];   /* for the log: fixed words, never user data */
    char message[192]; /* for the person: why a new password was refused */
    char level[16];
    char access[16];
    char *roles;    /* comma list, "" if none; NULL without facts */
    char *accounts; /* likewise */
    /* The kind of service that was decided for, 0 before that is known, and
     * the bitwise or of the kinds that the records say, 0 for none. */
    enum bwdir_access_kind service_access;
    unsigned service_listed;
};
void bwdir_answer_clear(struct bwdir_answer *answer);

/*
 * Nothing is connected yet; each call connects as needed and reconnects.
 * The configuration must outlive the context.
 */
enum bwdir_status
bwdir_signin_new(const struct bwdir_config *config,
                 struct bwdir_signin **signin,
                 struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void bwdir_signin_free(struct bwdir_signin **signin);

/*
 * Connects ahead of the first question, so that no sign-in pays for it, and
 * gives up at DEADLINE (CLOCK_MONOTONIC in milliseconds).  Failure is
 * harmless; the next call tries again.
 */
enum bwdir_status bwdir_signin_warm(struct bwdir_signin *signin,
                                    int64_t deadline);

/*
 * What was wrong with a server of the directory during the last call, in
 * words for the log; "" when nothing was.  The question may have been
 * answered all the same, by the next server of the list.
 */
const char *bwdir_signin_trouble(const struct bwdir_signin *signin);

/*
 * The four questions.  Each fills ANSWER (clear it afterwards) and returns
 * its status.  DEADLINE is CLOCK_MONOTONIC in milliseconds: past it the
 * answer is BWDIR_UNAVAILABLE.  NEW_PASSWORD may be NULL in change (prove
 * the old one only) and in redeem (where the credential sets a password the
 * status is then BWDIR_NEED_PASSWORD and nothing has been redeemed).
 */
struct bwdir_signin_ask {
    const char *user;
    const struct bwdir_service *service;
    int64_t deadline;
};
enum bwdir_status
bwdir_signin_authenticate(struct bwdir_signin *signin,
                          const struct bwdir_signin_ask *ask,
                          const struct bwdir_secret *password,
                          struct bwdir_answer *answer) BWDIR_CHECK_RESULT;
enum bwdir_status
bwdir_signin_account(struct bwdir_signin *signin,
                     const struct bwdir_signin_ask *ask,
                     struct bwdir_answer *answer) BWDIR_CHECK_RESULT;
enum bwdir_status
bwdir_signin_change(struct bwdir_signin *signin,
                    const struct bwdir_signin_ask *ask,
                    const struct bwdir_secret *old_password,
                    const struct bwdir_secret *new_password,
                    struct bwdir_answer *answer) BWDIR_CHECK_RESULT;
/* What redeems a sign-up credential. */
struct bwdir_redemption {
    const struct bwdir_secret *code;
    const char *phone;
    const struct bwdir_secret *new_password; /* or NULL */
};
enum bwdir_status
bwdir_signin_redeem(struct bwdir_signin *signin,
                    const struct bwdir_signin_ask *ask,
                    const struct bwdir_redemption *redemption,
                    struct bwdir_answer *answer) BWDIR_CHECK_RESULT;

/* ---- why ---------------------------------------------------------------- */

/* What a decision is asked about, for bwdir_explain().  Strings are the
 * caller's. */
struct bwdir_occasion {
    const char *user;
    const struct bwdir_service *service;
    /* True: somebody gives the right password (authenticate).  False: none is
     * looked at (account). */
    bool with_password;
    int64_t when; /* seconds since the epoch; all else is as it is now */
};

/* One rule that was looked at. */
struct bwdir_step {
    const char *name;   /* "disabled" */
    const char *result; /* "ok", or the fixed word for what is in the way */
    char value[200];    /* what it looked at, for a person */
};

#define BWDIR_STEPS_MAX 12

/* A verdict, how it came about, and the first other one that time brings. */
struct bwdir_explanation {
    enum bwdir_status status;
    const char *reason; /* fixed words */
    int days_left;      /* as in struct bwdir_answer */

    enum bwdir_access_kind access; /* the kind of service decided for */
    unsigned listed;               /* and what the access records say */

    size_t step_count; /* the last but for a warning is the one that decided */
    struct bwdir_step steps[BWDIR_STEPS_MAX];

    bool changes; /* the rest is set only then */
    int64_t next_change;
    enum bwdir_status next_status;
    const char *next_reason;
    int next_days_left;
};

/*
 * Makes the decision of bwdir_signin_authenticate() or _account(), with the
 * facts that DIRECTORY's identity sees.  Nobody is bound and nothing is
 * written.  EXPLANATION is the caller's to free(3).  BWDIR_NO_SUCH_USER (also
 * where the connection may not see him, and for local accounts, which are
 * never asked of the directory), BWDIR_NOT_PERMITTED (a part of the entry is
 * hidden), BWDIR_UNAVAILABLE.
 */
enum bwdir_status bwdir_explain(struct bwdir_directory *directory,
                                const struct bwdir_config *config,
                                const struct bwdir_occasion *occasion,
                                struct bwdir_explanation **explanation,
                                struct bwdir_detail *why) BWDIR_CHECK_RESULT;

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
