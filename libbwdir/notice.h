/*
 * What mail a user is owed beside a sign-up code: the values of bwMailOwed,
 * written in the same Modify as the change that a mail is to tell of, so that
 * no crash comes between the two.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_NOTICE_H
#define BWDIR_NOTICE_H

#include "bwdir.h"
#include "plan.h"

/* "20261224180000Z.0123456789abcdef" and its NUL: when, and 64 random bits,
 * so that no two are the same. */
#define BWDIR_NOTICE_ID_SIZE 33

/* False when there is no time or no randomness to be had. */
bool bwdir_notice_id(int64_t now, char id[BWDIR_NOTICE_ID_SIZE]);

/*
 * Adds to the step that PLAN has begun last, an Add or a Modify of a user:
 * this mail is owed.  ABOUT is
 *   the address that the user has before the change  (ADDRESS_CHANGED)
 *   the name of the user whose mail was refused      (MAIL_REFUSED)
 *   NULL                                             (every other kind)
 *
 * The access rules let the user himself owe ADDRESS_CHANGED and CONFIRM,
 * account admins these, ACCESS_CHANGED and every other code; the rest is the
 * outbox's.  The first code is owed by the state "unverified" alone.
 */
void bwdir_notice_owe(struct bwdir_plan *plan, enum bwdir_mail mail,
                      const char *about);

/* The parts of a value of bwMailOwed. */
struct bwdir_notice {
    enum bwdir_mail mail;
    char id[BWDIR_NOTICE_ID_SIZE];
    const char *about; /* in the value; "" where there is none */
};

/*
 * Reads VALUE without regard to case, as the server compares it.
 * BWDIR_NOT_FOUND: of a kind that this version does not know, a later one may;
 * BWDIR_MALFORMED: no version reads it.
 */
enum bwdir_status bwdir_notice_parse(const char *value,
                                     struct bwdir_notice *notice);

/* Whether VALUE owes a code for which the code that went out with a mail of
 * kind SENT does: any, but nothing but a reset does for a reset. */
bool bwdir_notice_is_met(const char *value, enum bwdir_mail sent);

#endif
