/*
 * Searches among the entries of one unit.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_UNIT_H
#define BWDIR_UNIT_H

#include "dir/search.h"
#include "place.h"

struct bwdir_unit_search {
    const char *base; /* the suffix */
    enum bwdir_place place;
    const char *filter; /* of dir_filter(); NULL: BWDIR_NO_MEMORY */
    const char *const *attributes;
};

/* As dir_search_one(), dir_search_all() and dir_search_some(), right below the
 * unit. */
enum bwdir_status bwdir_unit_one(struct dir_connection *connection,
                                 const struct bwdir_unit_search *search,
                                 struct dir_entry **entry,
                                 struct bwdir_detail *why);
enum bwdir_status bwdir_unit_all(struct dir_connection *connection,
                                 const struct bwdir_unit_search *search,
                                 bool (*visit)(const struct dir_entry *entry,
                                               void *closure),
                                 void *closure, struct bwdir_detail *why);
enum bwdir_status
bwdir_unit_some(struct dir_connection *connection,
                const struct bwdir_unit_search *search, int limit,
                bool (*visit)(const struct dir_entry *entry, void *closure),
                void *closure, struct bwdir_detail *why);

#endif
