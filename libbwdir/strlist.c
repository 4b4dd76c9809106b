/*
 * Lists of strings that an object owns.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "strlist.h"

#include <stdlib.h>
#include <string.h>

char **
bwdir_strings_new(size_t count)
{
    return calloc(count + 1, sizeof(char *));
}

void
bwdir_strings_free(char ***strings)
{
    if (*strings == NULL)
        return;
    for (char **each = *strings; *each != NULL; each++)
        free(*each);
    free(*strings);
    *strings = NULL;
}

bool
bwdir_strings_add(char ***strings, const char *text)
{
    size_t count = 0;
    char **grown;

    while (*strings != NULL && (*strings)[count] != NULL)
        count++;
    grown = reallocarray(*strings, count + 2, sizeof *grown);
    if (grown == NULL)
        return false;
    *strings = grown;
    grown[count] = strdup(text);
    grown[count + 1] = NULL;
    return grown[count] != NULL;
}

bool
bwdir_strings_have(const char *const *strings, const char *text)
{
    for (; *strings != NULL; strings++)
        if (strcmp(*strings, text) == 0)
            return true;
    return false;
}

char *
bwdir_strings_join(const char *const *strings)
{
    size_t size = 1;
    char *text, *end;

    for (const char *const *each = strings; *each != NULL; each++)
        size += strlen(*each) + 1;
    text = end = calloc(1, size);
    if (text == NULL)
        return NULL;
    for (const char *const *each = strings; *each != NULL; each++) {
        if (end != text)
            *end++ = ',';
        end = stpcpy(end, *each);
    }
    return text;
}
