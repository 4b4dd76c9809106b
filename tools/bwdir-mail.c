/*
 * bwdir-mail(8): delivers the mail that users are owed.
 *
 * Everything it knows stands in the directory, so any host may run it, and
 * several at once: who is owed what is looked up first, then each user is
 * taken in hand, served and settled.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/exit_code.h"
#include "cli/session.h"
#include "cli/watchdog.h"
#include "mail/office.h"

static const struct cli_tool tool = {
    "bwdir-mail",
    CLI_MAIL,
    "Delivers the mail that users are owed.",
    {"[USERNAME...]", "user names", CLI_ANY_NUMBER}};

/* One run ends after this, and leaves the rest to the next. */
#define RUN_SECONDS 600
#define RUN_USERS 10000

/* That many failures of the mail server in a row end the run too. */
#define SILENT_MAX 3   /* no answer */
#define REFUSED_MAX 10 /* nobody is taken any more */

/* That many users in a row over whom the directory did not answer, too. */
#define LOST_MAX 3

struct run {
    struct cli_session *session;
    struct mail_office *office;
    struct cli_list due; /* names */
    time_t began;
    int silent;
    int refusals;
    int lost;
    bool over;
    bool again; /* who is owed what has been looked up before */
    bool failed;
    long delivered, deferred, refused;
    long owed; /* users, when last looked */
};

/* ---- who is owed what ---- */

static bool
is_asked_for(const struct run *run, const char *name)
{
    const char *const *names = run->session->options.operands;

    if (*names == NULL)
        return true;
    for (; *names != NULL; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static void
put_row(struct run *run, const struct bwdir_owed *owed, const char *result,
        const char *detail)
{
    struct cli_report *report = run->session->report;

    cli_row_open(report, "mails");
    cli_fact_text(report, "user", bwdir_user_name(bwdir_owed_user(owed)));
    cli_fact_text(report, "mail", bwdir_mail_word(bwdir_owed_mail(owed)));
    cli_fact_text(report, "address", bwdir_owed_address(owed));
    cli_fact_text(report, "result", result);
    cli_fact_text(report, "detail", detail);
    (void)cli_row_close(report); /* who cannot be told is mailed */
}

static void
show(struct run *run, const struct bwdir_owed *owed)
{
    const char *when = bwdir_owed_is_due(owed) ? "due" : "waits";

    cli_say(run->session->report, "%s: %s to %s: %s",
            bwdir_user_name(bwdir_owed_user(owed)),
            bwdir_mail_word(bwdir_owed_mail(owed)), bwdir_owed_address(owed),
            when);
    put_row(run, owed, when, NULL);
}

static bool
look_at(const struct bwdir_owed *owed, const struct bwdir_detail *why,
        void *closure)
{
    struct run *run = closure;
    struct cli_session *session = run->session;
    const char *name;

    cli_watchdog_again();
    if (owed == NULL) {
        if (!run->again)
            cli_warning(session->report, "%s", why->text);
        run->owed += *session->options.operands == NULL;
        return true;
    }
    name = bwdir_user_name(bwdir_owed_user(owed));
    if (!is_asked_for(run, name))
        return true;
    run->owed += bwdir_owed_is_mail(owed);
    if (session->options.dry_run && bwdir_owed_is_mail(owed)) {
        show(run, owed);
        (void)cli_watchdog_pass_rows();
    }
    if (bwdir_owed_is_due(owed) && run->due.count < RUN_USERS)
        cli_list_add(&run->due, name);
    return true;
}

static int
look(struct run *run)
{
    struct cli_session *session = run->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    run->owed = 0;
    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds");
    status = bwdir_outbox_list(session->directory, (int64_t)time(NULL),
                               look_at, run, &why);
    cli_watchdog_stop();
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    return CLI_GO_ON;
}

/* ---- delivering ---- */

static void
note_trouble(struct run *run, const struct mail_result *result)
{
    struct cli_report *report = run->session->report;

    if (result->status == BWDIR_OK) {
        run->silent = run->refusals = 0;
        return;
    }
    if (result->status == BWDIR_REFUSED && ++run->refusals == REFUSED_MAX)
        cli_error(report,
                  "the mail server refuses everybody; the rest is left to "
                  "the next run");
    if (result->status == BWDIR_UNAVAILABLE && !result->answered &&
        ++run->silent == SILENT_MAX)
        cli_error(report, "the mail server does not serve; the rest is left "
                          "to the next run");
    run->over |= run->refusals >= REFUSED_MAX || run->silent >= SILENT_MAX ||
                 result->status == BWDIR_CONFIG;
}

static void
tell(struct run *run, const struct bwdir_owed *owed,
     const struct mail_result *result, const struct bwdir_detail *why)
{
    struct cli_report *report = run->session->report;
    const char *name = bwdir_user_name(bwdir_owed_user(owed));
    const char *mail = bwdir_mail_word(bwdir_owed_mail(owed));
    const char *address = bwdir_owed_address(owed);

    if (result->status == BWDIR_OK) {
        run->delivered++;
        cli_say(report, "%s: %s mailed to %s", name, mail, address);
        put_row(run, owed, "delivered", NULL);
    } else if (result->status == BWDIR_REFUSED ||
               result->status == BWDIR_BAD_VALUE) {
        run->refused++;
        cli_error(report, "%s: %s to %s is refused: %s", name, mail, address,
                  why->text);
        put_row(run, owed, "refused", why->text);
    } else if (result->status != BWDIR_NOT_FOUND) {
        run->deferred++;
        cli_error(report, "%s: %s to %s is deferred: %s", name, mail, address,
                  why->text);
        put_row(run, owed, "deferred", why->text);
    }
}

static void
complain(struct run *run, const char *name, enum bwdir_status status,
         const struct bwdir_detail *why)
{
    run->failed = true;
    cli_error(run->session->report, "%s: %s", name,
              why->text[0] != '\0' ? why->text : bwdir_strerror(status));
}

/* One mail; false when the user has no other that is due. */
static bool
serve_once(struct run *run, const char *name, enum bwdir_status *status,
           struct bwdir_detail *why)
{
    struct cli_session *session = run->session;
    struct mail_result result = {BWDIR_OK, false};
    struct bwdir_owed *owed;

    why->text[0] = '\0';
    *status = bwdir_outbox_take(session->directory, name, (int64_t)time(NULL),
                                &owed, why);
    if (*status != BWDIR_OK) {
        if (*status != BWDIR_NOT_FOUND)
            complain(run, name, *status, why);
        else if (session->options.verbose)
            cli_note(session->report, "%s", why->text);
        return false;
    }
    cli_saved(session->report);
    *status =
        mail_owed_deliver(run->office, session->directory, owed, &result, why);
    tell(run, owed, &result, why);
    note_trouble(run, &result);
    if (*status != BWDIR_OK && result.status == BWDIR_OK)
        complain(run, name, *status, why);
    bwdir_owed_free(&owed);
    return *status == BWDIR_OK && result.status == BWDIR_OK;
}

/* The directory has not answered: whether to go on with the next user. */
static int
reconnect(struct run *run)
{
    struct cli_session *session = run->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    if (++run->lost == LOST_MAX)
        return EX_UNAVAILABLE;
    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no connection within 15 seconds");
    status = bwdir_directory_reopen(session->directory, &why);
    cli_watchdog_stop();
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}

/* What went wrong over one user does not keep the others from their mail. */
static int
serve(struct run *run, const char *name)
{
    struct bwdir_detail why;
    enum bwdir_status status = BWDIR_OK;

    for (int i = 0; i < BWDIR_MAILS_OF_USER; i++)
        if (!serve_once(run, name, &status, &why))
            break;
    if (status == BWDIR_UNAVAILABLE)
        return reconnect(run);
    run->lost = 0;
    return status == BWDIR_CONFIG || status == BWDIR_NO_MEMORY
               ? cli_exit_code(status)
               : CLI_GO_ON;
}

static int
deliver(struct run *run)
{
    int code = CLI_GO_ON;

    for (size_t i = 0; i < run->due.count && !run->over; i++) {
        code = serve(run, run->due.items[i]);
        if (code != CLI_GO_ON)
            break;
        if (cli_rows_due())
            fflush(stdout);
        if (time(NULL) - run->began >= RUN_SECONDS)
            run->over = true;
    }
    return code;
}

/* ---- the run ---- */

static int
open_office(struct run *run)
{
    struct cli_session *session = run->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    if (session->options.dry_run)
        return CLI_GO_ON;
    status = mail_office_open(session->config, &run->office, &why);
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    return CLI_GO_ON;
}

static void
state_facts(struct run *run)
{
    struct cli_report *report = run->session->report;

    cli_fact_number(report, "delivered", run->delivered);
    cli_fact_number(report, "deferred", run->deferred);
    cli_fact_number(report, "refused", run->refused);
    cli_fact_number(report, "owed", run->owed);
}

/* --again */
static int
forget_refusals(struct run *run)
{
    struct cli_session *session = run->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status;
    long count;

    if (!session->options.again || session->options.dry_run)
        return CLI_GO_ON;
    status = bwdir_outbox_forget_refusals(session->directory, &count, &why);
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    cli_say(session->report, "refused mail is tried again for %ld users",
            count);
    return CLI_GO_ON;
}

static int
work(struct run *run)
{
    int code = forget_refusals(run);

    if (run->session->options.json)
        cli_rows_stream(run->session->report, "mails");
    if (code == CLI_GO_ON)
        code = look(run);
    run->again = true;
    if (code == CLI_GO_ON && !run->session->options.dry_run &&
        run->due.count > 0) {
        code = deliver(run);
        cli_list_clear(&run->due);
        if (code == CLI_GO_ON)
            code = look(run);
    }
    state_facts(run);
    if (code != CLI_GO_ON)
        return code;
    return run->owed > 0 || run->failed ? EX_TEMPFAIL : EX_OK;
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    struct run run = {.session = &session, .began = time(NULL)};
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = open_office(&run);
    if (code == CLI_GO_ON)
        code = cli_session_connect_as(&session, "outbox");
    if (code == CLI_GO_ON)
        code = work(&run);
    mail_office_close(&run.office);
    cli_list_clear(&run.due);
    return cli_session_end(&session, code);
}
