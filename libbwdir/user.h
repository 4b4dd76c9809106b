/*
 * Inside of bwdir_user.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_USER_H
#define BWDIR_USER_H

#include "bwdir.h"
#include "decision.h"
#include "directory.h"
#include "facts.h"
#include "standing.h"

struct bwdir_user {
    struct bwdir_standing standing;
    struct bwdir_facts facts;
    char *owner; /* a user name, or NULL */
    char *first;
    char *last;
    char *mail;
    char *phone;
};

/* Attributes to ask for; the list is NULL-terminated, the macro is to be put
 * into one. */
#define BWDIR_USER_ATTRIBUTES                                                 \
    BWDIR_STANDING_ATTRIBUTES, BWDIR_FACTS_ATTRIBUTES, "givenName", "sn",     \
        "mail", "bwWorkPhone", "owner"
extern const char *const bwdir_user_attributes[];

/* Maps an entry that was read over DIRECTORY; *user NULL on failure. */
enum bwdir_status bwdir_user_map(const struct dir_entry *entry,
                                 struct bwdir_directory *directory,
                                 struct bwdir_user **user,
                                 struct bwdir_detail *why);

/* Whether the values of a draft are fit, each by itself; BWDIR_BAD_VALUE. */
enum bwdir_status bwdir_draft_check(const struct bwdir_user_draft *draft,
                                    struct bwdir_detail *why);

/*
 * Whether the connection may do to USER what those do who administer him, as
 * far as the records tell: BWDIR_NOT_PERMITTED for the user himself, and for
 * who administers only some of his accounts.  Who is no user may be an
 * operator.
 */
enum bwdir_status
bwdir_user_check_administered(struct bwdir_directory *directory,
                              const struct bwdir_user *user,
                              struct bwdir_detail *why);

/* The words for that, and for the server's refusal of the same. */
void bwdir_user_refusal(const struct bwdir_user *user,
                        struct bwdir_detail *words);

#endif
