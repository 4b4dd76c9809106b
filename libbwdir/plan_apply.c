/*
 * Applying a plan: its steps in order, and when one is refused those before it
 * taken back.  With plan_done.c and plan_undo.c this is the one place that
 * writes to the directory for tools; who redeems a code, or changes his
 * password at a sign-in, is bound as himself and needs no plan.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "detail.h"
#include "directory.h"
#include "plan_impl.h"

/* All of STEP, whose texts and secrets stay the plan's. */
static bool
take_whole(const struct step *step, struct step *ours)
{
    struct dir_change *changes =
        reallocarray(ours->changes, step->count + 1, sizeof *changes);

    if (changes == NULL)
        return false;
    *ours = *step;
    ours->changes = changes;
    if (step->count > 0)
        memcpy(changes, step->changes, step->count * sizeof *changes);
    return true;
}

static enum bwdir_status
apply_step(struct bwdir_directory *dir, const struct step *step,
           struct step_memory *memory, struct bwdir_detail *why)
{
    struct dir_connection *connection = bwdir_directory_ready(dir);
    enum bwdir_status status = BWDIR_INTERNAL;

    if (!take_whole(step, &memory->ours))
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    switch (step->kind) {
    case STEP_ADD:
        status = dir_add(connection, step->dn, step->changes, step->count,
                         &memory->version, why);
        break;
    case STEP_MODIFY:
        status = bwdir_step_modify(dir, &memory->ours, why);
        break;
    case STEP_DELETE:
        status = dir_delete(connection, step->dn, why);
        break;
    case STEP_PASSWORD:
        status =
            dir_change_password(connection, step->dn, step->changes[0].secret,
                                step->changes[1].secret, why);
        break;
    case STEP_DELETE_IF_THERE:
        status = dir_delete(connection, step->dn, why);
        if (status == BWDIR_NOT_FOUND)
            status = BWDIR_OK;
        break;
    }
    if (status == BWDIR_REFUSED && step->has_hash)
        status = BWDIR_NOT_PERMITTED;
    return status;
}

/* What the server's refusal of a step means for the whole. */
static void
word(const struct bwdir_plan *plan, enum bwdir_status status,
     struct bwdir_detail *why)
{
    if (status == BWDIR_NOT_PERMITTED && plan->refusal != NULL)
        (void)bwdir_fail(why, status, "%s", plan->refusal);
    if (status == BWDIR_EXISTS && plan->taken != NULL)
        (void)bwdir_fail(why, status, "%s", plan->taken);
}

/* A plan while it is applied. */
struct applying {
    struct bwdir_directory *directory;
    const struct bwdir_plan *plan;
    struct step_memory *memories; /* one for each step */
    struct bwdir_outcome outcome;
    struct bwdir_detail left; /* of steps that were passed over, their words */
    struct bwdir_detail *why;
};

/*
 * Takes back what was done, the latest first.  When no answer came the last
 * step may have been done too, and nothing but what was added is taken back:
 * rights are not to return to an entry that may be gone.  LEFT gets the steps
 * that stand.
 */
static void
undo(struct applying *applying, FILE *left)
{
    struct bwdir_outcome *outcome = &applying->outcome;
    size_t number = outcome->done;

    while (number-- > 0) {
        const struct step_memory *memory = &applying->memories[number];
        const struct step *ours = &memory->ours;

        if (ours->kind == STEP_MODIFY && ours->count == 0)
            continue; /* others have done all of it */
        if ((ours->kind == STEP_ADD || outcome->status != BWDIR_UNAVAILABLE) &&
            bwdir_step_undo(applying->directory, memory)) {
            outcome->undone++;
            continue;
        }
        fputs("; done and not taken back: ", left);
        bwdir_step_describe(left, ours);
    }
}

/* Undoes, and says what could not be undone. */
static void
give_up(struct applying *applying)
{
    enum bwdir_status status = applying->outcome.status;
    struct bwdir_detail refused = *applying->why;
    char *text = NULL;
    size_t size;
    FILE *left;

    word(applying->plan, status, &refused);
    *applying->why = refused;
    left = open_memstream(&text, &size);
    if (left == NULL)
        return;
    undo(applying, left);
    if (fclose(left) == 0 && *text != '\0')
        (void)bwdir_fail(applying->why, status, "%s%s",
                         refused.text[0] != '\0' ? refused.text
                                                 : bwdir_strerror(status),
                         text);
    free(text);
}

/* A step that was not permitted, and need not be done. */
static bool
may_pass(struct applying *applying, const struct step *step,
         struct step_memory *memory)
{
    struct bwdir_detail before = applying->left;

    if (applying->outcome.status != BWDIR_NOT_PERMITTED || step->left == NULL)
        return false;
    (void)bwdir_fail(&applying->left, BWDIR_OK, "%s%s%s", before.text,
                     before.text[0] != '\0' ? "; " : "", step->left);
    memory->ours.count = 0;
    applying->outcome.status = BWDIR_OK;
    return true;
}

/* Steps in order; a server that does not write is found out by the first. */
static void
apply_steps(struct applying *applying)
{
    struct bwdir_outcome *outcome = &applying->outcome;
    const struct step *first = TAILQ_FIRST(&applying->plan->steps), *step;

    TAILQ_FOREACH(step, &applying->plan->steps, next)
    {
        struct step_memory *memory = &applying->memories[outcome->done];

        if (TAILQ_NEXT(step, next) != NULL)
            bwdir_step_remember(applying->directory, step, &memory->before);
        do
            outcome->status =
                apply_step(applying->directory, step, memory, applying->why);
        while (step == first &&
               bwdir_directory_move(applying->directory, outcome->status));
        if (outcome->status != BWDIR_OK && !may_pass(applying, step, memory)) {
            give_up(applying);
            return;
        }
        outcome->done++;
    }
}

static size_t
count_steps(const struct bwdir_plan *plan)
{
    const struct step *step;
    size_t count = 0;

    TAILQ_FOREACH(step, &plan->steps, next)
    count++;
    return count;
}

enum bwdir_status
bwdir_plan_apply(struct bwdir_directory *directory,
                 const struct bwdir_plan *plan, struct bwdir_detail *why)
{
    struct bwdir_detail ours = {""};
    struct applying applying = {.directory = directory,
                                .plan = plan,
                                .outcome = {.plan = plan},
                                .why = why != NULL ? why : &ours};
    size_t steps = count_steps(plan);
    int64_t began = dir_now();

    if (plan->status != BWDIR_OK)
        return bwdir_fail(why, plan->status, "the plan is not complete");
    applying.memories = calloc(steps + 1, sizeof *applying.memories);
    if (applying.memories == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    applying.why->text[0] = '\0';
    apply_steps(&applying);
    for (size_t i = 0; i < steps; i++) {
        dir_entry_free(&applying.memories[i].before);
        free(applying.memories[i].ours.changes);
    }
    free(applying.memories);
    if (applying.outcome.status == BWDIR_OK)
        *applying.why = applying.left;
    applying.outcome.reason = applying.why->text;
    applying.outcome.lost = applying.outcome.status != BWDIR_OK &&
                            plan->is_lost != NULL &&
                            plan->is_lost(applying.outcome.status);
    applying.outcome.ms = dir_now() - began;
    if (directory->observe != NULL)
        directory->observe(&applying.outcome, directory->closure);
    return applying.outcome.status;
}
