/*
 * What an LDAP result code means to bwdir.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DIR_RESULT_H
#define BWDIR_DIR_RESULT_H

#include "../bwdir_status.h"

/* The same code means one thing to a bind and another to a write. */
enum dir_operation { DIR_BIND, DIR_SEARCH, DIR_WRITE };

/* BWDIR_OK for success alone; BWDIR_UNAVAILABLE for what is not named. */
enum bwdir_status dir_result_status(int code, enum dir_operation operation);

#endif
