/*
 * Writes: add, modify, delete, and the password-modify operation.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DIR_MODIFY_H
#define BWDIR_DIR_MODIFY_H

#include "connection.h"

enum dir_change_kind { DIR_ADD_VALUE, DIR_DELETE_VALUE, DIR_REPLACE };

/* One attribute of an Add, or one step of a Modify (RFC 4511 4.6, 4.7). */
struct dir_change {
    enum dir_change_kind kind; /* ignored by add */
    const char *attribute;
    const char *value;                 /* NULL: all values (delete) */
    const struct bwdir_secret *secret; /* instead of value */
};

/*
 * What an entry is to meet at the moment of a change (RFC 4528), and what to
 * tell when it does not.  A server that does not know the control makes the
 * change all the same: this closes the moment after a look, and is in the
 * place of none.
 */
struct dir_condition {
    const char *filter; /* RFC 4515, built with dir_filter */
    const char *unmet;
};

/* The entryCSN of an entry, which each change of it changes; "" where it is
 * not known. */
struct dir_version {
    char csn[64];
};

/*
 * BWDIR_EXISTS (68, and what slapo-unique(5) refuses with 19),
 * BWDIR_NOT_FOUND (32, 16), BWDIR_NOT_PERMITTED (50), BWDIR_BAD_VALUE (19,
 * 21), BWDIR_UNAVAILABLE.  The detail holds the server's own words with every
 * byte outside printable ASCII escaped.  With BWDIR_REFUSED (19 and a
 * password-policy error) the detail says in words what the server objected
 * to.
 */
enum bwdir_status dir_add(struct dir_connection *connection, const char *dn,
                          const struct dir_change *attributes, size_t count,
                          struct dir_version *version,
                          struct bwdir_detail *why);
enum bwdir_status dir_modify(struct dir_connection *connection, const char *dn,
                             const struct dir_change *changes, size_t count,
                             struct bwdir_detail *why);
/* Only if the entry meets CONDITION; BWDIR_BAD_VALUE otherwise. */
enum bwdir_status dir_modify_if(struct dir_connection *connection,
                                const char *dn,
                                const struct dir_change *changes, size_t count,
                                const struct dir_condition *condition,
                                struct bwdir_detail *why);
enum bwdir_status dir_delete(struct dir_connection *connection, const char *dn,
                             struct bwdir_detail *why);

/* Only if the entry is still that version; BWDIR_BAD_VALUE otherwise, and for
 * a version that is not known. */
enum bwdir_status dir_delete_version(struct dir_connection *connection,
                                     const char *dn,
                                     const struct dir_version *version,
                                     struct bwdir_detail *why);

/*
 * Password Modify (RFC 3062) of the bound user, with the old password and
 * the password-policy control.  BWDIR_REFUSED: the server objects, the
 * detail says why in words for a person; BWDIR_BAD_CREDENTIALS: the old
 * password is not right.
 */
enum bwdir_status dir_change_password(struct dir_connection *connection,
                                      const char *dn,
                                      const struct bwdir_secret *old_password,
                                      const struct bwdir_secret *new_password,
                                      struct bwdir_detail *why);

#endif
