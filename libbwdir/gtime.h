/*
 * GeneralizedTime (RFC 4517 section 3.3.13) to and from seconds since the
 * epoch, UTC, 64 bits.  Uses neither TZ nor the C library's calendar.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_GTIME_H
#define BWDIR_GTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "YYYYMMDDHHMMSSZ" and its NUL. */
#define BWDIR_GTIME_SIZE 16

/*
 * Every form of the RFC: minutes and seconds optional, a fraction of the last
 * of them with '.' or ',' (rounded down to a second), Z or an offset; second
 * 60 counts as 59.  False, and *seconds untouched, for anything else, a day
 * that its month has not among it.
 */
bool bwdir_gtime_parse(const char *text, int64_t *seconds);

/* False when the year is not 0 … 9999. */
bool bwdir_gtime_format(int64_t seconds, char text[BWDIR_GTIME_SIZE]);

#endif
