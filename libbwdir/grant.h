/*
 * What goes together in a user: roles with level and with the products of the
 * accounts.  For who is added and for who is changed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_GRANT_H
#define BWDIR_GRANT_H

#include "account.h"

#define BWDIR_ADMIN_ROLE "user-administrator"

struct bwdir_grant {
    struct bwdir_directory *dir;
    enum bwdir_level level;
    char **products; /* of all accounts that were looked up, with repeats */
};

/*
 * Looks the account up and takes note of its products.  BWDIR_NOT_PERMITTED
 * when it is not to be seen.  *account is the caller's.
 */
enum bwdir_status bwdir_grant_account(struct bwdir_grant *grant,
                                      const char *number,
                                      struct bwdir_account **account,
                                      struct bwdir_detail *why);

/* Whether the role fits to level and products, once all accounts have been
 * looked up.  BWDIR_BAD_VALUE. */
enum bwdir_status bwdir_grant_role(const struct bwdir_grant *grant,
                                   const char *keyword,
                                   struct bwdir_detail *why);

void bwdir_grant_clear(struct bwdir_grant *grant);

#endif
