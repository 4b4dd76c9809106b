/*
 * Tools with verbs of their own: bwdir-account VERB NUMBER.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_SUBCOMMAND_H
#define BW_CLI_SUBCOMMAND_H

#include "session.h"

struct cli_subcommand {
    const char *name;
    const char *operand; /* what it wants, "an account number"; or NULL */
    const char *field;   /* as bwdir_field_check() has it */
    bool edits;          /* takes --add and --remove */
    bool labels;         /* takes --display-name */
    bool lists;          /* takes --csv */
    /* Connected already.  An exit code. */
    int (*run)(struct cli_session *session, const char *operand);
};

/*
 * Runs the one that the first operand names, on the second.  COMMANDS ends
 * with an element without a name.  An exit code, whatever is wrong having been
 * reported.
 */
int cli_subcommand_run(struct cli_session *session,
                       const struct cli_subcommand *commands);

#endif
