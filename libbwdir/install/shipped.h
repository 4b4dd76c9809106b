/*
 * What the directory should hold: the files of schema/, made out for one
 * suffix.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_INSTALL_SHIPPED_H
#define BWDIR_INSTALL_SHIPPED_H

#include "../dir/ldif_read.h"

/* The files, by their names without ".ldif". */
enum install_file {
    INSTALL_MODULES,
    INSTALL_SCHEMA, /* bwdir.ldif */
    INSTALL_FRONTEND,
    INSTALL_DATABASE,
    INSTALL_ACCESS,
    INSTALL_STOCK, /* rule lists that may be replaced */
    INSTALL_OVERLAYS,
    INSTALL_BASE,
    INSTALL_FILES
};

struct install_shipped {
    struct dir_records files[INSTALL_FILES];
};

/*
 * Reads the files of FOLDER (NULL: PKGDATADIR/schema) with BASE for @BASE@,
 * which is in the spelling of dir_dn_plain().  The files must belong to root
 * or the effective user and be closed to other writers.  BWDIR_CONFIG.
 * SHIPPED is to be cleared, also after a failure.
 */
enum bwdir_status install_shipped_load(const char *folder, const char *base,
                                       struct install_shipped *shipped,
                                       struct bwdir_detail *why);
void install_shipped_clear(struct install_shipped *shipped);

/*
 * A schema file that comes with slapd ("dyngroup"), read from the folder
 * where slapd's packages put it.  BWDIR_CONFIG when there is none.
 */
enum bwdir_status install_slapd_schema(const char *name,
                                       struct dir_records *records,
                                       struct bwdir_detail *why);

#endif
