/*
 * bwdir-passwd(1): one's own password; a code for somebody who has forgotten
 * his; a random password for a program.  Nobody sets another person's
 * password here.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>

#include "cli/change.h"
#include "cli/exit_code.h"
#include "code_mail.h"
#include "passwd/renewal.h"

static const struct cli_tool tool = {
    "bwdir-passwd",
    CLI_PASSWD,
    "Changes your password, or has somebody else's made anew.",
    {"[USERNAME]\n       bwdir-passwd --reset [OPTION...] USERNAME...",
     "user names", CLI_ANY_NUMBER}};

/* ---- a code ---- */

static enum bwdir_status
plan_reset(void *closure, const struct bwdir_user *user,
           struct bwdir_plan **plan, struct bwdir_detail *why)
{
    struct renewal *renewal = closure;

    return bwdir_user_plan_reset(renewal->session->directory, user, plan, why);
}

static int
send_code(void *closure, const struct bwdir_user *user)
{
    struct renewal *renewal = closure;

    cli_warn_disabled(renewal->session, user);
    return code_mail_send(renewal->session, renewal->office,
                          bwdir_user_name(user));
}

static int
reset(struct renewal *renewal)
{
    const struct cli_change change = {.plan = plan_reset,
                                      .after = send_code,
                                      .closure = renewal,
                                      .result = "reset",
                                      .done =
                                          "owed a code for a new password"};

    return cli_change_users(renewal->session, &change);
}

/* ---- all of them ---- */

static int
change_own(struct renewal *renewal)
{
    struct cli_session *session = renewal->session;
    int code;

    cli_fact_text(session->report, "user", renewal->self);
    cli_fact_text(session->report, "result", "failed");
    if (session->options.generate)
        return passwd_generate_own(renewal);
    code = passwd_change(renewal);
    if (code != CLI_GO_ON)
        return code;
    cli_say(session->report, "%s: the new password is set", renewal->self);
    return EX_OK;
}

/* What contradicts itself, before anything is asked. */
static int
check(struct cli_session *session)
{
    const struct cli_options *options = &session->options;

    if (options->reset && options->generate)
        cli_error(session->report, "--reset, --generate: only one of them "
                                   "wanted");
    if (options->password_file != NULL &&
        (options->reset || options->generate))
        cli_error(session->report, "--password-file: not with --reset or "
                                   "--generate");
    if (!options->reset && options->user != NULL &&
        options->operands[1] != NULL)
        cli_error(session->report,
                  "\"%s\": one user name wanted, this is one too many",
                  options->operands[1]);
    return cli_has_errors(session->report) ? EX_USAGE : CLI_GO_ON;
}

static int
renew(struct renewal *renewal)
{
    struct cli_session *session = renewal->session;
    int code = check(session);

    if (code == CLI_GO_ON && session->options.reset)
        code = code_mail_open(session, &renewal->office);
    if (code == CLI_GO_ON)
        code = passwd_sign_in(renewal);
    if (code != CLI_GO_ON)
        return code;
    if (renewal->own)
        return change_own(renewal);
    return session->options.reset ? reset(renewal)
                                  : passwd_generate_others(renewal);
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    struct renewal renewal = {.session = &session};
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = renew(&renewal);
    mail_office_close(&renewal.office);
    bwdir_secret_free(&renewal.before);
    bwdir_secret_free(&renewal.after);
    code = cli_session_end(&session, code);
    free(renewal.self);
    free(renewal.dn);
    return code;
}
