/*
 * bwdir-enable(8): takes back what bwdir-disable(8) did.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <time.h>

#include "cli/change.h"

static const struct cli_tool tool = {
    "bwdir-enable",
    CLI_ENABLE,
    "Lets disabled users sign in again.",
    {"USERNAME...", "user names", CLI_ANY_NUMBER}};

static enum bwdir_status
plan(void *closure, const struct bwdir_user *user, struct bwdir_plan **made,
     struct bwdir_detail *why)
{
    struct cli_session *session = closure;
    struct bwdir_condition condition;

    *made = NULL;
    bwdir_user_condition(user, (int64_t)time(NULL), &condition);
    if (!condition.ends && (condition.is & BWDIR_IS_DISABLED) == 0)
        return BWDIR_OK;
    return bwdir_user_plan_enable(session->directory, user, made, why);
}

int
main(int argc, char **argv)
{
    static const struct cli_change change = {.plan = plan,
                                             .result = "enabled",
                                             .done = "enabled",
                                             .unchanged = "was not disabled"};

    return cli_change_main(&tool, &change, argc, argv);
}
