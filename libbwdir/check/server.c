/*
 * The server's configuration and the entries that every directory starts
 * with, compared with the shipped ones by libbwdir/install; here is only said
 * what a difference means.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checkup.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../dir/search.h"
#include "../install/installation.h"
#include "../place.h"

/* What a difference is about. */
enum subject { MODULES, SCHEMA, DATABASE, OVERLAYS, RULES, ENTRIES };

static bool
begins(const char *text, const char *beginning)
{
    return strncasecmp(text, beginning, strlen(beginning)) == 0;
}

static bool
ends(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length >= tail && strcasecmp(text + length - tail, end) == 0;
}

static enum subject
subject_of(const struct bwdir_difference *difference)
{
    if (strcasecmp(difference->attribute, "olcAccess") == 0)
        return RULES;
    if (begins(difference->dn, "cn=module"))
        return MODULES;
    if (ends(difference->dn, ",cn=schema,cn=config"))
        return SCHEMA;
    if (begins(difference->dn, "olcOverlay="))
        return OVERLAYS;
    return ends(difference->dn, ",cn=config") ? DATABASE : ENTRIES;
}

/* Records under ou=access are judged by what they do (policies.c); what
 * bwdir-init remembers of itself says nothing about the directory. */
static bool
does_not_matter(const struct bwdir_checkup *checkup,
                const struct bwdir_difference *one)
{
    char *unit = bwdir_place_dn(checkup->base, BWDIR_PLACE_ACCESS, NULL);
    char *name = NULL;
    bool policy =
        unit != NULL && dir_dn_child(one->dn, "cn", unit, &name) == BWDIR_OK;

    free(name);
    free(unit);
    return policy || one->kind == BWDIR_DIFFERENCE_KEPT ||
           strcasecmp(one->attribute, "bwInstalled") == 0;
}

static void
tell_difference(struct bwdir_checkup *checkup,
                const struct bwdir_difference *one)
{
    const char *colon = one->attribute[0] != '\0' ? ": " : "";

    switch (one->kind) {
    case BWDIR_DIFFERENCE_MISSING:
        bwdir_checkup_remedy(checkup, "run bwdir-init: it adds what is "
                                      "missing");
        break;
    case BWDIR_DIFFERENCE_OUTDATED:
        bwdir_checkup_remedy(checkup, "run bwdir-init: it brings up to date "
                                      "what an earlier one wrote");
        bwdir_checkup_warn(checkup, "%s%s%s: %s", one->dn, colon,
                           one->attribute, one->text);
        return;
    case BWDIR_DIFFERENCE_FOREIGN:
        bwdir_checkup_remedy(checkup, "bwdir-init --replace FILE puts the "
                                      "shipped ones in its place");
        break;
    case BWDIR_DIFFERENCE_OFFLINE:
        bwdir_checkup_remedy(checkup, "as it says: while slapd is stopped");
        break;
    case BWDIR_DIFFERENCE_KEPT:
        return;
    }
    bwdir_checkup_fail(checkup, "%s%s%s: %s", one->dn, colon, one->attribute,
                       one->text);
}

/* Compares once; false when it cannot, which is told. */
static bool
compare(struct bwdir_checkup *checkup, enum bwdir_install_part part,
        struct bwdir_detail *why)
{
    struct check_comparison *comparison = &checkup->comparison;

    if (comparison->done && comparison->part == part) {
        *why = comparison->why;
        return comparison->status == BWDIR_OK;
    }
    comparison->done = true;
    comparison->part = part;
    bwdir_checkup_alive(checkup);
    comparison->status = BWDIR_OK;
    if (comparison->installation == NULL)
        comparison->status = bwdir_installation_open(
            checkup->directory, checkup->order.schema_folder,
            &comparison->installation, &comparison->why);
    if (comparison->status == BWDIR_OK)
        comparison->status = bwdir_installation_compare(
            comparison->installation, part, &comparison->why);
    *why = comparison->why;
    return comparison->status == BWDIR_OK;
}

/* The reason has a line of its own, and the others stand behind that. */
static void
tell_uncompared(struct bwdir_checkup *checkup, const struct bwdir_detail *why)
{
    static const struct bwdir_obstacle uncompared = {
        "the server cannot be compared with the shipped files",
        "mend that first"};
    struct check_comparison *comparison = &checkup->comparison;

    if (strcmp(comparison->told.text, why->text) == 0) {
        (void)check_stands_behind(checkup, &uncompared);
        return;
    }
    comparison->told = *why;
    if (comparison->status == BWDIR_CONFIG)
        bwdir_checkup_remedy(checkup,
                             "give the folder of the shipped files with "
                             "--schema-dir or BWDIR_SCHEMADIR, or install "
                             "them again");
    check_not_looked(checkup, why->text);
}

/* False when it cannot be looked at, which is told. */
static bool
can_compare(struct bwdir_checkup *checkup, enum bwdir_install_part part)
{
    struct bwdir_detail why = {""};

    if (compare(checkup, part, &why))
        return true;
    if (checkup->comparison.status != BWDIR_NOT_PERMITTED ||
        !check_stands_behind(checkup, &check_hidden_config))
        tell_uncompared(checkup, &why);
    return false;
}

static void
check_subject(struct bwdir_checkup *checkup, enum subject subject,
              const char *well)
{
    enum bwdir_install_part part =
        subject == ENTRIES ? BWDIR_INSTALL_ENTRIES : BWDIR_INSTALL_CONFIG;
    const struct bwdir_installation *installation;
    bool differs = false;

    if (check_connection(checkup) == NULL || !can_compare(checkup, part))
        return;
    installation = checkup->comparison.installation;
    for (size_t i = 0; i < bwdir_installation_count(installation); i++) {
        const struct bwdir_difference *one =
            bwdir_installation_difference(installation, i);

        if (subject_of(one) != subject || does_not_matter(checkup, one))
            continue;
        tell_difference(checkup, one);
        differs = true;
    }
    if (!differs)
        bwdir_checkup_ok(checkup, "%s", well);
}

void
check_server_modules(struct bwdir_checkup *checkup)
{
    check_subject(checkup, MODULES, "loaded, argon2 with the right numbers");
}

void
check_server_schema(struct bwdir_checkup *checkup)
{
    check_subject(checkup, SCHEMA, "the definitions are the shipped ones");
}

void
check_server_database(struct bwdir_checkup *checkup)
{
    check_subject(checkup, DATABASE, "nobody renames, nobody reads unnamed");
}

void
check_server_overlays(struct bwdir_checkup *checkup)
{
    check_subject(checkup, OVERLAYS, "there, with the shipped options");
}

/* ---- overlays of others ---- */

struct additions {
    struct bwdir_checkup *checkup;
    const struct dir_records *shipped;
    size_t count;
};

/* Ours, or syncprov, which only hands on what is stored. */
static bool
is_known(const struct dir_records *shipped, const char *name)
{
    for (size_t i = 0; i < shipped->count; i++) {
        const struct dir_values *names =
            dir_record_values(&shipped->items[i], "olcOverlay");

        if (names != NULL && strcasecmp(names->values[0], name) == 0)
            return true;
    }
    return strcasecmp(name, "syncprov") == 0;
}

static bool
judge_overlay(const struct dir_entry *entry, void *closure)
{
    struct additions *additions = closure;
    const char *name = NULL;

    if (dir_entry_at_most_one(entry, "olcOverlay", &name, NULL) != BWDIR_OK ||
        name == NULL)
        return true;
    if (name[0] == '{' && strchr(name, '}') != NULL)
        name = strchr(name, '}') + 1;
    if (is_known(additions->shipped, name))
        return true;
    additions->count++;
    bwdir_checkup_remedy(additions->checkup,
                         "see slapo-%s(5) whether it changes what is stored, "
                         "answered or allowed; take it away if nobody wants "
                         "it",
                         name);
    bwdir_checkup_warn(additions->checkup,
                       "%s: the overlay %s, which bwdir does not know",
                       dir_entry_dn(entry), name);
    return true;
}

void
check_server_additions(struct bwdir_checkup *checkup)
{
    static const char *const attributes[] = {"olcOverlay", NULL};
    struct dir_search search = {.scope = DIR_SCOPE_ONE,
                                .filter = "(olcOverlay=*)",
                                .attributes = attributes};
    struct dir_connection *connection = check_connection(checkup);
    struct additions additions = {.checkup = checkup};
    struct bwdir_detail why = {""};

    if (connection == NULL || !can_compare(checkup, BWDIR_INSTALL_CONFIG))
        return;
    search.base = checkup->comparison.installation->database;
    additions.shipped =
        &checkup->comparison.installation->shipped.files[INSTALL_OVERLAYS];
    if (dir_search_all(connection, &search, judge_overlay, &additions, &why) !=
        BWDIR_OK)
        check_not_looked(checkup, why.text);
    else if (additions.count == 0)
        bwdir_checkup_ok(checkup, "no overlays but the shipped ones");
}

void
check_server_rules(struct bwdir_checkup *checkup)
{
    check_subject(checkup, RULES, "the access rules are the shipped ones");
}

void
check_server_entries(struct bwdir_checkup *checkup)
{
    check_subject(checkup, ENTRIES, "units, roles and operators are there");
}
