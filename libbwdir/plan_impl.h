/*
 * Inside of bwdir_plan, for the files that apply and print it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_PLAN_IMPL_H
#define BWDIR_PLAN_IMPL_H

#include <stdio.h>
#include <sys/queue.h>

#include "dir/entry.h"
#include "plan.h"

enum step_kind {
    STEP_ADD,
    STEP_MODIFY,
    STEP_DELETE,
    STEP_DELETE_IF_THERE,
    STEP_PASSWORD /* two changes: the old password goes, the new one comes */
};

struct step {
    TAILQ_ENTRY(step) next;
    enum step_kind kind;
    char *dn;
    struct dir_change *changes;
    size_t count;
    size_t room;      /* for so many changes */
    bool may_be_done; /* bwdir_plan_may_be_done() */
    bool has_hash;    /* bwdir_plan_hash() */
    char *condition;  /* a filter of bwdir_plan_only_if(), or NULL, */
    char *unmet;      /* and its words */
    char *left;       /* the words of bwdir_plan_may_be_left(), or NULL */
};

struct bwdir_plan {
    TAILQ_HEAD(step_list, step) steps;
    char *who;
    char *why;
    char *what;
    char *entry; /* of bwdir_plan_set_entry(), or NULL */
    char *refusal;
    char *taken;
    bool (*is_lost)(enum bwdir_status status); /* or NULL */
    enum bwdir_status status;                  /* of building it */
};

/* "modify uid=x,... replace sn": as bwdir_outcome_changes() shows it. */
void bwdir_step_describe(FILE *out, const struct step *step);

/* What is known of a step, for who takes it back. */
struct step_memory {
    struct dir_entry *before;   /* of a Modify: what it may have replaced */
    struct dir_version version; /* of an Add: what it has left */
    /* The step, of a Modify without what others have done: that is not ours
     * to take back.  The texts and secrets are the plan's. */
    struct step ours;
};

/* Before a Modify is done; NULL where nothing is, or cannot be read. */
void bwdir_step_remember(struct bwdir_directory *directory,
                         const struct step *step, struct dir_entry **before);

/* Applies a Modify; OURS keeps what others have not done.  As dir_modify(),
 * but that WHY may not be NULL. */
enum bwdir_status bwdir_step_modify(struct bwdir_directory *directory,
                                    struct step *ours,
                                    struct bwdir_detail *why);

/* Takes a step back that was done; false where it cannot be. */
bool bwdir_step_undo(struct bwdir_directory *directory,
                     const struct step_memory *memory);

#endif
