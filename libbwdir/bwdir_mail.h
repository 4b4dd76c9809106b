/*
 * The mail that users are owed: the directory is the outbox.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_PUBLIC_MAIL_H
#define BWDIR_PUBLIC_MAIL_H

#include "bwdir_plan.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* What a mail is about. */
enum bwdir_mail {
    BWDIR_MAIL_SIGN_UP,           /* a code; the user sets a password */
    BWDIR_MAIL_SIGN_UP_CONFIRM,   /* a code; the password is set already */
    BWDIR_MAIL_RESET,             /* a code that sets a new password */
    BWDIR_MAIL_CONFIRM,           /* a code that confirms a new mail, phone */
    BWDIR_MAIL_ADDRESS_CHANGED,   /* to the address that is no longer used */
    BWDIR_MAIL_ACCESS_CHANGED,    /* access method, level, roles, accounts */
    BWDIR_MAIL_PASSWORD_EXPIRING, /* a reminder */
    BWDIR_MAIL_PASSWORD_EXPIRED,
    BWDIR_MAIL_REFUSED /* to an account admin: a user's mail was refused */
};
#define BWDIR_MAILS (BWDIR_MAIL_REFUSED + 1)

/* A mail that a user is owed. */
struct bwdir_owed;

void bwdir_owed_free(struct bwdir_owed **owed);
const struct bwdir_user *bwdir_owed_user(const struct bwdir_owed *owed);
enum bwdir_mail bwdir_owed_mail(const struct bwdir_owed *owed);
/* False: no mail can go out; one is held, or only marks are left that nobody
 * need be told of. */
bool bwdir_owed_is_mail(const struct bwdir_owed *owed);
/* What keeps a code back that no later run delivers by itself. */
enum bwdir_hold {
    BWDIR_HOLD_NONE,
    BWDIR_HOLD_REFUSED, /* a mail server has refused its address */
    BWDIR_HOLD_DISABLED /* the user is disabled */
};
enum bwdir_hold bwdir_owed_hold(const struct bwdir_owed *owed);
/* Where it goes to: the user's mail, or one that he had before. */
const char *bwdir_owed_address(const struct bwdir_owed *owed);
/* False: somebody delivers it just now, or it waits after a failed try. */
bool bwdir_owed_is_due(const struct bwdir_owed *owed);
/* Of a mail that is neither due nor held: until when it waits, and why. */
struct bwdir_wait {
    int64_t until; /* seconds since the epoch */
    bool full;     /* the address has had its mails of today */
    long attempts; /* that have failed; 0: somebody delivers it */
};
void bwdir_owed_wait(const struct bwdir_owed *owed, struct bwdir_wait *wait);
/* For BWDIR_MAIL_REFUSED the name of the user whose mail was refused. */
const char *bwdir_owed_about(const struct bwdir_owed *owed);
/* The word for a kind of mail: "sign-up", "address-changed". */
const char *bwdir_mail_word(enum bwdir_mail mail);
/* Whether it brings a code. */
bool bwdir_mail_has_code(enum bwdir_mail mail);

/*
 * Whether the connection may take mail in hand, so that what is listed is all
 * that there is.  BWDIR_NOT_PERMITTED: it may for no user that it sees.
 */
enum bwdir_status
bwdir_outbox_check(struct bwdir_directory *directory,
                   struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * Calls VISIT for each user who is owed a mail at NOW (seconds since the
 * epoch), with the one that is to go out first, else with one that is held; in
 * pages and in flat memory. A user that cannot be mapped is visited with OWED
 * NULL and the detail that names the entry.  Stops when VISIT returns false.
 * OWED is VISIT's only during the call.  For the outbox's identity, like all
 * that follows but bwdir_outbox_reserve() and bwdir_outbox_has_place().
 */
enum bwdir_status
bwdir_outbox_list(struct bwdir_directory *directory, int64_t now,
                  bool (*visit)(const struct bwdir_owed *owed,
                                const struct bwdir_detail *why, void *closure),
                  void *closure, struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * Takes the next mail of the user of that name in hand: for BWDIR_CLAIM
 * seconds nobody else does.  Marks that nobody need be told of go with it.
 * BWDIR_NOT_FOUND: there is none, or somebody else has it, or it is to wait.
 * Whoever has taken a mail settles it.
 */
#define BWDIR_CLAIM 120
enum bwdir_status
bwdir_outbox_take(struct bwdir_directory *directory, const char *name,
                  int64_t now, struct bwdir_owed **owed,
                  struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* A mail that is about to be handed over.  Strings and user are the
 * caller's. */
struct bwdir_posting {
    const struct bwdir_user *user;
    const char *address;
    enum bwdir_mail mail;
    int64_t now;
};

/*
 * Takes one of the BWDIR_MAILS_A_DAY places that an address has in a day
 * (UTC), whichever user it belongs to, so that nobody is flooded; to be called
 * right before a mail is handed over.  BWDIR_NOT_ALLOWED: none is left, or
 * the user himself has had BWDIR_MAILS_OF_USER mails today.  One place of
 * either is kept for a code.  *place, the caller's to free(3), is to be given
 * back by bwdir_outbox_settle() for a mail that was certainly not taken.
 */
#define BWDIR_MAILS_A_DAY 3
#define BWDIR_MAILS_OF_USER 9
enum bwdir_status
bwdir_outbox_reserve(struct bwdir_directory *directory,
                     const struct bwdir_posting *posting, char **place,
                     struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * Whether a code to that address, of USER, could go out today: asked before
 * anything is written that makes one necessary.  BWDIR_NOT_ALLOWED, with words
 * for a person: it could not.  What access control hides does not count, so
 * only bwdir_outbox_reserve() is sure.
 */
enum bwdir_status
bwdir_outbox_has_place(struct bwdir_directory *directory,
                       const struct bwdir_user *user, const char *address,
                       int64_t now,
                       struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* What became of a mail that was taken in hand. */
struct bwdir_settlement {
    /*
     * BWDIR_OK: handed over, or there was nothing to tell any more;
     * BWDIR_REFUSED: refused for good, which the admins of the user's accounts
     * are told of, once; BWDIR_NOT_ALLOWED: not today; everything else: later,
     * after 1, 2, 4 ... at most 60 minutes.
     */
    enum bwdir_status status;
    const char *answer; /* of the mail server; for BWDIR_REFUSED */
    const char *unused; /* a place to give back, or NULL */
    int64_t now;
};
enum bwdir_status
bwdir_outbox_settle(struct bwdir_directory *directory,
                    const struct bwdir_owed *owed,
                    const struct bwdir_settlement *settlement,
                    struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * A reminder that is to be owed: the password of a user nears its end or has
 * passed it, by the one decision, so that nobody is reminded who is never made
 * to renew it, who is disabled or who is unverified.
 */
struct bwdir_reminder {
    const struct bwdir_user *user;
    int days;       /* the threshold: 14, 7 or 1; 0: expired */
    int64_t expiry; /* seconds since the epoch */
    bool is_new;    /* false: it, or a later one, was owed before; one whose
                       time is still to come does not count as owed */
};

/*
 * Calls VISIT for each user for whom a reminder is in force at WHEN, in pages
 * and in flat memory; a user that cannot be mapped is visited with REMINDER
 * NULL and the detail that names the entry.  Stops when VISIT returns false.
 * For the outbox's identity.
 */
enum bwdir_status bwdir_reminder_list(
    struct bwdir_directory *directory, int64_t when,
    bool (*visit)(const struct bwdir_reminder *reminder,
                  const struct bwdir_detail *why, void *closure),
    void *closure, struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * From now on the user is owed the mail, which bwdir-mail(8) delivers, and
 * this reminder is not new any more: both in one Modify, which works for one
 * of several who do it at once.  May be called from VISIT.  BWDIR_NOT_FOUND:
 * somebody else was first, or the reminder is not new.
 */
enum bwdir_status
bwdir_reminder_owe(struct bwdir_directory *directory,
                   const struct bwdir_reminder *reminder,
                   struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* Forgets which addresses mail servers have refused; how many users had one.
 */
enum bwdir_status
bwdir_outbox_forget_refusals(struct bwdir_directory *directory, long *count,
                             struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * Which code the user of that name is to get when one is asked for: the one
 * that is owed, else of the kind that was issued last, else what the state of
 * an unverified user says.  For account admins too.
 */
enum bwdir_status
bwdir_outbox_code(struct bwdir_directory *directory,
                  const struct bwdir_user *user, enum bwdir_mail *mail,
                  struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * What a code that reaches USER with a mail of kind MAIL, and without
 * bwdir_outbox_take(), changes: it is no longer owed, and his address is one
 * that takes mail.  Made before the mail is sent and applied afterwards, so
 * that nothing goes that somebody has owed meanwhile.  *plan NULL: nothing.
 * For account admins.
 */
enum bwdir_status
bwdir_outbox_plan_code_sent(struct bwdir_directory *directory,
                            const struct bwdir_user *user,
                            enum bwdir_mail mail, struct bwdir_plan **plan,
                            struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * What a mail server has answered when it refused mail to the user of that
 * name, "ADDRESS: TEXT", the caller's to free(3).  BWDIR_NOT_FOUND: it is no
 * longer so.
 */
enum bwdir_status
bwdir_outbox_refusal(struct bwdir_directory *directory, const char *name,
                     char **refusal,
                     struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* What a user is still to confirm and to be told. */
struct bwdir_pending {
    /* The sign-up credential for his present mail and phone. */
    bool hidden; /* there is one, and who asks may not see it */
    bool code;   /* there is one */
    bool delivered;
    bool sets_password;
    bool ends; /* the last second at which the code is good is known */
    int64_t end;

    /* NULL-terminated, never NULL. */
    char **owed;    /* words of bwdir_mail_word() */
    char **refused; /* "ADDRESS TEXT", the answers of mail servers */
};

/*
 * As far as the connection may see it, at NOW.  *pending is to be given back
 * to bwdir_pending_free().
 */
enum bwdir_status
bwdir_user_pending(struct bwdir_directory *directory,
                   const struct bwdir_user *user, int64_t now,
                   struct bwdir_pending **pending,
                   struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void bwdir_pending_free(struct bwdir_pending **pending);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
