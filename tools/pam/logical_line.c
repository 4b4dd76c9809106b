/*
 * Lines and words of pam.d(5), cut as libpam cuts them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "logical_line.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define BLANKS " \n\t"

/* Takes the comment and the blanks at the end away.  True when the line goes
 * on: it ends with a backslash, which is no part of a comment. */
static bool
trim(char *text)
{
    size_t length = strcspn(text, "#");
    bool comment = text[length] == '#';

    while (length > 0 && strchr(BLANKS, text[length - 1]) != NULL)
        length--;
    text[length] = '\0';
    if (comment || length == 0 || text[length - 1] != '\\')
        return false;
    text[length - 1] = ' ';
    return true;
}

static void
append(struct pam_text *line, const char *text)
{
    size_t old = line->text == NULL ? 0 : strlen(line->text);
    char *grown = realloc(line->text, old + strlen(text) + 1);

    if (grown == NULL)
        errx(EX_OSERR, "out of memory");
    strcpy(grown + old, text);
    line->text = grown;
}

/* Blank lines and comments are passed over, also within a line. */
bool
pam_text_next(FILE *file, struct pam_text *line)
{
    bool more = true;
    bool found = false;
    char *raw = NULL;
    size_t size = 0;

    free(line->text);
    line->text = NULL;
    while (more && getline(&raw, &size, file) >= 0) {
        const char *start = raw + strspn(raw, BLANKS);

        line->read++;
        if (*start == '\0' || *start == '#')
            continue;
        if (!found)
            line->number = line->read;
        found = true;
        more = trim(raw);
        append(line, raw);
    }
    free(raw);
    return found;
}

/* The text in brackets, put together in its place. */
static char *
bracketed(char **at)
{
    char *word = *at;
    char *to = word;
    char *from = word + 1;

    while (*from != '\0' && *from != ']') {
        if (from[0] == '\\' && from[1] == ']')
            from++;
        *to++ = *from++;
    }
    *at = *from == '\0' ? from : from + 1;
    *to = '\0';
    return word;
}

char *
pam_word(char **at)
{
    char *word = *at + strspn(*at, BLANKS);

    *at = word;
    if (*word == '\0')
        return NULL;
    if (*word == '[')
        return bracketed(at);
    *at += strcspn(word, BLANKS);
    if (**at != '\0')
        *(*at)++ = '\0';
    return word;
}
