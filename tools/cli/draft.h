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
 * bwdir_user_plan_add(), which stops at the first thing that is not right;
 * here every role and every account that is not right is reported.  Returns
 * the status of the first; on BWDIR_OK *plan is the caller's.
 */
enum bwdir_status cli_draft_plan(struct bwdir_directory *directory,
                                 const struct bwdir_user_draft *draft,
                                 struct cli_report *report,
                                 struct bwdir_plan **plan) BWDIR_CHECK_RESULT;

#endif
