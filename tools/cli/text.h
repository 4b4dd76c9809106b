/*
 * Text of the directory on a terminal: what it may show and how wide it is.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_TEXT_H
#define BW_CLI_TEXT_H

#include <stddef.h>

/*
 * A copy in which nothing moves a cursor, changes a colour or turns the order
 * of the letters around: every byte of what is not UTF-8, of control
 * characters (C0, C1, DEL) and of invisible format characters (UAX #9
 * explicit marks, U+200B, U+FEFF …) is \xNN.  Letters of any script pass, as
 * do the joiners that some of them need.  The caller's to free(3); ends the
 * program when out of memory.
 */
char *cli_text_shown(const char *text);

/* The same with printable ASCII only. */
char *cli_text_ascii(const char *text);

/* Columns that a text which cli_text_shown() returned takes up. */
size_t cli_text_width(const char *shown);

#endif
