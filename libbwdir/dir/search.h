/*
 * Searches: scope, escaped filter, explicit attribute list, bounded results.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DIR_SEARCH_H
#define BWDIR_DIR_SEARCH_H

#include "connection.h"
#include "entry.h"

enum dir_scope { DIR_SCOPE_BASE, DIR_SCOPE_ONE, DIR_SCOPE_SUBTREE };

struct dir_search {
    const char *base;
    enum dir_scope scope;
    const char *filter;            /* RFC 4515, built with dir_filter */
    const char *const *attributes; /* NULL-terminated, never NULL */
};

/*
 * A filter from a format in which each %s is replaced by one escaped value
 * (RFC 4515 section 3).  The text is the caller's to free(3); NULL when out
 * of memory.
 */
char *dir_filter(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/*
 * Exactly one entry.  BWDIR_NOT_FOUND when there is none (or none visible);
 * BWDIR_MALFORMED when there are two, or it is spoilt; BWDIR_UNAVAILABLE for
 * every other answer, a referral among them.  Asks the server for at most two.
 */
enum bwdir_status dir_search_one(struct dir_connection *connection,
                                 const struct dir_search *search,
                                 struct dir_entry **entry,
                                 struct bwdir_detail *why);

/*
 * Every entry, in pages (RFC 2696) and in flat memory.  VISIT returns false
 * to stop.  The entry is VISIT's only during the call, and may be spoilt
 * (entry.h), which does not stop the others.  Each page has the time
 * that is left to the connection's deadline now; what VISIT takes does not
 * count.  A result that the server cuts is BWDIR_UNAVAILABLE.
 */
enum bwdir_status dir_search_all(struct dir_connection *connection,
                                 const struct dir_search *search,
                                 bool (*visit)(const struct dir_entry *entry,
                                               void *closure),
                                 void *closure, struct bwdir_detail *why);

/*
 * Shows at most LIMIT entries, in one answer without pages: so it may be asked
 * from inside of a VISIT of dir_search_all(), whose place in the pages the
 * server keeps for the connection.
 */
enum bwdir_status dir_search_some(struct dir_connection *connection,
                                  const struct dir_search *search, int limit,
                                  bool (*visit)(const struct dir_entry *entry,
                                                void *closure),
                                  void *closure, struct bwdir_detail *why);

#endif
