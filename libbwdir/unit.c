/*
 * Searches among the entries of one unit.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "unit.h"

#include <stdlib.h>

#include "detail.h"

/* *unit is the caller's to free(3), with any status. */
static enum bwdir_status
make_search(const struct bwdir_unit_search *search, char **unit,
            struct dir_search *made, struct bwdir_detail *why)
{
    *unit = bwdir_place_dn(search->base, search->place, NULL);
    *made = (struct dir_search){*unit, DIR_SCOPE_ONE, search->filter,
                                search->attributes};
    if (*unit == NULL || search->filter == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    return BWDIR_OK;
}

enum bwdir_status
bwdir_unit_one(struct dir_connection *connection,
               const struct bwdir_unit_search *search,
               struct dir_entry **entry, struct bwdir_detail *why)
{
    char *unit;
    struct dir_search made;
    enum bwdir_status status = make_search(search, &unit, &made, why);

    *entry = NULL;
    if (status == BWDIR_OK)
        status = dir_search_one(connection, &made, entry, why);
    free(unit);
    return status;
}

enum bwdir_status
bwdir_unit_all(struct dir_connection *connection,
               const struct bwdir_unit_search *search,
               bool (*visit)(const struct dir_entry *entry, void *closure),
               void *closure, struct bwdir_detail *why)
{
    char *unit;
    struct dir_search made;
    enum bwdir_status status = make_search(search, &unit, &made, why);

    if (status == BWDIR_OK)
        status = dir_search_all(connection, &made, visit, closure, why);
    free(unit);
    return status;
}

enum bwdir_status
bwdir_unit_some(struct dir_connection *connection,
                const struct bwdir_unit_search *search, int limit,
                bool (*visit)(const struct dir_entry *entry, void *closure),
                void *closure, struct bwdir_detail *why)
{
    char *unit;
    struct dir_search made;
    enum bwdir_status status = make_search(search, &unit, &made, why);

    if (status == BWDIR_OK)
        status =
            dir_search_some(connection, &made, limit, visit, closure, why);
    free(unit);
    return status;
}
