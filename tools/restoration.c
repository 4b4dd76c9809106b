/*
 * bwdir-del --restore: a user who was kept in a file is put back, or what he
 * lacks of it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "restoration.h"

#include "cli/change.h"
#include "cli/exit_code.h"
#include "cli/watchdog.h"
#include "code_mail.h"

struct restoration {
    struct cli_session *session;
    struct mail_office *office;
    struct bwdir_backup *backup;
    struct bwdir_plan *plan; /* NULL: the user has it all */
    bool changed;
};

static void
warn_left_out(const char *what, const char *name, const char *why,
              void *closure)
{
    struct restoration *restoration = closure;

    cli_warning(restoration->session->report, "%s \"%s\": left out, for %s",
                what, name, why);
}

static int
make_plan(struct restoration *restoration)
{
    struct cli_session *session = restoration->session;
    const struct bwdir_restore_report report = {warn_left_out, restoration};
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; nothing was "
                       "written");
    status = bwdir_backup_load(session->directory, session->options.restore,
                               &restoration->backup, &why);
    if (status == BWDIR_OK) {
        cli_fact_text(session->report, "user",
                      bwdir_backup_name(restoration->backup));
        status =
            bwdir_backup_find(session->directory, restoration->backup, &why);
    }
    if (status == BWDIR_OK)
        status = bwdir_backup_plan(session->directory, restoration->backup,
                                   &report, &restoration->plan, &why);
    cli_watchdog_stop();
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}

static enum bwdir_status
own(struct restoration *restoration, const char *name)
{
    struct cli_session *session = restoration->session;
    struct bwdir_plan *plan = NULL;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    status = bwdir_backup_plan_owned(session->directory, restoration->backup,
                                     name, &plan, &why);
    if (status == BWDIR_OK && plan != NULL) {
        status = bwdir_plan_apply(session->directory, plan, &why);
        restoration->changed |= status == BWDIR_OK;
    }
    bwdir_plan_free(&plan);
    if (status != BWDIR_OK)
        cli_error(session->report, "%s: does not refer to the user again: %s",
                  name,
                  why.text[0] != '\0' ? why.text : bwdir_strerror(status));
    return status;
}

/* The other users of the same person. */
static int
own_all(struct restoration *restoration)
{
    const char *const *name = bwdir_backup_owned(restoration->backup);
    int code = CLI_GO_ON;

    for (; *name != NULL; name++) {
        enum bwdir_status status;

        cli_watchdog_start(restoration->session->report, EX_UNAVAILABLE,
                           "directory: no answer within 15 seconds; the user "
                           "is back, whether all that referred to him is is "
                           "not known");
        status = own(restoration, *name);
        cli_watchdog_stop();
        if (status != BWDIR_OK && code == CLI_GO_ON)
            code = cli_exit_code(status);
    }
    return code;
}

static int
apply(struct restoration *restoration)
{
    struct cli_session *session = restoration->session;
    int code;

    if (restoration->plan == NULL)
        return CLI_GO_ON;
    code = cli_plan_apply(session, restoration->plan);
    restoration->changed = code == CLI_GO_ON;
    if (code == EX_NOPERM && !bwdir_backup_is_there(restoration->backup) &&
        bwdir_backup_has_password(restoration->backup))
        cli_note(session->report,
                 "the file has the password's hash, which you may not put "
                 "back with all the rest; without its line userPassword the "
                 "user comes back with a code");
    return code;
}

/* A user who was there keeps the password and the code that he has. */
static int
complete(struct restoration *restoration)
{
    struct cli_report *report = restoration->session->report;
    int code = own_all(restoration);

    cli_fact_text(report, "result",
                  restoration->changed ? "restored"
                  : code == CLI_GO_ON  ? "unchanged"
                                       : "failed");
    cli_say(report, "%s: %s", bwdir_backup_name(restoration->backup),
            restoration->changed ? "was there; what was missing is restored"
            : code == CLI_GO_ON  ? "is there, and nothing is missing"
                                 : "is there");
    return code;
}

static int
put_back(struct restoration *restoration)
{
    struct cli_session *session = restoration->session;
    const char *name = bwdir_backup_name(restoration->backup);
    bool whole = bwdir_backup_has_password(restoration->backup);
    int code, late;

    cli_fact_text(session->report, "result", "restored");
    cli_fact_flag(session->report, "password", whole);
    cli_say(session->report, "%s: restored%s", name,
            whole ? "" : ", unverified and without a password");
    code = own_all(restoration);
    late = bwdir_backup_wants_code(restoration->backup)
               ? code_mail_send(session, restoration->office, name)
               : CLI_GO_ON;
    return code == CLI_GO_ON ? late : code;
}

/* Who was disabled is so again. */
static void
warn_disabled(const struct restoration *restoration)
{
    struct cli_session *session = restoration->session;
    struct bwdir_user *user = NULL;

    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; the user is "
                       "back");
    if (bwdir_user_get(session->directory,
                       bwdir_backup_name(restoration->backup), &user,
                       NULL) == BWDIR_OK)
        cli_warn_disabled(session, user);
    cli_watchdog_stop();
    bwdir_user_free(&user);
}

static int
carry_out(struct restoration *restoration)
{
    struct cli_session *session = restoration->session;
    bool there = bwdir_backup_is_there(restoration->backup);
    int code;

    if (session->options.dry_run) {
        cli_fact_text(session->report, "result",
                      restoration->plan != NULL ? "planned" : "unchanged");
        if (restoration->plan != NULL)
            return cli_plan_print(session, restoration->plan);
        cli_say(session->report, "%s: is there, and nothing is missing",
                bwdir_backup_name(restoration->backup));
        return EX_OK;
    }
    code = apply(restoration);
    if (code != CLI_GO_ON)
        return code;
    code = there ? complete(restoration) : put_back(restoration);
    warn_disabled(restoration);
    return code == CLI_GO_ON ? EX_OK : code;
}

int
restoration_run(struct cli_session *session)
{
    struct restoration restoration = {.session = session};
    int code = code_mail_open(session, &restoration.office);

    cli_fact_text(session->report, "result", "failed");
    if (code == CLI_GO_ON)
        code = cli_session_connect(session);
    if (code == CLI_GO_ON)
        code = make_plan(&restoration);
    if (code == CLI_GO_ON)
        code = carry_out(&restoration);
    bwdir_plan_free(&restoration.plan);
    bwdir_backup_free(&restoration.backup);
    mail_office_close(&restoration.office);
    return code;
}
