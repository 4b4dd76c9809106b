/*
 * Reading LDIF (RFC 2849), by libldap's own reader.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DIR_LDIF_READ_H
#define BWDIR_DIR_LDIF_READ_H

#include "../bwdir.h"

/* An attribute with its values, in their order. */
struct dir_values {
    char *attribute;
    char **values; /* NULL-terminated */
    size_t count;
};

/* One record.  Values of one attribute need not follow each other. */
struct dir_record {
    char *dn; /* NULL: the record has none */
    struct dir_values *attributes;
    size_t count;
};

struct dir_records {
    struct dir_record *items;
    size_t count;
};

/*
 * The records of TEXT, which is changed.  BWDIR_MALFORMED with the line where
 * the text is no LDIF; values with a NUL byte are none either, nor those that
 * are to be read from a URL.  The "-" between changes of an entry is passed
 * over.  RECORDS is to be cleared, also after a failure.
 */
enum bwdir_status dir_ldif_read(char *text, struct dir_records *records,
                                struct bwdir_detail *why);
void dir_records_clear(struct dir_records *records);

/* The values of an attribute, without regard to case; NULL for none. */
const struct dir_values *dir_record_values(const struct dir_record *record,
                                           const char *attribute);

#endif
