/*
 * bwdir-remind(8): owes users the mail that their password is to be renewed.
 * Who is reminded and when is the library's one decision; bwdir-mail(8)
 * delivers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <time.h>

#include "cli/exit_code.h"
#include "cli/session.h"
#include "cli/watchdog.h"

static const struct cli_tool tool = {
    "bwdir-remind",
    CLI_REMIND,
    "Owes users the mail that their password is to be renewed.",
    {"", "no operand", 0}};

struct run {
    struct cli_session *session;
    int64_t when;
    long reminded;
    int failed; /* exit code of the first user with whom it failed */
    enum bwdir_status status;
    struct bwdir_detail why;
};

static int
read_command_line(struct run *run)
{
    struct cli_session *session = run->session;
    const struct cli_options *options = &session->options;

    run->when = (int64_t)time(NULL);
    if (options->at == NULL)
        return CLI_GO_ON;
    if (!options->dry_run) {
        cli_error(session->report, "--at: -n wanted with it");
        return EX_USAGE;
    }
    if (!bwdir_time_parse(options->at, run->when, &run->when)) {
        cli_error(session->report,
                  "--at \"%s\": 2026-12-24, 2026-12-24T18:00Z or +7d wanted",
                  options->at);
        return EX_DATAERR;
    }
    return CLI_GO_ON;
}

static bool
tell(struct run *run, const struct bwdir_reminder *reminder)
{
    struct cli_report *report = run->session->report;
    const char *name = bwdir_user_name(reminder->user);
    char expiry[BWDIR_TIME_SIZE];

    run->reminded++;
    bwdir_time_format(reminder->expiry, expiry);
    if (reminder->days > 0)
        cli_say(report, "%s: %d-day reminder, expires %s", name,
                reminder->days, expiry);
    else
        cli_say(report, "%s: expired %s", name, expiry);
    cli_row_open(report, "reminders");
    cli_fact_text(report, "user", name);
    cli_fact_text(report, "address", bwdir_user_mail(reminder->user));
    cli_fact_number(report, "days", reminder->days);
    cli_fact_text(report, "expires", expiry);
    return cli_row_close(report);
}

/* What the server has against one user does not keep the others from their
 * mail; whatever else went wrong would with them too. */
static bool
go_on(struct run *run)
{
    if (run->status != BWDIR_NOT_PERMITTED && run->status != BWDIR_EXISTS &&
        run->status != BWDIR_REFUSED && run->status != BWDIR_MALFORMED)
        return false;
    if (run->failed == EX_OK)
        run->failed = cli_exit_code(run->status);
    (void)cli_session_fail(run->session, run->status, &run->why);
    run->status = BWDIR_OK;
    return true;
}

static bool
visit(const struct bwdir_reminder *reminder, const struct bwdir_detail *why,
      void *closure)
{
    struct run *run = closure;
    struct cli_session *session = run->session;

    cli_watchdog_again();
    if (reminder == NULL) {
        run->status = BWDIR_MALFORMED;
        run->why = *why;
        return go_on(run);
    }
    if (!reminder->is_new)
        return true;
    if (session->options.dry_run)
        return tell(run, reminder) && cli_watchdog_pass_rows();
    run->status = bwdir_reminder_owe(session->directory, reminder, &run->why);
    if (run->status == BWDIR_OK) {
        cli_saved(session->report);
        (void)tell(run, reminder); /* who cannot be told is owed the mail */
        (void)cli_watchdog_pass_rows();
    }
    if (run->status == BWDIR_NOT_FOUND) /* changed meanwhile */
        run->status = BWDIR_OK;
    return run->status == BWDIR_OK || go_on(run);
}

static int
remind(struct run *run)
{
    struct cli_session *session = run->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    cli_rows_stream(session->report, "reminders");
    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; the next run "
                       "goes on");
    status =
        bwdir_reminder_list(session->directory, run->when, visit, run, &why);
    cli_watchdog_stop();
    if (status == BWDIR_OK && run->status != BWDIR_OK) {
        status = run->status;
        why = run->why;
    }
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    return run->failed;
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    struct run run = {.session = &session, .status = BWDIR_OK};
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = read_command_line(&run);
    if (code == CLI_GO_ON)
        code = cli_session_connect_outbox(&session);
    if (code == CLI_GO_ON)
        code = remind(&run);
    return cli_session_end(&session, code);
}
