/*
 * Filling in a struct bwdir_detail.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DETAIL_H
#define BWDIR_DETAIL_H

#include "bwdir.h"

/*
 * Formats one sentence, cut to fit; WHY may be NULL.  Bytes outside printable
 * ASCII (0x20-0x7e) become \xNN, so that the text may be logged or shown.
 * Returns STATUS, so that a failure is one line:
 *     return bwdir_fail(why, BWDIR_BAD_VALUE, "…", …);
 */
enum bwdir_status bwdir_fail(struct bwdir_detail *why,
                             enum bwdir_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
