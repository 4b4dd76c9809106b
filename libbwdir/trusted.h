/*
 * Files that decide what bwdir does: configuration and secrets.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_TRUSTED_H
#define BWDIR_TRUSTED_H

#include <sys/stat.h>

#include "bwdir.h"

/*
 * Opens a file of configuration or a secret: regular, not a symbolic link
 * (O_NOFOLLOW), of root or the effective user, not writable by others and,
 * when SECRET, not readable by them either.  The checks are made on the open
 * descriptor.  BWDIR_CONFIG with path, what is wrong and what would be right.
 */
enum bwdir_status bwdir_trusted_open(const char *path, bool secret, int *fd,
                                     struct bwdir_detail *why);

/* The same with OWNER in the place of the effective user. */
enum bwdir_status bwdir_trusted_open_of(const char *path, bool secret,
                                        uid_t owner, int *fd,
                                        struct bwdir_detail *why);

/* What bwdir_trusted_open_of() makes of a file; FILE is lstat(2)'s. */
enum bwdir_status bwdir_trusted_judge(const struct stat *file,
                                      const char *path, bool secret,
                                      uid_t owner, struct bwdir_detail *why);

/*
 * Reads FD to its end into BYTES.  *LENGTH is at most SIZE; a file that is
 * longer than SIZE, or that cannot be read, is BWDIR_CONFIG.
 */
enum bwdir_status bwdir_trusted_read(int fd, const char *path, void *bytes,
                                     size_t size, size_t *length,
                                     struct bwdir_detail *why);

#endif
