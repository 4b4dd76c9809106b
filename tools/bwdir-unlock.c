/*
 * bwdir-unlock(8): lets a user in again who was locked out by wrong guesses.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <time.h>

#include "cli/change.h"

static const struct cli_tool tool = {
    "bwdir-unlock",
    CLI_UNLOCK,
    "Lets users in again who were locked out by wrong guesses.",
    {"USERNAME...", "user names", CLI_ANY_NUMBER}};

static enum bwdir_status
plan(void *closure, const struct bwdir_user *user, struct bwdir_plan **made,
     struct bwdir_detail *why)
{
    struct cli_session *session = closure;
    struct bwdir_condition condition;

    *made = NULL;
    bwdir_user_condition(user, (int64_t)time(NULL), &condition);
    if ((condition.is & BWDIR_IS_LOCKED) == 0)
        return BWDIR_OK;
    return bwdir_user_plan_unlock(session->directory, user, made, why);
}

int
main(int argc, char **argv)
{
    static const struct cli_change change = {.plan = plan,
                                             .result = "unlocked",
                                             .done = "unlocked",
                                             .unchanged = "was not locked"};

    return cli_change_main(&tool, &change, argc, argv);
}
