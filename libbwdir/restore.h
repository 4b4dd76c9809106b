/*
 * A deleted user while the plan is made that puts him back.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_RESTORE_H
#define BWDIR_RESTORE_H

#include "backup.h"
#include "user_change.h"

/* What is to be put back, without what is no more. */
struct restoring {
    struct bwdir_directory *dir;
    const struct bwdir_backup *backup;
    const struct bwdir_restore_report *report;
    struct bwdir_plan *plan;
    struct bwdir_detail *why;
    char **roles;
    char **accounts;
    char **listed;
};

/* Tells of something in the file that does not come back, and why. */
void bwdir_restore_leave_out(const struct restoring *restoring,
                             const char *what, const char *name,
                             const char *why);

/*
 * Fills roles, accounts and lists with those of the file that are there; the
 * others are told of.  What cannot be looked up is not known to be gone, and
 * ends it.
 */
enum bwdir_status bwdir_restore_narrow(struct restoring *restoring);

/* Then leaves out the roles that a new user of LEVEL could not be given. */
enum bwdir_status bwdir_restore_fit(struct restoring *restoring,
                                    enum bwdir_level level);

/* The owner's user name, the caller's to free(3); NULL for none, and for one
 * who is no more. */
enum bwdir_status bwdir_restore_owner(const struct restoring *restoring,
                                      char **owner);

#endif
