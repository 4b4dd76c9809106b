/*
 * The schema: bwdir's definitions, and those of slapd's own files that they
 * stand on.  Only added, or replaced by what is wider.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../detail.h"
#include "../dir/schema.h"
#include "../dir/search.h"
#include "../directory.h"
#include "installation.h"

static const struct {
    enum dir_definition_kind kind;
    const char *attribute;
} kinds[] = {{DIR_ATTRIBUTE_TYPE, "olcAttributeTypes"},
             {DIR_OBJECT_CLASS, "olcObjectClasses"}};
#define KINDS (sizeof kinds / sizeof *kinds)

/* What ours stand on, by a class of each that nothing else defines. */
static const struct {
    const char *name;
    const char *proof;
} needed[] = {{"core", "groupOfNames"},
              {"cosine", "account"},
              {"nis", "posixAccount"},
              {"inetorgperson", "inetOrgPerson"},
              {"dyngroup", "groupOfURLs"}};
#define NEEDED (sizeof needed / sizeof *needed)

/* One of bwdir's definitions, and the same OID in the server. */
struct pair {
    size_t kind;
    const char *text;
    struct dir_definition *wanted;
    struct dir_definition *held;
    char *held_text;
    char *held_dn;
};

struct survey {
    struct pair *pairs;
    size_t count;
    bool found[NEEDED];
    char *own; /* DN of the entry that holds bwdir's */
    bool complete;
};

static void
clear(struct survey *survey)
{
    for (size_t i = 0; i < survey->count; i++) {
        dir_definition_free(&survey->pairs[i].wanted);
        dir_definition_free(&survey->pairs[i].held);
        free(survey->pairs[i].held_text);
        free(survey->pairs[i].held_dn);
    }
    free(survey->pairs);
    free(survey->own);
}

/* The shipped definitions, attribute types first. */
static enum bwdir_status
take_shipped(const struct dir_record *record, struct survey *survey,
             struct bwdir_detail *why)
{
    for (size_t kind = 0; kind < KINDS; kind++) {
        const struct dir_values *values =
            dir_record_values(record, kinds[kind].attribute);

        for (size_t i = 0; values != NULL && i < values->count; i++) {
            struct pair *grown =
                reallocarray(survey->pairs, survey->count + 1, sizeof *grown);

            if (grown == NULL)
                return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
            survey->pairs = grown;
            grown += survey->count;
            *grown = (struct pair){.kind = kind, .text = values->values[i]};
            grown->wanted = dir_definition_read(kinds[kind].kind, grown->text);
            if (grown->wanted == NULL)
                return bwdir_fail(why, BWDIR_CONFIG,
                                  "bwdir.ldif: \"%.60s\": no definition of "
                                  "RFC 4512",
                                  grown->text);
            survey->count++;
        }
    }
    return BWDIR_OK;
}

/* Whether an OID macro stands in the place of the number does not matter:
 * names are looked for. */
static void
note_needed(struct survey *survey, const char *text)
{
    for (size_t i = 0; i < NEEDED; i++) {
        size_t length = strlen(needed[i].proof);
        const char *name = strstr(text, needed[i].proof);

        if (name != NULL && name > text && name[-1] == '\'' &&
            name[length] == '\'')
            survey->found[i] = true;
    }
}

static bool
note_held(struct survey *survey, size_t kind, const char *text, const char *dn)
{
    struct dir_definition *held = dir_definition_read(kinds[kind].kind, text);

    for (size_t i = 0; held != NULL && i < survey->count; i++) {
        struct pair *pair = &survey->pairs[i];

        if (pair->held != NULL || pair->kind != kind ||
            strcmp(dir_definition_oid(held),
                   dir_definition_oid(pair->wanted)) != 0)
            continue;
        pair->held = held;
        pair->held_text = strdup(text);
        pair->held_dn = strdup(dn);
        return pair->held_text != NULL && pair->held_dn != NULL;
    }
    dir_definition_free(&held);
    return true;
}

static bool
take_entry(const struct dir_entry *entry, void *closure)
{
    struct survey *survey = closure;
    const char *const *values;
    char *name = NULL;

    for (size_t kind = 0; survey->complete && kind < KINDS; kind++) {
        survey->complete = dir_entry_all(entry, kinds[kind].attribute, &values,
                                         NULL) == BWDIR_OK;
        for (; survey->complete && *values != NULL; values++) {
            if (kinds[kind].kind == DIR_OBJECT_CLASS)
                note_needed(survey, *values);
            survey->complete =
                note_held(survey, kind, *values, dir_entry_dn(entry));
        }
    }
    if (dir_dn_child(dir_entry_dn(entry), "cn", "cn=schema,cn=config",
                     &name) == BWDIR_OK) {
        char *plain = install_value_plain(name);

        if (plain != NULL && strcmp(plain, "bwdir") == 0 &&
            survey->own == NULL)
            survey->own = strdup(dir_entry_dn(entry));
        free(plain);
    }
    free(name);
    return survey->complete;
}

/* Schema files of slapd that are not loaded. */
static enum bwdir_status
differ_needed(struct bwdir_installation *installation,
              const struct survey *survey, struct bwdir_detail *why)
{
    for (size_t i = 0; i < NEEDED; i++) {
        struct dir_records records;
        enum bwdir_status status;

        if (survey->found[i])
            continue;
        status = install_slapd_schema(needed[i].name, &records, why);
        if (status == BWDIR_OK)
            install_differ(
                installation, BWDIR_DIFFERENCE_MISSING, records.items[0].dn,
                "",
                install_plan_entry(installation, records.items[0].dn,
                                   &records.items[0]),
                NULL, "slapd's schema \"%s\" is not loaded", needed[i].name);
        dir_records_clear(&records);
        if (status != BWDIR_OK)
            return status;
    }
    return BWDIR_OK;
}

static void
differ_missing(struct bwdir_installation *installation,
               const struct pair *pair, const char *dn)
{
    struct bwdir_plan *plan = install_plan(installation, "install definition");

    if (plan != NULL) {
        bwdir_plan_modify(plan, dn);
        bwdir_plan_value(plan, DIR_ADD_VALUE, kinds[pair->kind].attribute,
                         pair->text);
    }
    install_differ(installation, BWDIR_DIFFERENCE_MISSING, dn,
                   kinds[pair->kind].attribute, plan, NULL,
                   "\"%s\" is missing", dir_definition_name(pair->wanted));
    install_differ_in(installation, dir_definition_name(pair->wanted));
}

static void
differ_changed(struct bwdir_installation *installation,
               const struct pair *pair)
{
    size_t number = strcspn(pair->held_text, "(");
    struct bwdir_plan *plan;
    char *text = NULL;

    if (!dir_definition_widens(pair->held, pair->wanted)) {
        install_differ(installation, BWDIR_DIFFERENCE_OFFLINE, pair->held_dn,
                       kinds[pair->kind].attribute, NULL, NULL,
                       "\"%s\" is defined otherwise, and entries that are "
                       "right by it may be wrong by bwdir's: look for them, "
                       "stop slapd, change the line with slapmodify -n0 to "
                       "what bwdir.ldif says, start slapd",
                       dir_definition_name(pair->wanted));
        return;
    }
    /* In the place of the old one, which its "{N}" says. */
    if (asprintf(&text, "%.*s%s", (int)number, pair->held_text, pair->text) <
        0)
        text = NULL;
    plan = install_plan(installation, "widen definition");
    if (plan != NULL) {
        bwdir_plan_modify(plan, pair->held_dn);
        bwdir_plan_value(plan, DIR_DELETE_VALUE, kinds[pair->kind].attribute,
                         pair->held_text);
        bwdir_plan_value(plan, DIR_ADD_VALUE, kinds[pair->kind].attribute,
                         text);
    }
    free(text);
    install_differ(installation, BWDIR_DIFFERENCE_OUTDATED, pair->held_dn,
                   kinds[pair->kind].attribute, plan, NULL,
                   "\"%s\" is as an earlier bwdir defined it",
                   dir_definition_name(pair->wanted));
    install_differ_in(installation, dir_definition_name(pair->wanted));
}

static void
differ(struct bwdir_installation *installation, const struct survey *survey)
{
    const struct dir_record *shipped =
        &installation->shipped.files[INSTALL_SCHEMA].items[0];

    if (survey->own == NULL) {
        install_differ(installation, BWDIR_DIFFERENCE_MISSING, shipped->dn, "",
                       install_plan_entry(installation, shipped->dn, shipped),
                       NULL, "bwdir's schema is not loaded");
        return;
    }
    for (size_t i = 0; i < survey->count; i++) {
        const struct pair *pair = &survey->pairs[i];

        if (pair->held == NULL)
            differ_missing(installation, pair, survey->own);
        else if (!dir_definition_same(pair->held, pair->wanted))
            differ_changed(installation, pair);
    }
}

enum bwdir_status
install_compare_schema(struct bwdir_installation *installation,
                       struct bwdir_detail *why)
{
    static const char *const attributes[] = {"olcAttributeTypes",
                                             "olcObjectClasses", NULL};
    const struct dir_search search = {.base = "cn=schema,cn=config",
                                      .scope = DIR_SCOPE_ONE,
                                      .filter =
                                          "(objectClass=olcSchemaConfig)",
                                      .attributes = attributes};
    struct survey survey = {.complete = true};
    enum bwdir_status status;

    status = take_shipped(
        &installation->shipped.files[INSTALL_SCHEMA].items[0], &survey, why);
    if (status == BWDIR_OK)
        status = dir_search_all(bwdir_directory_ready(installation->directory),
                                &search, take_entry, &survey, why);
    if (status == BWDIR_OK && !survey.complete)
        status = bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    if (status == BWDIR_OK)
        status = differ_needed(installation, &survey, why);
    if (status == BWDIR_OK)
        differ(installation, &survey);
    clear(&survey);
    return status;
}
