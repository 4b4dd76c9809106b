/*
 * Plans in writing: as LDIF for whoever looks before anything is written, and
 * as a line of the log for whoever asks afterwards.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "plan_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ldif_line.h"

static const char *const kinds[] = {[STEP_ADD] = "add",
                                    [STEP_MODIFY] = "modify",
                                    [STEP_DELETE] = "delete",
                                    [STEP_DELETE_IF_THERE] = "delete",
                                    [STEP_PASSWORD] = "change password of"};

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

void
bwdir_purpose_line(const struct bwdir_purpose *purpose, const char *entry,
                   struct bwdir_line *line)
{
    bwdir_line_text(line, "event", "plan");
    bwdir_line_text(line, "what", purpose->what);
    bwdir_line_text(line, "entry", entry);
    bwdir_line_text(line, "who", purpose->who);
    bwdir_line_text(line, "why", purpose->why);
}

static void
begin_line(const struct bwdir_plan *plan, struct bwdir_line *line)
{
    const struct bwdir_purpose purpose = {plan->who, plan->why, plan->what};
    const struct step *first = TAILQ_FIRST(&plan->steps);
    const char *entry = first != NULL ? first->dn : "-";

    bwdir_purpose_line(&purpose, plan->entry != NULL ? plan->entry : entry,
                       line);
}

/* ---- LDIF ---- */

static void
print_value(FILE *out, const struct dir_change *change)
{
    if (change->secret != NULL)
        fprintf(out, "# %s: (not shown)\n", change->attribute);
    else if (change->value != NULL)
        bwdir_ldif_line(out, change->attribute, change->value);
}

/* Whether a value is one more of the change before it, as dir/modify.c sends
 * it. */
static bool
goes_on(const struct step *step, size_t i)
{
    const struct dir_change *before, *change;

    if (i == 0 || i == step->count)
        return false;
    before = &step->changes[i - 1];
    change = &step->changes[i];
    return before->kind == change->kind &&
           strcasecmp(before->attribute, change->attribute) == 0 &&
           (before->value != NULL || before->secret != NULL) &&
           (change->value != NULL || change->secret != NULL);
}

static void
print_changes(FILE *out, const struct step *step)
{
    bool modify = step->kind == STEP_MODIFY;

    for (size_t i = 0; i < step->count; i++) {
        if (modify && !goes_on(step, i))
            fprintf(out, "%s: %s\n", change_word(step->changes[i].kind),
                    step->changes[i].attribute);
        print_value(out, &step->changes[i]);
        if (modify && !goes_on(step, i + 1))
            fputs("-\n", out);
    }
}

static void
print_step(FILE *out, const struct step *step)
{
    fputc('\n', out);
    if (step->kind == STEP_PASSWORD) {
        bwdir_ldif_comment(out, "Password Modify (RFC 3062)", step->dn);
        return;
    }
    bwdir_ldif_line(out, "dn", step->dn);
    if (step->condition != NULL)
        bwdir_ldif_comment(out, "Only if it meets", step->condition);
    fprintf(out, "changetype: %s\n", kinds[step->kind]);
    print_changes(out, step);
}

enum bwdir_status
bwdir_plan_ldif(const struct bwdir_plan *plan, char **text)
{
    const struct step *step;
    struct bwdir_line head;
    size_t size;
    FILE *out;

    *text = NULL;
    if (plan->status != BWDIR_OK)
        return plan->status;
    out = open_memstream(text, &size);
    if (out == NULL)
        return BWDIR_NO_MEMORY;
    bwdir_line_start(&head);
    begin_line(plan, &head);
    fprintf(out, "# %s\n", head.text);
    TAILQ_FOREACH(step, &plan->steps, next)
    print_step(out, step);
    if (fclose(out) != 0) {
        free(*text);
        *text = NULL;
        return BWDIR_NO_MEMORY;
    }
    return BWDIR_OK;
}

/* ---- the log ---- */

void
bwdir_outcome_line(const struct bwdir_outcome *outcome,
                   struct bwdir_line *line)
{
    const struct bwdir_plan *plan = outcome->plan;
    const struct step *step;
    size_t steps = 0;
    char text[64];

    begin_line(plan, line);
    TAILQ_FOREACH(step, &plan->steps, next)
    steps++;
    snprintf(text, sizeof text, "%zu/%zu", outcome->done, steps);
    bwdir_line_text(line, "steps", text);
    if (outcome->undone > 0)
        bwdir_line_number(line, "undone", (int64_t)outcome->undone);
    bwdir_line_text(line, "status", bwdir_status_name(outcome->status));
    bwdir_line_text(line, "reason",
                    *outcome->reason != '\0' ? outcome->reason : "-");
    if (outcome->lost)
        bwdir_line_text(line, "lost", "yes");
    bwdir_line_number(line, "ms", outcome->ms);
}

/* Attributes that say who may do what; all others may hold what is nobody's
 * business, and are named only. */
static bool
may_be_shown(const char *attribute)
{
    static const char *const shown[] = {"bwAdministrationLevel",
                                        "bwVerificationState",
                                        "bwRole",
                                        "bwAccount",
                                        "bwAccountAdmin",
                                        "bwProduct",
                                        "pwdPolicySubentry",
                                        "pwdEndTime",
                                        "owner",
                                        "bwSetsPassword"};

    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (strcmp(shown[i], attribute) == 0)
            return true;
    return false;
}

/* A value that is a DN is told by its first part: "cn=ordering". */
static void
describe_change(FILE *out, const struct step *step,
                const struct dir_change *change)
{
    fputc(' ', out);
    if (step->kind == STEP_MODIFY)
        fprintf(out, "%s ", change_word(change->kind));
    fputs(change->attribute, out);
    if (change->secret == NULL && change->value != NULL &&
        may_be_shown(change->attribute))
        fprintf(out, "=%.*s", (int)strcspn(change->value, ","), change->value);
}

void
bwdir_step_describe(FILE *out, const struct step *step)
{
    fprintf(out, "%s %s", kinds[step->kind], step->dn);
    if (step->kind == STEP_PASSWORD)
        return;
    for (size_t i = 0; i < step->count; i++)
        describe_change(out, step, &step->changes[i]);
}

void
bwdir_outcome_changes(const struct bwdir_outcome *outcome,
                      struct bwdir_line *line)
{
    const struct step *step;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return;
    TAILQ_FOREACH(step, &outcome->plan->steps, next)
    {
        if (ftell(out) > 0)
            fputs("; ", out);
        bwdir_step_describe(out, step);
    }
    if (fclose(out) == 0)
        bwdir_line_text(line, "changes", text);
    free(text);
}
