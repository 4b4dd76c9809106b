/*
 * Files for tests, in a directory that setup makes and teardown removes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_TESTS_TRUSTED_FILE_H
#define BWDIR_TESTS_TRUSTED_FILE_H

#include <stddef.h>
#include <sys/types.h>

int trusted_file_setup(void **state);
int trusted_file_teardown(void **state);

/* Path of a file of the directory; valid until the next call. */
const char *trusted_file_path(const char *name);

/* Writes a file with exactly this mode; returns its path. */
const char *trusted_file_write(const char *name, const void *bytes,
                               size_t length, mode_t mode);

#endif
