/*
 * How an entry comes to be, for dir/ alone.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DIR_ENTRY_IMPL_H
#define BWDIR_DIR_ENTRY_IMPL_H

#include "entry.h"

/* An entry without attributes; NULL when out of memory. */
struct dir_entry *dir_entry_new(const char *dn);

/* Room for COUNT values; BWDIR_MALFORMED when the entry has the attribute
 * already (RFC 4511 section 4.1.7: types are distinct). */
enum bwdir_status dir_entry_add_attribute(struct dir_entry *entry,
                                          const char *attribute, size_t count);
/* The next value of the attribute added last. */
enum bwdir_status dir_entry_add_value(struct dir_entry *entry,
                                      const void *bytes, size_t length);

/*
 * The entry is known by its DN alone, for this reason: it has no attributes
 * any more, and what asks for one gets BWDIR_MALFORMED.  FAULT is not copied.
 */
void dir_entry_spoil(struct dir_entry *entry, const char *fault);

#endif
