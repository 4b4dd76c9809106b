/*
 * Texts and the moments that they stand for, for the tests of gtime.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_TESTS_GTIME_ROWS_H
#define BWDIR_TESTS_GTIME_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gtime_row {
    const char *text;
    bool valid;
    int64_t seconds; /* since 1970, where it is */
};

extern const struct gtime_row gtime_rows[];
extern const size_t gtime_row_count;

#endif
