/*
 * What bwdir has written, so that an upgrade can tell it from what an
 * administrator has made of it: for each attribute a digest of its values, in
 * the entry cn=bwdir below the suffix.  The same that dpkg does for
 * configuration files.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../detail.h"
#include "../dir/search.h"
#include "../directory.h"
#include "../hash.h"
#include "installation.h"

#define ATTRIBUTE "bwInstalled"

void
install_digests_clear(struct install_digests *digests)
{
    for (size_t i = 0; i < digests->count; i++)
        free(digests->lines[i]);
    free(digests->lines);
    *digests = (struct install_digests){NULL, 0};
}

/* Takes LINE; false, and LINE freed, when memory is short. */
static bool
append(struct install_digests *digests, char *line)
{
    char **grown =
        reallocarray(digests->lines, digests->count + 2, sizeof *grown);

    if (grown == NULL || line == NULL) {
        digests->lines = grown != NULL ? grown : digests->lines;
        free(line);
        return false;
    }
    digests->lines = grown;
    grown[digests->count++] = line;
    grown[digests->count] = NULL;
    return true;
}

/* "KEY ATTRIBUTE DIGEST"; the caller's. */
static char *
line_of(const char *key, const char *attribute, const char *const *values)
{
    char digest[BWDIR_DIGEST_SIZE];
    char *line = NULL;
    char **plain;
    size_t count = 0;
    bool complete = true;

    while (values[count] != NULL)
        count++;
    plain = calloc(count + 1, sizeof *plain);
    for (size_t i = 0; plain != NULL && i < count; i++) {
        plain[i] = install_value_plain(values[i]);
        complete = complete && plain[i] != NULL;
    }
    if (plain != NULL && complete) {
        bwdir_hash_digest((const char *const *)plain, digest);
        if (asprintf(&line, "%s %s %s", key, attribute, digest) < 0)
            line = NULL;
    }
    for (size_t i = 0; plain != NULL && i < count; i++)
        free(plain[i]);
    free(plain);
    return line;
}

/* The line of the same key and attribute as LINE, or of PREFIX. */
static char **
find(const struct install_digests *digests, const char *line, size_t length)
{
    for (size_t i = 0; i < digests->count; i++)
        if (strncmp(digests->lines[i], line, length) == 0 &&
            digests->lines[i][length] == ' ')
            return &digests->lines[i];
    return NULL;
}

bool
install_digests_know(const struct bwdir_installation *installation,
                     const char *key, const char *attribute)
{
    char *prefix = NULL;
    bool known;

    if (asprintf(&prefix, "%s %s", key, attribute) < 0)
        return false;
    known = find(&installation->written, prefix, strlen(prefix)) != NULL;
    free(prefix);
    return known;
}

bool
install_digests_match(const struct bwdir_installation *installation,
                      const char *key, const char *attribute,
                      const char *const *values)
{
    char *line = line_of(key, attribute, values);
    char **held = NULL;
    bool match;

    if (line != NULL)
        held = find(&installation->written, line,
                    (size_t)(strrchr(line, ' ') - line));
    match = held != NULL && strcmp(*held, line) == 0;
    free(line);
    return match;
}

void
install_digests_note(struct bwdir_installation *installation, const char *key,
                     const char *attribute, const char *const *values)
{
    char *line = line_of(key, attribute, values);
    char **noted = NULL;

    if (line != NULL)
        noted = find(&installation->to_write, line,
                     (size_t)(strrchr(line, ' ') - line));
    if (noted != NULL) {
        free(*noted);
        *noted = line;
    } else if (!append(&installation->to_write, line)) {
        installation->status = BWDIR_NO_MEMORY;
    }
}

static char *
place_dn(const struct bwdir_installation *installation)
{
    return dir_dn_make("cn", "bwdir", installation->directory->base);
}

static enum bwdir_status
take_entry(struct bwdir_installation *installation,
           const struct dir_entry *entry, struct bwdir_detail *why)
{
    const char *const *lines;
    enum bwdir_status status = dir_entry_all(entry, ATTRIBUTE, &lines, why);

    for (; status == BWDIR_OK && *lines != NULL; lines++)
        if (!append(&installation->written, strdup(*lines)))
            status = bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    return status;
}

enum bwdir_status
install_digests_read(struct bwdir_installation *installation,
                     struct bwdir_detail *why)
{
    static const char *const attributes[] = {ATTRIBUTE, NULL};
    struct dir_search search = {.scope = DIR_SCOPE_BASE,
                                .filter = "(objectClass=*)",
                                .attributes = attributes};
    struct dir_entry *entry = NULL;
    char *dn = place_dn(installation);
    enum bwdir_status status = BWDIR_NO_MEMORY;

    install_digests_clear(&installation->written);
    search.base = dn;
    if (dn != NULL)
        status = dir_search_one(bwdir_directory_ready(installation->directory),
                                &search, &entry, why);
    installation->has_record = status == BWDIR_OK;
    if (status == BWDIR_OK)
        status = take_entry(installation, entry, why);
    else if (status == BWDIR_NOT_FOUND)
        status = BWDIR_OK;
    dir_entry_free(&entry);
    free(dn);
    return status;
}

/* What is to be added and deleted for one line that was noted. */
static size_t
plan_line(const struct bwdir_installation *installation,
          struct bwdir_plan *plan, const char *line)
{
    char **held = find(&installation->written, line,
                       (size_t)(strrchr(line, ' ') - line));

    if (held != NULL && strcmp(*held, line) == 0)
        return 0;
    if (held != NULL)
        bwdir_plan_value(plan, DIR_DELETE_VALUE, ATTRIBUTE, *held);
    bwdir_plan_value(plan, DIR_ADD_VALUE, ATTRIBUTE, line);
    return 1;
}

void
install_digests_compare(struct bwdir_installation *installation)
{
    struct bwdir_plan *plan =
        install_plan(installation, "remember installation");
    char *dn = place_dn(installation);
    size_t changed = 0;

    if (plan == NULL || dn == NULL) {
        installation->status = BWDIR_NO_MEMORY;
        bwdir_plan_free(&plan);
        free(dn);
        return;
    }
    if (installation->has_record) {
        bwdir_plan_modify(plan, dn);
    } else {
        bwdir_plan_add(plan, dn);
        bwdir_plan_value(plan, DIR_ADD_VALUE, "objectClass", "bwInstallation");
        bwdir_plan_value(plan, DIR_ADD_VALUE, "cn", "bwdir");
        bwdir_plan_value(plan, DIR_ADD_VALUE, "description",
                         "What bwdir-init wrote; not to be edited");
    }
    for (size_t i = 0; i < installation->to_write.count; i++)
        changed +=
            plan_line(installation, plan, installation->to_write.lines[i]);
    if (changed > 0)
        install_differ(installation,
                       installation->has_record ? BWDIR_DIFFERENCE_OUTDATED
                                                : BWDIR_DIFFERENCE_MISSING,
                       dn, ATTRIBUTE, plan, NULL,
                       "%zu attributes to be remembered as bwdir's own",
                       changed);
    else
        bwdir_plan_free(&plan);
    free(dn);
}
