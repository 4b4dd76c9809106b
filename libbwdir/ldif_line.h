/*
 * Lines of LDIF (RFC 2849).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_LDIF_LINE_H
#define BWDIR_LDIF_LINE_H

#include <stdio.h>

/* "attribute: value", in base64 after "::" where the RFC wants it. */
void bwdir_ldif_line(FILE *out, const char *attribute, const char *value);

/* The same with any bytes; a NUL follows them. */
void bwdir_ldif_bytes(FILE *out, const char *attribute, const char *value,
                      size_t length);

/* "# label: text", other bytes than printable ASCII as \xNN. */
void bwdir_ldif_comment(FILE *out, const char *label, const char *text);

#endif
