/*
 * Setting a directory up: the identities of programs, and what a server is to
 * hold.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_PUBLIC_INSTALL_H
#define BWDIR_PUBLIC_INSTALL_H

#include "bwdir_plan.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* ---- identities of programs --------------------------------------------- */

/* The DN of "bwdird", "outbox" or "decoy"; the caller's to free(3).  NULL when
 * out of memory. */
char *bwdir_program_dn(const struct bwdir_directory *directory,
                       const char *name);

/* Whether there is such an entry. */
enum bwdir_status
bwdir_program_exists(struct bwdir_directory *directory, const char *name,
                     bool *exists,
                     struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * The plan that adds the entry, or gives the one that EXISTS another secret.
 * The plan holds the hash of it only.  BWDIR_BAD_VALUE for another name.
 */
enum bwdir_status
bwdir_program_plan(struct bwdir_directory *directory, const char *name,
                   bool exists, const struct bwdir_secret *secret,
                   struct bwdir_plan **plan,
                   struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* ---- installation ------------------------------------------------------- */

/*
 * What the directory should hold, and how that differs from what it holds.
 * The directory must be opened as an identity that may read and write
 * cn=config, and whose rights on the data are those of root in the access
 * rules; a schema file's folder is PKGDATADIR/schema when NULL.
 *
 * There are two parts, as the second can only be seen and written once the
 * first is right: the server's configuration (cn=config), and the entries.
 */
struct bwdir_installation;

enum bwdir_install_part { BWDIR_INSTALL_CONFIG, BWDIR_INSTALL_ENTRIES };

enum bwdir_difference_kind {
    BWDIR_DIFFERENCE_MISSING,  /* the plan adds it */
    BWDIR_DIFFERENCE_OUTDATED, /* as an earlier bwdir or slapd's package wrote
                                  it; the plan replaces it */
    BWDIR_DIFFERENCE_FOREIGN,  /* an administrator has set it otherwise; the
                                  plan replaces it, once he has agreed */
    BWDIR_DIFFERENCE_KEPT,     /* an administrator's, and his to choose */
    BWDIR_DIFFERENCE_OFFLINE   /* cannot be changed while the server runs */
};

/* One difference.  All of it belongs to the installation. */
struct bwdir_difference {
    enum bwdir_difference_kind kind;
    const char *dn;        /* of the entry that differs */
    const char *attribute; /* "": the whole entry */
    const char *name;      /* of one of its values, or NULL: the attribute */
    const char *text;      /* what is, what would be right, what to do */
    const char *old;       /* FOREIGN: the values as LDIF; or NULL */
    const struct bwdir_plan *plan; /* NULL: KEPT and OFFLINE */
};

/*
 * Finds the database that serves the suffix.  BWDIR_NOT_FOUND: none does; the
 * detail names those that there are.  BWDIR_BAD_VALUE: a suffix that access
 * rules cannot hold.  BWDIR_NOT_PERMITTED: the connection does not see
 * cn=config.  The directory must outlive the installation.
 */
enum bwdir_status
bwdir_installation_open(struct bwdir_directory *directory, const char *folder,
                        struct bwdir_installation **installation,
                        struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void bwdir_installation_close(struct bwdir_installation **installation);

/*
 * The plan that makes a database for the suffix where none serves it, with its
 * files in FOLDER, a directory of the server's machine that must exist and
 * belong to the server's user.  To be applied before the installation is
 * opened.  BWDIR_BAD_VALUE, BWDIR_UNAVAILABLE.
 */
enum bwdir_status
bwdir_database_plan_add(struct bwdir_directory *directory, const char *folder,
                        struct bwdir_plan **plan,
                        struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* Looks at one part; what was found before is forgotten.  Differences come in
 * the order in which their plans are to be applied. */
enum bwdir_status
bwdir_installation_compare(struct bwdir_installation *installation,
                           enum bwdir_install_part part,
                           struct bwdir_detail *why) BWDIR_CHECK_RESULT;
size_t bwdir_installation_count(const struct bwdir_installation *installation);
const struct bwdir_difference *
bwdir_installation_difference(const struct bwdir_installation *installation,
                              size_t index);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
