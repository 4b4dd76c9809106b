/*
 * The part of a user's entry that decisions look at and that the daemon's
 * identity may read: who it is and what it may do.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_STANDING_H
#define BWDIR_STANDING_H

#include "bwdir.h"
#include "dir/entry.h"

struct bwdir_standing {
    char *dn;
    char *name;
    enum bwdir_level level;
    enum bwdir_state state;
    unsigned access; /* 0: names no known record */
    char **roles;    /* keywords */
    char **accounts; /* numbers */
};

/* Attributes to ask for; to be put into a NULL-terminated list. */
#define BWDIR_STANDING_ATTRIBUTES                                             \
    "uid", "bwAdministrationLevel", "bwVerificationState", "bwRole",          \
        "bwAccount", "pwdPolicySubentry"

/*
 * Maps an entry.  BWDIR_MALFORMED when an attribute is missing, doubled or
 * not of its syntax; STANDING then still has its DN, and is to be cleared.
 */
enum bwdir_status bwdir_standing_map(const struct dir_entry *entry,
                                     const char *base,
                                     struct bwdir_standing *standing,
                                     struct bwdir_detail *why);
void bwdir_standing_clear(struct bwdir_standing *standing);

#endif
