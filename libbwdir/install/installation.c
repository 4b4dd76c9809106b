/*
 * What the directory should hold, and how that differs from what it holds.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "installation.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../detail.h"
#include "../dir/search.h"
#include "../directory.h"
#include "../ldif_line.h"

/* ---- differences ----------------------------------------------------------
 */

static void
forget(struct bwdir_installation *installation)
{
    for (size_t i = 0; i < installation->count; i++) {
        struct bwdir_difference *one = &installation->differences[i];
        struct bwdir_plan *plan = (struct bwdir_plan *)(uintptr_t)one->plan;

        free((char *)(uintptr_t)one->dn);
        free((char *)(uintptr_t)one->attribute);
        free((char *)(uintptr_t)one->name);
        free((char *)(uintptr_t)one->text);
        free((char *)(uintptr_t)one->old);
        bwdir_plan_free(&plan);
    }
    free(installation->differences);
    installation->differences = NULL;
    installation->count = 0;
}

void
install_differ(struct bwdir_installation *installation,
               enum bwdir_difference_kind kind, const char *dn,
               const char *attribute, struct bwdir_plan *plan, const char *old,
               const char *format, ...)
{
    struct bwdir_difference *grown = reallocarray(
        installation->differences, installation->count + 1, sizeof *grown);
    char *text = NULL;
    va_list args;

    if (grown == NULL) {
        bwdir_plan_free(&plan);
        installation->status = BWDIR_NO_MEMORY;
        return;
    }
    installation->differences = grown;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        text = NULL;
    va_end(args);
    grown += installation->count++;
    *grown = (struct bwdir_difference){.kind = kind,
                                       .dn = strdup(dn),
                                       .attribute = strdup(attribute),
                                       .text = text,
                                       .old = old ? strdup(old) : NULL,
                                       .plan = plan};
    if (grown->dn == NULL || grown->attribute == NULL || text == NULL ||
        (old != NULL && grown->old == NULL) ||
        (plan != NULL && bwdir_plan_done(plan) != BWDIR_OK))
        installation->status = BWDIR_NO_MEMORY;
}

void
install_differ_in(struct bwdir_installation *installation, const char *name)
{
    struct bwdir_difference *last;

    if (installation->status != BWDIR_OK)
        return;
    last = &installation->differences[installation->count - 1];
    last->name = strdup(name);
    if (last->name == NULL)
        installation->status = BWDIR_NO_MEMORY;
}

struct bwdir_plan *
install_plan(struct bwdir_installation *installation, const char *what)
{
    struct bwdir_plan *plan = NULL;

    if (bwdir_plan_new(bwdir_directory_purpose(installation->directory, what),
                       &plan) != BWDIR_OK)
        installation->status = BWDIR_NO_MEMORY;
    return plan;
}

struct bwdir_plan *
install_plan_entry(struct bwdir_installation *installation, const char *dn,
                   const struct dir_record *record)
{
    struct bwdir_plan *plan = install_plan(installation, "install entry");

    if (plan == NULL)
        return NULL;
    bwdir_plan_add(plan, dn);
    for (size_t i = 0; i < record->count; i++)
        for (size_t j = 0; j < record->attributes[i].count; j++)
            bwdir_plan_value(plan, DIR_ADD_VALUE,
                             record->attributes[i].attribute,
                             record->attributes[i].values[j]);
    return plan;
}

char *
install_ldif(const char *dn, const char *attribute, const char *const *values)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return NULL;
    bwdir_ldif_line(out, "dn", dn);
    fprintf(out, "changetype: modify\nreplace: %s\n", attribute);
    for (; *values != NULL; values++)
        bwdir_ldif_line(out, attribute, *values);
    fputs("-\n\n", out);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

char *
install_value_plain(const char *value)
{
    size_t number = strspn(value + (*value == '{'), "0123456789");
    char *plain, *out;

    if (*value == '{' && value[number + 1] == '}')
        value += number + 2;
    plain = out = malloc(strlen(value) + 1);
    for (; plain != NULL && *value != '\0'; value++) {
        bool blank = isspace((unsigned char)*value);

        if (!blank)
            *out++ = *value;
        else if (out > plain && out[-1] != ' ')
            *out++ = ' ';
    }
    if (plain != NULL) {
        out -= out > plain && out[-1] == ' ';
        *out = '\0';
    }
    return plain;
}

/* ---- the suffix and its database ------------------------------------------
 */

/* The suffixes that there are, for the message. */
static bool
note_suffix(const struct dir_entry *entry, void *closure)
{
    struct bwdir_detail *known = closure;
    size_t used = strlen(known->text);
    const char *const *suffixes;

    if (dir_entry_all(entry, "olcSuffix", &suffixes, NULL) != BWDIR_OK)
        return true;
    for (; *suffixes != NULL && used < sizeof known->text - 1; suffixes++) {
        snprintf(known->text + used, sizeof known->text - used, "%s%s",
                 used > 0 ? ", " : "", *suffixes);
        used = strlen(known->text);
    }
    return true;
}

static enum bwdir_status
no_database(struct bwdir_installation *installation, struct bwdir_detail *why)
{
    static const char *const attributes[] = {"olcSuffix", NULL};
    const struct dir_search search = {.base = "cn=config",
                                      .scope = DIR_SCOPE_ONE,
                                      .filter = "(olcSuffix=*)",
                                      .attributes = attributes};
    struct bwdir_detail known = {""};
    enum bwdir_status status;

    status = dir_search_all(bwdir_directory_ready(installation->directory),
                            &search, note_suffix, &known, NULL);
    if (status == BWDIR_NOT_FOUND)
        return bwdir_fail(why, BWDIR_NOT_PERMITTED,
                          "cn=config: not visible to \"%s\"; root over "
                          "ldapi:/// on the server's own machine may see and "
                          "change it",
                          bwdir_directory_whoami(installation->directory));
    if (status != BWDIR_OK)
        return bwdir_fail(why, status, "cn=config: cannot be searched");
    return bwdir_fail(why, BWDIR_NOT_FOUND,
                      "base \"%s\": no database of this server has that "
                      "suffix; %s%s (-b says another, --create-database DIR "
                      "makes one)",
                      installation->directory->base,
                      known.text[0] != '\0' ? "there is " : "it has none",
                      known.text);
}

static enum bwdir_status
find_database(struct bwdir_installation *installation,
              struct bwdir_detail *why)
{
    static const char *const attributes[] = {"olcSuffix", NULL};
    struct dir_search search = {
        .base = "cn=config", .scope = DIR_SCOPE_ONE, .attributes = attributes};
    char *filter = dir_filter("(olcSuffix=%s)", installation->directory->base);
    struct dir_entry *entry = NULL;
    enum bwdir_status status = BWDIR_NO_MEMORY;

    search.filter = filter;
    if (filter != NULL)
        status = dir_search_one(bwdir_directory_ready(installation->directory),
                                &search, &entry, why);
    if (status == BWDIR_OK &&
        (installation->database = strdup(dir_entry_dn(entry))) == NULL)
        status = BWDIR_NO_MEMORY;
    dir_entry_free(&entry);
    free(filter);
    return status == BWDIR_NOT_FOUND ? no_database(installation, why) : status;
}

/* Rules compare normalized names with their own text. */
enum bwdir_status
install_plain_base(struct bwdir_directory *directory, struct bwdir_detail *why)
{
    char *plain = dir_dn_plain(directory->base);

    if (plain == NULL)
        return bwdir_fail(why, BWDIR_BAD_VALUE,
                          "base \"%s\": a DN of letters, digits, '.', '_' and "
                          "'-' wanted, for example dc=example,dc=com",
                          directory->base);
    free(directory->base);
    directory->base = plain;
    return BWDIR_OK;
}

enum bwdir_status
bwdir_installation_open(struct bwdir_directory *directory, const char *folder,
                        struct bwdir_installation **installation,
                        struct bwdir_detail *why)
{
    struct bwdir_installation *made;
    enum bwdir_status status = install_plain_base(directory, why);

    *installation = NULL;
    if (status != BWDIR_OK)
        return status;
    made = calloc(1, sizeof *made);
    if (made == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    made->directory = directory;
    status =
        install_shipped_load(folder, directory->base, &made->shipped, why);
    if (status == BWDIR_OK)
        status = find_database(made, why);
    if (status != BWDIR_OK)
        bwdir_installation_close(&made);
    *installation = made;
    return status;
}

void
bwdir_installation_close(struct bwdir_installation **installation)
{
    if (*installation == NULL)
        return;
    forget(*installation);
    install_shipped_clear(&(*installation)->shipped);
    install_digests_clear(&(*installation)->written);
    install_digests_clear(&(*installation)->to_write);
    free((*installation)->database);
    free(*installation);
    *installation = NULL;
}

/* ---- comparing ------------------------------------------------------------
 */

static enum bwdir_status
compare_config(struct bwdir_installation *installation,
               struct bwdir_detail *why)
{
    enum bwdir_status status = install_compare_modules(installation, why);

    if (status == BWDIR_OK)
        status = install_compare_schema(installation, why);
    if (status == BWDIR_OK)
        status = install_compare_database(installation, why);
    return status;
}

static enum bwdir_status
compare_entries(struct bwdir_installation *installation,
                struct bwdir_detail *why)
{
    enum bwdir_status status = install_compare_entries(installation, why);

    if (status == BWDIR_OK)
        install_digests_compare(installation);
    return status;
}

enum bwdir_status
bwdir_installation_compare(struct bwdir_installation *installation,
                           enum bwdir_install_part part,
                           struct bwdir_detail *why)
{
    enum bwdir_status status;

    forget(installation);
    installation->status = BWDIR_OK;
    status = install_digests_read(installation, why);
    if (status == BWDIR_OK)
        status = part == BWDIR_INSTALL_CONFIG
                     ? compare_config(installation, why)
                     : compare_entries(installation, why);
    if (status == BWDIR_OK && installation->status != BWDIR_OK)
        status = bwdir_fail(why, installation->status, "out of memory");
    return status;
}

size_t
bwdir_installation_count(const struct bwdir_installation *installation)
{
    return installation->count;
}

const struct bwdir_difference *
bwdir_installation_difference(const struct bwdir_installation *installation,
                              size_t index)
{
    return &installation->differences[index];
}
