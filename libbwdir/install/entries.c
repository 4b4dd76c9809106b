/*
 * The entries that every bwdir directory starts with: the suffix itself, and
 * those of base.ldif.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../detail.h"
#include "../dir/search.h"
#include "../directory.h"
#include "../strlist.h"
#include "installation.h"

static enum bwdir_status
find_entry(struct bwdir_installation *installation, const char *dn,
           const char *const *attributes, struct dir_entry **entry,
           struct bwdir_detail *why)
{
    const struct dir_search search = {.base = dn,
                                      .scope = DIR_SCOPE_BASE,
                                      .filter = "(objectClass=*)",
                                      .attributes = attributes};

    return dir_search_one(bwdir_directory_ready(installation->directory),
                          &search, entry, why);
}

/* Classes for an entry that is named by an attribute: RFC 4519 and 2247. */
static const struct {
    const char *type;
    const char *classes[3];
    const char *also; /* a further attribute that the classes demand */
} suffix_kinds[] = {
    {"dc", {"dcObject", "organization", NULL}, "o"},
    {"o", {"organization", NULL}, NULL},
    {"ou", {"organizationalUnit", NULL}, NULL},
    {"c", {"country", NULL}, NULL},
    {"l", {"locality", NULL}, NULL},
};

static enum bwdir_status
differ_suffix(struct bwdir_installation *installation,
              struct bwdir_detail *why)
{
    const char *base = installation->directory->base;
    size_t type = strcspn(base, "=");
    size_t value = strcspn(base + type + 1, ",");

    for (size_t i = 0; i < sizeof suffix_kinds / sizeof *suffix_kinds; i++) {
        char *name;
        struct bwdir_plan *plan;

        if (strlen(suffix_kinds[i].type) != type ||
            strncmp(base, suffix_kinds[i].type, type) != 0)
            continue;
        name = strndup(base + type + 1, value);
        plan = install_plan(installation, "install suffix entry");
        if (plan != NULL) {
            bwdir_plan_add(plan, base);
            for (size_t j = 0; suffix_kinds[i].classes[j] != NULL; j++)
                bwdir_plan_value(plan, DIR_ADD_VALUE, "objectClass",
                                 suffix_kinds[i].classes[j]);
            bwdir_plan_value(plan, DIR_ADD_VALUE, suffix_kinds[i].type, name);
            if (suffix_kinds[i].also != NULL)
                bwdir_plan_value(plan, DIR_ADD_VALUE, suffix_kinds[i].also,
                                 name);
        }
        install_differ(installation, BWDIR_DIFFERENCE_MISSING, base, "", plan,
                       NULL, "the suffix has no entry");
        free(name);
        return BWDIR_OK;
    }
    return bwdir_fail(why, BWDIR_CONFIG,
                      "\"%s\": there is no entry of that name, and what class "
                      "it should have is not known; add it with ldapadd",
                      base);
}

static enum bwdir_status
compare_suffix(struct bwdir_installation *installation,
               struct bwdir_detail *why)
{
    static const char *const none[] = {"1.1", NULL};
    struct dir_entry *entry = NULL;
    enum bwdir_status status = find_entry(
        installation, installation->directory->base, none, &entry, why);

    dir_entry_free(&entry);
    return status == BWDIR_NOT_FOUND ? differ_suffix(installation, why)
                                     : status;
}

/* "cn=dashboard,ou=access" of an entry below the suffix; the caller's. */
static char *
key_of(const struct bwdir_installation *installation, const char *dn)
{
    size_t length = strlen(dn);
    size_t base = strlen(installation->directory->base);

    return length > base + 1 ? strndup(dn, length - base - 1) : NULL;
}

/* Which roles there are is the administrator's to choose; without one of the
 * other entries the directory would not work. */
static bool
was_deleted(const struct bwdir_installation *installation, const char *key,
            const struct dir_record *wanted)
{
    const struct dir_values *classes =
        dir_record_values(wanted, "objectClass");

    return classes != NULL &&
           bwdir_strings_have((const char *const *)classes->values,
                              "bwRoleRecord") &&
           install_digests_know(installation, key, "objectClass");
}

static void
differ_entry(struct bwdir_installation *installation, const char *key,
             const struct dir_record *wanted)
{
    if (was_deleted(installation, key, wanted)) {
        install_differ(installation, BWDIR_DIFFERENCE_KEPT, wanted->dn, "",
                       NULL, NULL, "the role was deleted");
        return;
    }
    install_differ(installation, BWDIR_DIFFERENCE_MISSING, wanted->dn, "",
                   install_plan_entry(installation, wanted->dn, wanted), NULL,
                   "the entry is missing");
    install_digests_note_record(installation, key, wanted);
}

/* What is to be compared and nothing else: asked for everything, a role would
 * list its members, who may be too many for a message. */
static enum bwdir_status
find_record(struct bwdir_installation *installation,
            const struct dir_record *wanted, struct dir_entry **entry,
            struct bwdir_detail *why)
{
    const char **attributes = calloc(wanted->count + 1, sizeof *attributes);
    enum bwdir_status status = BWDIR_NO_MEMORY;

    if (attributes == NULL)
        return bwdir_fail(why, status, "out of memory");
    for (size_t i = 0; i < wanted->count; i++)
        attributes[i] = wanted->attributes[i].attribute;
    status = find_entry(installation, wanted->dn, attributes, entry, why);
    free(attributes);
    return status;
}

static enum bwdir_status
compare_entry(struct bwdir_installation *installation,
              const struct dir_record *wanted, struct bwdir_detail *why)
{
    struct install_place place = {.dn = wanted->dn};
    struct dir_entry *entry = NULL;
    char *key = wanted->dn != NULL ? key_of(installation, wanted->dn) : NULL;
    enum bwdir_status status;

    if (key == NULL)
        return bwdir_fail(why, BWDIR_CONFIG,
                          "base.ldif: an entry that is not below the suffix");
    status = find_record(installation, wanted, &entry, why);
    place.key = key;
    place.held = entry;
    if (status == BWDIR_OK) {
        status = install_compare_record(installation, &place, wanted, why);
    } else if (status == BWDIR_NOT_FOUND) {
        differ_entry(installation, key, wanted);
        status = BWDIR_OK;
    }
    dir_entry_free(&entry);
    free(key);
    return status;
}

enum bwdir_status
install_compare_entries(struct bwdir_installation *installation,
                        struct bwdir_detail *why)
{
    const struct dir_records *base =
        &installation->shipped.files[INSTALL_BASE];
    enum bwdir_status status = compare_suffix(installation, why);

    for (size_t i = 0; status == BWDIR_OK && i < base->count; i++)
        status = compare_entry(installation, &base->items[i], why);
    return status;
}
