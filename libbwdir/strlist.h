/*
 * Lists of strings that an object owns.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_STRLIST_H
#define BWDIR_STRLIST_H

#include <stdbool.h>
#include <stddef.h>

/* An array with room for COUNT strings and the NULL behind them. */
char **bwdir_strings_new(size_t count);
void bwdir_strings_free(char ***strings);

/* Appends a copy to an array that may still be NULL; false when out of
 * memory. */
bool bwdir_strings_add(char ***strings, const char *text);
bool bwdir_strings_have(const char *const *strings, const char *text);

/* "a,b,c"; "" for none.  The caller's to free(3); NULL: out of memory. */
char *bwdir_strings_join(const char *const *strings);

#endif
