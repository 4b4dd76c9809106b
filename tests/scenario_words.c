/*
 * A scenario's file into statements of words: quotes, escapes, variables.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "tests/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES 1024
#define WORD_MAX_BYTES 8192

/* A line being read and the word being made. */
struct cursor {
    struct scenario *scenario;
    int line;
    const char *next;
    char word[WORD_MAX_BYTES];
    size_t length;
    bool quoted; /* an empty word in quotes is a word */
};

static bool
add(struct cursor *cursor, char byte)
{
    if (cursor->length + 1 >= sizeof(cursor->word))
        return false;
    cursor->word[cursor->length++] = byte;
    return true;
}

static bool
add_text(struct cursor *cursor, const char *text)
{
    while (*text != '\0')
        if (!add(cursor, *text++))
            return false;
    return true;
}

/* ${secret:NAME}: the file that the sandbox keeps for NAME. */
static bool
add_secret(struct cursor *cursor, const char *name)
{
    char path[512], secret[1024];
    size_t length;
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/secrets/%s",
                   cursor->scenario->sandbox, name);
    file = fopen(path, "r");
    if (file == NULL)
        return false;
    length = fread(secret, 1, sizeof(secret) - 1, file);
    (void)fclose(file);
    secret[length] = '\0';
    return add_text(cursor, secret);
}

/* ${repeat:TEXT:N} */
static bool
add_repeat(struct cursor *cursor, char *text)
{
    char *colon = strrchr(text, ':');
    long count;

    if (colon == NULL)
        return false;
    *colon = '\0';
    for (count = strtol(colon + 1, NULL, 10); count > 0; count--)
        if (!add_text(cursor, text))
            return false;
    return true;
}

static bool
add_variable(struct cursor *cursor, char *name)
{
    char text[32];

    if (strncmp(name, "secret:", 7) == 0)
        return add_secret(cursor, name + 7);
    if (strncmp(name, "repeat:", 7) == 0)
        return add_repeat(cursor, name + 7);
    if (strcmp(name, "sandbox") == 0)
        return add_text(cursor, cursor->scenario->sandbox);
    if (strcmp(name, "socket") == 0 && getenv("BWDIR_SOCKET") != NULL)
        return add_text(cursor, getenv("BWDIR_SOCKET"));
    if (strcmp(name, "uid") != 0)
        return false;
    (void)snprintf(text, sizeof(text), "%u", (unsigned)geteuid());
    return add_text(cursor, text);
}

static bool
take_variable(struct cursor *cursor)
{
    const char *end = strchr(cursor->next, '}');
    char name[128];
    size_t length;

    if (end == NULL || (size_t)(end - cursor->next) >= sizeof(name))
        return false;
    length = (size_t)(end - cursor->next);
    memcpy(name, cursor->next, length);
    name[length] = '\0';
    cursor->next = end + 1;
    return add_variable(cursor, name);
}

/* \n, \r, \t, \b, \xNN; any other byte stands for itself. */
static bool
take_escape(struct cursor *cursor)
{
    static const char names[] = "nrtb", bytes[] = "\n\r\t\b";
    char digits[3] = "";
    const char *found;
    char byte;

    if (*cursor->next == '\0')
        return false;
    if (*cursor->next == 'x') {
        memcpy(digits, cursor->next + 1, strnlen(cursor->next + 1, 2));
        cursor->next += 1 + strlen(digits);
        return add(cursor, (char)strtol(digits, NULL, 16));
    }
    byte = *cursor->next++;
    found = strchr(names, byte);
    return add(cursor, found != NULL ? bytes[found - names] : byte);
}

/* One byte, variable or escape. */
static bool
take_one(struct cursor *cursor, bool escapes)
{
    if (cursor->next[0] == '$' && cursor->next[1] == '{') {
        cursor->next += 2;
        return take_variable(cursor);
    }
    if (escapes && cursor->next[0] == '\\') {
        cursor->next++;
        return take_escape(cursor);
    }
    return add(cursor, *cursor->next++);
}

static bool
take_quoted(struct cursor *cursor)
{
    cursor->quoted = true;
    for (cursor->next++; *cursor->next != '"';)
        if (*cursor->next == '\0' || !take_one(cursor, true))
            return false;
    cursor->next++;
    return true;
}

static bool
take_word(struct cursor *cursor)
{
    cursor->length = 0;
    cursor->quoted = false;
    while (*cursor->next != '\0' && strchr(" \t", *cursor->next) == NULL) {
        if (*cursor->next == '"' ? !take_quoted(cursor)
                                 : !take_one(cursor, true))
            return false;
    }
    cursor->word[cursor->length] = '\0';
    return true;
}

static const char *
skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* The line from its third word on, for log lines: no quotes, no escapes. */
static bool
take_raw(struct cursor *cursor, struct statement *statement, const char *line)
{
    for (int i = 0; i < 2; i++) {
        line = skip_blanks(line);
        line += strcspn(line, " \t");
    }
    cursor->next = skip_blanks(line);
    cursor->length = 0;
    while (*cursor->next != '\0')
        if (!take_one(cursor, false))
            return false;
    cursor->word[cursor->length] = '\0';
    statement->raw = strdup(cursor->word);
    return statement->raw != NULL;
}

static bool
split(struct cursor *cursor, struct statement *statement, const char *line)
{
    if (strncmp(line, "log ", 4) == 0 && !take_raw(cursor, statement, line))
        return false;
    cursor->next = skip_blanks(line);
    while (*cursor->next != '\0' && *cursor->next != '#') {
        if (statement->count == WORDS_MAX - 1 || !take_word(cursor))
            return false;
        if (cursor->length > 0 || cursor->quoted)
            statement->words[statement->count++] = strdup(cursor->word);
        cursor->next = skip_blanks(cursor->next);
    }
    return true;
}

static bool
add_line(struct scenario *scenario, int number, const char *line)
{
    static struct cursor cursor;
    struct statement *more, statement = {.line = number};
    bool fine;

    cursor.scenario = scenario;
    statement.indented = line[0] == ' ' || line[0] == '\t';
    fine = split(&cursor, &statement, line);
    if (!fine)
        scenario_fail(scenario, number, "cannot read this line");
    if (statement.count == 0)
        return fine;
    more = realloc(scenario->statements,
                   (scenario->count + 1) * sizeof(statement));
    if (more == NULL)
        return false;
    scenario->statements = more;
    scenario->statements[scenario->count++] = statement;
    return fine;
}

bool
words_read(struct scenario *scenario)
{
    FILE *file = fopen(scenario->path, "r");
    char line[LINE_MAX_BYTES];
    bool fine = true;

    if (file == NULL) {
        scenario_fail(scenario, 0, "cannot be opened");
        return false;
    }
    for (int i = 1; fgets(line, sizeof(line), file) != NULL; i++) {
        line[strcspn(line, "\n")] = '\0';
        fine = add_line(scenario, i, line) && fine;
    }
    (void)fclose(file);
    return fine;
}

void
words_free(struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->count; i++) {
        for (size_t j = 0; j < scenario->statements[i].count; j++)
            free(scenario->statements[i].words[j]);
        free(scenario->statements[i].raw);
    }
    free(scenario->statements);
    scenario->statements = NULL;
    scenario->count = 0;
}
