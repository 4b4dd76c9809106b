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
#include "mail/patience.h"

static const struct cli_tool tool = {
    "bwdir-mail",
    CLI_MAIL,
    "Delivers the mail that users are owed.",
    {"[USERNAME...]", "user names", CLI_ANY_NUMBER}};

/* One run serves so many, and leaves the rest to the next. */
#define RUN_USERS 10000

/* It ends when the directory did not answer over so many in a row. */
#define LOST_MAX 3

struct run {
    struct cli_session *session;
    struct mail_office *office;
    struct cli_list due;   /* names */
    struct cli_list asked; /* names of users that were given */
    struct cli_list owing; /* those of them whom mail is owed, due or not */
    struct mail_patience patience;
    int lost;
    bool again; /* who is owed what has been looked up before */
    bool failed;
    int unfit; /* the exit code of the first name or entry that is none */
    long delivered, deferred, refused;
    long owed; /* users, when last looked */
    long held; /* users too, whose address is refused */
};

/* ---- who is owed what ---- */

static bool
is_among(const char *const *names, const char *name)
{
    for (; *names != NULL; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static bool
is_asked_for(const struct run *run, const char *name)
{
    const char *const *names = run->session->options.operands;

    return *names == NULL || is_among(names, name);
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

/* Until when the mail waits, and why. */
static void
write_wait(const struct bwdir_owed *owed, char *text, size_t size)
{
    char until[BWDIR_TIME_SIZE];
    struct bwdir_wait wait;

    bwdir_owed_wait(owed, &wait);
    bwdir_time_format(wait.until, until);
    if (bwdir_owed_hold(owed) == BWDIR_HOLD_REFUSED)
        snprintf(text, size,
                 "until the address, which is refused, is another one, "
                 "bwdir-resend reaches it or bwdir-mail --again is given");
    else if (bwdir_owed_hold(owed) == BWDIR_HOLD_DISABLED)
        snprintf(text, size, "until bwdir-enable %s, who is disabled",
                 bwdir_user_name(bwdir_owed_user(owed)));
    else if (wait.full)
        snprintf(text, size,
                 "until %s, for the address has had its mails of today",
                 until);
    else if (wait.attempts == 1)
        snprintf(text, size, "until %s, after one try", until);
    else if (wait.attempts > 1)
        snprintf(text, size, "until %s, after %ld tries", until,
                 wait.attempts);
    else
        snprintf(text, size, "while somebody else delivers it");
}

static void
show_due(struct run *run, const struct bwdir_owed *owed)
{
    if (!run->session->options.dry_run)
        return;
    cli_say(run->session->report, "%s: %s to %s: due",
            bwdir_user_name(bwdir_owed_user(owed)),
            bwdir_mail_word(bwdir_owed_mail(owed)), bwdir_owed_address(owed));
    put_row(run, owed, "due", NULL);
}

/* Whoever asks for a user by name is told why he gets nothing. */
static void
show_waiting(struct run *run, const struct bwdir_owed *owed)
{
    struct cli_session *session = run->session;
    const char *name = bwdir_user_name(bwdir_owed_user(owed));
    const char *mail = bwdir_mail_word(bwdir_owed_mail(owed));
    const char *address = bwdir_owed_address(owed);
    char wait[160];

    write_wait(owed, wait, sizeof wait);
    if (session->options.dry_run)
        cli_say(session->report, "%s: %s to %s: waits %s", name, mail, address,
                wait);
    else if (*session->options.operands != NULL)
        cli_error(session->report, "%s: %s to %s waits %s", name, mail,
                  address, wait);
    else if (session->options.verbose)
        cli_note(session->report, "%s: %s to %s waits %s", name, mail, address,
                 wait);
    if (session->options.dry_run || *session->options.operands != NULL)
        put_row(run, owed, "waits", wait);
}

/* One of those who are owed mail cannot be read. */
static void
note_malformed(struct run *run, const struct bwdir_detail *why)
{
    struct cli_session *session = run->session;
    bool all = *session->options.operands == NULL;

    run->owed += all;
    if (all && run->unfit == 0)
        run->unfit = cli_exit_code(BWDIR_MALFORMED);
    if (run->again)
        return;
    if (all)
        cli_error(session->report, "%s", why->text);
    else
        cli_warning(session->report, "%s", why->text);
}

static bool
look_at(const struct bwdir_owed *owed, const struct bwdir_detail *why,
        void *closure)
{
    struct run *run = closure;
    const char *name;

    cli_watchdog_again();
    if (owed == NULL) {
        note_malformed(run, why);
        return true;
    }
    name = bwdir_user_name(bwdir_owed_user(owed));
    if (!is_asked_for(run, name))
        return true;
    run->owed += bwdir_owed_is_mail(owed);
    run->held += bwdir_owed_hold(owed) != BWDIR_HOLD_NONE;
    if (!run->again && (bwdir_owed_is_mail(owed) ||
                        bwdir_owed_hold(owed) != BWDIR_HOLD_NONE)) {
        if (run->asked.count > 0)
            cli_list_add(&run->owing, name);
        if (bwdir_owed_is_mail(owed) && bwdir_owed_is_due(owed))
            show_due(run, owed);
        else
            show_waiting(run, owed);
        (void)cli_watchdog_pass_rows();
    }
    if (bwdir_owed_is_due(owed) && run->due.count < RUN_USERS)
        cli_list_add(&run->due, name);
    return true;
}

/* Names that are none are told of, and the others are served. */
static int
check_names(struct run *run)
{
    struct cli_session *session = run->session;
    const char *const *name = session->options.operands;
    enum bwdir_status status = BWDIR_OK;

    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds");
    for (; *name != NULL && status != BWDIR_UNAVAILABLE; name++) {
        struct bwdir_detail why = {""};
        struct bwdir_user *user = NULL;

        cli_watchdog_again();
        status = cli_session_user(session, *name, &user, &why);
        bwdir_user_free(&user);
        if (status == BWDIR_OK)
            cli_list_add(&run->asked, *name);
        else if (status != BWDIR_MALFORMED) {
            int code = cli_session_fail(session, status, &why);

            run->unfit = run->unfit == 0 ? code : run->unfit;
        }
    }
    cli_watchdog_stop();
    return status == BWDIR_UNAVAILABLE ? EX_UNAVAILABLE : CLI_GO_ON;
}

/* Whoever asks for a user by name is told that there is nothing, too. */
static void
tell_of_none(const struct run *run)
{
    const char *const *name = cli_list_items(&run->asked);

    for (; *name != NULL; name++)
        if (!is_among(cli_list_items(&run->owing), *name))
            cli_say(run->session->report, "%s: is owed no mail", *name);
}

static int
look(struct run *run)
{
    struct cli_session *session = run->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    run->owed = run->held = 0;
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
note_result(struct run *run, const struct mail_result *result)
{
    const char *words =
        mail_patience_note(&run->patience, result->status, result->answered);

    if (words != NULL)
        cli_error(run->session->report, "%s", words);
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
    } else if (result->dropped) {
        cli_say(report, "%s: %s to %s is dropped: %s", name, mail, address,
                why->text);
        put_row(run, owed, "dropped", why->text);
    } else if (result->status == BWDIR_REFUSED ||
               result->status == BWDIR_BAD_VALUE) {
        run->refused++;
        run->failed |= bwdir_mail_has_code(bwdir_owed_mail(owed));
        cli_error(report, "%s: %s to %s is refused: %s", name, mail, address,
                  why->text);
        put_row(run, owed, "refused", why->text);
    } else {
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
    struct mail_result result = {BWDIR_OK, false, false};
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
    note_result(run, &result);
    if (*status != BWDIR_OK && result.status == BWDIR_OK)
        complain(run, name, *status, why);
    bwdir_owed_free(&owed);
    return *status == BWDIR_OK &&
           (result.status == BWDIR_OK || result.dropped);
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
    int served = 0;

    for (bool more = true; more && served < BWDIR_MAILS_OF_USER; served++) {
        cli_watchdog_tell(run->session->report);
        more = serve_once(run, name, &status, &why);
        cli_watchdog_stop();
    }
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

    for (size_t i = 0;
         i < run->due.count &&
         !mail_patience_is_over(&run->patience, (int64_t)time(NULL));
         i++) {
        code = serve(run, run->due.items[i]);
        if (code != CLI_GO_ON)
            break;
        if (cli_rows_due())
            fflush(stdout);
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
    cli_fact_number(report, "held", run->held);
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

/* No later run delivers what is held, so it is no failure of each; but it is
 * for who names the user. */
static bool
is_held_back(const struct run *run)
{
    return run->held > 0 && *run->session->options.operands != NULL;
}

static int
work(struct run *run)
{
    int code = check_names(run);

    if (code == CLI_GO_ON)
        code = forget_refusals(run);
    if (run->session->options.json)
        cli_rows_stream(run->session->report, "mails");
    if (code == CLI_GO_ON)
        code = look(run);
    if (code == CLI_GO_ON)
        tell_of_none(run);
    run->again = true;
    if (code == CLI_GO_ON && !run->session->options.dry_run &&
        run->due.count > 0) {
        code = deliver(run);
        cli_list_clear(&run->due);
        if (code == CLI_GO_ON)
            code = look(run);
    }
    state_facts(run);
    if (run->owed > 0 && !run->session->options.dry_run)
        cli_say(run->session->report,
                "users who are still owed mail: %ld; bwdir-mail -n tells "
                "until when",
                run->owed);
    if (code != CLI_GO_ON || run->unfit != 0)
        return code != CLI_GO_ON ? code : run->unfit;
    return run->owed > 0 || run->failed || is_held_back(run) ? EX_TEMPFAIL
                                                             : EX_OK;
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    struct run run = {.session = &session,
                      .patience.began = (int64_t)time(NULL)};
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = open_office(&run);
    if (code == CLI_GO_ON)
        code = cli_session_connect_outbox(&session);
    if (code == CLI_GO_ON)
        code = work(&run);
    mail_office_close(&run.office);
    cli_list_clear(&run.due);
    cli_list_clear(&run.asked);
    cli_list_clear(&run.owing);
    return cli_session_end(&session, code);
}
