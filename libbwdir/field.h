/*
 * The fields of a user: what each may hold.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_FIELD_H
#define BWDIR_FIELD_H

#include <stdbool.h>

#include "bwdir.h"

/*
 * Whether the host's passwd file holds NAME with a uid below 1000 or 65534:
 * such a name is never asked of the directory.  The file is read by itself,
 * never through NSS.  BWDIR_UNAVAILABLE when it cannot be read; nothing is
 * known then, and the name must not be asked for.
 */
enum bwdir_status bwdir_name_is_local(const char *passwd_file,
                                      const char *name, bool *local);

#endif
