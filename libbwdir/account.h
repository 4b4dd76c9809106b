/*
 * Inside of bwdir_account.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_ACCOUNT_H
#define BWDIR_ACCOUNT_H

#include "bwdir.h"

/* True when the user with that DN is listed as an admin of the account, as
 * far as the connection may see it. */
bool bwdir_account_has_admin(const struct bwdir_account *account,
                             const char *dn);

/* Fails with STATUS in the words that fit what access control hides. */
enum bwdir_status bwdir_account_not_yours(const char *number,
                                          enum bwdir_status status,
                                          struct bwdir_detail *why);

#endif
