/*
 * Looking up records by name and listing them: what role, account and user
 * have in common.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_RECORD_H
#define BWDIR_RECORD_H

#include "dir/search.h"
#include "directory.h"
#include "place.h"

/* A kind of record: where it stands and how it is asked for. */
struct bwdir_record_kind {
    enum bwdir_place place;
    const char *object_class;
    const char *name_attribute; /* of the RDN */
    const char *const *attributes;
};

/* The one record of that name; BWDIR_NOT_FOUND when none is visible. */
enum bwdir_status bwdir_record_get(struct bwdir_directory *dir,
                                   const struct bwdir_record_kind *kind,
                                   const char *name, struct dir_entry **entry,
                                   struct bwdir_detail *why);

enum bwdir_status
bwdir_record_list(struct bwdir_directory *dir,
                  const struct bwdir_record_kind *kind,
                  bool (*visit)(const struct dir_entry *entry, void *closure),
                  void *closure, struct bwdir_detail *why);

/* A copy of an attribute's only value; *copy NULL when OPTIONAL and absent. */
enum bwdir_status bwdir_record_text(const struct dir_entry *entry,
                                    const char *attribute, bool optional,
                                    char **copy, struct bwdir_detail *why);

/* A number of seconds, digits only; 0 when it is absent. */
enum bwdir_status bwdir_record_number(const struct dir_entry *entry,
                                      const char *attribute, int64_t *number,
                                      struct bwdir_detail *why);

/*
 * Copies of the values that are text, NULL-terminated; those that are empty or
 * hold a NUL, which only another program writes, are left out.  For attributes
 * of which a user may write what he likes, so that he spoils nothing else.
 */
enum bwdir_status bwdir_record_readable(const struct dir_entry *entry,
                                        const char *attribute, char ***copies,
                                        struct bwdir_detail *why);

/* Copies of all values, NULL-terminated. */
enum bwdir_status bwdir_record_texts(const struct dir_entry *entry,
                                     const char *attribute, char ***copies,
                                     struct bwdir_detail *why);

#endif
