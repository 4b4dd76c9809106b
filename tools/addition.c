/*
 * A user who is added, and told so by mail: what bwdir-add and bwdir-init do.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "addition.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "cli/change.h"
#include "cli/draft.h"
#include "cli/exit_code.h"
#include "cli/fields.h"
#include "cli/terminal.h"
#include "cli/watchdog.h"
#include "code_mail.h"
#include "ensure.h"

static bool
may_ask(const struct cli_options *options)
{
    return !options->no_prompt && cli_somebody_there();
}

bool
addition_asks(const struct cli_session *session)
{
    return may_ask(&session->options);
}

/* Asks the directory about one answer. */
static enum bwdir_status
look_up(struct cli_session *session, const char *field, const char *value,
        struct bwdir_detail *why)
{
    struct bwdir_user *user = NULL;
    struct bwdir_account *account = NULL;
    struct bwdir_role *role = NULL;
    enum bwdir_status status = BWDIR_OK;

    if (strcmp(field, "name") == 0 && !session->options.ensure) {
        status = bwdir_user_get(session->directory, value, &user, why);
        if (status == BWDIR_NO_SUCH_USER)
            status = BWDIR_OK;
        else if (status == BWDIR_OK || status == BWDIR_MALFORMED)
            status = BWDIR_EXISTS;
    } else if (strcmp(field, "account") == 0) {
        status = bwdir_account_get(session->directory, value, &account, why);
    } else if (strcmp(field, "role") == 0) {
        status = bwdir_role_get(session->directory, value, &role, why);
    }
    bwdir_user_free(&user);
    bwdir_account_free(&account);
    bwdir_role_free(&role);
    return status;
}

/* What is hidden from us shows when the user is saved. */
static enum bwdir_status
look_up_watched(struct cli_session *session, const char *field,
                const char *value, struct bwdir_detail *why)
{
    enum bwdir_status status;

    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; nothing was "
                       "written");
    status = look_up(session, field, value, why);
    cli_watchdog_stop();
    if (status == BWDIR_EXISTS)
        snprintf(why->text, sizeof why->text,
                 "user name \"%s\": already taken; choose another", value);
    return status;
}

static bool
fits(const char *field, const char *value, struct bwdir_detail *why,
     void *closure)
{
    return look_up_watched(closure, field, value, why) == BWDIR_OK;
}

/* One value of the command line, before anybody answers questions. */
static int
check_given(struct cli_session *session, const char *field, const char *value)
{
    struct bwdir_detail why = {""};
    enum bwdir_status status = look_up_watched(session, field, value, &why);

    if (status == BWDIR_NOT_FOUND && strcmp(field, "role") == 0)
        status = BWDIR_BAD_VALUE;
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}

static int
check_all_given(struct cli_session *session)
{
    const struct cli_options *options = &session->options;
    int code = CLI_GO_ON;

    if (options->user != NULL)
        code = check_given(session, "name", options->user);
    for (size_t i = 0; code == CLI_GO_ON && i < options->accounts.count; i++)
        code = check_given(session, "account", options->accounts.items[i]);
    for (size_t i = 0; code == CLI_GO_ON && i < options->roles.count; i++)
        code = check_given(session, "role", options->roles.items[i]);
    return code;
}

/* All fields given or asked for, and fit. */
int
addition_fields(struct cli_session *session)
{
    struct cli_options *options = &session->options;
    const struct cli_probe probe = {fits, session};
    bool fit = cli_fields_check(options, session->report);
    int code;

    if (!fit && !may_ask(options))
        cli_fields_complete(options, session->report);
    if (!fit)
        return EX_DATAERR;
    if (!may_ask(options))
        return cli_fields_complete(options, session->report) ? CLI_GO_ON
                                                             : EX_USAGE;
    code = session->directory != NULL ? check_all_given(session) : CLI_GO_ON;
    if (code != CLI_GO_ON)
        return code;
    return cli_fields_ask(options, session->report,
                          session->directory != NULL ? &probe : NULL)
               ? CLI_GO_ON
               : EX_USAGE;
}

#define CONFIRM_TRIES 3

/* The user name never changes, so a person types it a second time. */
static int
confirm(struct cli_session *session)
{
    enum bwdir_status status = BWDIR_BAD_VALUE;
    char answer[BWDIR_USER_NAME_MAX + 2];
    char question[160];

    if (!may_ask(&session->options))
        return CLI_GO_ON;
    stpcpy(stpcpy(stpcpy(question, "The user name \""), session->options.user),
           "\" can never be changed.\nRepeat it to save the user: ");
    for (int i = 1; i <= CONFIRM_TRIES && status != BWDIR_NOT_FOUND; i++) {
        status = cli_ask(question, answer, sizeof answer);
        if (status == BWDIR_OK && strcmp(answer, session->options.user) == 0)
            return CLI_GO_ON;
        if (status != BWDIR_NOT_FOUND && i < CONFIRM_TRIES)
            cli_note(session->report, "that is another name");
    }
    cli_error(session->report,
              "user \"%s\": not repeated; nothing was written",
              session->options.user);
    return EX_DATAERR;
}

/* Whether the user is there already, for --ensure. */
static int
look_for(struct addition *addition, struct bwdir_user **user)
{
    struct cli_session *session = addition->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    *user = NULL;
    if (!session->options.ensure)
        return CLI_GO_ON;
    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; nothing was "
                       "written");
    status =
        bwdir_user_get(session->directory, session->options.user, user, &why);
    cli_watchdog_stop();
    return status == BWDIR_OK || status == BWDIR_NO_SUCH_USER
               ? CLI_GO_ON
               : cli_session_fail(session, status, &why);
}

/* With --ensure somebody else may have added the user since we looked: *there
 * gets him, and nothing is told. */
static int
look_again(struct addition *addition, enum bwdir_status status,
           struct bwdir_user **there)
{
    *there = NULL;
    return status == BWDIR_EXISTS ? look_for(addition, there) : CLI_GO_ON;
}

static int
make_plan(struct addition *addition, struct bwdir_user **there)
{
    struct cli_session *session = addition->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status, advised = BWDIR_OK;
    int code;

    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; nothing was "
                       "written");
    status = bwdir_user_plan_add(session->directory, &addition->draft,
                                 &addition->plan, &why);
    if (status == BWDIR_OK)
        advised = advice_on_draft(session, &addition->draft, &why);
    cli_watchdog_stop();
    if (advised != BWDIR_OK)
        return cli_session_fail(session, advised, &why);
    code = look_again(addition, status, there);
    if (code != CLI_GO_ON || *there != NULL || status == BWDIR_OK)
        return code;
    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; nothing was "
                       "written");
    cli_draft_report(session->directory, &addition->draft, status, &why,
                     session->report);
    cli_watchdog_stop();
    return cli_exit_code(status);
}

static int
save(struct addition *addition, struct bwdir_user **there)
{
    struct cli_session *session = addition->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status = cli_plan_try(session, addition->plan, &why);
    int code = look_again(addition, status, there);

    if (code != CLI_GO_ON || *there != NULL)
        return code;
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    cli_fact_flag(session->report, "created", true);
    cli_fact_text(session->report, "result", "created");
    cli_say(session->report, "%s: added%s%s", session->options.user,
            session->options.owner != NULL ? ", another user name of " : "",
            session->options.owner != NULL ? session->options.owner : "");
    return CLI_GO_ON;
}

static int
send_mail(struct addition *addition)
{
    int code = code_mail_send(addition->session, addition->office,
                              addition->session->options.user);

    return code == CLI_GO_ON ? EX_OK : code;
}

static void
state_facts(struct addition *addition)
{
    struct cli_report *report = addition->session->report;
    const struct bwdir_user_draft *draft = &addition->draft;

    cli_fact_text(report, "user", draft->name);
    cli_fact_text(report, "first", draft->first);
    cli_fact_text(report, "last", draft->last);
    cli_fact_text(report, "mail", draft->mail);
    cli_fact_text(report, "phone", draft->phone);
    cli_fact_text(report, "level", draft->level);
    cli_fact_text(report, "access", bwdir_access_name(draft->access));
    cli_fact_list(report, "roles", draft->roles);
    cli_fact_list(report, "accounts", draft->accounts);
    cli_fact_flag(report, "password", draft->password != NULL);
    cli_fact_text(report, "result", "failed");
    cli_fact_flag(report, "created", false);
    cli_fact_flag(report, "mailed", false);
}

/* Frees the user. */
static int
ensure(struct addition *addition, struct bwdir_user *user)
{
    int code;

    bwdir_plan_free(&addition->plan);
    code = ensure_user(addition, user);
    bwdir_user_free(&user);
    return code;
}

int
addition_make(struct addition *addition)
{
    struct cli_session *session = addition->session;
    struct bwdir_user *there;
    int code;

    cli_draft_fill(&session->options, addition->password, &addition->draft);
    code = look_for(addition, &there);
    if (code != CLI_GO_ON)
        return code;
    if (there == NULL)
        code = make_plan(addition, &there);
    if (code != CLI_GO_ON)
        return code;
    state_facts(addition);
    if (there != NULL)
        return ensure(addition, there);
    if (session->options.dry_run) {
        cli_fact_text(session->report, "result", "planned");
        return cli_plan_print(session, addition->plan);
    }
    code = confirm(session);
    if (code == CLI_GO_ON)
        code = save(addition, &there);
    if (there != NULL)
        return ensure(addition, there);
    if (code == CLI_GO_ON)
        code = send_mail(addition);
    return code;
}

void
addition_clear(struct addition *addition)
{
    bwdir_plan_free(&addition->plan);
    bwdir_secret_free(&addition->password);
    mail_office_close(&addition->office);
}
