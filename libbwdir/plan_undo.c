/*
 * Taking back the steps of a plan that were done before one was refused.
 *
 * An Add is taken back by a Delete, unless somebody has changed the entry
 * since (RFC 4528): he may have completed it, and was told so.  A Modify by
 * its inverse: what it added is deleted value by value, so that nothing goes
 * that somebody else has written since, and what it took away is added as it
 * was read before.  A secret, a deleted entry and a mail that is owed by now
 * are not taken back: nobody may read the first two, nor (access.rules) hide
 * from a user what he is to be told.  What others have done (plan_done.c) is
 * theirs.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "dir/search.h"
#include "directory.h"
#include "plan_impl.h"

/* Whether what the change takes away is not in the change itself. */
static bool
replaces(const struct dir_change *change)
{
    return change->kind == DIR_REPLACE ||
           (change->kind == DIR_DELETE_VALUE && change->value == NULL &&
            change->secret == NULL);
}

void
bwdir_step_remember(struct bwdir_directory *directory, const struct step *step,
                    struct dir_entry **before)
{
    const char **attributes;
    size_t count = 0;

    *before = NULL;
    if (step->kind != STEP_MODIFY)
        return;
    attributes = calloc(step->count + 1, sizeof *attributes);
    if (attributes == NULL)
        return;
    for (size_t i = 0; i < step->count; i++)
        if (replaces(&step->changes[i]))
            attributes[count++] = step->changes[i].attribute;
    if (count > 0 &&
        dir_search_one(bwdir_directory_ready(directory),
                       &(struct dir_search){step->dn, DIR_SCOPE_BASE,
                                            "(objectClass=*)", attributes},
                       before, NULL) != BWDIR_OK)
        *before = NULL;
    free(attributes);
}

/* False: it is not known what stood there. */
static bool
put_back(struct bwdir_plan *inverse, const char *attribute,
         const struct dir_entry *before)
{
    const char *const *values;

    if (before == NULL ||
        dir_entry_all(before, attribute, &values, NULL) != BWDIR_OK)
        return false;
    for (; *values != NULL; values++)
        bwdir_plan_value(inverse, DIR_ADD_VALUE, attribute, *values);
    return true;
}

static bool
invert_change(struct bwdir_plan *inverse, const struct dir_change *change,
              const struct dir_entry *before)
{
    if (strcmp(change->attribute, "bwMailOwed") == 0)
        return true;
    if (change->secret != NULL)
        return false;
    if (change->value != NULL)
        bwdir_plan_value(inverse,
                         change->kind == DIR_DELETE_VALUE ? DIR_ADD_VALUE
                                                          : DIR_DELETE_VALUE,
                         change->attribute, change->value);
    return !replaces(change) || put_back(inverse, change->attribute, before);
}

static bool
undo_modify(struct bwdir_directory *directory, const struct step *step,
            const struct dir_entry *before)
{
    struct bwdir_plan *inverse;
    const struct step *made;
    bool known = true;

    if (bwdir_plan_new((struct bwdir_purpose){"", "", ""}, &inverse) !=
        BWDIR_OK)
        return false;
    bwdir_plan_modify(inverse, step->dn);
    for (size_t i = step->count; known && i > 0; i--)
        known = invert_change(inverse, &step->changes[i - 1], before);
    made = TAILQ_FIRST(&inverse->steps);
    known = known && bwdir_plan_done(inverse) == BWDIR_OK && made->count > 0 &&
            dir_modify(bwdir_directory_ready(directory), made->dn,
                       made->changes, made->count, NULL) == BWDIR_OK;
    bwdir_plan_free(&inverse);
    return known;
}

bool
bwdir_step_undo(struct bwdir_directory *directory,
                const struct step_memory *memory)
{
    const struct step *ours = &memory->ours;

    if (ours->kind == STEP_ADD)
        return dir_delete_version(bwdir_directory_ready(directory), ours->dn,
                                  &memory->version, NULL) == BWDIR_OK;
    return ours->kind == STEP_MODIFY &&
           undo_modify(directory, ours, memory->before);
}
