/*
 * --help, made from the option table so that it cannot lag behind: what
 * describes a user in lines of its own, the rest in two columns, so that all
 * of it fits a screen of 24 lines and 80 columns.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "options.h"

#define TERM_WIDTH 25 /* "--account NUMBER,..." and a gap */
#define COLUMN_WIDTH 39

/* "-n, --dry-run" or "-H URI". */
static void
spell(const struct cli_option *option, char *text, size_t size)
{
    char letter[3] = "";

    if (option->letter != 0)
        snprintf(letter, sizeof letter, "-%c", option->letter);
    snprintf(text, size, "%s%s%s%s%s%s", letter,
             option->letter != 0 && option->name != NULL ? ", " : "",
             option->name != NULL ? "--" : "",
             option->name != NULL ? option->name : "",
             option->argument != NULL ? " " : "",
             option->argument != NULL ? option->argument : "");
}

static void
print_about_user(FILE *out, const struct cli_tool *tool)
{
    for (const struct cli_option *o = cli_option_table; o->verbs != 0; o++) {
        char term[40];

        if (!o->about_user || (o->verbs & tool->verb) == 0)
            continue;
        spell(o, term, sizeof term);
        fprintf(out, "  %-*s%s\n", TERM_WIDTH, term, o->help);
    }
}

static void
print_columns(FILE *out, const struct cli_tool *tool)
{
    int column = 0;
    int width = 0; /* of the cell before */

    for (const struct cli_option *o = cli_option_table; o->verbs != 0; o++) {
        char term[40];
        char cell[128];

        if (o->about_user || (o->verbs & tool->verb) == 0)
            continue;
        spell(o, term, sizeof term);
        snprintf(cell, sizeof cell, "%-15s %s", term, o->help);
        if (column == 0)
            fprintf(out, "  %s", cell);
        else
            fprintf(out, "%*s%s\n",
                    width < COLUMN_WIDTH ? COLUMN_WIDTH - width : 0, "", cell);
        column = !column;
        width = (int)strlen(cell);
    }
    if (column != 0)
        fputc('\n', out);
}

char *
cli_options_help(const struct cli_tool *tool)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        errx(EX_OSERR, "out of memory");
    fprintf(out, "usage: %s [OPTION...]%s%s\n%s\n", tool->name,
            tool->operands.usage[0] != '\0' ? " " : "", tool->operands.usage,
            tool->purpose);
    print_about_user(out, tool);
    print_columns(out, tool);
    if (fclose(out) != 0)
        errx(EX_OSERR, "out of memory");
    return text;
}
