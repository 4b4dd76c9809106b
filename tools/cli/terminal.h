/*
 * Asking a person.  Questions and answers go over the terminal: /dev/tty, or
 * standard input when that is a terminal.  Secrets are not echoed; the
 * terminal is put right again also when a signal ends or stops the program.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_TERMINAL_H
#define BW_CLI_TERMINAL_H

#include <bwdir.h>

/* True when standard input is a terminal: somebody is there to be asked. */
bool cli_somebody_there(void);

/*
 * One line, echoed, without its end, into BUFFER.  BWDIR_NOT_FOUND when there
 * is no terminal or its input has ended; BWDIR_BAD_VALUE when the line does
 * not fit.
 */
enum bwdir_status cli_ask(const char *question, char *buffer,
                          size_t size) BWDIR_CHECK_RESULT;

/* One line, not echoed.  An empty line is an empty secret. */
enum bwdir_status
cli_ask_secret(const char *question,
               struct bwdir_secret **secret) BWDIR_CHECK_RESULT;

/*
 * One line of standard input, not a byte more, without any question.  With
 * the end of the input before the first byte, BWDIR_NOT_FOUND.
 */
enum bwdir_status cli_read_line(char *buffer, size_t size) BWDIR_CHECK_RESULT;
enum bwdir_status
cli_read_secret_line(struct bwdir_secret **secret) BWDIR_CHECK_RESULT;

/* True when both hold the same bytes. */
bool cli_secrets_equal(const struct bwdir_secret *a,
                       const struct bwdir_secret *b);

#endif
