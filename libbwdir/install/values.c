/*
 * Compares the attributes of one entry with what is shipped, as a merge of
 * three: what is shipped, what is there, and what bwdir wrote earlier.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../detail.h"
#include "installation.h"

/* Lists to which an administrator may add values of his own. */
static const char *const open_lists[] = {
    "objectClass",       "member",
    "olcLimits",         "olcRequires",
    "olcRestrict",       "olcConstraintAttribute",
    "olcUniqueURI",      "olcRefintAttribute",
    "olcDynListAttrSet", NULL};

/* One attribute under comparison. */
struct comparison {
    struct bwdir_installation *installation;
    const struct install_place *place;
    const struct dir_values *wanted;
    const char *const *held; /* NULL-terminated */
};

static bool
is_open_list(const char *attribute)
{
    for (const char *const *name = open_lists; *name != NULL; name++)
        if (strcasecmp(*name, attribute) == 0)
            return true;
    return false;
}

/* Blanks and the "{N}" of cn=config do not count; of names of classes and of
 * DNs the spelling does not either. */
static bool
same_value(const char *attribute, const char *a, const char *b)
{
    char *left = install_value_plain(a);
    char *right = install_value_plain(b);
    bool same = left != NULL && right != NULL &&
                (strcmp(left, right) == 0 || dir_dn_equal(left, right) ||
                 (strcasecmp(attribute, "objectClass") == 0 &&
                  strcasecmp(left, right) == 0));

    free(left);
    free(right);
    return same;
}

static bool
is_held(const struct comparison *compared, const char *value)
{
    for (const char *const *held = compared->held; *held != NULL; held++)
        if (same_value(compared->wanted->attribute, *held, value))
            return true;
    return false;
}

static size_t
count_held(const struct comparison *compared)
{
    size_t count = 0;

    while (compared->held[count] != NULL)
        count++;
    return count;
}

static size_t
count_missing(const struct comparison *compared)
{
    size_t missing = 0;

    for (size_t i = 0; i < compared->wanted->count; i++)
        missing += !is_held(compared, compared->wanted->values[i]);
    return missing;
}

static const char *const *
wanted_values(const struct comparison *compared)
{
    return (const char *const *)compared->wanted->values;
}

/* KIND of change for every value, or only for those that are missing. */
static struct bwdir_plan *
plan_values(const struct comparison *compared, enum dir_change_kind kind,
            bool only_missing)
{
    struct bwdir_plan *plan =
        install_plan(compared->installation, "install attribute");

    if (plan == NULL)
        return NULL;
    bwdir_plan_modify(plan, compared->place->dn);
    for (size_t i = 0; i < compared->wanted->count; i++)
        if (!only_missing || !is_held(compared, compared->wanted->values[i]))
            bwdir_plan_value(plan, kind, compared->wanted->attribute,
                             compared->wanted->values[i]);
    return plan;
}

static void
note(const struct comparison *compared)
{
    install_digests_note(compared->installation, compared->place->key,
                         compared->wanted->attribute, wanted_values(compared));
}

static void
add_missing(const struct comparison *compared, size_t missing)
{
    install_differ(compared->installation, BWDIR_DIFFERENCE_MISSING,
                   compared->place->dn, compared->wanted->attribute,
                   plan_values(compared, DIR_ADD_VALUE, true), NULL,
                   "%zu of %zu values missing", missing,
                   compared->wanted->count);
    note(compared);
}

static void
replace_outdated(const struct comparison *compared)
{
    install_differ(compared->installation, BWDIR_DIFFERENCE_OUTDATED,
                   compared->place->dn, compared->wanted->attribute,
                   plan_values(compared, DIR_REPLACE, false), NULL,
                   "as an earlier bwdir wrote it; \"%s\"%s is right",
                   compared->wanted->values[0],
                   compared->wanted->count > 1 ? ", ..." : "");
    note(compared);
}

static void
report_foreign(const struct comparison *compared)
{
    char *old = install_ldif(compared->place->dn, compared->wanted->attribute,
                             compared->held);

    if (old == NULL)
        compared->installation->status = BWDIR_NO_MEMORY;
    install_differ(compared->installation, BWDIR_DIFFERENCE_FOREIGN,
                   compared->place->dn, compared->wanted->attribute,
                   plan_values(compared, DIR_REPLACE, false), old,
                   "\"%s\"%s, which bwdir did not write; \"%s\" is right",
                   compared->held[0], compared->held[1] != NULL ? ", ..." : "",
                   compared->wanted->values[0]);
    free(old);
}

static void
report_kept(const struct comparison *compared)
{
    if (*compared->held == NULL)
        install_differ(compared->installation, BWDIR_DIFFERENCE_KEPT,
                       compared->place->dn, compared->wanted->attribute, NULL,
                       NULL, "taken away; bwdir ships \"%s\"",
                       compared->wanted->values[0]);
    else
        install_differ(compared->installation, BWDIR_DIFFERENCE_KEPT,
                       compared->place->dn, compared->wanted->attribute, NULL,
                       NULL, "\"%s\"; bwdir ships \"%s\"", compared->held[0],
                       compared->wanted->values[0]);
}

static void
compare(const struct comparison *compared)
{
    const struct install_place *place = compared->place;
    const char *attribute = compared->wanted->attribute;
    size_t missing = count_missing(compared);
    bool is_open = is_open_list(attribute);

    if (missing == 0 &&
        (is_open || count_held(compared) == compared->wanted->count))
        note(compared);
    else if (*compared->held == NULL &&
             (place->is_config ||
              !install_digests_know(compared->installation, place->key,
                                    attribute)))
        add_missing(compared, missing);
    else if (*compared->held != NULL &&
             install_digests_match(compared->installation, place->key,
                                   attribute, compared->held))
        replace_outdated(compared);
    else if (is_open)
        add_missing(compared, missing);
    else if (place->is_config)
        report_foreign(compared);
    else
        report_kept(compared);
}

enum bwdir_status
install_compare_values(struct bwdir_installation *installation,
                       const struct install_place *place,
                       const struct dir_values *wanted,
                       struct bwdir_detail *why)
{
    struct comparison compared = {installation, place, wanted, NULL};
    enum bwdir_status status;

    status =
        dir_entry_all(place->held, wanted->attribute, &compared.held, why);
    if (status == BWDIR_OK)
        compare(&compared);
    return status;
}

/* The values of a new entry will be as shipped. */
void
install_digests_note_record(struct bwdir_installation *installation,
                            const char *key, const struct dir_record *record)
{
    for (size_t i = 0; i < record->count; i++)
        install_digests_note(
            installation, key, record->attributes[i].attribute,
            (const char *const *)record->attributes[i].values);
}

/* Of the attribute that names the entry nobody else has another value, and
 * cn=config writes a number into its own. */
static bool
is_naming(const char *dn, const char *attribute)
{
    size_t length = strcspn(dn, "=");

    return strlen(attribute) == length &&
           strncasecmp(dn, attribute, length) == 0;
}

enum bwdir_status
install_compare_record(struct bwdir_installation *installation,
                       const struct install_place *place,
                       const struct dir_record *wanted,
                       struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_OK;

    for (size_t i = 0; status == BWDIR_OK && i < wanted->count; i++)
        if (!is_naming(place->dn, wanted->attributes[i].attribute))
            status = install_compare_values(installation, place,
                                            &wanted->attributes[i], why);
    return status;
}
