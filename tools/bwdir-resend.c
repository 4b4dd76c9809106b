/*
 * bwdir-resend(8): a new sign-up code for who has lost the mail or let its
 * time pass; the old one is void once the mail is on its way.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "cli/change.h"
#include "cli/exit_code.h"
#include "code_mail.h"

static const struct cli_tool tool = {
    "bwdir-resend",
    CLI_RESEND,
    "Mails users a new code, which makes the one they had void.",
    {"USERNAME...", "user names", CLI_ANY_NUMBER}};

struct resending {
    struct cli_session *session;
    struct mail_office *office;
};

static enum bwdir_status
plan(void *closure, const struct bwdir_user *user, struct bwdir_plan **made,
     struct bwdir_detail *why)
{
    struct resending *resending = closure;

    return bwdir_user_plan_resend(resending->session->directory, user, made,
                                  why);
}

static int
send_code(void *closure, const struct bwdir_user *user)
{
    struct resending *resending = closure;

    cli_warn_disabled(resending->session, user);
    return code_mail_send(resending->session, resending->office,
                          bwdir_user_name(user));
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    struct resending resending = {.session = &session};
    struct cli_change change = {.plan = plan,
                                .after = send_code,
                                .closure = &resending,
                                .result = "owed",
                                .done = "owed a new code"};
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = code_mail_open(&session, &resending.office);
    if (code == CLI_GO_ON)
        code = cli_session_connect(&session);
    if (code == CLI_GO_ON)
        code = cli_change_users(&session, &change);
    mail_office_close(&resending.office);
    return cli_session_end(&session, code);
}
