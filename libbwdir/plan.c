/*
 * Plans: a list of directory changes with who and why, that can be printed
 * or applied.  This is the one place that writes to the directory.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "detail.h"
#include "directory.h"
#include "ldif.h"

#define CHANGES_MAX 64 /* of one step: a user's attributes and values */

enum step_kind { STEP_ADD, STEP_MODIFY, STEP_DELETE_IF_THERE };

struct step {
    TAILQ_ENTRY(step) next;
    enum step_kind kind;
    char *dn;
    struct dir_change changes[CHANGES_MAX];
    size_t count;
};

struct bwdir_plan {
    TAILQ_HEAD(step_list, step) steps;
    char *who;
    char *why;
    char *refusal;
    char *taken;
    enum bwdir_status status; /* of building it */
};

enum bwdir_status
bwdir_plan_new(const char *who, const char *why, struct bwdir_plan **plan)
{
    struct bwdir_plan *made = calloc(1, sizeof *made);

    *plan = made;
    if (made == NULL)
        return BWDIR_NO_MEMORY;
    TAILQ_INIT(&made->steps);
    made->who = strdup(who);
    made->why = strdup(why);
    if (made->who == NULL || made->why == NULL)
        bwdir_plan_free(plan);
    return *plan == NULL ? BWDIR_NO_MEMORY : BWDIR_OK;
}

static void
step_free(struct step *step)
{
    for (size_t i = 0; i < step->count; i++) {
        struct bwdir_secret *secret =
            (struct bwdir_secret *)(uintptr_t)step->changes[i].secret;

        free((char *)(uintptr_t)step->changes[i].attribute);
        free((char *)(uintptr_t)step->changes[i].value);
        bwdir_secret_free(&secret);
    }
    free(step->dn);
    free(step);
}

void
bwdir_plan_free(struct bwdir_plan **plan)
{
    struct step *step;

    if (*plan == NULL)
        return;
    while ((step = TAILQ_FIRST(&(*plan)->steps)) != NULL) {
        TAILQ_REMOVE(&(*plan)->steps, step, next);
        step_free(step);
    }
    free((*plan)->who);
    free((*plan)->why);
    free((*plan)->refusal);
    free((*plan)->taken);
    free(*plan);
    *plan = NULL;
}

static void
begin(struct bwdir_plan *plan, enum step_kind kind, const char *dn)
{
    struct step *step;

    if (plan->status != BWDIR_OK)
        return;
    step = calloc(1, sizeof *step);
    if (dn == NULL || step == NULL || (step->dn = strdup(dn)) == NULL) {
        free(step);
        plan->status = BWDIR_NO_MEMORY;
        return;
    }
    step->kind = kind;
    TAILQ_INSERT_TAIL(&plan->steps, step, next);
}

void
bwdir_plan_add(struct bwdir_plan *plan, const char *dn)
{
    begin(plan, STEP_ADD, dn);
}

void
bwdir_plan_modify(struct bwdir_plan *plan, const char *dn)
{
    begin(plan, STEP_MODIFY, dn);
}

void
bwdir_plan_delete_if_there(struct bwdir_plan *plan, const char *dn)
{
    begin(plan, STEP_DELETE_IF_THERE, dn);
}

/* Room for one more change in the last step, or NULL. */
static struct dir_change *
extend(struct bwdir_plan *plan, enum dir_change_kind kind,
       const char *attribute)
{
    struct step *step = TAILQ_LAST(&plan->steps, step_list);
    struct dir_change *change;

    if (plan->status != BWDIR_OK)
        return NULL;
    if (step == NULL || step->count == CHANGES_MAX) {
        plan->status = BWDIR_BAD_VALUE;
        return NULL;
    }
    change = &step->changes[step->count];
    change->kind = kind;
    change->attribute = strdup(attribute);
    if (change->attribute == NULL) {
        plan->status = BWDIR_NO_MEMORY;
        return NULL;
    }
    step->count++;
    return change;
}

void
bwdir_plan_value(struct bwdir_plan *plan, enum dir_change_kind kind,
                 const char *attribute, const char *value)
{
    struct dir_change *change = extend(plan, kind, attribute);

    if (change == NULL)
        return;
    if (value == NULL || (change->value = strdup(value)) == NULL)
        plan->status = BWDIR_NO_MEMORY;
}

void
bwdir_plan_secret(struct bwdir_plan *plan, enum dir_change_kind kind,
                  const char *attribute, const struct bwdir_secret *secret)
{
    struct dir_change *change = extend(plan, kind, attribute);
    struct bwdir_secret *copy;

    if (change == NULL)
        return;
    plan->status = bwdir_secret_new(bwdir_secret_bytes(secret),
                                    bwdir_secret_length(secret), &copy);
    change->secret = copy;
}

static void
set_text(struct bwdir_plan *plan, char **text, const char *words)
{
    free(*text);
    *text = strdup(words);
    if (*text == NULL)
        plan->status = BWDIR_NO_MEMORY;
}

void
bwdir_plan_set_refusal(struct bwdir_plan *plan, const char *text)
{
    set_text(plan, &plan->refusal, text);
}

void
bwdir_plan_set_taken(struct bwdir_plan *plan, const char *text)
{
    set_text(plan, &plan->taken, text);
}

enum bwdir_status
bwdir_plan_done(const struct bwdir_plan *plan)
{
    return plan->status;
}

static enum bwdir_status
apply_step(struct bwdir_directory *dir, const struct step *step,
           struct bwdir_detail *why)
{
    struct dir_connection *connection = bwdir_directory_ready(dir);
    enum bwdir_status status = BWDIR_INTERNAL;

    switch (step->kind) {
    case STEP_ADD:
        status =
            dir_add(connection, step->dn, step->changes, step->count, why);
        break;
    case STEP_MODIFY:
        status =
            dir_modify(connection, step->dn, step->changes, step->count, why);
        break;
    case STEP_DELETE_IF_THERE:
        status = dir_delete(connection, step->dn, why);
        if (status == BWDIR_NOT_FOUND)
            status = BWDIR_OK;
        break;
    }
    return status;
}

/* Takes back the entries that were added before LAST failed, newest first,
 * so that a plan of several steps leaves nothing half done. */
static void
undo_until(struct bwdir_directory *dir, const struct bwdir_plan *plan,
           const struct step *last)
{
    const struct step *step, *added = NULL;

    TAILQ_FOREACH(step, &plan->steps, next)
    {
        if (step == last)
            break;
        if (step->kind == STEP_ADD)
            added = step;
    }
    if (added == NULL)
        return;
    (void)dir_delete(bwdir_directory_ready(dir), added->dn, NULL);
    undo_until(dir, plan, added);
}

enum bwdir_status
bwdir_plan_apply(struct bwdir_directory *directory,
                 const struct bwdir_plan *plan, struct bwdir_detail *why)
{
    const struct step *step;

    if (plan->status != BWDIR_OK)
        return bwdir_fail(why, plan->status, "the plan is not complete");
    TAILQ_FOREACH(step, &plan->steps, next)
    {
        enum bwdir_status status = apply_step(directory, step, why);

        if (status == BWDIR_OK)
            continue;
        undo_until(directory, plan, step);
        if (status == BWDIR_NOT_PERMITTED && plan->refusal != NULL)
            return bwdir_fail(why, status, "%s", plan->refusal);
        if (status == BWDIR_EXISTS && plan->taken != NULL)
            return bwdir_fail(why, status, "%s", plan->taken);
        return status;
    }
    return BWDIR_OK;
}

static const char *
change_word(enum dir_change_kind kind)
{
    switch (kind) {
    case DIR_ADD_VALUE:
        return "add";
    case DIR_DELETE_VALUE:
        return "delete";
    case DIR_REPLACE:
        return "replace";
    }
    return "";
}

static void
print_value(FILE *out, const struct dir_change *change)
{
    if (change->secret != NULL)
        fprintf(out, "# %s: (not shown)\n", change->attribute);
    else if (change->value != NULL)
        bwdir_ldif_line(out, change->attribute, change->value);
}

static void
print_step(FILE *out, const struct step *step)
{
    fputc('\n', out);
    bwdir_ldif_line(out, "dn", step->dn);
    if (step->kind == STEP_DELETE_IF_THERE) {
        fputs("changetype: delete\n", out);
        return;
    }
    fputs(step->kind == STEP_ADD ? "changetype: add\n"
                                 : "changetype: modify\n",
          out);
    for (size_t i = 0; i < step->count; i++) {
        if (step->kind == STEP_MODIFY)
            fprintf(out, "%s: %s\n", change_word(step->changes[i].kind),
                    step->changes[i].attribute);
        print_value(out, &step->changes[i]);
        if (step->kind == STEP_MODIFY)
            fputs("-\n", out);
    }
}

enum bwdir_status
bwdir_plan_ldif(const struct bwdir_plan *plan, char **text)
{
    const struct step *step;
    size_t size;
    FILE *out;

    *text = NULL;
    if (plan->status != BWDIR_OK)
        return plan->status;
    out = open_memstream(text, &size);
    if (out == NULL)
        return BWDIR_NO_MEMORY;
    bwdir_ldif_comment(out, "who", plan->who);
    bwdir_ldif_comment(out, "why", plan->why);
    TAILQ_FOREACH(step, &plan->steps, next)
    print_step(out, step);
    if (fclose(out) != 0) {
        free(*text);
        *text = NULL;
        return BWDIR_NO_MEMORY;
    }
    return BWDIR_OK;
}
