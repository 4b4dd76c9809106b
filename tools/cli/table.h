/*
 * Rows of a list for people and for spreadsheets.
 *
 * A table: a line of headers, columns of equal width as far as the first rows
 * tell, in the columns of a terminal.  CSV (RFC 4180): a line of names, CRLF,
 * quotes where they are needed.  A cell that a spreadsheet would take for a
 * formula (it begins with = + - @ or what looks like one of them) is given an
 * apostrophe in front.  In both, what could move a cursor is \xNN (text.h), so
 * that a cell has one line; --json gives values as they are.
 *
 * Order of calls: new, row as often as wanted, end.  Memory does not grow with
 * the rows.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_TABLE_H
#define BW_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct cli_table;

#define CLI_COLUMNS_MAX 24

enum cli_table_form {
    CLI_TABLE,
    CLI_TABLE_CSV,
    CLI_TABLE_BARE /* no headers, no widths */
};

/* NAMES are copied; a table shows them in capitals. */
struct cli_table *cli_table_new(enum cli_table_form form,
                                const char *const *names, size_t count);

/* As many cells as there are columns; copied.  False when standard output
 * takes no more, so that the list may end. */
bool cli_table_row(struct cli_table *table, const char *const *cells);

void cli_table_end(struct cli_table **table);

#endif
