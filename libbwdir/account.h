/*
 * Inside of bwdir_account.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_ACCOUNT_H
#define BWDIR_ACCOUNT_H

#include "bwdir.h"
#include "directory.h"

/* True when the user of that name is listed as an admin of the account, as
 * far as the connection may see it. */
bool bwdir_account_has_admin(const struct bwdir_account *account,
                             const char *name);

/* The accounts that list the user as an admin, as far as the connection may
 * see it.  *numbers is the caller's, with any status. */
enum bwdir_status bwdir_account_administered(struct bwdir_directory *directory,
                                             const char *user_dn,
                                             char ***numbers,
                                             struct bwdir_detail *why);

/*
 * BWDIR_BAD_VALUE when without the user of that name, who is on the list, no
 * admin of the account would be left at WHEN (seconds since the epoch), as far
 * as the connection may see it and bwdir_plan_suppose() has it: nobody but
 * operators could help it.  Who is disabled then is none who is left.
 */
enum bwdir_status bwdir_account_can_lose(struct bwdir_directory *directory,
                                         const char *number, const char *name,
                                         int64_t when,
                                         struct bwdir_detail *why);

/* The same for USER and all accounts that he administers, when he is disabled
 * at WHEN or deleted; a WHEN that has passed is now. */
enum bwdir_status bwdir_user_can_leave(struct bwdir_directory *directory,
                                       const struct bwdir_user *user,
                                       int64_t when, struct bwdir_detail *why);

/* The Modify that was begun last in PLAN takes the user of that name off the
 * list of the account: only while another who is left now still is on it,
 * since two who look at once both find another.  The refusal is that of
 * bwdir_account_can_lose(). */
enum bwdir_status bwdir_account_keep_admin(struct bwdir_directory *directory,
                                           const char *number,
                                           const char *name,
                                           struct bwdir_plan *plan,
                                           struct bwdir_detail *why);

/* What makes an admin one who is left: not disabled at WHEN. */
bool bwdir_user_acts(const struct bwdir_user *user, int64_t when);

/* Fails with STATUS in the words that fit what access control hides. */
enum bwdir_status bwdir_account_not_yours(const char *number,
                                          enum bwdir_status status,
                                          struct bwdir_detail *why);

#endif
