/*
 * bwdir-del --restore: a user who was kept in a file.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_RESTORATION_H
#define BW_RESTORATION_H

#include "cli/session.h"

/* Puts the user of the session's --restore back; an exit code. */
int restoration_run(struct cli_session *session);

#endif
