/*
 * The fields of a user: what each may hold.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_FIELD_H
#define BWDIR_FIELD_H

#include <stdbool.h>

/*
 * True when the host's passwd file holds NAME with a uid below 1000 or
 * 65534: such a name is never asked of the directory.  Read with
 * fgetpwent(3), never through NSS.  False too when the file cannot be read.
 */
bool bwdir_name_is_local(const char *passwd_file, const char *name);

#endif
