/*
 * Looking up records by name and listing them: what role, account and user
 * have in common.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "detail.h"
#include "strlist.h"
#include "unit.h"

enum bwdir_status
bwdir_record_get(struct bwdir_directory *dir,
                 const struct bwdir_record_kind *kind, const char *name,
                 struct dir_entry **entry, struct bwdir_detail *why)
{
    char *filter = dir_filter("(&(objectClass=%s)(%s=%s))", kind->object_class,
                              kind->name_attribute, name);
    const struct bwdir_unit_search search = {dir->base, kind->place, filter,
                                             kind->attributes};
    enum bwdir_status status =
        bwdir_unit_one(bwdir_directory_ready(dir), &search, entry, why);

    free(filter);
    return status;
}

enum bwdir_status
bwdir_record_list(struct bwdir_directory *dir,
                  const struct bwdir_record_kind *kind,
                  bool (*visit)(const struct dir_entry *entry, void *closure),
                  void *closure, struct bwdir_detail *why)
{
    char *filter = dir_filter("(objectClass=%s)", kind->object_class);
    const struct bwdir_unit_search search = {dir->base, kind->place, filter,
                                             kind->attributes};
    enum bwdir_status status = bwdir_unit_all(bwdir_directory_ready(dir),
                                              &search, visit, closure, why);

    free(filter);
    return status;
}

enum bwdir_status
bwdir_record_text(const struct dir_entry *entry, const char *attribute,
                  bool optional, char **copy, struct bwdir_detail *why)
{
    const char *text;
    enum bwdir_status status;

    *copy = NULL;
    status = optional ? dir_entry_at_most_one(entry, attribute, &text, why)
                      : dir_entry_one(entry, attribute, &text, why);
    if (status != BWDIR_OK || text == NULL)
        return status;
    *copy = strdup(text);
    if (*copy == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    return BWDIR_OK;
}

enum bwdir_status
bwdir_record_number(const struct dir_entry *entry, const char *attribute,
                    int64_t *number, struct bwdir_detail *why)
{
    const char *text;
    char *end;
    long long value;
    enum bwdir_status status;

    *number = 0;
    status = dir_entry_at_most_one(entry, attribute, &text, why);
    if (status != BWDIR_OK || text == NULL)
        return status;
    errno = 0;
    value = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || *text < '0' || *text > '9')
        return bwdir_fail(why, BWDIR_MALFORMED,
                          "%s: %s \"%s\": a number of seconds wanted",
                          dir_entry_dn(entry), attribute, text);
    *number = value;
    return BWDIR_OK;
}

enum bwdir_status
bwdir_record_texts(const struct dir_entry *entry, const char *attribute,
                   char ***copies, struct bwdir_detail *why)
{
    const char *const *values;
    enum bwdir_status status;

    *copies = bwdir_strings_new(dir_entry_count(entry, attribute));
    if (*copies == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    status = dir_entry_all(entry, attribute, &values, why);
    if (status != BWDIR_OK)
        return status;
    for (size_t i = 0; values[i] != NULL; i++) {
        (*copies)[i] = strdup(values[i]);
        if ((*copies)[i] == NULL)
            return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    }
    return BWDIR_OK;
}

enum bwdir_status
bwdir_record_readable(const struct dir_entry *entry, const char *attribute,
                      char ***copies, struct bwdir_detail *why)
{
    enum bwdir_status status = dir_entry_check(entry, why);
    const char *bytes;
    size_t length, count = 0;

    *copies = NULL;
    if (status != BWDIR_OK)
        return status;
    *copies = bwdir_strings_new(dir_entry_count(entry, attribute));
    if (*copies == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    for (size_t i = 0;
         (bytes = dir_entry_bytes(entry, attribute, i, &length)) != NULL;
         i++) {
        if (length == 0 || strlen(bytes) != length)
            continue;
        (*copies)[count] = strdup(bytes);
        if ((*copies)[count++] == NULL)
            return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    }
    return BWDIR_OK;
}
