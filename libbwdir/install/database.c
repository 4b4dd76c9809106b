/*
 * The database: attributes of its entry, of the frontend's, access rules and
 * overlays.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../detail.h"
#include "../dir/search.h"
#include "../directory.h"
#include "installation.h"

static const char *const all[] = {"*", NULL};

static enum bwdir_status
read_entry(struct bwdir_installation *installation, const char *dn,
           struct dir_entry **entry, struct bwdir_detail *why)
{
    const struct dir_search search = {.base = dn,
                                      .scope = DIR_SCOPE_BASE,
                                      .filter = "(objectClass=*)",
                                      .attributes = all};
    enum bwdir_status status = dir_search_one(
        bwdir_directory_ready(installation->directory), &search, entry, why);

    if (status == BWDIR_NOT_FOUND)
        return bwdir_fail(why, BWDIR_NOT_PERMITTED,
                          "%s: not visible to \"%s\"", dn,
                          bwdir_directory_whoami(installation->directory));
    return status;
}

/* ---- access rules ---------------------------------------------------------
 */

static bool
same_rules(const char *const *held, char *const *rules)
{
    for (; *held != NULL && *rules != NULL; held++, rules++) {
        char *left = install_value_plain(*held);
        char *right = install_value_plain(*rules);
        bool same = left != NULL && right != NULL && strcmp(left, right) == 0;

        free(left);
        free(right);
        if (!same)
            return false;
    }
    return *held == NULL && *rules == NULL;
}

/* Whether the rules are what slapd's package writes. */
static bool
are_stock(const struct bwdir_installation *installation,
          const char *const *held)
{
    const struct dir_records *stock =
        &installation->shipped.files[INSTALL_STOCK];

    for (size_t i = 0; i < stock->count; i++) {
        const struct dir_values *rules =
            dir_record_values(&stock->items[i], "olcAccess");

        if (rules != NULL && same_rules(held, rules->values))
            return true;
    }
    return false;
}

static struct bwdir_plan *
plan_rules(struct bwdir_installation *installation, const char *dn,
           const struct dir_values *rules)
{
    struct bwdir_plan *plan =
        install_plan(installation, "install access rules");

    if (plan == NULL)
        return NULL;
    bwdir_plan_modify(plan, dn);
    for (size_t i = 0; i < rules->count; i++)
        bwdir_plan_value(plan, DIR_REPLACE, "olcAccess", rules->values[i]);
    return plan;
}

/* What the rules are that stand there and are not bwdir's of today. */
static enum bwdir_difference_kind
kind_of(const struct bwdir_installation *installation, const char *key,
        const char *const *held)
{
    if (*held == NULL)
        return BWDIR_DIFFERENCE_MISSING;
    if (are_stock(installation, held) ||
        install_digests_match(installation, key, "olcAccess", held))
        return BWDIR_DIFFERENCE_OUTDATED;
    return BWDIR_DIFFERENCE_FOREIGN;
}

static void
differ_rules(struct bwdir_installation *installation, const char *dn,
             const struct dir_values *rules, enum bwdir_difference_kind kind,
             const char *const *held)
{
    static const char *const words[] = {
        [BWDIR_DIFFERENCE_MISSING] = "there are none",
        [BWDIR_DIFFERENCE_OUTDATED] =
            "as an earlier bwdir or slapd's package wrote them",
        [BWDIR_DIFFERENCE_FOREIGN] =
            ("neither bwdir nor slapd's package wrote them, and bwdir's must "
             "stand alone")};
    char *old = install_ldif(dn, "olcAccess", held);

    if (old == NULL)
        installation->status = BWDIR_NO_MEMORY;
    install_differ(installation, kind, dn, "olcAccess",
                   plan_rules(installation, dn, rules),
                   kind == BWDIR_DIFFERENCE_FOREIGN ? old : NULL, "%s",
                   words[kind]);
    free(old);
}

static enum bwdir_status
compare_access(struct bwdir_installation *installation,
               const struct install_place *place, struct bwdir_detail *why)
{
    const struct dir_values *rules = dir_record_values(
        &installation->shipped.files[INSTALL_ACCESS].items[0], "olcAccess");
    enum bwdir_difference_kind kind;
    const char *const *held;
    enum bwdir_status status;

    if (rules == NULL)
        return bwdir_fail(why, BWDIR_CONFIG, "access.ldif: no olcAccess");
    status = dir_entry_all(place->held, "olcAccess", &held, why);
    if (status != BWDIR_OK)
        return status;
    kind = kind_of(installation, place->key, held);
    if (!same_rules(held, rules->values))
        differ_rules(installation, place->dn, rules, kind, held);
    else
        kind = BWDIR_DIFFERENCE_OUTDATED;
    if (kind != BWDIR_DIFFERENCE_FOREIGN)
        install_digests_note(installation, place->key, "olcAccess",
                             (const char *const *)rules->values);
    return BWDIR_OK;
}

/* ---- the entries of database and frontend ---------------------------------
 */

static enum bwdir_status
compare_attributes(struct bwdir_installation *installation,
                   struct install_place *place,
                   const struct dir_record *wanted, struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_OK;

    for (size_t i = 0; status == BWDIR_OK && i < wanted->count; i++) {
        const struct dir_values *values = &wanted->attributes[i];

        if (strcasecmp(values->attribute, "olcDbIndex") == 0)
            status = install_compare_indexes(installation, place, values, why);
        else
            status = install_compare_values(installation, place, values, why);
    }
    return status;
}

static enum bwdir_status
compare_entry(struct bwdir_installation *installation, const char *dn,
              const char *key, enum install_file file,
              struct bwdir_detail *why)
{
    struct install_place place = {.dn = dn, .key = key, .is_config = true};
    struct dir_entry *entry = NULL;
    enum bwdir_status status = read_entry(installation, dn, &entry, why);

    place.held = entry;
    if (status == BWDIR_OK)
        status = compare_attributes(
            installation, &place, &installation->shipped.files[file].items[0],
            why);
    if (status == BWDIR_OK && file == INSTALL_DATABASE)
        status = compare_access(installation, &place, why);
    dir_entry_free(&entry);
    return status;
}

/* ---- overlays -------------------------------------------------------------
 */

/* The shipped overlay NAME as it must be named in this server. */
static void
differ_overlay(struct bwdir_installation *installation, const char *name,
               const struct dir_record *wanted)
{
    char *dn = dir_dn_make("olcOverlay", name, installation->database);

    if (dn == NULL) {
        installation->status = BWDIR_NO_MEMORY;
        return;
    }
    install_differ(installation, BWDIR_DIFFERENCE_MISSING, dn, "",
                   install_plan_entry(installation, dn, wanted), NULL,
                   "the overlay %s is missing", name);
    free(dn);
}

/* An overlay may be there and do nothing. */
static enum bwdir_status
compare_disabled(struct bwdir_installation *installation,
                 const struct install_place *place, struct bwdir_detail *why)
{
    static char attribute[] = "olcDisabled", off[] = "FALSE";
    char *values[] = {off, NULL};
    const struct dir_values wanted = {
        .attribute = attribute, .values = values, .count = 1};

    if (dir_entry_count(place->held, attribute) == 0)
        return BWDIR_OK;
    return install_compare_values(installation, place, &wanted, why);
}

static enum bwdir_status
compare_overlay(struct bwdir_installation *installation,
                const struct dir_record *wanted, struct bwdir_detail *why)
{
    const struct dir_values *names = dir_record_values(wanted, "olcOverlay");
    struct dir_search search = {.base = installation->database,
                                .scope = DIR_SCOPE_ONE,
                                .attributes = all};
    struct install_place place = {.is_config = true};
    struct dir_entry *entry = NULL;
    enum bwdir_status status = BWDIR_NO_MEMORY;
    char *filter, *key = NULL;

    if (names == NULL)
        return bwdir_fail(why, BWDIR_CONFIG, "overlays.ldif: no olcOverlay");
    filter = dir_filter("(olcOverlay=%s)", names->values[0]);
    search.filter = filter;
    if (asprintf(&key, "olcOverlay=%s", names->values[0]) < 0)
        key = NULL;
    if (filter != NULL && key != NULL)
        status = dir_search_one(bwdir_directory_ready(installation->directory),
                                &search, &entry, why);
    if (status == BWDIR_NOT_FOUND) {
        differ_overlay(installation, names->values[0], wanted);
        install_digests_note_record(installation, key, wanted);
        status = BWDIR_OK;
    } else if (status == BWDIR_OK) {
        place.dn = dir_entry_dn(entry);
        place.key = key;
        place.held = entry;
        status = install_compare_record(installation, &place, wanted, why);
        if (status == BWDIR_OK)
            status = compare_disabled(installation, &place, why);
    }
    dir_entry_free(&entry);
    free(filter);
    free(key);
    return status;
}

enum bwdir_status
install_compare_database(struct bwdir_installation *installation,
                         struct bwdir_detail *why)
{
    const struct dir_records *overlays =
        &installation->shipped.files[INSTALL_OVERLAYS];
    enum bwdir_status status;

    status = compare_entry(
        installation,
        installation->shipped.files[INSTALL_FRONTEND].items[0].dn, "frontend",
        INSTALL_FRONTEND, why);
    if (status == BWDIR_OK)
        status = compare_entry(installation, installation->database,
                               "database", INSTALL_DATABASE, why);
    for (size_t i = 0; status == BWDIR_OK && i < overlays->count; i++)
        status = compare_overlay(installation, &overlays->items[i], why);
    return status;
}
