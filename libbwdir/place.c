/*
 * Where each kind of entry stands below the suffix.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "place.h"

#include <stdlib.h>

#include "dir/entry.h"

static const struct {
    const char *unit;
    const char *type; /* of the RDN of the entries in the unit */
} places[] = {
    [BWDIR_PLACE_PEOPLE] = {"people", "uid"},
    [BWDIR_PLACE_ACCOUNTS] = {"accounts", "cn"},
    [BWDIR_PLACE_ROLES] = {"roles", "cn"},
    [BWDIR_PLACE_ACCESS] = {"access", "cn"},
    [BWDIR_PLACE_SERVICES] = {"services", "cn"},
};

char *
bwdir_place_dn(const char *base, enum bwdir_place place, const char *name)
{
    char *unit = dir_dn_make("ou", places[place].unit, base);
    char *dn;

    if (unit == NULL || name == NULL)
        return unit;
    dn = dir_dn_make(places[place].type, name, unit);
    free(unit);
    return dn;
}

char *
bwdir_place_verification(const char *user_dn, const char *name)
{
    return dir_dn_make("cn", name, user_dn);
}
