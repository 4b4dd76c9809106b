/*
 * One plan for each user that the command line names.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "change.h"

#include <stdlib.h>
#include <time.h>

#include "exit_code.h"
#include "watchdog.h"

int
cli_plan_print(struct cli_session *session, const struct bwdir_plan *plan)
{
    struct bwdir_detail none = {""};
    char *ldif = NULL;
    enum bwdir_status status = bwdir_plan_ldif(plan, &ldif);

    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &none);
    cli_print(session->report, ldif);
    cli_fact_text(session->report, "ldif", ldif);
    free(ldif);
    return EX_OK;
}

enum bwdir_status
cli_plan_try(struct cli_session *session, const struct bwdir_plan *plan,
             struct bwdir_detail *why)
{
    enum bwdir_status status;

    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; whether the "
                       "change was made is not known");
    status = bwdir_plan_apply(session->directory, plan, why);
    cli_watchdog_stop();
    if (status == BWDIR_OK)
        cli_saved(session->report);
    return status;
}

int
cli_plan_apply(struct cli_session *session, const struct bwdir_plan *plan)
{
    struct bwdir_detail why = {""};
    enum bwdir_status status = cli_plan_try(session, plan, &why);

    if (status == BWDIR_OK && why.text[0] != '\0')
        cli_warning(session->report, "%s", why.text);
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}

void
cli_warn_disabled(struct cli_session *session, const struct bwdir_user *user)
{
    struct bwdir_condition condition;

    bwdir_user_condition(user, (int64_t)time(NULL), &condition);
    if ((condition.is & BWDIR_IS_DISABLED) != 0)
        cli_warning(session->report,
                    "user name \"%s\": disabled, so that neither a password "
                    "nor a code is of use before bwdir-enable %s",
                    bwdir_user_name(user), bwdir_user_name(user));
}

/* What became of one user, in words and as a fact. */
static void
tell(struct cli_session *session, const char *name, const char *result,
     const char *words)
{
    cli_fact_text(session->report, "result", result);
    if (words != NULL)
        cli_say(session->report, "%s: %s", name, words);
}

/* For the next of the users it counts as done. */
static int
print(struct cli_session *session, const struct bwdir_plan *plan)
{
    struct bwdir_detail none = {""};
    enum bwdir_status status = bwdir_plan_suppose(session->directory, plan);
    int code = cli_plan_print(session, plan);

    if (code != EX_OK)
        return code;
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &none);
}

static int
carry_out(struct cli_session *session, const struct cli_change *change,
          const struct bwdir_user *user, const struct bwdir_plan *plan)
{
    const char *name = bwdir_user_name(user);
    int code;

    if (plan == NULL) {
        tell(session, name, "unchanged", change->unchanged);
        return CLI_GO_ON;
    }
    if (session->options.dry_run) {
        tell(session, name, "planned", NULL);
        return print(session, plan);
    }
    code = CLI_GO_ON;
    if (change->before != NULL)
        code = change->before(change->closure, user);
    if (code != CLI_GO_ON)
        return code;
    code = cli_plan_apply(session, plan);
    if (code != CLI_GO_ON && change->failed != NULL)
        change->failed(change->closure, user);
    if (code != CLI_GO_ON)
        return code;
    tell(session, name, change->result, change->done);
    return change->after != NULL ? change->after(change->closure, user)
                                 : CLI_GO_ON;
}

static int
change_user(struct cli_session *session, const struct cli_change *change,
            const char *name)
{
    struct bwdir_detail why = {""};
    struct bwdir_user *user = NULL;
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status;
    size_t said = cli_error_count(session->report);
    int code;

    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds");
    status = cli_session_user(session, name, &user, &why);
    if (status == BWDIR_OK)
        status = change->plan(change->closure, user, &plan, &why);
    cli_watchdog_stop();
    if (status == BWDIR_OK)
        code = carry_out(session, change, user, plan);
    else if (cli_error_count(session->report) > said)
        code = cli_exit_code(status);
    else
        code = cli_session_fail(session, status, &why);
    if (status == BWDIR_MALFORMED && change->malformed != NULL)
        cli_note(session->report, "%s: %s", name, change->malformed);
    bwdir_plan_free(&plan);
    bwdir_user_free(&user);
    return code;
}

int
cli_change_users(struct cli_session *session, const struct cli_change *change)
{
    if (*session->options.operands == NULL) {
        cli_error(session->report, "user name: missing; give one");
        return EX_USAGE;
    }
    return cli_change_each(session, change, session->options.operands);
}

int
cli_change_each(struct cli_session *session, const struct cli_change *change,
                const char *const *name)
{
    int result = CLI_GO_ON;

    for (; *name != NULL; name++) {
        int code;

        cli_row_open(session->report, "users");
        cli_fact_text(session->report, "user", *name);
        cli_fact_text(session->report, "result", "failed");
        code = change_user(session, change, *name);
        cli_row_close(session->report);
        if (result == CLI_GO_ON)
            result = code;
        if (code == EX_UNAVAILABLE)
            break;
    }
    return result == CLI_GO_ON ? EX_OK : result;
}

int
cli_change_main(const struct cli_tool *tool, const struct cli_change *change,
                int argc, char **argv)
{
    struct cli_session session;
    struct cli_change of_session = *change;
    int code = cli_session_begin(&session, tool, argc, argv);

    of_session.closure = &session;
    if (code == CLI_GO_ON)
        code = cli_session_connect(&session);
    if (code == CLI_GO_ON)
        code = cli_change_users(&session, &of_session);
    return cli_session_end(&session, code);
}
