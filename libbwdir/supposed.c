/*
 * Plans that were printed and not applied.  Of several in a row a later one
 * may be refused for what the earlier ones would have done, and to foresee
 * that is what somebody prints them for.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "supposed.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dir/entry.h"
#include "directory.h"
#include "gtime.h"
#include "place.h"
#include "plan_impl.h"
#include "strlist.h"

/* One change that is supposed to be done. */
struct supposition {
    STAILQ_ENTRY(supposition) next;
    char *dn;
    char *attribute; /* NULL: the entry is gone */
    char *value;     /* NULL: all of them */
    bool there;
};

struct bwdir_supposed {
    STAILQ_HEAD(supposition_list, supposition) list; /* the earliest first */
};

static void
supposition_free(struct supposition *supposition)
{
    free(supposition->dn);
    free(supposition->attribute);
    free(supposition->value);
    free(supposition);
}

void
bwdir_supposed_free(struct bwdir_supposed **supposed)
{
    struct supposition *first;

    if (*supposed == NULL)
        return;
    while ((first = STAILQ_FIRST(&(*supposed)->list)) != NULL) {
        STAILQ_REMOVE_HEAD(&(*supposed)->list, next);
        supposition_free(first);
    }
    free(*supposed);
    *supposed = NULL;
}

static bool
note(struct bwdir_supposed *supposed, const char *dn, const char *attribute,
     const char *value, bool there)
{
    struct supposition *made = calloc(1, sizeof *made);

    if (made == NULL)
        return false;
    made->dn = strdup(dn);
    made->attribute = attribute != NULL ? strdup(attribute) : NULL;
    made->value = value != NULL ? strdup(value) : NULL;
    made->there = there;
    if (made->dn == NULL || (attribute != NULL && made->attribute == NULL) ||
        (value != NULL && made->value == NULL)) {
        supposition_free(made);
        return false;
    }
    STAILQ_INSERT_TAIL(&supposed->list, made, next);
    return true;
}

static bool
note_change(struct bwdir_supposed *supposed, const struct step *step,
            const struct dir_change *change)
{
    if (change->secret != NULL)
        return true;
    if (step->kind == STEP_MODIFY && change->kind == DIR_DELETE_VALUE)
        return note(supposed, step->dn, change->attribute, change->value,
                    false);
    return (change->kind != DIR_REPLACE ||
            note(supposed, step->dn, change->attribute, NULL, false)) &&
           note(supposed, step->dn, change->attribute, change->value, true);
}

static bool
note_step(struct bwdir_supposed *supposed, const struct step *step)
{
    bool noted = true;

    if (step->kind == STEP_DELETE || step->kind == STEP_DELETE_IF_THERE)
        return note(supposed, step->dn, NULL, NULL, false);
    for (size_t i = 0; noted && i < step->count; i++)
        noted = note_change(supposed, step, &step->changes[i]);
    return noted;
}

enum bwdir_status
bwdir_plan_suppose(struct bwdir_directory *directory,
                   const struct bwdir_plan *plan)
{
    const struct step *step;

    if (directory->supposed == NULL) {
        directory->supposed = calloc(1, sizeof *directory->supposed);
        if (directory->supposed == NULL)
            return BWDIR_NO_MEMORY;
        STAILQ_INIT(&directory->supposed->list);
    }
    TAILQ_FOREACH(step, &plan->steps, next)
    if (!note_step(directory->supposed, step))
        return BWDIR_NO_MEMORY;
    return BWDIR_OK;
}

/* The next after PREVIOUS, or the first, about an attribute of the entry. */
static const struct supposition *
next_of(const struct bwdir_directory *directory,
        const struct supposition *previous, const char *dn,
        const char *attribute)
{
    const struct supposition *at;

    if (directory->supposed == NULL || dn == NULL)
        return NULL;
    at = previous != NULL ? STAILQ_NEXT(previous, next)
                          : STAILQ_FIRST(&directory->supposed->list);
    while (at != NULL && (!dir_dn_equal(at->dn, dn) ||
                          (at->attribute != NULL &&
                           strcasecmp(at->attribute, attribute) != 0)))
        at = STAILQ_NEXT(at, next);
    return at;
}

static void
strike(char **names, const char *name)
{
    char **kept = names;

    for (; names != NULL && *names != NULL; names++)
        if (strcmp(*names, name) == 0)
            free(*names);
        else
            *kept++ = *names;
    if (kept != NULL)
        *kept = NULL;
}

bool
bwdir_supposed_admins(const struct bwdir_directory *directory,
                      const char *number, char ***names)
{
    const char attribute[] = "bwAccountAdmin";
    char *dn = bwdir_place_dn(directory->base, BWDIR_PLACE_ACCOUNTS, number);
    char *people = bwdir_place_dn(directory->base, BWDIR_PLACE_PEOPLE, NULL);
    const struct supposition *at = NULL;
    bool whole = dn != NULL && people != NULL;

    while (whole && (at = next_of(directory, at, dn, attribute)) != NULL) {
        char *name = NULL;

        if (at->value == NULL ||
            dir_dn_child(at->value, "uid", people, &name) != BWDIR_OK)
            continue;
        strike(*names, name);
        whole = !at->there || bwdir_strings_add(names, name);
        free(name);
    }
    free(people);
    free(dn);
    return whole;
}

bool
bwdir_supposed_acts(const struct bwdir_directory *directory, const char *dn,
                    int64_t when, bool acts)
{
    const struct supposition *at = NULL;

    while ((at = next_of(directory, at, dn, "pwdEndTime")) != NULL) {
        int64_t end;

        if (at->attribute == NULL)
            acts = false;
        else if (at->there && at->value != NULL)
            acts = bwdir_gtime_parse(at->value, &end) && end > when;
        else
            acts = true;
    }
    return acts;
}
