/*
 * Where each kind of entry stands below the suffix.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_PLACE_H
#define BWDIR_PLACE_H

enum bwdir_place {
    BWDIR_PLACE_PEOPLE,
    BWDIR_PLACE_ACCOUNTS,
    BWDIR_PLACE_ROLES,
    BWDIR_PLACE_ACCESS,
    BWDIR_PLACE_SERVICES
};

/* The DN of the unit, or of the entry NAME in it when NAME is not NULL.  The
 * text is the caller's to free(3); NULL when out of memory. */
char *bwdir_place_dn(const char *base, enum bwdir_place place,
                     const char *name);

/* The DN of a sign-up credential below a user's entry, NAME being that of
 * bwdir_code_credential(); as above. */
char *bwdir_place_verification(const char *user_dn, const char *name);

#endif
