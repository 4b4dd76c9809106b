/*
 * The mail with a code that a user is owed from now on.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "code_mail.h"

#include <stdio.h>
#include <time.h>

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

/* A code on its way. */
struct sending {
    struct cli_session *session;
    struct mail_office *office;
    const char *name;
    struct bwdir_user *user;
    struct bwdir_detail why;
    bool held; /* the outbox has it until the user is enabled */
};

static bool
is_disabled(const struct bwdir_user *user)
{
    struct bwdir_condition condition;

    bwdir_user_condition(user, (int64_t)time(NULL), &condition);
    return (condition.is & BWDIR_IS_DISABLED) != 0;
}

static enum bwdir_status
send_code(struct sending *sending)
{
    struct bwdir_directory *directory = sending->session->directory;
    struct cli_report *report = sending->session->report;
    enum bwdir_mail mail = BWDIR_MAIL_SIGN_UP;
    enum bwdir_status status;

    cli_watchdog_start(report, EX_TEMPFAIL,
                       "the user is saved, the mail is deferred: no answer "
                       "within 15 seconds");
    status = bwdir_user_get(directory, sending->name, &sending->user,
                            &sending->why);
    sending->held = status == BWDIR_OK && is_disabled(sending->user);
    if (status == BWDIR_OK && !sending->held)
        status =
            bwdir_outbox_code(directory, sending->user, &mail, &sending->why);
    if (status == BWDIR_OK && !sending->held)
        status = mail_code_send(sending->office, directory, sending->user,
                                mail, &sending->why);
    cli_watchdog_stop();
    cli_fact_flag(report, "mailed", status == BWDIR_OK && !sending->held);
    if (sending->held)
        cli_say(report, "%s: the code is mailed after bwdir-enable %s",
                sending->name, sending->name);
    else if (status == BWDIR_OK)
        cli_say(report, "%s: %s code mailed to %s", sending->name,
                mail == BWDIR_MAIL_RESET     ? "reset"
                : mail == BWDIR_MAIL_CONFIRM ? "confirmation"
                                             : "sign-up",
                bwdir_user_mail(sending->user));
    else if (sending->why.text[0] == '\0')
        snprintf(sending->why.text, sizeof sending->why.text, "%s",
                 bwdir_strerror(status));
    return status;
}

static int
end(struct sending *sending, enum bwdir_status status)
{
    if (status != BWDIR_OK)
        cli_error(sending->session->report,
                  "user \"%s\" is saved, the mail to \"%s\" is deferred: %s",
                  sending->name,
                  sending->user != NULL ? bwdir_user_mail(sending->user)
                                        : sending->name,
                  sending->why.text);
    bwdir_user_free(&sending->user);
    return status == BWDIR_OK ? CLI_GO_ON : EX_TEMPFAIL;
}

int
code_mail_send(struct cli_session *session, struct mail_office *office,
               const char *name)
{
    struct sending sending = {session, office, name, NULL, {""}, false};

    return office == NULL ? CLI_GO_ON : end(&sending, send_code(&sending));
}
