/*
 * Lines of pam.d(5) without comments and with continuations joined, and their
 * words.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_PAM_LOGICAL_LINE_H
#define BW_PAM_LOGICAL_LINE_H

#include <stdbool.h>
#include <stdio.h>

/* All zero before the first call. */
struct pam_text {
    char *text;    /* the logical line; free(3) it when done */
    size_t number; /* of its first line in the file */
    size_t read;   /* lines so far */
};

/* False at the end of the file; ends the program when out of memory. */
bool pam_text_next(FILE *file, struct pam_text *line);

/*
 * The next word, cut out of the text at *AT; NULL when there is none.  One
 * that begins with [ ends at ], without them; \] stands for ] in it.
 */
char *pam_word(char **at);

#endif
