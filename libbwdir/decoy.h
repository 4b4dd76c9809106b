/*
 * The work of a wrong password where there is none to be compared.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DECOY_H
#define BWDIR_DECOY_H

#include "dir/connection.h"

/*
 * Binds as the decoy with random bytes, never with typed ones; no answer to
 * it can become a success: BWDIR_OK says that it was given.
 */
enum bwdir_status bwdir_decoy_bind(struct dir_connection *connection,
                                   const char *decoy_dn,
                                   struct bwdir_detail *why);

#endif
