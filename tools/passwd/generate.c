/*
 * A random password for a program.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "renewal.h"

#include <stdio.h>

#include "../cli/change.h"
#include "../cli/exit_code.h"

static enum bwdir_status
check_program(const struct bwdir_user *user, struct bwdir_detail *why)
{
    if (bwdir_user_access(user) == BWDIR_ACCESS_API)
        return BWDIR_OK;
    snprintf(why->text, sizeof why->text,
             "user name \"%s\": access %s, so a person types the password; "
             "--generate is for access api; for this user: --reset",
             bwdir_user_name(user),
             bwdir_access_name(bwdir_user_access(user)));
    return BWDIR_BAD_VALUE;
}

/*
 * Before the password of NAME is changed: whoever is to be shown the new one
 * is there, as far as one can see, and it is kept ready for him.
 */
static int
hold(struct renewal *renewal, const char *name)
{
    const struct cli_secret secret = {
        .name = "password",
        .text = bwdir_secret_bytes(renewal->after),
        .doubt = "the new one is shown: try it, and the one before",
        .lost = renewal->lost};

    if (!cli_report_can_show()) {
        cli_error(renewal->session->report,
                  "standard output: cannot be written, so that nobody would "
                  "be shown the new password; nothing was changed");
        return EX_IOERR;
    }
    snprintf(renewal->lost, sizeof renewal->lost,
             "the password of \"%s\" is changed and nobody knows the new one; "
             "have an administrator run bwdir-passwd --generate %s",
             name, name);
    cli_secret_hold(renewal->session->report, &secret);
    return CLI_GO_ON;
}

/* It was not changed, or it may have been: only then is the new one shown. */
static void
settle_failure(struct renewal *renewal)
{
    struct cli_report *report = renewal->session->report;
    const char *doubt = cli_secret_doubt(report);

    if (renewal->session->nothing_done) {
        cli_secret_drop(report);
    } else if (doubt != NULL) {
        cli_error(report, "whether the password was changed is not known; %s",
                  doubt);
        (void)cli_secret_show(report);
    }
}

static int
replace_own(struct renewal *renewal)
{
    struct cli_session *session = renewal->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status = bwdir_password_new(&renewal->after);
    int code = CLI_GO_ON;

    if (status == BWDIR_OK)
        code = hold(renewal, renewal->self);
    if (code != CLI_GO_ON)
        return code;
    if (status == BWDIR_OK)
        status = passwd_replace(renewal, &why);
    if (status == BWDIR_OK)
        return cli_secret_show(session->report);
    code = cli_session_fail(session, status, &why);
    settle_failure(renewal);
    return code;
}

int
passwd_generate_own(struct renewal *renewal)
{
    struct cli_session *session = renewal->session;
    struct bwdir_detail why = {""};
    struct bwdir_user *user = NULL;
    enum bwdir_status status;

    status = bwdir_user_get(session->directory, renewal->self, &user, &why);
    if (status == BWDIR_OK)
        status = check_program(user, &why);
    bwdir_user_free(&user);
    return status == BWDIR_OK ? replace_own(renewal)
                              : cli_session_fail(session, status, &why);
}

static enum bwdir_status
plan_generated(void *closure, const struct bwdir_user *user,
               struct bwdir_plan **plan, struct bwdir_detail *why)
{
    struct renewal *renewal = closure;
    enum bwdir_status status = check_program(user, why);

    *plan = NULL;
    bwdir_secret_free(&renewal->after);
    if (status == BWDIR_OK)
        status = bwdir_password_new(&renewal->after);
    if (status == BWDIR_OK)
        status = bwdir_user_plan_password(renewal->session->directory, user,
                                          renewal->after, plan, why);
    return status;
}

static int
hold_generated(void *closure, const struct bwdir_user *user)
{
    return hold(closure, bwdir_user_name(user));
}

static void
settle_generated(void *closure, const struct bwdir_user *user)
{
    (void)user;
    settle_failure(closure);
}

static int
show_generated(void *closure, const struct bwdir_user *user)
{
    struct renewal *renewal = closure;
    int code = cli_secret_show(renewal->session->report);

    cli_warn_disabled(renewal->session, user);
    return code == EX_OK ? CLI_GO_ON : code;
}

int
passwd_generate_others(struct renewal *renewal)
{
    const struct cli_change generate = {.plan = plan_generated,
                                        .before = hold_generated,
                                        .failed = settle_generated,
                                        .after = show_generated,
                                        .closure = renewal,
                                        .result = "generated"};

    return cli_change_users(renewal->session, &generate);
}
