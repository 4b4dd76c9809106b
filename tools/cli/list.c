/*
 * A growing list of texts.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "list.h"

#include <err.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

const char *
cli_list_add(struct cli_list *list, const char *text)
{
    char **items = reallocarray(list->items, list->count + 2, sizeof *items);
    char *copy = strdup(text);

    if (items == NULL || copy == NULL)
        errx(EX_OSERR, "out of memory");
    items[list->count++] = copy;
    items[list->count] = NULL;
    list->items = items;
    return copy;
}

static void
add_part(struct cli_list *list, const char *from, size_t length)
{
    char *part;

    while (length > 0 && from[length - 1] == ' ')
        length--;
    part = strndup(from, length);
    if (part == NULL)
        errx(EX_OSERR, "out of memory");
    cli_list_add(list, part);
    free(part);
}

void
cli_list_add_commas(struct cli_list *list, const char *text)
{
    if (*text == '\0')
        return;
    for (;;) {
        size_t length;

        text += strspn(text, " ");
        length = strcspn(text, ",");
        add_part(list, text, length);
        if (text[length] == '\0')
            return;
        text += length + 1;
    }
}

static bool
stands_before(const struct cli_list *list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

void
cli_list_unique(struct cli_list *list)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++)
        if (stands_before(list, kept, list->items[i]))
            free(list->items[i]);
        else
            list->items[kept++] = list->items[i];
    if (list->items != NULL)
        list->items[kept] = NULL;
    list->count = kept;
}

const char *const *
cli_list_items(const struct cli_list *list)
{
    static const char *const none[] = {NULL};

    return list->items == NULL ? none : (const char *const *)list->items;
}

void
cli_list_clear(struct cli_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    list->items = NULL;
    list->count = 0;
}
