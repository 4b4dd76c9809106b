/*
 * Entries: copies of what a search returned, read without guessing.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entry_impl.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../detail.h"

struct attribute {
    char *name;
    size_t name_length;
    const char **values; /* NULL-terminated; each is a copy with a NUL */
    size_t *lengths;
    size_t count;
    size_t room;
};

struct dir_entry {
    char *dn;
    const char *fault; /* NULL: none */
    struct attribute *attributes;
    size_t count;
};

struct dir_entry *
dir_entry_new(const char *dn)
{
    struct dir_entry *entry = calloc(1, sizeof(*entry));

    if (entry == NULL)
        return NULL;
    entry->dn = strdup(dn);
    if (entry->dn == NULL)
        dir_entry_free(&entry);
    return entry;
}

static struct attribute *
find(const struct dir_entry *entry, const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < entry->count; i++)
        if (entry->attributes[i].name_length == length &&
            strcasecmp(entry->attributes[i].name, name) == 0)
            return &entry->attributes[i];
    return NULL;
}

enum bwdir_status
dir_entry_add_attribute(struct dir_entry *entry, const char *attribute,
                        size_t count)
{
    struct attribute *grown;
    struct attribute *added;

    if (find(entry, attribute) != NULL)
        return BWDIR_MALFORMED;
    grown = reallocarray(entry->attributes, entry->count + 1,
                         sizeof(*entry->attributes));
    if (grown == NULL)
        return BWDIR_NO_MEMORY;
    entry->attributes = grown;
    added = &grown[entry->count];
    *added = (struct attribute){
        .name = strdup(attribute),
        .name_length = strlen(attribute),
        .values = calloc(count + 1, sizeof(*added->values)),
        .lengths = calloc(count + 1, sizeof(*added->lengths)),
        .room = count,
    };
    entry->count++;
    if (added->name == NULL || added->values == NULL || added->lengths == NULL)
        return BWDIR_NO_MEMORY; /* the entry is to be freed */
    return BWDIR_OK;
}

enum bwdir_status
dir_entry_add_value(struct dir_entry *entry, const void *bytes, size_t length)
{
    struct attribute *last;
    char *copy;

    if (entry->count == 0)
        return BWDIR_INTERNAL;
    last = &entry->attributes[entry->count - 1];
    if (last->count == last->room)
        return BWDIR_INTERNAL;
    copy = malloc(length + 1);
    if (copy == NULL)
        return BWDIR_NO_MEMORY;
    if (length > 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    last->values[last->count] = copy;
    last->lengths[last->count++] = length;
    return BWDIR_OK;
}

static void
clear_attribute(struct attribute *attribute)
{
    for (size_t i = 0; i < attribute->count; i++)
        free((char *)(uintptr_t)attribute->values[i]);
    free(attribute->values);
    free(attribute->lengths);
    free(attribute->name);
}

static void
clear_attributes(struct dir_entry *entry)
{
    for (size_t i = 0; i < entry->count; i++)
        clear_attribute(&entry->attributes[i]);
    free(entry->attributes);
    entry->attributes = NULL;
    entry->count = 0;
}

void
dir_entry_spoil(struct dir_entry *entry, const char *fault)
{
    clear_attributes(entry);
    entry->fault = fault;
}

void
dir_entry_free(struct dir_entry **entry)
{
    if (entry == NULL || *entry == NULL)
        return;
    clear_attributes(*entry);
    free((*entry)->dn);
    free(*entry);
    *entry = NULL;
}

const char *
dir_entry_dn(const struct dir_entry *entry)
{
    return entry->dn;
}

enum bwdir_status
dir_entry_check(const struct dir_entry *entry, struct bwdir_detail *why)
{
    return entry->fault == NULL
               ? BWDIR_OK
               : bwdir_fail(why, BWDIR_MALFORMED, "entry %s: %s", entry->dn,
                            entry->fault);
}

size_t
dir_entry_count(const struct dir_entry *entry, const char *attribute)
{
    const struct attribute *found = find(entry, attribute);

    return found == NULL ? 0 : found->count;
}

const char *
dir_entry_attribute(const struct dir_entry *entry, size_t number)
{
    return number < entry->count ? entry->attributes[number].name : NULL;
}

const char *
dir_entry_bytes(const struct dir_entry *entry, const char *attribute,
                size_t number, size_t *length)
{
    const struct attribute *found = find(entry, attribute);

    if (found == NULL || number >= found->count)
        return NULL;
    *length = found->lengths[number];
    return found->values[number];
}

bool
dir_entry_has(const struct dir_entry *entry, const char *attribute,
              const char *value)
{
    const struct attribute *found = find(entry, attribute);
    size_t length = strlen(value);

    for (size_t i = 0; found != NULL && i < found->count; i++)
        if (found->lengths[i] == length &&
            strcasecmp(found->values[i], value) == 0)
            return true;
    return false;
}

/* A text is not empty and holds no NUL. */
static enum bwdir_status
check_texts(const struct dir_entry *entry, const struct attribute *attribute,
            struct bwdir_detail *why)
{
    for (size_t i = 0; i < attribute->count; i++) {
        if (attribute->lengths[i] == 0)
            return bwdir_fail(why, BWDIR_MALFORMED,
                              "entry %s: %s has an empty value", entry->dn,
                              attribute->name);
        if (strlen(attribute->values[i]) != attribute->lengths[i])
            return bwdir_fail(why, BWDIR_MALFORMED,
                              "entry %s: %s has a value with a NUL byte",
                              entry->dn, attribute->name);
    }
    return BWDIR_OK;
}

enum bwdir_status
dir_entry_all(const struct dir_entry *entry, const char *attribute,
              const char *const **values, struct bwdir_detail *why)
{
    static const char *const none[] = {NULL};
    const struct attribute *found = find(entry, attribute);
    enum bwdir_status status = dir_entry_check(entry, why);

    *values = none;
    if (found == NULL || status != BWDIR_OK)
        return status;
    status = check_texts(entry, found, why);
    if (status == BWDIR_OK)
        *values = found->values;
    return status;
}

enum bwdir_status
dir_entry_at_most_one(const struct dir_entry *entry, const char *attribute,
                      const char **value, struct bwdir_detail *why)
{
    const char *const *values;
    enum bwdir_status status;

    *value = NULL;
    if (dir_entry_count(entry, attribute) > 1)
        return bwdir_fail(why, BWDIR_MALFORMED,
                          "entry %s: %s has %zu values; one wanted", entry->dn,
                          attribute, dir_entry_count(entry, attribute));
    status = dir_entry_all(entry, attribute, &values, why);
    if (status == BWDIR_OK)
        *value = values[0];
    return status;
}

enum bwdir_status
dir_entry_one(const struct dir_entry *entry, const char *attribute,
              const char **value, struct bwdir_detail *why)
{
    enum bwdir_status status =
        dir_entry_at_most_one(entry, attribute, value, why);

    if (status == BWDIR_OK && *value == NULL)
        status = bwdir_fail(why, BWDIR_MALFORMED,
                            "entry %s: %s is missing; one value wanted",
                            entry->dn, attribute);
    return status;
}
