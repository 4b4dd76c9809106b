/*
 * Texts of mails: loading, cutting into pieces, putting values in.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "template.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.h"

#define SUBJECT "Subject:"

static const char *const value_names[MAIL_VALUES] = {
    [MAIL_VALUE_USER] = "user",         [MAIL_VALUE_FIRST] = "first",
    [MAIL_VALUE_LAST] = "last",         [MAIL_VALUE_CODE] = "code",
    [MAIL_VALUE_VALID] = "valid",       [MAIL_VALUE_DAYS] = "days",
    [MAIL_VALUE_EXPIRES] = "expires",   [MAIL_VALUE_METHOD] = "method",
    [MAIL_VALUE_LEVEL] = "level",       [MAIL_VALUE_ROLES] = "roles",
    [MAIL_VALUE_ACCOUNTS] = "accounts", [MAIL_VALUE_OTHER] = "other",
    [MAIL_VALUE_ANSWER] = "answer",
};

/* Literal text, or the place of a value. */
struct piece {
    const char *text; /* into the template's own copy of the file */
    size_t length;
    enum mail_value value; /* MAIL_VALUES: it is literal text */
};

struct pieces {
    struct piece *items;
    size_t count;
};

struct mail_template {
    char *path;
    char *file;
    unsigned allowed; /* bits of the values */
    struct pieces subject;
    struct pieces body;
};

static bool
trusted(const struct stat *status)
{
    return S_ISREG(status->st_mode) &&
           (status->st_uid == 0 || status->st_uid == geteuid()) &&
           (status->st_mode & (S_IWGRP | S_IWOTH)) == 0 &&
           status->st_size <= MAIL_TEMPLATE_MAX;
}

/* Reads to the end of the file; -1 when it grew past SIZE meanwhile. */
static ssize_t
read_all(int fd, char *buffer, size_t size)
{
    size_t used = 0;

    while (used < size) {
        ssize_t got = read(fd, buffer + used, size - used);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            return (ssize_t)used;
        used += (size_t)got;
    }
    return -1;
}

static enum bwdir_status
read_file(struct mail_template *tmpl, struct bwdir_detail *why)
{
    enum bwdir_status result = BWDIR_CONFIG;
    struct stat status;
    ssize_t length;
    int fd;

    fd = open(tmpl->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return mail_fail(why, BWDIR_CONFIG, "template %s: %s", tmpl->path,
                         strerror(errno));
    if (fstat(fd, &status) != 0 || !trusted(&status)) {
        mail_fail(why, BWDIR_CONFIG,
                  "template %s: a regular file of at most %d bytes wanted, "
                  "of root or yourself, not writable by others",
                  tmpl->path, MAIL_TEMPLATE_MAX);
        goto out;
    }
    tmpl->file = calloc(1, MAIL_TEMPLATE_MAX + 2);
    if (tmpl->file == NULL) {
        result = BWDIR_NO_MEMORY;
        goto out;
    }
    length = read_all(fd, tmpl->file, MAIL_TEMPLATE_MAX + 1);
    if (length < 0 || strlen(tmpl->file) != (size_t)length)
        mail_fail(why, BWDIR_CONFIG, "template %s: not a readable text",
                  tmpl->path);
    else
        result = BWDIR_OK;
out:
    close(fd);
    return result;
}

static int
line_of(const struct mail_template *tmpl, const char *at)
{
    int line = 1;

    for (const char *c = tmpl->file; c < at; c++)
        line += *c == '\n';
    return line;
}

static enum bwdir_status
add_piece(struct pieces *pieces, const struct piece *piece)
{
    struct piece *items;

    if (piece->value == MAIL_VALUES && piece->length == 0)
        return BWDIR_OK;
    items = reallocarray(pieces->items, pieces->count + 1, sizeof *items);
    if (items == NULL)
        return BWDIR_NO_MEMORY;
    pieces->items = items;
    pieces->items[pieces->count++] = *piece;
    return BWDIR_OK;
}

static enum mail_value
value_named(const struct mail_template *tmpl, const char *name, size_t length)
{
    for (int i = 0; i < MAIL_VALUES; i++)
        if ((tmpl->allowed & (1U << i)) != 0 &&
            strlen(value_names[i]) == length &&
            memcmp(value_names[i], name, length) == 0)
            return (enum mail_value)i;
    return MAIL_VALUES;
}

#define VALUE_NAMES_SIZE 160

/* "user, first or last". */
static void
list_values(const struct mail_template *tmpl, char text[VALUE_NAMES_SIZE])
{
    bool first = true;

    *text = '\0';
    for (int i = 0; i < MAIL_VALUES; i++) {
        bool last = tmpl->allowed >> i == 1;

        if ((tmpl->allowed & (1U << i)) == 0)
            continue;
        text = stpcpy(text, first ? "" : last ? " or " : ", ");
        text = stpcpy(text, value_names[i]);
        first = false;
    }
}

/* Takes the placeholder that opens at OPEN; *next is what follows it. */
static enum bwdir_status
add_value(const struct mail_template *tmpl, const char *open,
          struct pieces *pieces, const char **next, struct bwdir_detail *why)
{
    const char *name = open + 2;
    size_t length = strcspn(name, "}\n");
    struct piece piece = {.value = value_named(tmpl, name, length)};
    char wanted[VALUE_NAMES_SIZE];

    if (strncmp(name + length, "}}", 2) != 0)
        return mail_fail(why, BWDIR_CONFIG,
                         "template %s, line %d: \"{{\" without \"}}\"",
                         tmpl->path, line_of(tmpl, open));
    if (piece.value == MAIL_VALUES) {
        list_values(tmpl, wanted);
        return mail_fail(why, BWDIR_CONFIG,
                         "template %s, line %d: unknown placeholder "
                         "\"{{%.*s}}\"; %s wanted",
                         tmpl->path, line_of(tmpl, open), (int)length, name,
                         wanted);
    }
    *next = name + length + 2;
    return add_piece(pieces, &piece);
}

static enum bwdir_status
cut(const struct mail_template *tmpl, const char *from, const char *end,
    struct pieces *pieces, struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_OK;

    while (from < end && status == BWDIR_OK) {
        const char *open = strstr(from, "{{");
        struct piece literal = {from, 0, MAIL_VALUES};

        if (open == NULL || open > end)
            open = end;
        literal.length = (size_t)(open - from);
        status = add_piece(pieces, &literal);
        from = open;
        if (status == BWDIR_OK && open < end)
            status = add_value(tmpl, open, pieces, &from, why);
    }
    return status;
}

static enum bwdir_status
check_text(const struct mail_template *tmpl, struct bwdir_detail *why)
{
    int number = 1;
    char *line = tmpl->file;

    while (*line != '\0') {
        char *end = line + strcspn(line, "\n");
        char kept = *end;
        bool clean;

        *end = '\0';
        clean = mail_text_is_clean(line, false);
        *end = kept;
        if (!clean)
            return mail_fail(why, BWDIR_CONFIG,
                             "template %s, line %d: UTF-8 without control "
                             "characters wanted",
                             tmpl->path, number);
        number++;
        line = end + (kept == '\n');
    }
    return BWDIR_OK;
}

static enum bwdir_status
parse(struct mail_template *tmpl, struct bwdir_detail *why)
{
    const char *subject = tmpl->file + strlen(SUBJECT);
    const char *end = strchr(tmpl->file, '\n');
    enum bwdir_status status = check_text(tmpl, why);

    if (status != BWDIR_OK)
        return status;
    if (strncmp(tmpl->file, SUBJECT, strlen(SUBJECT)) != 0 || end == NULL)
        return mail_fail(why, BWDIR_CONFIG,
                         "template %s, line 1: \"" SUBJECT " …\" wanted",
                         tmpl->path);
    subject += strspn(subject, " ");
    if (subject == end)
        return mail_fail(why, BWDIR_CONFIG,
                         "template %s, line 1: the subject is empty",
                         tmpl->path);
    if (end[1] != '\n')
        return mail_fail(why, BWDIR_CONFIG,
                         "template %s, line 2: an empty line wanted",
                         tmpl->path);
    status = cut(tmpl, subject, end, &tmpl->subject, why);
    if (status != BWDIR_OK)
        return status;
    return cut(tmpl, end + 2, end + strlen(end), &tmpl->body, why);
}

enum bwdir_status
mail_template_load(const char *dir, const char *name, unsigned allowed,
                   struct mail_template **tmpl, struct bwdir_detail *why)
{
    struct mail_template *loaded = calloc(1, sizeof *loaded);
    enum bwdir_status status = BWDIR_NO_MEMORY;

    *tmpl = NULL;
    if (loaded == NULL)
        return BWDIR_NO_MEMORY;
    loaded->allowed = allowed;
    if (asprintf(&loaded->path, "%s/%s", dir, name) < 0)
        loaded->path = NULL;
    else
        status = read_file(loaded, why);
    if (status == BWDIR_OK)
        status = parse(loaded, why);
    if (status == BWDIR_OK)
        *tmpl = loaded;
    else
        mail_template_free(&loaded);
    return status;
}

void
mail_template_free(struct mail_template **tmpl)
{
    if (*tmpl == NULL)
        return;
    free((*tmpl)->subject.items);
    free((*tmpl)->body.items);
    free((*tmpl)->file);
    free((*tmpl)->path);
    free(*tmpl);
    *tmpl = NULL;
}

static enum bwdir_status
measure(const struct pieces *pieces, const char *const values[MAIL_VALUES],
        size_t *size, struct bwdir_detail *why)
{
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *piece = &pieces->items[i];

        if (piece->value == MAIL_VALUES) {
            *size += piece->length;
            continue;
        }
        if (values[piece->value] == NULL ||
            !mail_text_is_clean(values[piece->value], false))
            return mail_fail(why, BWDIR_BAD_VALUE,
                             "%s: UTF-8 without control characters wanted",
                             value_names[piece->value]);
        *size += strlen(values[piece->value]);
    }
    *size += 1;
    return BWDIR_OK;
}

/* Writes the pieces and a NUL to AT; returns what follows it. */
static char *
fill(const struct pieces *pieces, const char *const values[MAIL_VALUES],
     char *at)
{
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *piece = &pieces->items[i];

        if (piece->value == MAIL_VALUES)
            at = mempcpy(at, piece->text, piece->length);
        else
            at = stpcpy(at, values[piece->value]);
    }
    *at = '\0';
    return at + 1;
}

enum bwdir_status
mail_template_render(const struct mail_template *tmpl,
                     const char *const values[MAIL_VALUES],
                     struct mail_text *text, struct bwdir_detail *why)
{
    enum bwdir_status status;

    memset(text, 0, sizeof *text);
    status = measure(&tmpl->subject, values, &text->size, why);
    if (status == BWDIR_OK)
        status = measure(&tmpl->body, values, &text->size, why);
    if (status != BWDIR_OK)
        return status;
    text->subject = malloc(text->size);
    if (text->subject == NULL)
        return BWDIR_NO_MEMORY;
    text->body = fill(&tmpl->subject, values, text->subject);
    fill(&tmpl->body, values, text->body);
    return BWDIR_OK;
}

void
mail_text_clear(struct mail_text *text)
{
    if (text->subject != NULL)
        explicit_bzero(text->subject, text->size);
    free(text->subject);
    memset(text, 0, sizeof *text);
}
