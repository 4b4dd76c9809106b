/*
 * Reading LDIF (RFC 2849), by libldap's own reader.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "ldif_read.h"

#include <stdio.h> /* ldif.h wants it */

#include <lber.h>
#include <ldif.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../detail.h"

const struct dir_values *
dir_record_values(const struct dir_record *record, const char *attribute)
{
    for (size_t i = 0; i < record->count; i++)
        if (strcasecmp(record->attributes[i].attribute, attribute) == 0)
            return &record->attributes[i];
    return NULL;
}

void
dir_records_clear(struct dir_records *records)
{
    for (size_t i = 0; i < records->count; i++) {
        struct dir_record *record = &records->items[i];

        for (size_t j = 0; j < record->count; j++) {
            for (size_t k = 0; k < record->attributes[j].count; k++)
                free(record->attributes[j].values[k]);
            free(record->attributes[j].values);
            free(record->attributes[j].attribute);
        }
        free(record->attributes);
        free(record->dn);
    }
    free(records->items);
    *records = (struct dir_records){NULL, 0};
}

/* The attribute of that name, made when there is none; NULL: no memory. */
static struct dir_values *
find_or_make(struct dir_record *record, const char *name)
{
    struct dir_values *grown;

    for (size_t i = 0; i < record->count; i++)
        if (strcasecmp(record->attributes[i].attribute, name) == 0)
            return &record->attributes[i];
    grown = reallocarray(record->attributes, record->count + 1, sizeof *grown);
    if (grown == NULL)
        return NULL;
    record->attributes = grown;
    grown += record->count;
    *grown = (struct dir_values){.attribute = strdup(name)};
    if (grown->attribute == NULL)
        return NULL;
    record->count++;
    return grown;
}

static bool
append(struct dir_record *record, const char *name, const char *value)
{
    struct dir_values *values = find_or_make(record, name);
    char **grown;

    if (values == NULL)
        return false;
    grown = reallocarray(values->values, values->count + 2, sizeof *grown);
    if (grown == NULL)
        return false;
    values->values = grown;
    grown[values->count] = strdup(value);
    grown[values->count + 1] = NULL;
    return grown[values->count] != NULL && ++values->count > 0;
}

/* "attribute:< URL" makes libldap open a file. */
static bool
names_a_url(const char *line)
{
    const char *colon = strchr(line, ':');

    return colon != NULL && colon[1] == '<';
}

/* One line, "attribute: value". */
static enum bwdir_status
take_line(struct dir_record *record, char *line)
{
    struct berval type, value;
    int must_free = 0;
    enum bwdir_status status = BWDIR_NO_MEMORY;

    if (names_a_url(line) ||
        ldif_parse_line2(line, &type, &value, &must_free) != 0)
        return BWDIR_MALFORMED;
    type.bv_val[type.bv_len] = '\0';
    if (value.bv_val == NULL || strlen(value.bv_val) != value.bv_len)
        status = BWDIR_MALFORMED;
    else if (strcasecmp(type.bv_val, "dn") != 0)
        status = append(record, type.bv_val, value.bv_val) ? BWDIR_OK : status;
    else if (record->dn != NULL)
        status = BWDIR_MALFORMED;
    else if ((record->dn = strdup(value.bv_val)) != NULL)
        status = BWDIR_OK;
    if (must_free)
        ber_memfree(value.bv_val);
    return status;
}

static enum bwdir_status
take_record(struct dir_records *records, char *lines)
{
    struct dir_record *grown = reallocarray(records->items, records->count + 1,
                                            sizeof *records->items);
    enum bwdir_status status = BWDIR_OK;
    char *line;

    if (grown == NULL)
        return BWDIR_NO_MEMORY;
    records->items = grown;
    grown += records->count++;
    *grown = (struct dir_record){NULL, NULL, 0};
    while (status == BWDIR_OK && (line = ldif_getline(&lines)) != NULL)
        if (*line != '\0' && strcmp(line, "-") != 0)
            status = take_line(grown, line);
    return status;
}

enum bwdir_status
dir_ldif_read(char *text, struct dir_records *records,
              struct bwdir_detail *why)
{
    LDIFFP *file = ldif_open_mem(text, strlen(text), "r");
    enum bwdir_status status = file != NULL ? BWDIR_OK : BWDIR_NO_MEMORY;
    unsigned long line = 0;
    char *lines = NULL;
    int size = 0;
    int got = 0;

    *records = (struct dir_records){NULL, 0};
    while (status == BWDIR_OK &&
           (got = ldif_read_record(file, &line, &lines, &size)) > 0)
        status = take_record(records, lines);
    if (got < 0)
        status = BWDIR_MALFORMED;
    ber_memfree(lines);
    if (file != NULL)
        ldif_close(file);
    if (status == BWDIR_MALFORMED)
        return bwdir_fail(why, status, "line %lu: no LDIF (RFC 2849)", line);
    if (status != BWDIR_OK)
        return bwdir_fail(why, status, "out of memory");
    return BWDIR_OK;
}
