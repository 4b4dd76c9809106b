/*
 * bwdir-verify(1): a user confirms mail and phone with the sign-up code and
 * sets the password where the code is for that.
 *
 * Whatever the directory refuses gets the same words, so that nobody learns
 * here which user names exist or whether the code or the phone was wrong.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <string.h>

#include "cli/exit_code.h"
#include "cli/journal.h"
#include "cli/new_password.h"
#include "cli/session.h"
#include "cli/terminal.h"
#include "cli/watchdog.h"

static const struct cli_tool tool = {
    "bwdir-verify",
    CLI_VERIFY,
    "Confirms a new user's data with the code of the sign-up mail.",
    {"USERNAME", "one user name", 1}};

#define ANSWER_SIZE 64
#define ANSWER_TRIES 3
#define REFUSED                                                               \
    "code or phone: refused; either one is wrong, or the code was used, "     \
    "replaced, or is too old (your administrator can send another)"

/* What the user has answered. */
struct answers {
    struct cli_session *session;
    struct bwdir_secret *code;
    char phone[ANSWER_SIZE];
    struct bwdir_secret *password;
    struct bwdir_verification *proven;
};

static bool
code_fits(const struct bwdir_secret *code)
{
    return bwdir_code_has_shape(bwdir_secret_bytes(code),
                                bwdir_secret_length(code));
}

static int
no_answer(struct answers *answers, const char *field)
{
    cli_error(answers->session->report,
              "%s: no answer; on a terminal it is asked for, with "
              "--no-prompt a line of standard input is wanted",
              field);
    return EX_USAGE;
}

static enum bwdir_status
take_code(struct answers *answers, struct bwdir_detail *why)
{
    enum bwdir_status status;

    bwdir_secret_free(&answers->code);
    *why = (struct bwdir_detail){
        "code: five letters and digits four times wanted, as in the mail: "
        "XXXXX-XXXXX-XXXXX-XXXXX"};
    if (answers->session->options.no_prompt)
        status = cli_read_secret_line(&answers->code);
    else
        status = cli_ask_secret("Code from the mail: ", &answers->code);
    if (status != BWDIR_OK)
        return status;
    return code_fits(answers->code) ? BWDIR_OK : BWDIR_BAD_VALUE;
}

static enum bwdir_status
take_phone(struct answers *answers, struct bwdir_detail *why)
{
    enum bwdir_status status;

    *why = (struct bwdir_detail){
        "phone: one line of ten digits wanted, for example 9195551234"};
    if (answers->session->options.no_prompt)
        status = cli_read_line(answers->phone, sizeof answers->phone);
    else
        status = cli_ask("Work phone, ten digits: ", answers->phone,
                         sizeof answers->phone);
    return status == BWDIR_OK ? bwdir_field_check("phone", answers->phone, why)
                              : status;
}

/* A person who mistypes is asked again: no server has been bothered yet. */
static int
get(struct answers *answers, const char *field,
    enum bwdir_status (*take)(struct answers *answers,
                              struct bwdir_detail *why))
{
    struct cli_session *session = answers->session;
    enum bwdir_status status = BWDIR_BAD_VALUE;
    struct bwdir_detail why = {""};

    for (int i = 1; status == BWDIR_BAD_VALUE && i <= ANSWER_TRIES; i++) {
        status = take(answers, &why);
        if (status == BWDIR_BAD_VALUE && session->options.no_prompt)
            break;
        if (status == BWDIR_BAD_VALUE && i < ANSWER_TRIES)
            cli_note(session->report, "%s", why.text);
    }
    if (status == BWDIR_NOT_FOUND)
        return no_answer(answers, field);
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}

/* The repetition may be left out by a program, but it may not differ. */
static int
read_password(struct answers *answers)
{
    struct cli_report *report = answers->session->report;
    struct bwdir_secret *again = NULL;
    enum bwdir_status status = cli_read_secret_line(&answers->password);
    int code = CLI_GO_ON;

    if (status == BWDIR_NOT_FOUND)
        return no_answer(answers, "new password");
    if (status == BWDIR_OK)
        status = cli_read_secret_line(&again);
    if (status == BWDIR_OK && !cli_secrets_equal(answers->password, again))
        status = BWDIR_BAD_VALUE;
    if (status != BWDIR_OK && status != BWDIR_NOT_FOUND) {
        cli_error(report,
                  "new password: two equal lines of at most %d bytes "
                  "wanted",
                  BWDIR_PASSWORD_MAX);
        code = EX_DATAERR;
    }
    bwdir_secret_free(&again);
    return code;
}

static int
get_password(struct answers *answers)
{
    enum bwdir_status status;

    bwdir_secret_free(&answers->password);
    if (!bwdir_verification_sets_password(answers->proven))
        return CLI_GO_ON;
    if (answers->session->options.no_prompt)
        return read_password(answers);
    status =
        cli_new_password_ask(answers->session->report, &answers->password);
    if (status == BWDIR_NOT_FOUND)
        return EX_USAGE;
    return status == BWDIR_OK ? CLI_GO_ON : cli_exit_code(status);
}

/* Tries that are refused are told too: many of them are somebody guessing. */
static void
tell(const struct cli_session *session, enum bwdir_status status,
     const struct bwdir_detail *why)
{
    cli_journal_write(
        session, &(struct cli_journal_event){.what = "redeem sign-up code",
                                             .name = session->options.user,
                                             .who = "sign-up code",
                                             .status = status,
                                             .reason = why->text});
}

/* One text for all that the directory refuses. */
static int
fail(struct cli_session *session, enum bwdir_status status,
     const struct bwdir_detail *why)
{
    static const struct bwdir_detail refused = {REFUSED};

    if (status == BWDIR_BAD_CREDENTIALS)
        why = &refused;
    return cli_session_fail(session, status, why);
}

/*
 * The change was not made.  What the server says about it (names of entries,
 * of rules) is for administrators, so only -v shows it; what it says about a
 * new password has been put into words for a person.
 */
static int
fail_change(struct cli_session *session, enum bwdir_status status,
            const struct bwdir_detail *why)
{
    static const struct bwdir_detail unknown = {
        "directory: no useful answer; whether the code was used is not "
        "known, please try it again"};
    static const struct bwdir_detail objection = {
        "directory: your data could not be confirmed, because something "
        "about your entry is not right; please tell your administrator"};

    if (status == BWDIR_BAD_CREDENTIALS || status == BWDIR_REFUSED)
        return fail(session, status, why);
    if (session->options.verbose)
        cli_note(session->report, "%s", why->text);
    return fail(session, status,
                status == BWDIR_UNAVAILABLE ? &unknown : &objection);
}

static int
prove(struct answers *answers)
{
    struct cli_session *session = answers->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds");
    status = bwdir_verification_open(session->config, session->options.user,
                                     answers->code, answers->phone,
                                     &answers->proven, &why);
    cli_watchdog_stop();
    if (status != BWDIR_OK) {
        tell(session, status, &why);
        return fail(session, status, &why);
    }
    if (session->options.verbose)
        cli_note(session->report, "code and phone are proven, %s",
                 bwdir_verification_sets_password(answers->proven)
                     ? "a new password is wanted"
                     : "the password stays");
    return CLI_GO_ON;
}

static enum bwdir_status
redeem(struct answers *answers, struct bwdir_detail *why)
{
    struct cli_report *report = answers->session->report;
    enum bwdir_status status;

    cli_watchdog_start(report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; whether the "
                       "code was used is not known");
    status =
        bwdir_verification_redeem(answers->proven, answers->password, why);
    cli_watchdog_stop();
    tell(answers->session, status, why);
    return status;
}

/* A password that the server refuses leaves the code valid; a person may try
 * another one. */
static int
finish(struct answers *answers)
{
    struct cli_session *session = answers->session;
    enum bwdir_status status = BWDIR_REFUSED;
    struct bwdir_detail why = {""};

    for (int i = 1; i <= CLI_PASSWORD_TRIES; i++) {
        int code = get_password(answers);

        if (code != CLI_GO_ON)
            return code;
        status = redeem(answers, &why);
        if (status != BWDIR_REFUSED || session->options.no_prompt)
            break;
        if (i < CLI_PASSWORD_TRIES)
            cli_note(session->report, "%s", why.text);
    }
    if (status != BWDIR_OK)
        return fail_change(session, status, &why);
    cli_saved(session->report);
    cli_fact_flag(session->report, "verified", true);
    cli_fact_flag(session->report, "password_set", answers->password != NULL);
    cli_say(session->report, "%s: verified%s", session->options.user,
            answers->password != NULL ? ", the new password is set" : "");
    return EX_OK;
}

static int
verify(struct answers *answers)
{
    struct cli_session *session = answers->session;
    int code;

    if (session->options.user == NULL) {
        cli_error(session->report, "user: missing; give a user name");
        return EX_USAGE;
    }
    cli_journal_begin(session);
    cli_fact_text(session->report, "user", session->options.user);
    cli_fact_flag(session->report, "verified", false);
    cli_fact_flag(session->report, "password_set", false);
    code = get(answers, "code", take_code);
    if (code == CLI_GO_ON)
        code = get(answers, "phone", take_phone);
    if (code == CLI_GO_ON)
        code = prove(answers);
    if (code == CLI_GO_ON)
        code = finish(answers);
    return code;
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    struct answers answers = {.session = &session};
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = verify(&answers);
    bwdir_verification_free(&answers.proven);
    bwdir_secret_free(&answers.code);
    bwdir_secret_free(&answers.password);
    explicit_bzero(answers.phone, sizeof answers.phone);
    return cli_session_end(&session, code);
}
