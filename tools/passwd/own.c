/*
 * One's own password.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "renewal.h"

#include <string.h>

#include "../cli/exit_code.h"
#include "../cli/new_password.h"
#include "../cli/terminal.h"
#include "../cli/watchdog.h"

static int
read_after(struct renewal *renewal)
{
    struct cli_session *session = renewal->session;
    const char *path = session->options.password_file;
    struct bwdir_detail why = {"new password: one line of at most 512 bytes "
                               "wanted on standard input"};
    enum bwdir_status status;

    if (path == NULL || strcmp(path, "-") == 0)
        status = cli_read_secret_line(&renewal->after);
    else
        status = cli_secret_from_file("--password-file", path, &renewal->after,
                                      &why);
    if (status == BWDIR_NOT_FOUND)
        status = BWDIR_BAD_VALUE;
    if (status == BWDIR_OK)
        status = bwdir_password_check(renewal->after, &why);
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}

static bool
may_ask(const struct cli_options *options)
{
    return !options->no_prompt && options->password_file == NULL;
}

static int
get_after(struct renewal *renewal)
{
    enum bwdir_status status;

    bwdir_secret_free(&renewal->after);
    if (!may_ask(&renewal->session->options))
        return read_after(renewal);
    status = cli_new_password_ask(renewal->session->report, &renewal->after);
    if (status == BWDIR_NOT_FOUND)
        return EX_USAGE;
    return status == BWDIR_OK ? CLI_GO_ON : cli_exit_code(status);
}

enum bwdir_status
passwd_replace(struct renewal *renewal, struct bwdir_detail *why)
{
    struct cli_session *session = renewal->session;
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status;

    status = bwdir_password_plan_change(session->directory, renewal->before,
                                        renewal->after, &plan, why);
    session->nothing_done = status != BWDIR_OK;
    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; whether the "
                       "password was changed is not known");
    if (status == BWDIR_OK)
        status = bwdir_plan_apply(session->directory, plan, why);
    cli_watchdog_stop();
    bwdir_plan_free(&plan);
    if (status != BWDIR_OK)
        return status;
    cli_saved(session->report);
    cli_fact_text(session->report, "result", "changed");
    return BWDIR_OK;
}

/* Another try where the server objects and a person can think of another. */
int
passwd_change(struct renewal *renewal)
{
    struct cli_session *session = renewal->session;
    enum bwdir_status status = BWDIR_REFUSED;
    struct bwdir_detail why = {""};

    for (int i = 1; i <= CLI_PASSWORD_TRIES; i++) {
        int code = get_after(renewal);

        if (code != CLI_GO_ON)
            return code;
        status = passwd_replace(renewal, &why);
        if (status != BWDIR_REFUSED || !may_ask(&session->options))
            break;
        if (i < CLI_PASSWORD_TRIES)
            cli_note(session->report, "%s", why.text);
    }
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}
