/*
 * Ends a tool that a server keeps waiting.  libldap cannot bound a TLS
 * handshake that stalls, and a tool has no worker that could be killed, so an
 * alarm does it: message, exit.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_WATCHDOG_H
#define BW_CLI_WATCHDOG_H

#include "report.h"

#define CLI_WATCHDOG_SECONDS 15

/*
 * From now on the operation has 15 seconds; past them ERROR is reported, a
 * secret that is held is shown, and the program ends with CODE.  Past the
 * first one a terminal on standard error shows that it is waited for.  A
 * second call starts the next operation.
 */
void cli_watchdog_start(const struct cli_report *report, int code,
                        const char *error);

/* Of an operation that ends by itself a terminal is told, and that is all. */
void cli_watchdog_tell(const struct cli_report *report);

/* The same operation, 15 seconds more: it has got on. */
void cli_watchdog_again(void);

/* Lets the rows of a list go out where it is time for that (cli_rows_due()),
 * and then the operation goes on.  False when they cannot be written. */
bool cli_watchdog_pass_rows(void);

/* Nothing is waited for: a person is asked, or the work is done. */
void cli_watchdog_stop(void);

#endif
