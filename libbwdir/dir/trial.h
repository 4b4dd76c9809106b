/*
 * A Modify that is only tried: with the No-Op control
 * (draft-zeilenga-ldap-noop), which is critical, so that a server either goes
 * through all of it and changes nothing, or refuses at once.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DIR_TRIAL_H
#define BWDIR_DIR_TRIAL_H

#include "modify.h"

enum dir_trial {
    DIR_TRIAL_REFUSED, /* access rules do not let this identity */
    DIR_TRIAL_PASSED,  /* without the control it would have been done */
    DIR_TRIAL_UNKNOWN  /* refused for another reason, which DETAIL says */
};

/* What the server makes of the changes.  BWDIR_OK for each of the three, also
 * where the server does not know the control. */
enum bwdir_status dir_try_modify(struct dir_connection *connection,
                                 const char *dn,
                                 const struct dir_change *changes,
                                 size_t count, enum dir_trial *trial,
                                 struct bwdir_detail *why);

#endif
