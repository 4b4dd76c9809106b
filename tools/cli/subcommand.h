/*
 * Tools with verbs of their own: bwdir-account VERB NUMBER.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_SUBCOMMAND_H
#define BW_CLI_SUBCOMMAND_H

#include "session.h"

/* What the option table is to options: all of them, for whatever wants to list
 * them; one tool's stand together.  The last has no name. */
struct cli_subcommand {
    enum cli_verb tool;
    const char *name;
    const char *operand; /* what it wants, "an account number"; or NULL */
    const char *field;   /* as bwdir_field_check() has it */
    const char *options; /* long ones, that some of the tool's have */
};

extern const struct cli_subcommand cli_subcommand_table[];

/* Whether COMMAND takes OPTION of its tool: one that it names, or that none of
 * the tool's does. */
bool cli_subcommand_takes(const struct cli_subcommand *command,
                          const struct cli_option *option);

/* What a tool does for one of its own, connected already.  An exit code. */
struct cli_subcommand_act {
    const char *name;
    int (*run)(struct cli_session *session, const char *operand);
};

/*
 * Runs the one that the first operand names, on the second.  ACTS has all of
 * the tool and ends with an element without a name.  An exit code, whatever is
 * wrong having been reported.
 */
int cli_subcommand_run(struct cli_session *session,
                       const struct cli_subcommand_act *acts);

#endif
