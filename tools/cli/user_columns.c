/*
 * A user as the columns of a list.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "user_columns.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "user_facts.h"

static void
put_list(FILE *out, const char *const *items)
{
    for (size_t i = 0; items[i] != NULL; i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", items[i]);
}

static void
put_time(FILE *out, bool known, int64_t seconds)
{
    char text[BWDIR_TIME_SIZE];

    bwdir_time_format(seconds, text);
    if (known)
        fputs(text, out);
}

static void
put_user(FILE *out, const struct bwdir_user *user,
         const struct bwdir_condition *condition)
{
    (void)condition;
    fputs(bwdir_user_name(user), out);
}

static void
put_name(FILE *out, const struct bwdir_user *user,
         const struct bwdir_condition *condition)
{
    (void)condition;
    fprintf(out, "%s %s", bwdir_user_first(user), bwdir_user_last(user));
}

static void
put_first(FILE *out, const struct bwdir_user *user,
          const struct bwdir_condition *condition)
{
    (void)condition;
    fputs(bwdir_user_first(user), out);
}

static void
put_last(FILE *out, const struct bwdir_user *user,
         const struct bwdir_condition *condition)
{
    (void)condition;
    fputs(bwdir_user_last(user), out);
}

static void
put_mail(FILE *out, const struct bwdir_user *user,
         const struct bwdir_condition *condition)
{
    (void)condition;
    fputs(bwdir_user_mail(user), out);
}

static void
put_phone(FILE *out, const struct bwdir_user *user,
          const struct bwdir_condition *condition)
{
    (void)condition;
    fputs(bwdir_user_phone(user), out);
}

static void
put_level(FILE *out, const struct bwdir_user *user,
          const struct bwdir_condition *condition)
{
    (void)condition;
    fputs(bwdir_level_name(bwdir_user_level(user)), out);
}

static void
put_access(FILE *out, const struct bwdir_user *user,
           const struct bwdir_condition *condition)
{
    (void)condition;
    fputs(bwdir_access_name(bwdir_user_access(user)), out);
}

static void
put_state(FILE *out, const struct bwdir_user *user,
          const struct bwdir_condition *condition)
{
    char *words = cli_condition_words(condition->is, " ");

    (void)user;
    fputs(words, out);
    free(words);
}

static void
put_roles(FILE *out, const struct bwdir_user *user,
          const struct bwdir_condition *condition)
{
    (void)condition;
    put_list(out, bwdir_user_roles(user));
}

static void
put_accounts(FILE *out, const struct bwdir_user *user,
             const struct bwdir_condition *condition)
{
    (void)condition;
    put_list(out, bwdir_user_accounts(user));
}

static void
put_owner(FILE *out, const struct bwdir_user *user,
          const struct bwdir_condition *condition)
{
    (void)condition;
    if (bwdir_user_owner(user) != NULL)
        fputs(bwdir_user_owner(user), out);
}

static void
put_changed(FILE *out, const struct bwdir_user *user,
            const struct bwdir_condition *condition)
{
    (void)user;
    put_time(out, condition->changed_known, condition->changed);
}

static void
put_expires(FILE *out, const struct bwdir_user *user,
            const struct bwdir_condition *condition)
{
    (void)user;
    put_time(out, condition->days_left >= 0 && condition->changed_known,
             condition->expiry);
}

static void
put_days(FILE *out, const struct bwdir_user *user,
         const struct bwdir_condition *condition)
{
    (void)user;
    if (condition->days_left >= 0 && condition->changed_known)
        fprintf(out, "%d", condition->days_left);
}

static void
put_ends(FILE *out, const struct bwdir_user *user,
         const struct bwdir_condition *condition)
{
    (void)user;
    put_time(out, condition->ends, condition->end);
}

static const struct {
    const char *name;
    void (*put)(FILE *out, const struct bwdir_user *user,
                const struct bwdir_condition *condition);
} columns[] = {
    {"user", put_user},       {"name", put_name},         {"first", put_first},
    {"last", put_last},       {"mail", put_mail},         {"phone", put_phone},
    {"level", put_level},     {"access", put_access},     {"state", put_state},
    {"roles", put_roles},     {"accounts", put_accounts}, {"owner", put_owner},
    {"changed", put_changed}, {"expires", put_expires},   {"days", put_days},
    {"ends", put_ends},
};

#define COLUMNS ((int)(sizeof columns / sizeof *columns))

int
cli_user_column(const char *name)
{
    for (int i = 0; i < COLUMNS; i++)
        if (strcmp(columns[i].name, name) == 0)
            return i;
    return -1;
}

/* A text that is written like a file. */
static FILE *
open_text(char **text, size_t *size)
{
    FILE *out = open_memstream(text, size);

    if (out == NULL)
        errx(EX_OSERR, "out of memory");
    return out;
}

static void
close_text(FILE *out)
{
    if (fclose(out) != 0)
        errx(EX_OSERR, "out of memory");
}

char *
cli_user_column_names(const char *between)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_text(&text, &size);

    for (int i = 0; i < COLUMNS; i++)
        fprintf(out, "%s%s", i > 0 ? between : "", columns[i].name);
    close_text(out);
    return text;
}

char *
cli_user_cell(int column, const struct bwdir_user *user,
              const struct bwdir_condition *condition)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_text(&text, &size);

    columns[column].put(out, user, condition);
    close_text(out);
    return text;
}
