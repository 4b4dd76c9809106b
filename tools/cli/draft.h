/*
 * The user that the command line describes, as a draft; and what is wrong
 * with it in the eyes of the directory.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_DRAFT_H
#define BW_CLI_DRAFT_H

#include "options.h"

/* The draft points into OPTIONS. */
void cli_draft_fill(const struct cli_options *options,
                    const struct bwdir_secret *password,
                    struct bwdir_user_draft *draft);

/*
 * What is wrong with a draft of which bwdir_user_plan_add() said STATUS and
 * WHY.  It stops at the first thing that is not right; here every role and
 * every account that is not right is reported.
 */
void cli_draft_report(struct bwdir_directory *directory,
                      const struct bwdir_user_draft *draft,
                      enum bwdir_status status, const struct bwdir_detail *why,
                      struct cli_report *report);

#endif
