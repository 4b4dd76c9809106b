/*
 * Inside of bwdir_plan, for the files that apply and print it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_PLAN_IMPL_H
#define BWDIR_PLAN_IMPL_H

#include <sys/queue.h>

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
    size_t room; /* for so many changes */
};

struct bwdir_plan {
    TAILQ_HEAD(step_list, step) steps;
    char *who;
    char *why;
    char *what;
    char *refusal;
    char *taken;
    enum bwdir_status status; /* of building it */
};

#endif
