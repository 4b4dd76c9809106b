/*
 * The facts of an entry that the server's password policy keeps, as the
 * decision wants them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_FACTS_H
#define BWDIR_FACTS_H

#include "decision.h"
#include "dir/entry.h"

/* Attributes to ask for; to be put into a NULL-terminated list. */
#define BWDIR_FACTS_ATTRIBUTES                                                \
    "pwdChangedTime", "pwdReset", "pwdEndTime", "pwdAccountLockedTime",       \
        "pwdGraceUseTime"

/*
 * Fills FACTS for STANDING, which has been mapped from the same entry and
 * must outlive FACTS.  The policy is the caller's to fill.  facts->sound is
 * whether the entry can be decided about: access method and end are known.
 */
void bwdir_facts_map(const struct dir_entry *entry,
                     const struct bwdir_standing *standing,
                     struct bwdir_facts *facts);

/* The pwdAccountLockedTime of a lock that only an administrator ends
 * (slapo-ppolicy(5)). */
#define BWDIR_LOCKED_FOR_GOOD "000001010000Z"

#endif
