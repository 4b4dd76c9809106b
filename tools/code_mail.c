/*
 * The mail with a code that a user is owed from now on.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "code_mail.h"

#include "cli/exit_code.h"
#include "cli/watchdog.h"

int
code_mail_open(struct cli_session *session, struct mail_office **office)
{
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    *office = NULL;
    if (session->options.no_mail || session->options.dry_run)
        return CLI_GO_ON;
    status = mail_office_open(session->config, office, &why);
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}

int
code_mail_send(struct cli_session *session, struct mail_office *office,
               const char *name)
{
    enum bwdir_mail mail = BWDIR_MAIL_SIGN_UP;
    struct bwdir_detail why = {""};
    struct bwdir_user *user = NULL;
    enum bwdir_status status;

    if (office == NULL)
        return CLI_GO_ON;
    cli_watchdog_start(session->report, EX_TEMPFAIL,
                       "the user is saved, the mail is deferred: no answer "
                       "within 15 seconds");
    status = bwdir_user_get(session->directory, name, &user, &why);
    if (status == BWDIR_OK)
        status = bwdir_outbox_code(session->directory, user, &mail, &why);
    if (status == BWDIR_OK)
        status = mail_code_send(office, session->directory, user, mail, &why);
    cli_watchdog_stop();
    cli_fact_flag(session->report, "mailed", status == BWDIR_OK);
    if (status == BWDIR_OK)
        cli_say(session->report, "%s: %s code mailed to %s", name,
                mail == BWDIR_MAIL_RESET ? "reset" : "sign-up",
                bwdir_user_mail(user));
    else
        cli_error(session->report,
                  "user \"%s\" is saved, the mail to \"%s\" is deferred: %s",
                  name, user != NULL ? bwdir_user_mail(user) : name,
                  why.text[0] != '\0' ? why.text : bwdir_strerror(status));
    bwdir_user_free(&user);
    return status == BWDIR_OK ? CLI_GO_ON : EX_TEMPFAIL;
}
