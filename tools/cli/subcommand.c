/*
 * Tools with verbs of their own.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "subcommand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exit_code.h"

static const struct cli_subcommand *
find(enum cli_verb tool, const char *name)
{
    const struct cli_subcommand *command = cli_subcommand_table;

    for (; name != NULL && command->name != NULL; command++)
        if (command->tool == tool && strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

static void
refuse_verb(struct cli_report *report, enum cli_verb tool, const char *name)
{
    char known[128] = "";

    for (const struct cli_subcommand *command = cli_subcommand_table;
         command->name != NULL; command++) {
        size_t used = strlen(known);

        if (command->tool == tool)
            snprintf(known + used, sizeof known - used, "%s%s",
                     used > 0 ? ", " : "", command->name);
    }
    if (name == NULL)
        cli_error(report, "verb: missing; one of %s wanted", known);
    else
        cli_error(report, "\"%s\": one of %s wanted", name, known);
}

/* An option of another verb would be passed over. */
static void
check_options(const struct cli_options *options,
              const struct cli_subcommand *command, struct cli_report *report)
{
    for (const struct cli_option *o = cli_option_table; o->verbs != 0; o++)
        if ((o->verbs & command->tool) != 0 && cli_option_given(o, options) &&
            !cli_subcommand_takes(command, o))
            cli_error(report, "--%s: not with \"%s\"", o->name, command->name);
    if (options->csv && options->json)
        cli_error(report, "--json: not with --csv");
}

static int
check_operand(const struct cli_subcommand *command, const char *operand,
              struct cli_report *report)
{
    struct bwdir_detail why = {""};

    if (command->operand == NULL && operand != NULL)
        cli_error(report, "\"%s\": nothing wanted after \"%s\"", operand,
                  command->name);
    if (command->operand != NULL && operand == NULL)
        cli_error(report, "\"%s\": %s wanted after it", command->name,
                  command->operand);
    if (cli_has_errors(report))
        return EX_USAGE;
    if (operand == NULL ||
        bwdir_field_check(command->field, operand, &why) == BWDIR_OK)
        return CLI_GO_ON;
    cli_error(report, "%s", why.text);
    return EX_DATAERR;
}

static int
run(struct cli_session *session, const struct cli_subcommand_act *acts,
    const char *name)
{
    for (; acts->name != NULL; acts++)
        if (strcmp(acts->name, name) == 0)
            return acts->run(session, session->options.operands[1]);
    abort(); /* a bug of the tool, as subcommand.h says */
}

int
cli_subcommand_run(struct cli_session *session,
                   const struct cli_subcommand_act *acts)
{
    const char *const *operands = session->options.operands;
    enum cli_verb tool = session->tool->verb;
    const struct cli_subcommand *command = find(tool, operands[0]);
    int code;

    if (command == NULL) {
        refuse_verb(session->report, tool, operands[0]);
        return EX_USAGE;
    }
    check_options(&session->options, command, session->report);
    code = check_operand(command, operands[1], session->report);
    if (code == CLI_GO_ON)
        code = cli_session_connect(session);
    return code == CLI_GO_ON ? run(session, acts, command->name) : code;
}
