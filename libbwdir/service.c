/*
 * What kind of service a PAM service is.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "service.h"

#include <stdlib.h>

#include "unit.h"

#define BOTH (BWDIR_ACCESS_DASHBOARD | BWDIR_ACCESS_API)

struct listing {
    const char *name;
    unsigned kinds;
};

/* The kinds of one record.  Which of two spellings the server takes for the
 * same name is not left to it; a record that cannot be read is of the
 * stricter kind. */
static bool
add_record(const struct dir_entry *entry, void *closure)
{
    struct listing *listing = closure;
    unsigned kinds = 0;

    if (dir_entry_check(entry, NULL) != BWDIR_OK)
        listing->kinds |= BWDIR_ACCESS_DASHBOARD;
    if (!dir_entry_has(entry, "bwService", listing->name))
        return true;
    for (unsigned kind = BWDIR_ACCESS_DASHBOARD; kind <= BWDIR_ACCESS_API;
         kind <<= 1)
        if (dir_entry_has(entry, "bwAllows", bwdir_access_name(kind)))
            kinds |= kind;
    listing->kinds |= kinds != 0 ? kinds : BWDIR_ACCESS_DASHBOARD;
    return true;
}

enum bwdir_status
bwdir_service_listed(struct dir_connection *connection, const char *base,
                     const char *name, unsigned *listed,
                     struct bwdir_detail *why)
{
    static const char *const attributes[] = {"bwAllows", "bwService", NULL};
    struct listing listing = {.name = name};
    struct bwdir_unit_search search = {base, BWDIR_PLACE_ACCESS, NULL,
                                       attributes};
    char *filter;
    enum bwdir_status status;

    *listed = 0;
    if (name == NULL)
        return BWDIR_OK;
    filter = dir_filter("(&(objectClass=bwAccessRecord)(bwService=%s))", name);
    search.filter = filter;
    status = bwdir_unit_all(connection, &search, add_record, &listing, why);
    *listed = listing.kinds;
    free(filter);
    return status;
}

enum bwdir_access_kind
bwdir_service_kind(enum bwdir_access_kind said, unsigned listed)
{
    if (said != 0)
        return said;
    return listed == BWDIR_ACCESS_API ? BWDIR_ACCESS_API
                                      : BWDIR_ACCESS_DASHBOARD;
}

bool
bwdir_service_in_conflict(unsigned said, unsigned listed)
{
    return listed == BOTH || (said != 0 && listed != 0 && said != listed);
}
