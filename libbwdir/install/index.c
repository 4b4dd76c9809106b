/*
 * Indexes: slapd takes one line for each attribute, so what is there and what
 * is wanted is put together attribute by attribute.  Nothing is taken away.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../detail.h"
#include "installation.h"

/* True when the comma list holds WORD. */
static bool
lists(const char *list, size_t length, const char *word, size_t word_length)
{
    const char *end = list + length;

    while (list < end) {
        const char *comma = memchr(list, ',', (size_t)(end - list));
        size_t part = (size_t)((comma != NULL ? comma : end) - list);

        if (part == word_length && strncasecmp(list, word, part) == 0)
            return true;
        list += part + 1;
    }
    return false;
}

/* "uid,cn eq,sub": the attributes are before the blank, the kinds behind. */
static size_t
attributes_of(const char *line)
{
    return strcspn(line, " ");
}

static const char *
kinds_of(const char *line)
{
    line += attributes_of(line);
    return line + strspn(line, " ");
}

/* The line among LINES that names the attribute; NULL: none. */
static const char *
line_for(const char *const *lines, const char *attribute, size_t length)
{
    for (; *lines != NULL; lines++)
        if (lists(*lines, attributes_of(*lines), attribute, length))
            return *lines;
    return NULL;
}

/* Whether LINE, which may be NULL, has every kind of KINDS. */
static bool
covers(const char *line, const char *kinds)
{
    while (line != NULL && *kinds != '\0') {
        size_t length = strcspn(kinds, ",");

        if (!lists(kinds_of(line), strlen(kinds_of(line)), kinds, length))
            return false;
        kinds += length + (kinds[length] == ',');
    }
    return line != NULL;
}

/* Adds "ATTRIBUTE KINDS" with the kinds of LINE that are not among them. */
static void
plan_one(struct bwdir_plan *plan, const char *attribute, size_t length,
         const char *kinds, const char *line)
{
    const char *more = line != NULL ? kinds_of(line) : "";
    char value[256];
    int used = snprintf(value, sizeof value, "%.*s %s", (int)length, attribute,
                        kinds);

    while (*more != '\0' && used < (int)sizeof value) {
        size_t part = strcspn(more, ",");

        if (!lists(kinds, strlen(kinds), more, part))
            used += snprintf(value + used, sizeof value - (size_t)used,
                             ",%.*s", (int)part, more);
        more += part + (more[part] == ',');
    }
    bwdir_plan_value(plan, DIR_ADD_VALUE, "olcDbIndex", value);
}

struct work {
    const char *const *held;
    const struct dir_values *wanted;
    struct bwdir_plan *plan;
};

/* Whether the wanted lines want more for this attribute than is there. */
static const char *
wants_more(const struct work *work, const char *attribute, size_t length)
{
    const char *line =
        line_for((const char *const *)work->wanted->values, attribute, length);

    if (line == NULL ||
        covers(line_for(work->held, attribute, length), kinds_of(line)))
        return NULL;
    return kinds_of(line);
}

/* Calls for each attribute of a line; true when one of them wants more. */
static bool
touched(const struct work *work, const char *line)
{
    const char *end = line + attributes_of(line);

    for (const char *at = line; at < end;) {
        size_t length = strcspn(at, ", ");

        if (wants_more(work, at, length) != NULL)
            return true;
        at += length + 1;
    }
    return false;
}

/* A line that is there gives way to one for each of its attributes. */
static void
split(const struct work *work, const char *line)
{
    const char *end = line + attributes_of(line);

    for (const char *at = line; at < end;) {
        size_t length = strcspn(at, ", ");
        const char *more = wants_more(work, at, length);

        if (more != NULL)
            plan_one(work->plan, at, length, more, line);
        else
            plan_one(work->plan, at, length, kinds_of(line), NULL);
        at += length + 1;
    }
}

/* What a wanted line wants for attributes that no line names. */
static size_t
add_new(const struct work *work, const char *line)
{
    const char *end = line + attributes_of(line);
    size_t added = 0;

    for (const char *at = line; at < end;) {
        size_t length = strcspn(at, ", ");

        if (line_for(work->held, at, length) == NULL) {
            plan_one(work->plan, at, length, kinds_of(line), NULL);
            added++;
        }
        at += length + 1;
    }
    return added;
}

/* All deletions before all additions: slapd refuses a second line for an
 * attribute. */
static size_t
plan_lines(const struct work *work)
{
    size_t changed = 0;

    for (const char *const *line = work->held; *line != NULL; line++)
        if (touched(work, *line)) {
            bwdir_plan_value(work->plan, DIR_DELETE_VALUE, "olcDbIndex",
                             *line);
            changed++;
        }
    for (const char *const *line = work->held; *line != NULL; line++)
        if (touched(work, *line))
            split(work, *line);
    for (size_t i = 0; i < work->wanted->count; i++)
        changed += add_new(work, work->wanted->values[i]);
    return changed;
}

enum bwdir_status
install_compare_indexes(struct bwdir_installation *installation,
                        const struct install_place *place,
                        const struct dir_values *wanted,
                        struct bwdir_detail *why)
{
    struct work work = {.wanted = wanted};
    enum bwdir_status status;
    size_t changed;

    status = dir_entry_all(place->held, wanted->attribute, &work.held, why);
    if (status != BWDIR_OK)
        return status;
    work.plan = install_plan(installation, "install indexes");
    if (work.plan == NULL)
        return BWDIR_NO_MEMORY;
    bwdir_plan_modify(work.plan, place->dn);
    changed = plan_lines(&work);
    if (changed > 0)
        install_differ(installation, BWDIR_DIFFERENCE_MISSING, place->dn,
                       wanted->attribute, work.plan, NULL,
                       "%zu lines to be added or widened", changed);
    else
        bwdir_plan_free(&work.plan);
    return BWDIR_OK;
}
