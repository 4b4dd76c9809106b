/*
 * Inside of bwdir_backup: a deleted user as a file has him.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_BACKUP_H
#define BWDIR_BACKUP_H

#include "bwdir.h"
#include "dir/ldif_read.h"
#include "place.h"

struct bwdir_backup {
    struct dir_records records;
    const struct dir_record *user; /* the others refer to him */
    char *name;
    char *base;
    struct bwdir_user *there; /* the user himself, if he is there */

    /* Names; a DN where there is none.  NULL is empty. */
    char **roles;
    char **accounts;
    char **listed;    /* accounts that he administers */
    char **owned;     /* users whose owner he is */
    char **commented; /* attributes with a value in a comment */
};

/* The one value of an attribute; NULL for none and for several. */
const char *bwdir_backup_text(const struct dir_record *record,
                              const char *attribute);

/* The name of the entry at DN in PLACE; the caller's, NULL for another. */
char *bwdir_backup_name_in(const struct bwdir_backup *backup,
                           enum bwdir_place place, const char *dn);

#endif
