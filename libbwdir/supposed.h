/*
 * Plans that were printed and not applied: what would be different.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_SUPPOSED_H
#define BWDIR_SUPPOSED_H

#include "bwdir.h"

/* What bwdir_plan_suppose() has noted of a directory. */
struct bwdir_supposed;
void bwdir_supposed_free(struct bwdir_supposed **supposed);

/* NAMES, the admins of an account as they are, become what they would be;
 * false when out of memory. */
bool bwdir_supposed_admins(const struct bwdir_directory *directory,
                           const char *number, char ***names);

/* Whether the user would be there and not disabled at WHEN; ACTS tells of him
 * as he is. */
bool bwdir_supposed_acts(const struct bwdir_directory *directory,
                         const char *dn, int64_t when, bool acts);

#endif
