/*
 * Inside of bwdir_config: what is not a text or a number.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_CONFIGURATION_H
#define BWDIR_CONFIGURATION_H

#include "bwdir.h"

/* The option "uri", NULL-terminated, at least one. */
const char *const *bwdir_config_uris(const struct bwdir_config *config);

/*
 * Opens a file of configuration or a secret: regular, not a symbolic link
 * (O_NOFOLLOW), of root or the effective user, not writable by others and,
 * when SECRET, not readable by them either.  The checks are made on the open
 * descriptor.  BWDIR_CONFIG with path, what is wrong and what would be right.
 */
enum bwdir_status bwdir_trusted_open(const char *path, bool secret, int *fd,
                                     struct bwdir_detail *why);

#endif
