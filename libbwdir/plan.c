/*
 * Plans: a list of directory changes with who and why, that can be printed
 * (plan_text.c) or applied.  This is the one place that writes to the
 * directory.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "plan_impl.h"

#include <stdlib.h>
#include <string.h>

#include "detail.h"
#include "directory.h"

enum bwdir_status
bwdir_plan_new(struct bwdir_purpose purpose, struct bwdir_plan **plan)
{
    struct bwdir_plan *made = calloc(1, sizeof *made);

    *plan = made;
    if (made == NULL)
        return BWDIR_NO_MEMORY;
    TAILQ_INIT(&made->steps);
    made->who = strdup(purpose.who);
    made->why = strdup(purpose.why);
    made->what = strdup(purpose.what);
    if (made->who == NULL || made->why == NULL || made->what == NULL)
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
    free(step->changes);
    free(step->condition);
    free(step->unmet);
    free(step->left);
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
    free((*plan)->what);
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

static void
set_text(struct bwdir_plan *plan, char **text, const char *words)
{
    free(*text);
    *text = strdup(words);
    if (*text == NULL)
        plan->status = BWDIR_NO_MEMORY;
}

/* The Modify that was begun last, or NULL. */
static struct step *
last_modify(struct bwdir_plan *plan)
{
    struct step *step = TAILQ_LAST(&plan->steps, step_list);

    if (plan->status == BWDIR_OK &&
        (step == NULL || step->kind != STEP_MODIFY))
        plan->status = BWDIR_BAD_VALUE;
    return plan->status == BWDIR_OK ? step : NULL;
}

void
bwdir_plan_may_be_done(struct bwdir_plan *plan)
{
    struct step *step = last_modify(plan);

    if (step != NULL)
        step->may_be_done = true;
}

void
bwdir_plan_only_if(struct bwdir_plan *plan, const char *filter,
                   const char *unmet)
{
    struct step *step = last_modify(plan);

    if (step == NULL)
        return;
    set_text(plan, &step->condition, filter);
    set_text(plan, &step->unmet, unmet);
}

void
bwdir_plan_may_be_left(struct bwdir_plan *plan, const char *words)
{
    struct step *step = last_modify(plan);

    if (step != NULL)
        set_text(plan, &step->left, words);
}

void
bwdir_plan_delete(struct bwdir_plan *plan, const char *dn)
{
    begin(plan, STEP_DELETE, dn);
}

void
bwdir_plan_delete_if_there(struct bwdir_plan *plan, const char *dn)
{
    begin(plan, STEP_DELETE_IF_THERE, dn);
}

/* Room for one more change, which is not counted yet; NULL: no memory. */
static struct dir_change *
make_room(struct step *step)
{
    size_t room = step->room == 0 ? 16 : 2 * step->room;
    struct dir_change *grown;

    if (step->count < step->room)
        return &step->changes[step->count];
    grown = reallocarray(step->changes, room, sizeof *grown);
    if (grown == NULL)
        return NULL;
    memset(grown + step->room, 0, (room - step->room) * sizeof *grown);
    step->changes = grown;
    step->room = room;
    return &grown[step->count];
}

/* One more change in the last step, or NULL. */
static struct dir_change *
extend(struct bwdir_plan *plan, enum dir_change_kind kind,
       const char *attribute)
{
    struct step *step = TAILQ_LAST(&plan->steps, step_list);
    struct dir_change *change;

    if (plan->status != BWDIR_OK)
        return NULL;
    if (step == NULL) {
        plan->status = BWDIR_BAD_VALUE;
        return NULL;
    }
    change = make_room(step);
    if (change != NULL) {
        change->kind = kind;
        change->attribute = strdup(attribute);
    }
    if (change == NULL || change->attribute == NULL) {
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

void
bwdir_plan_hash(struct bwdir_plan *plan, const char *hash)
{
    struct bwdir_secret *secret = NULL;

    if (plan->status == BWDIR_OK)
        plan->status = bwdir_secret_new(hash, strlen(hash), &secret);
    if (plan->status == BWDIR_OK)
        bwdir_plan_secret(plan, DIR_ADD_VALUE, "userPassword", secret);
    if (plan->status == BWDIR_OK)
        TAILQ_LAST(&plan->steps, step_list)->has_hash = true;
    bwdir_secret_free(&secret);
}

void
bwdir_plan_remove(struct bwdir_plan *plan, const char *attribute)
{
    (void)extend(plan, DIR_DELETE_VALUE, attribute);
}

void
bwdir_plan_password(struct bwdir_plan *plan, const char *dn,
                    const struct bwdir_secret *old_password,
                    const struct bwdir_secret *new_password)
{
    begin(plan, STEP_PASSWORD, dn);
    bwdir_plan_secret(plan, DIR_DELETE_VALUE, "userPassword", old_password);
    bwdir_plan_secret(plan, DIR_ADD_VALUE, "userPassword", new_password);
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

void
bwdir_plan_may_be_lost(struct bwdir_plan *plan,
                       bool (*is_lost)(enum bwdir_status status))
{
    plan->is_lost = is_lost;
}

bool
bwdir_plan_is_empty(const struct bwdir_plan *plan)
{
    return TAILQ_EMPTY(&plan->steps);
}

enum bwdir_status
bwdir_plan_done(const struct bwdir_plan *plan)
{
    return plan->status;
}

enum bwdir_status
bwdir_plan_finish(enum bwdir_status status, struct bwdir_plan **plan,
                  struct bwdir_detail *why)
{
    if (status == BWDIR_OK)
        status = bwdir_plan_done(*plan);
    if (status == BWDIR_OK)
        return status;
    bwdir_plan_free(plan);
    return bwdir_fail(why, status, "%s", bwdir_strerror(status));
}

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
