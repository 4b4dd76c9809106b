/*
 * bwdir-passwd(1): one's own password; a code for somebody who has forgotten
 * his; a random password for a program.  Nobody sets another person's
 * password here.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/change.h"
#include "cli/exit_code.h"
#include "cli/new_password.h"
#include "cli/terminal.h"
#include "cli/watchdog.h"
#include "code_mail.h"

static const struct cli_tool tool = {
    "bwdir-passwd",
    CLI_PASSWD,
    "Changes your password, or has somebody else's made anew.",
    {"[USERNAME]\n       bwdir-passwd --reset [OPTION...] USERNAME...",
     "user names", CLI_ANY_NUMBER}};

struct renewal {
    struct cli_session *session;
    struct mail_office *office;
    char *dn;   /* to bind as */
    char *self; /* the user that we are, or NULL */
    bool own;   /* it is the password of that user that changes */
    struct bwdir_secret *before;
    struct bwdir_secret *after;
};

/* ---- who is there ---- */

/* Whoever runs this, unless that is root, who is nobody there. */
static const char *
login_name(void)
{
    const struct passwd *entry = getuid() != 0 ? getpwuid(getuid()) : NULL;

    return entry != NULL ? entry->pw_name : NULL;
}

/* Keeps a copy of the bind password, which proves who is there. */
static int
keep_before(struct renewal *renewal)
{
    const struct bwdir_secret *password = renewal->session->options.password;

    if (password == NULL)
        return CLI_GO_ON;
    return bwdir_secret_new(bwdir_secret_bytes(password),
                            bwdir_secret_length(password),
                            &renewal->before) == BWDIR_OK
               ? CLI_GO_ON
               : EX_OSERR;
}

static int
ask_before(struct renewal *renewal)
{
    struct cli_options *options = &renewal->session->options;
    enum bwdir_status status;

    if (renewal->before != NULL)
        return CLI_GO_ON;
    status = options->no_prompt
                 ? cli_read_secret_line(&options->password)
                 : cli_ask_secret("Current password: ", &options->password);
    if (status == BWDIR_OK && bwdir_secret_length(options->password) > 0)
        return keep_before(renewal);
    cli_error(renewal->session->report,
              "password: no answer; on a terminal it is asked for, with "
              "--no-prompt a line of standard input is wanted");
    return EX_USAGE;
}

/* Makes the user the one who binds. */
static int
become_user(struct renewal *renewal)
{
    struct cli_session *session = renewal->session;
    const char *name = session->options.user;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    if (name == NULL)
        name = login_name();
    if (name == NULL) {
        cli_error(session->report, "user name: missing; give one");
        return EX_USAGE;
    }
    status = bwdir_field_check("name", name, &why);
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    renewal->dn = bwdir_user_dn(session->config, session->options.base, name);
    if (renewal->dn == NULL)
        return EX_OSERR;
    session->options.bind_dn = renewal->dn;
    return ask_before(renewal);
}

/* Whether it is the user's own password that is to change. */
static bool
is_own(const struct renewal *renewal)
{
    const struct cli_options *options = &renewal->session->options;

    if (options->reset)
        return false;
    return !options->generate ||
           (options->bind_dn == NULL && renewal->before != NULL);
}

static bool
names_itself(const struct renewal *renewal)
{
    const char *user = renewal->session->options.user;

    return renewal->self != NULL &&
           (user == NULL || strcmp(user, renewal->self) == 0);
}

static int
sign_in(struct renewal *renewal)
{
    struct cli_session *session = renewal->session;
    int code = cli_session_password(session);

    if (code == CLI_GO_ON)
        code = keep_before(renewal);
    renewal->own = is_own(renewal);
    if (code == CLI_GO_ON && renewal->own && session->options.bind_dn == NULL)
        code = become_user(renewal);
    if (code == CLI_GO_ON)
        code = cli_session_connect(session);
    if (code == EX_NOPERM && renewal->own)
        cli_note(session->report,
                 "for a password that is forgotten, or that expired too long "
                 "ago, an administrator has a code: bwdir-passwd --reset");
    if (code != CLI_GO_ON)
        return code;
    renewal->self = bwdir_directory_self(session->directory);
    renewal->own |= session->options.generate && renewal->before != NULL &&
                    names_itself(renewal);
    if (renewal->own && session->options.dry_run) {
        cli_error(session->report, "-n: not with one's own password");
        return EX_USAGE;
    }
    if (!renewal->own || names_itself(renewal))
        return CLI_GO_ON;
    cli_error(session->report,
              "user name: one's own password is changed here, and you are "
              "\"%s\"; for somebody else: --reset",
              bwdir_directory_whoami(session->directory));
    return EX_USAGE;
}

/* ---- one's own ---- */

static int
read_after(struct renewal *renewal)
{
    struct cli_session *session = renewal->session;
    const char *path = session->options.password_file;
    struct bwdir_detail why = {"new password: one line of at most 512 bytes "
                               "wanted on standard input"};
    enum bwdir_status status;

    if (path == NULL || strcmp(path, "-") == 0)
        status = cli_read_secret_line(&renewal->after);
    else
        status = bwdir_secret_from_file(path, &renewal->after, &why);
    if (status == BWDIR_NOT_FOUND)
        status = BWDIR_BAD_VALUE;
    if (status == BWDIR_OK)
        status = bwdir_password_check(renewal->after, &why);
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}

static bool
may_ask(const struct cli_options *options)
{
    return !options->no_prompt && options->password_file == NULL;
}

static int
get_after(struct renewal *renewal)
{
    enum bwdir_status status;

    bwdir_secret_free(&renewal->after);
    if (renewal->session->options.generate)
        status = bwdir_password_new(&renewal->after);
    else if (!may_ask(&renewal->session->options))
        return read_after(renewal);
    else
        status =
            cli_new_password_ask(renewal->session->report, &renewal->after);
    if (status == BWDIR_NOT_FOUND)
        return EX_USAGE;
    return status == BWDIR_OK ? CLI_GO_ON : cli_exit_code(status);
}

static enum bwdir_status
replace(struct renewal *renewal, struct bwdir_detail *why)
{
    struct cli_session *session = renewal->session;
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status;

    status = bwdir_password_plan_change(session->directory, renewal->before,
                                        renewal->after, &plan, why);
    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; whether the "
                       "password was changed is not known");
    if (status == BWDIR_OK)
        status = bwdir_plan_apply(session->directory, plan, why);
    cli_watchdog_stop();
    bwdir_plan_free(&plan);
    return status;
}

/* Another try where the server objects and a person can think of another. */
static int
change(struct renewal *renewal)
{
    struct cli_session *session = renewal->session;
    enum bwdir_status status = BWDIR_REFUSED;
    struct bwdir_detail why = {""};

    for (int i = 1; i <= CLI_PASSWORD_TRIES; i++) {
        int code = get_after(renewal);

        if (code != CLI_GO_ON)
            return code;
        status = replace(renewal, &why);
        if (status != BWDIR_REFUSED || !may_ask(&session->options) ||
            session->options.generate)
            break;
        if (i < CLI_PASSWORD_TRIES)
            cli_note(session->report, "%s", why.text);
    }
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    cli_saved(session->report);
    cli_fact_text(session->report, "result", "changed");
    return CLI_GO_ON;
}

/* ---- a random one ---- */

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

/* The one time that it is shown: by itself in a line of standard output, past
 * stdio, whose buffers nobody wipes. */
static int
show(struct cli_session *session, const struct bwdir_secret *secret)
{
    const char *bytes = bwdir_secret_bytes(secret);
    size_t length = bwdir_secret_length(secret);
    char line[BWDIR_PASSWORD_MAX + 1];
    bool shown;

    if (session->options.json) {
        cli_fact_text(session->report, "password", bytes);
        return EX_OK;
    }
    memcpy(line, bytes, length);
    line[length] = '\n';
    shown = fflush(stdout) == 0 &&
            write(STDOUT_FILENO, line, length + 1) == (ssize_t)length + 1;
    explicit_bzero(line, sizeof line);
    if (shown)
        return EX_OK;
    cli_error(
        session->report,
        "standard output: cannot be written; the new password is set and "
        "nobody knows it, so please have another one made");
    return EX_IOERR;
}

static int
generate_own(struct renewal *renewal)
{
    struct cli_session *session = renewal->session;
    struct bwdir_detail why = {""};
    struct bwdir_user *user = NULL;
    enum bwdir_status status;
    int code;

    status = bwdir_user_get(session->directory, renewal->self, &user, &why);
    if (status == BWDIR_OK)
        status = check_program(user, &why);
    bwdir_user_free(&user);
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    code = change(renewal);
    return code == CLI_GO_ON ? show(session, renewal->after) : code;
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
show_generated(void *closure, const struct bwdir_user *user)
{
    struct renewal *renewal = closure;
    int code = show(renewal->session, renewal->after);

    (void)user;
    return code == EX_OK ? CLI_GO_ON : code;
}

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

    return code_mail_send(renewal->session, renewal->office,
                          bwdir_user_name(user));
}

/* ---- */

static int
change_others(struct renewal *renewal)
{
    struct cli_session *session = renewal->session;
    const struct cli_change reset = {.plan = plan_reset,
                                     .after = send_code,
                                     .closure = renewal,
                                     .result = "reset",
                                     .done = "owed a code for a new password"};
    const struct cli_change generate = {.plan = plan_generated,
                                        .after = show_generated,
                                        .closure = renewal,
                                        .result = "generated"};

    if (session->options.reset)
        return cli_change_users(session, &reset);
    return cli_change_users(session, &generate);
}

static int
change_own(struct renewal *renewal)
{
    struct cli_session *session = renewal->session;
    int code;

    cli_fact_text(session->report, "user", renewal->self);
    cli_fact_text(session->report, "result", "failed");
    if (session->options.generate)
        return generate_own(renewal);
    code = change(renewal);
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
        code = sign_in(renewal);
    if (code != CLI_GO_ON)
        return code;
    return renewal->own ? change_own(renewal) : change_others(renewal);
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
