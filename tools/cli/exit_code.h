/*
 * What a status means to the shell: the codes of sysexits(3).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_EXIT_CODE_H
#define BW_CLI_EXIT_CODE_H

#include <bwdir_status.h>
#include <sysexits.h>

/* In the place of an exit code: the matter is not ended yet. */
#define CLI_GO_ON (-1)

/* 0 only for BWDIR_OK. */
int cli_exit_code(enum bwdir_status status);

#endif
