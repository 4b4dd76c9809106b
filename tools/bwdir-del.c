/*
 * bwdir-del(8): takes users out of the directory, and puts them back.
 *
 * Nothing is deleted before everything that is needed to put it back is on the
 * disk.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/change.h"
#include "cli/exit_code.h"
#include "cli/keep.h"
#include "cli/terminal.h"
#include "cli/watchdog.h"
#include "code_mail.h"

static const struct cli_tool tool = {
    "bwdir-del",
    CLI_DEL,
    "Deletes users, or puts one back who was deleted.",
    {"[USERNAME...]", "user names", CLI_ANY_NUMBER}};

/* A file that does not hold everything would be no way back. */
static const char unkept[] =
    "not deleted, for what cannot be read cannot be kept; ldapmodify(1) puts "
    "the entry right, ldapdelete -r takes it away as it is";

struct deletion {
    struct cli_session *session;
    char *kept; /* path of the file with the user at hand */
    bool with_password;
};

/* ---- deleting ---- */

static int
confirm(struct cli_session *session)
{
    const struct cli_options *options = &session->options;
    char answer[8];

    if (options->yes || options->dry_run)
        return CLI_GO_ON;
    if (options->no_prompt || !cli_somebody_there()) {
        cli_error(session->report,
                  "nobody is there to be asked; give --yes to delete without "
                  "a question");
        return EX_USAGE;
    }
    for (const char *const *name = options->operands; *name != NULL; name++)
        cli_note(session->report, "to be deleted: %s", *name);
    if (cli_ask("Type yes to delete: ", answer, sizeof answer) == BWDIR_OK &&
        strcmp(answer, "yes") == 0)
        return CLI_GO_ON;
    cli_error(session->report, "not confirmed; nothing was deleted");
    return EX_USAGE;
}

static enum bwdir_status
plan(void *closure, const struct bwdir_user *user, struct bwdir_plan **made,
     struct bwdir_detail *why)
{
    struct deletion *deletion = closure;

    return bwdir_user_plan_delete(deletion->session->directory, user, made,
                                  why);
}

static const char *
keep_dir(const struct cli_session *session)
{
    return session->options.keep != NULL
               ? session->options.keep
               : bwdir_config_text(session->config, "tools.keep-dir");
}

static int
keep(void *closure, const struct bwdir_user *user)
{
    struct deletion *deletion = closure;
    struct cli_session *session = deletion->session;
    struct bwdir_detail why = {""};
    char *ldif = NULL;
    enum bwdir_status status;
    bool kept;

    free(deletion->kept);
    deletion->kept = NULL;
    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; nothing was "
                       "deleted");
    status = bwdir_user_backup(session->directory, user, &ldif,
                               &deletion->with_password, &why);
    cli_watchdog_stop();
    if (status == BWDIR_MALFORMED)
        cli_note(session->report, "%s: %s", bwdir_user_name(user), unkept);
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    kept = cli_keep(session->report, keep_dir(session), bwdir_user_name(user),
                    ldif, &deletion->kept);
    explicit_bzero(ldif, strlen(ldif));
    free(ldif);
    if (!kept)
        cli_error(session->report,
                  "user \"%s\": not deleted; --keep DIR names another place "
                  "for what is kept",
                  bwdir_user_name(user));
    return kept ? CLI_GO_ON : EX_IOERR;
}

static int
tell(void *closure, const struct bwdir_user *user)
{
    struct deletion *deletion = closure;
    struct cli_report *report = deletion->session->report;

    cli_fact_text(report, "kept", deletion->kept);
    cli_fact_flag(report, "password_kept", deletion->with_password);
    cli_say(report, "%s: kept in %s%s", bwdir_user_name(user), deletion->kept,
            deletion->with_password
                ? ""
                : ", without the password; after --restore the user gets a "
                  "code");
    return CLI_GO_ON;
}

/* What is not needed is not left about; what may be is named. */
static void
give_up(void *closure, const struct bwdir_user *user)
{
    struct deletion *deletion = closure;
    struct cli_session *session = deletion->session;

    if (deletion->kept == NULL)
        return;
    if (session->nothing_done) {
        unlink(deletion->kept);
        return;
    }
    cli_error(session->report,
              "user \"%s\": perhaps deleted in part; try again, or bwdir-del "
              "--restore %s",
              bwdir_user_name(user), deletion->kept);
}

static int
delete_users(struct cli_session *session)
{
    struct deletion deletion = {.session = session};
    const struct cli_change change = {.plan = plan,
                                      .before = keep,
                                      .after = tell,
                                      .failed = give_up,
                                      .closure = &deletion,
                                      .result = "deleted",
                                      .done = "deleted",
                                      .malformed = unkept};
    int code = session->options.user != NULL ? confirm(session) : CLI_GO_ON;

    if (code == CLI_GO_ON)
        code = cli_session_connect(session);
    if (code == CLI_GO_ON)
        code = cli_change_users(session, &change);
    free(deletion.kept);
    return code;
}

/* ---- putting back ---- */

struct restoring {
    struct cli_session *session;
    struct mail_office *office;
    struct bwdir_backup *backup;
    struct bwdir_plan *plan;
};

static void
warn_left_out(const char *what, const char *name, void *closure)
{
    struct restoring *restoring = closure;

    cli_warning(restoring->session->report,
                "%s \"%s\": left out, for it is not there or not yours to "
                "give",
                what, name);
}

static int
make_plan(struct restoring *restoring)
{
    struct cli_session *session = restoring->session;
    const struct bwdir_restore_report report = {warn_left_out, restoring};
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; nothing was "
                       "written");
    status = bwdir_backup_load(session->directory, session->options.restore,
                               &restoring->backup, &why);
    if (status == BWDIR_OK) {
        cli_fact_text(session->report, "user",
                      bwdir_backup_name(restoring->backup));
        status = bwdir_backup_plan(session->directory, restoring->backup,
                                   &report, &restoring->plan, &why);
    }
    cli_watchdog_stop();
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}

/* One reference; BWDIR_NOT_FOUND behind the last. */
static enum bwdir_status
put_back_reference(struct restoring *restoring, size_t number)
{
    struct cli_session *session = restoring->session;
    struct bwdir_plan *planned = NULL;
    struct bwdir_detail why = {""};
    const char *entry = "";
    enum bwdir_status status;

    status = bwdir_backup_plan_reference(session->directory, restoring->backup,
                                         number, &entry, &planned, &why);
    if (status == BWDIR_NOT_FOUND)
        return status;
    if (status == BWDIR_OK)
        status = bwdir_plan_apply(session->directory, planned, &why);
    bwdir_plan_free(&planned);
    if (status != BWDIR_OK)
        cli_error(session->report, "%s: does not refer to the user again: %s",
                  entry,
                  why.text[0] != '\0' ? why.text : bwdir_strerror(status));
    return status;
}

static int
put_back_references(struct restoring *restoring)
{
    int code = CLI_GO_ON;

    for (size_t i = 0;; i++) {
        enum bwdir_status status = put_back_reference(restoring, i);

        if (status == BWDIR_NOT_FOUND)
            return code;
        if (status != BWDIR_OK && code == CLI_GO_ON)
            code = cli_exit_code(status);
    }
}

static int
put_back(struct restoring *restoring)
{
    struct cli_session *session = restoring->session;
    const char *name = bwdir_backup_name(restoring->backup);
    bool whole = bwdir_backup_has_password(restoring->backup);
    int code = cli_plan_apply(session, restoring->plan);
    int late;

    if (code == EX_NOPERM && whole)
        cli_note(session->report,
                 "the file has the password's hash, which only a manager of "
                 "the whole directory puts back; without its line "
                 "userPassword the user comes back with a code");
    if (code != CLI_GO_ON)
        return code;
    cli_fact_text(session->report, "result", "restored");
    cli_fact_flag(session->report, "password", whole);
    cli_say(session->report, "%s: restored%s", name,
            whole ? "" : ", unverified and without a password");
    code = put_back_references(restoring);
    late =
        whole ? CLI_GO_ON : code_mail_send(session, restoring->office, name);
    if (code == CLI_GO_ON)
        code = late;
    return code == CLI_GO_ON ? EX_OK : code;
}

static int
restore(struct cli_session *session)
{
    struct restoring restoring = {.session = session};
    int code = code_mail_open(session, &restoring.office);

    cli_fact_text(session->report, "result", "failed");
    if (code == CLI_GO_ON)
        code = cli_session_connect(session);
    if (code == CLI_GO_ON)
        code = make_plan(&restoring);
    if (code == CLI_GO_ON && session->options.dry_run) {
        cli_fact_text(session->report, "result", "planned");
        code = cli_plan_print(session, restoring.plan);
    } else if (code == CLI_GO_ON) {
        code = put_back(&restoring);
    }
    bwdir_plan_free(&restoring.plan);
    bwdir_backup_free(&restoring.backup);
    mail_office_close(&restoring.office);
    return code;
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON && session.options.restore != NULL &&
        session.options.user != NULL) {
        cli_error(session.report, "--restore: no user name with it");
        code = EX_USAGE;
    }
    if (code == CLI_GO_ON)
        code = session.options.restore != NULL ? restore(&session)
                                               : delete_users(&session);
    return cli_session_end(&session, code);
}
