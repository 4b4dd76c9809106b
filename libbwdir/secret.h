/*
 * Inside of bwdir_secret that the rest of the library may use.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_SECRET_H
#define BWDIR_SECRET_H

#include "bwdir.h"

/* LENGTH bytes of zeros to be filled through bwdir_secret_buffer(). */
enum bwdir_status bwdir_secret_alloc(size_t length,
                                     struct bwdir_secret **secret);
char *bwdir_secret_buffer(struct bwdir_secret *secret);

/* LENGTH random bytes, none of them NUL or a control character. */
enum bwdir_status bwdir_secret_random(size_t length,
                                      struct bwdir_secret **secret);

#endif
