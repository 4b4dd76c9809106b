/*
 * A growing list of texts, NULL-terminated for those who only read it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_LIST_H
#define BW_CLI_LIST_H

#include <stddef.h>

/* All zero is an empty list; items is NULL then. */
struct cli_list {
    char **items;
    size_t count;
};

/* Appends a copy of TEXT and returns it; ends the program when out of
 * memory. */
const char *cli_list_add(struct cli_list *list, const char *text);

/* Appends each part of a comma list, without the blanks around it; empty
 * parts are kept, so that a check can refuse them.  "" adds nothing. */
void cli_list_add_commas(struct cli_list *list, const char *text);

/* Takes out what stands in the list before. */
void cli_list_unique(struct cli_list *list);

const char *const *cli_list_items(const struct cli_list *list);
void cli_list_clear(struct cli_list *list);

#endif
