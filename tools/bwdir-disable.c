/*
 * bwdir-disable(8): from now on, or from a date on, a user signs in nowhere.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <time.h>

#include "cli/change.h"
#include "cli/exit_code.h"

static const struct cli_tool tool = {
    "bwdir-disable",
    CLI_DISABLE,
    "Keeps users from signing in, from now on or from a date on.",
    {"USERNAME...", "user names", CLI_ANY_NUMBER}};

struct ending {
    struct cli_session *session;
    int64_t now;
    int64_t when;
};

static enum bwdir_status
plan(void *closure, const struct bwdir_user *user, struct bwdir_plan **made,
     struct bwdir_detail *why)
{
    const struct ending *ending = closure;
    const struct cli_session *session = ending->session;

    return bwdir_user_plan_disable(session->directory, user, ending->when,
                                   session->options.force, made, why);
}

static int
read_date(struct ending *ending)
{
    struct cli_report *report = ending->session->report;
    const char *at = ending->session->options.at;

    /* A second ago: it counts at once, whatever the server makes of "now". */
    ending->when = ending->now - 1;
    if (at == NULL)
        return CLI_GO_ON;
    if (!bwdir_time_parse(at, ending->now, &ending->when))
        cli_error(report,
                  "--at \"%s\": a date in UTC wanted, for example 2026-12-24, "
                  "2026-12-24T18:00Z or +30d",
                  at);
    else if (ending->when < ending->now)
        cli_error(report,
                  "--at \"%s\": that time has passed; one to come wanted, or "
                  "no --at, which is from now on",
                  at);
    else
        return CLI_GO_ON;
    return EX_DATAERR;
}

static int
disable(struct cli_session *session)
{
    struct ending ending = {.session = session, .now = (int64_t)time(NULL)};
    char from[BWDIR_TIME_SIZE];
    char words[160];
    struct cli_change change = {.plan = plan,
                                .closure = &ending,
                                .result = "disabled",
                                .done = words,
                                .unchanged = "was disabled before"};
    int code = read_date(&ending);

    if (code == CLI_GO_ON)
        code = cli_session_connect(session);
    if (code != CLI_GO_ON)
        return code;
    bwdir_time_format(ending.when, from);
    cli_fact_text(session->report, "from", from);
    if (ending.when > ending.now) {
        snprintf(words, sizeof words, "disabled from %s on", from);
        change.unchanged = "was to be disabled then before";
    } else {
        snprintf(words, sizeof words,
                 "disabled; what runs already goes on, sessions and "
                 "connections");
    }
    return cli_change_users(session, &change);
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = disable(&session);
    return cli_session_end(&session, code);
}
