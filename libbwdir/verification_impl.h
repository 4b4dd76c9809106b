/*
 * Inside of bwdir_verification, for the files that plan what becomes of
 * sign-up credentials.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_VERIFICATION_IMPL_H
#define BWDIR_VERIFICATION_IMPL_H

#include "bwdir.h"

/*
 * An empty plan that says WHAT it is for, made by who is bound: the caller's
 * to free.  Like all below: BWDIR_NO_MEMORY, with words in WHY.
 */
enum bwdir_status
bwdir_verification_begin(const struct bwdir_directory *directory,
                         const char *what, struct bwdir_plan **plan,
                         struct bwdir_detail *why);

/*
 * The DN of the credential for CODE below USER, whether it stands or not; the
 * caller's to free(3), NULL unless BWDIR_OK.  BWDIR_BAD_VALUE for what is no
 * code.
 */
enum bwdir_status bwdir_verification_place(const struct bwdir_user *user,
                                           const struct bwdir_secret *code,
                                           char **dn,
                                           struct bwdir_detail *why);

#endif
