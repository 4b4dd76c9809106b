/*
 * A user as the columns of a list.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_USER_COLUMNS_H
#define BW_CLI_USER_COLUMNS_H

#include <bwdir.h>

/* Index of the column of that name; -1: there is none. */
int cli_user_column(const char *name);

/* All names, with BETWEEN between them; the caller's to free(3). */
char *cli_user_column_names(const char *between);

/* What stands in a column for a user, "" for what does not apply; the
 * caller's to free(3).  Ends the program when out of memory. */
char *cli_user_cell(int column, const struct bwdir_user *user,
                    const struct bwdir_condition *condition);

#endif
