/*
 * The verbs of the tools that have some.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "subcommand.h"

#include <string.h>

#define ACCOUNT "an account number", "account"
#define ROLE "a role's keyword", "role"
#define NOTHING NULL, NULL
#define WRITES "why dry-run"

const struct cli_subcommand cli_subcommand_table[] = {
    {CLI_ACCOUNT, "add", ACCOUNT, "add display-name " WRITES},
    {CLI_ACCOUNT, "show", ACCOUNT, ""},
    {CLI_ACCOUNT, "list", NOTHING, "csv"},
    {CLI_ACCOUNT, "products", ACCOUNT, "add remove " WRITES},
    {CLI_ACCOUNT, "admins", ACCOUNT, "add remove force " WRITES},
    {CLI_ROLE, "list", NOTHING, "csv"},
    {CLI_ROLE, "show", ROLE, ""},
    {0, NULL, NOTHING, ""}};

static bool
names(const struct cli_subcommand *command, const char *option)
{
    const char *at = command->options;
    size_t length = 0;

    for (; *at != '\0'; at += length, at += strspn(at, " ")) {
        length = strcspn(at, " ");
        if (strlen(option) == length && strncmp(at, option, length) == 0)
            return true;
    }
    return false;
}

bool
cli_subcommand_takes(const struct cli_subcommand *command,
                     const struct cli_option *option)
{
    const struct cli_subcommand *other = cli_subcommand_table;

    if (option->name == NULL || names(command, option->name))
        return true;
    for (; other->name != NULL; other++)
        if (other->tool == command->tool && names(other, option->name))
            return false;
    return true;
}
