/*
 * An entry as a search returned it: its DN and its attributes, with readers
 * that refuse what is missing, doubled or malformed instead of guessing.
 *
 * An entry that is longer than 256 KiB, or has an attribute twice, is spoilt:
 * nothing of it can be read, but others can.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DIR_ENTRY_H
#define BWDIR_DIR_ENTRY_H

#include "../bwdir.h"

struct dir_entry; /* owns copies of everything; no LDAP handle behind it */

void dir_entry_free(struct dir_entry **entry);
const char *dir_entry_dn(const struct dir_entry *entry);

/* BWDIR_MALFORMED, and what is wrong, when the entry is spoilt.  The readers
 * below that return a status ask this first; to the others it is empty. */
enum bwdir_status dir_entry_check(const struct dir_entry *entry,
                                  struct bwdir_detail *why);

/* Number of values; attribute names without regard to case. */
size_t dir_entry_count(const struct dir_entry *entry, const char *attribute);

/* The attributes by number, from 0; NULL behind the last. */
const char *dir_entry_attribute(const struct dir_entry *entry, size_t number);

/* A value by number as bytes, behind which a NUL stands that LENGTH does not
 * count; NULL behind the last. */
const char *dir_entry_bytes(const struct dir_entry *entry,
                            const char *attribute, size_t number,
                            size_t *length);

/* True when one of the values is VALUE, without regard to ASCII case. */
bool dir_entry_has(const struct dir_entry *entry, const char *attribute,
                   const char *value);

/*
 * The only value as text.  BWDIR_MALFORMED when there is none, when there
 * are two, when it is empty or holds a NUL; the detail names entry and
 * attribute.  The text belongs to the entry.
 */
enum bwdir_status dir_entry_one(const struct dir_entry *entry,
                                const char *attribute, const char **value,
                                struct bwdir_detail *why);

/* As above, but *value is NULL when there is no value. */
enum bwdir_status dir_entry_at_most_one(const struct dir_entry *entry,
                                        const char *attribute,
                                        const char **value,
                                        struct bwdir_detail *why);

/* All values as text, NULL-terminated; the array belongs to the entry. */
enum bwdir_status dir_entry_all(const struct dir_entry *entry,
                                const char *attribute,
                                const char *const **values,
                                struct bwdir_detail *why);

/*
 * The value of the first RDN when DN is exactly "<type>=<value>,<parent>",
 * compared as DNs (RFC 4514): spelling of blanks and case in type and parent
 * do not matter.  The text is the caller's to free(3).  BWDIR_MALFORMED
 * otherwise.
 */
enum bwdir_status dir_dn_child(const char *dn, const char *type,
                               const char *parent, char **value);

/* True for a DN (RFC 4514) of at least one part. */
bool dir_is_dn(const char *text);

/* True when both are the same DN. */
bool dir_dn_equal(const char *a, const char *b);

/*
 * DN in the one spelling that the templates of schema/ want: in lower case
 * and without blanks that mean nothing.  NULL when it is no DN, when a part
 * holds anything but letters, digits, '.', '_' and '-' (it goes into regular
 * expressions, sets and URLs), or when memory is short.  The text is the
 * caller's to free(3).
 */
char *dir_dn_plain(const char *dn);

/* "<type>=<value>,<parent>" with VALUE escaped (RFC 4514 2.4).  The text is
 * the caller's to free(3); NULL when out of memory. */
char *dir_dn_make(const char *type, const char *value, const char *parent);

#endif
