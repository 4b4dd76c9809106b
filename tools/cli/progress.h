/*
 * How far a list has come, for who waits at a terminal while it goes into a
 * file.  Where the rows themselves, or a program that reads them, may be on
 * that terminal, nothing is shown between them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_PROGRESS_H
#define BW_CLI_PROGRESS_H

/* One more row.  Past the first second the line shows how many, and each
 * second anew. */
void cli_progress_step(const char *program);

/* Takes the line away before something else is said. */
void cli_progress_clear(void);

#endif
