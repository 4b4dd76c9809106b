/*
 * The verbs of the tools that have some.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "subcommand.h"

#define ACCOUNT "an account number", "account"
#define ROLE "a role's keyword", "role"
#define NOTHING NULL, NULL

const struct cli_subcommand cli_subcommand_table[] = {
    {CLI_ACCOUNT, "add", ACCOUNT, true, true, false},
    {CLI_ACCOUNT, "show", ACCOUNT, false, false, false},
    {CLI_ACCOUNT, "list", NOTHING, false, false, true},
    {CLI_ACCOUNT, "products", ACCOUNT, true, false, false},
    {CLI_ACCOUNT, "admins", ACCOUNT, true, false, false},
    {CLI_ROLE, "list", NOTHING, false, false, true},
    {CLI_ROLE, "show", ROLE, false, false, false},
    {0, NULL, NOTHING, false, false, false}};
