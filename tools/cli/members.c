/*
 * The members of a role or an account.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "members.h"

#include "exit_code.h"
#include "watchdog.h"

struct telling {
    struct cli_report *report;
    const char *label;
    size_t count;
    bool flawed; /* a user could not be read */
};

static bool
tell(const struct bwdir_user *user, const struct bwdir_detail *why,
     void *closure)
{
    struct telling *telling = closure;
    struct cli_report *report = telling->report;
    bool more = true;

    telling->count++;
    cli_watchdog_stop();
    if (user == NULL) {
        cli_error(report, "%s", why->text);
        telling->flawed = true;
    } else {
        cli_say(report, "%s%s (%s %s)", telling->label, bwdir_user_name(user),
                bwdir_user_first(user), bwdir_user_last(user));
        cli_row_open(report, "members");
        cli_fact_text(report, "user", bwdir_user_name(user));
        cli_fact_text(report, "first", bwdir_user_first(user));
        cli_fact_text(report, "last", bwdir_user_last(user));
        more = cli_row_close(report);
    }
    cli_watchdog_again();
    return more;
}

int
cli_members_tell(struct cli_session *session,
                 const struct bwdir_user_query *query, const char *label,
                 size_t *count)
{
    static const char *const nobody[] = {NULL};
    struct telling telling = {.report = session->report, .label = label};
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    cli_fact_list(session->report, "members", nobody);
    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds");
    status =
        bwdir_user_search(session->directory, query, tell, &telling, &why);
    cli_watchdog_stop();
    *count = telling.count;
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    return telling.flawed ? EX_DATAERR : EX_OK;
}
