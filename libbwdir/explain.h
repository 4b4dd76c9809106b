/*
 * Explaining a decision: its steps in words for a person.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_EXPLAIN_H
#define BWDIR_EXPLAIN_H

#include "bwdir.h"
#include "decision.h"

/* What the steps of one decision looked at. */
struct bwdir_explain_view {
    const struct bwdir_facts *facts;
    const struct bwdir_service *service; /* its kind settled */
    const struct bwdir_verdict *verdict;
    const char *flaw; /* why the entry is not sound; "" when it is */
    int64_t when;
};

/* Fills STEP for RULE, which has said REASON or NULL. */
void bwdir_explain_step(const struct bwdir_explain_view *view,
                        enum bwdir_rule rule, const char *reason,
                        struct bwdir_step *step);

#endif
