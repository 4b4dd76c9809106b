/*
 * The mail that one user is owed, from the inside: what is due first, and the
 * marks of his entry that say what became of earlier tries.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_OWED_H
#define BWDIR_OWED_H

#include "bwdir.h"
#include "dir/entry.h"

struct bwdir_owed {
    struct bwdir_user *user;
    bool is_disabled;
    bool is_owed;         /* false: no mail can go out */
    enum bwdir_hold hold; /* but a code is owed, which this keeps back */
    bool is_due; /* false: somebody is at it, or a failed try makes us wait */
    int64_t until;
    bool no_place; /* the address has had its mails of today */
    enum bwdir_mail mail;
    char *address;
    char *about;   /* a user name, for BWDIR_MAIL_REFUSED */
    char *value;   /* of bwMailOwed; NULL: owed by the state */
    bool by_state; /* that owes CODE, which may stand behind other mail */
    enum bwdir_mail code;

    /* The marks, as they stand; texts NULL where there is none. */
    char **values; /* bwMailOwed */
    char **stale;  /* those of them that nobody need be told any more */
    char **refused;
    char **sent;
    char *not_before;
    char *attempts;
};

/* Attributes to ask for beside those of the user. */
#define BWDIR_OWED_ATTRIBUTES                                                 \
    "bwMailOwed", "bwMailNotBefore", "bwMailAttempts", "bwMailRefused",       \
        "bwMailSent"

/*
 * What the user of ENTRY is owed at NOW.  CLAIM is the bwMailNotBefore that
 * we have written ourselves, or NULL.  *owed NULL where nothing is owed, held
 * or stale.  BWDIR_MALFORMED: the user cannot be mapped.
 */
enum bwdir_status bwdir_owed_read(struct bwdir_directory *directory,
                                  const struct dir_entry *entry, int64_t now,
                                  const char *claim, struct bwdir_owed **owed,
                                  struct bwdir_detail *why);

/*
 * Which code the user is to get, where the notice of it or the code before it
 * was of kind MAIL: for who has been reset no other one does.
 */
enum bwdir_mail bwdir_owed_code(const struct bwdir_user *user,
                                enum bwdir_mail mail);

/* The kind before there was any. */
enum bwdir_mail bwdir_owed_first_code(const struct bwdir_user *user);

/* Sets MAIL to the kind of the code that ENTRY, a sign-up credential, was
 * issued for; of several the one that sets a password. */
void bwdir_owed_note_code(const struct dir_entry *entry,
                          enum bwdir_mail *mail);

/*
 * When a wait ends.  Midnight (UTC) says that the address has had its mails of
 * today, so a wait of so many SECONDS for another reason ends at no midnight.
 */
int64_t bwdir_owed_tomorrow(int64_t now);
int64_t bwdir_owed_later(int64_t now, int64_t seconds);

#endif
