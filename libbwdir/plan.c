/*
 * Plans: a list of directory changes with who and why, built step by step,
 * that can be printed (plan_text.c) or applied (plan_apply.c).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "plan_impl.h"

#include <stdlib.h>
#include <string.h>

#include "detail.h"

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
    free((*plan)->entry);
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
bwdir_plan_set_entry(struct bwdir_plan *plan, const char *dn)
{
    set_text(plan, &plan->entry, dn);
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
    if (status != BWDIR_NO_MEMORY && why->text[0] != '\0')
        return status;
    return bwdir_fail(why, status, "%s", bwdir_strerror(status));
}
