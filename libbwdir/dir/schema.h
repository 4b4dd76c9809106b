/*
 * Definitions of attribute types and object classes (RFC 4512 section 4.1),
 * read and compared by libldap.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DIR_SCHEMA_H
#define BWDIR_DIR_SCHEMA_H

#include "../bwdir.h"

enum dir_definition_kind { DIR_ATTRIBUTE_TYPE, DIR_OBJECT_CLASS };

/* One definition; texts are the object's. */
struct dir_definition;

/* TEXT may begin with the "{N}" of cn=config.  NULL when it is not of the
 * RFC's syntax (an OID macro is not) or memory is short. */
struct dir_definition *dir_definition_read(enum dir_definition_kind kind,
                                           const char *text);
void dir_definition_free(struct dir_definition **definition);
const char *dir_definition_oid(const struct dir_definition *definition);
const char *dir_definition_name(const struct dir_definition *definition);

/* Whether both mean the same, however they are written. */
bool dir_definition_same(const struct dir_definition *a,
                         const struct dir_definition *b);

/*
 * Whether every entry that satisfies OLD satisfies NEW too, so that the one
 * may take the other's place while entries exist: an attribute type keeps
 * syntax, rules and number of values; a class keeps its kind and superior,
 * demands nothing more and allows no less.
 */
bool dir_definition_widens(const struct dir_definition *old,
                           const struct dir_definition *new);

#endif
