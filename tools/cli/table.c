/*
 * Rows of a list for people and for spreadsheets.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "table.h"

#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "list.h"
#include "text.h"

#define ROWS_KEPT 200 /* by which the widths are chosen */
#define GAP 2         /* blanks between columns */

struct cli_table {
    enum cli_table_form form;
    bool flowing; /* the widths are chosen, rows go out at once */
    size_t columns;
    size_t widths[CLI_COLUMNS_MAX];
    struct cli_list kept; /* cells, row by row */
};

struct cli_table *
cli_table_new(enum cli_table_form form, const char *const *names, size_t count)
{
    struct cli_table *table = calloc(1, sizeof *table);
    char *headers[CLI_COLUMNS_MAX] = {NULL};

    if (table == NULL || count > CLI_COLUMNS_MAX)
        errx(EX_OSERR, "out of memory");
    table->form = form;
    table->columns = count;
    table->flowing = form == CLI_TABLE_BARE;
    if (form == CLI_TABLE_BARE)
        return table;
    for (size_t i = 0; i < count; i++) {
        headers[i] = strdup(names[i]);
        if (headers[i] == NULL)
            errx(EX_OSERR, "out of memory");
        for (char *at = headers[i]; form == CLI_TABLE && *at != '\0'; at++)
            *at = (char)toupper((unsigned char)*at);
    }
    (void)cli_table_row(table, (const char *const *)headers);
    for (size_t i = 0; i < count; i++)
        free(headers[i]);
    return table;
}

/* ---- CSV ---- */

/*
 * Whether a spreadsheet may take the cell for a formula.  The wide forms of
 * the signs count too, as some programs fold them.
 */
static bool
is_formula(const char *cell)
{
    static const char *const signs[] = {"=",
                                        "+",
                                        "-",
                                        "@",
                                        "\xef\xbc\x9d",
                                        "\xef\xbc\x8b",
                                        "\xef\xbc\x8d",
                                        "\xef\xbc\xa0"};

    cell += strspn(cell, " ");
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strncmp(cell, signs[i], strlen(signs[i])) == 0)
            return true;
    return false;
}

static void
print_cell(const char *cell)
{
    bool formula = is_formula(cell);
    bool quoted = formula || strpbrk(cell, ",\"") != NULL || *cell == ' ' ||
                  (*cell != '\0' && cell[strlen(cell) - 1] == ' ');

    if (!quoted) {
        fputs(cell, stdout);
        return;
    }
    putchar('"');
    if (formula)
        putchar('\'');
    for (; *cell != '\0'; cell++) {
        if (*cell == '"')
            putchar('"');
        putchar(*cell);
    }
    putchar('"');
}

static void
print_record(const struct cli_table *table, char *const *cells)
{
    for (size_t i = 0; i < table->columns; i++) {
        if (i > 0)
            putchar(',');
        print_cell(cells[i]);
    }
    fputs("\r\n", stdout);
}

/* ---- a table ---- */

static void
print_line(const struct cli_table *table, char *const *cells)
{
    size_t last = table->columns - 1;

    for (size_t i = 0; i < last; i++) {
        size_t width = cli_text_width(cells[i]);
        size_t column = table->widths[i];

        printf("%s%*s", cells[i],
               (int)(GAP + (width < column ? column - width : 0)), "");
    }
    puts(cells[last]);
}

/* Chooses the widths by the rows that were kept, and prints these. */
static void
flow(struct cli_table *table)
{
    for (size_t i = 0; i < table->kept.count; i++) {
        size_t width = cli_text_width(table->kept.items[i]);
        size_t *column = &table->widths[i % table->columns];

        if (width > *column)
            *column = width;
    }
    for (size_t i = 0; i < table->kept.count; i += table->columns)
        print_line(table, table->kept.items + i);
    cli_list_clear(&table->kept);
    table->flowing = true;
}

bool
cli_table_row(struct cli_table *table, const char *const *cells)
{
    for (size_t i = 0; i < table->columns; i++) {
        char *shown = cli_text_shown(cells[i]);

        cli_list_add(&table->kept, shown);
        free(shown);
    }
    if (table->form == CLI_TABLE_CSV) {
        print_record(table, table->kept.items);
        cli_list_clear(&table->kept);
    } else if (table->flowing) {
        print_line(table, table->kept.items);
        cli_list_clear(&table->kept);
    } else if (table->kept.count >= ROWS_KEPT * table->columns) {
        flow(table);
    }
    return ferror(stdout) == 0;
}

void
cli_table_end(struct cli_table **table)
{
    if (*table == NULL)
        return;
    if ((*table)->form == CLI_TABLE && !(*table)->flowing)
        flow(*table);
    cli_list_clear(&(*table)->kept);
    free(*table);
    *table = NULL;
}
