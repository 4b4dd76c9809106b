/*
 * bwdir-del(8): takes users out of the directory; restoration.c puts them
 * back.
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
#include <time.h>
#include <unistd.h>

#include "cli/change.h"
#include "cli/exit_code.h"
#include "cli/keep.h"
#include "cli/terminal.h"
#include "cli/user_facts.h"
#include "cli/watchdog.h"
#include "restoration.h"

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
    char *kept;   /* path of the file with the user at hand */
    char *fuller; /* of an earlier one that has more of him, or NULL */
    bool with_password;
};

/* ---- whom ---- */

static bool
is_to_ask(const struct cli_session *session)
{
    const struct cli_options *options = &session->options;

    return !options->yes && !options->dry_run && options->user != NULL;
}

static int
check_somebody_there(struct cli_session *session)
{
    if (!is_to_ask(session) ||
        (!session->options.no_prompt && cli_somebody_there()))
        return CLI_GO_ON;
    cli_error(session->report,
              "nobody is there to be asked; give --yes to delete without a "
              "question");
    return EX_USAGE;
}

static void
show_user(struct cli_session *session, const struct bwdir_user *user)
{
    const char *const *number = bwdir_user_accounts(user);
    struct bwdir_condition condition;
    char *words;

    bwdir_user_condition(user, (int64_t)time(NULL), &condition);
    words = cli_condition_words(condition.is, " ");
    cli_note(session->report, "to be deleted: %s: %s %s <%s>, %s, %s",
             bwdir_user_name(user), bwdir_user_first(user),
             bwdir_user_last(user), bwdir_user_mail(user),
             bwdir_level_name(bwdir_user_level(user)), words);
    for (; *number != NULL; number++)
        cli_note(session->report, "    account %s", *number);
    free(words);
}

/* All of them, before anybody is asked: a name that is not there is a name
 * that was mistyped. */
static int
show_users(struct cli_session *session)
{
    int code = CLI_GO_ON;

    for (const char *const *name = session->options.operands; *name != NULL;
         name++) {
        struct bwdir_user *user = NULL;
        struct bwdir_detail why = {""};
        enum bwdir_status status;

        cli_watchdog_start(session->report, EX_UNAVAILABLE,
                           "directory: no answer within 15 seconds; nothing "
                           "was deleted");
        status = cli_session_user(session, *name, &user, &why);
        cli_watchdog_stop();
        if (status == BWDIR_OK)
            show_user(session, user);
        else if (code == CLI_GO_ON)
            code = cli_session_fail(session, status, &why);
        else
            (void)cli_session_fail(session, status, &why);
        bwdir_user_free(&user);
    }
    return code;
}

static int
confirm(struct cli_session *session)
{
    char answer[8];
    int code;

    if (!is_to_ask(session))
        return CLI_GO_ON;
    code = show_users(session);
    if (code != CLI_GO_ON) {
        cli_note(session->report, "nothing was deleted");
        return code;
    }
    if (cli_ask("Type yes to delete: ", answer, sizeof answer) == BWDIR_OK &&
        strcmp(answer, "yes") == 0)
        return CLI_GO_ON;
    cli_error(session->report, "not confirmed; nothing was deleted");
    return EX_USAGE;
}

/* ---- away with them ---- */

static enum bwdir_status
plan(void *closure, const struct bwdir_user *user, struct bwdir_plan **made,
     struct bwdir_detail *why)
{
    const struct deletion *deletion = closure;
    const struct cli_session *session = deletion->session;

    return bwdir_user_plan_delete(session->directory, user,
                                  session->options.force, made, why);
}

static const char *
keep_dir(const struct cli_session *session)
{
    return session->options.keep != NULL
               ? session->options.keep
               : bwdir_config_text(session->config, "tools.keep-dir");
}

/* What a deletion that was stopped has kept, when there was more of him. */
static bool
look_at_earlier(const char *path, void *closure)
{
    struct deletion *deletion = closure;
    struct bwdir_directory *directory = deletion->session->directory;
    const char *best =
        deletion->fuller != NULL ? deletion->fuller : deletion->kept;
    struct bwdir_backup *earlier = NULL, *later = NULL;

    if (strcmp(path, deletion->kept) != 0 &&
        bwdir_backup_load(directory, path, &earlier, NULL) == BWDIR_OK &&
        bwdir_backup_load(directory, best, &later, NULL) == BWDIR_OK &&
        bwdir_backup_is_fuller(earlier, later)) {
        free(deletion->fuller);
        deletion->fuller = strdup(path);
    }
    bwdir_backup_free(&earlier);
    bwdir_backup_free(&later);
    return true;
}

static int
cannot_keep(struct cli_session *session, const struct bwdir_user *user,
            enum bwdir_status status, const struct bwdir_detail *why)
{
    int code = cli_session_fail(session, status, why);

    if (status == BWDIR_MALFORMED)
        cli_note(session->report, "%s: %s", bwdir_user_name(user), unkept);
    return code;
}

/* What --restore would not take is no way back either. */
static int
read_back(struct deletion *deletion, const struct bwdir_user *user)
{
    struct cli_session *session = deletion->session;
    struct bwdir_backup *backup = NULL;
    struct bwdir_detail why = {""};
    enum bwdir_status status;
    int code;

    status =
        bwdir_backup_load(session->directory, deletion->kept, &backup, &why);
    if (status == BWDIR_OK && bwdir_backup_check(backup, &why) != BWDIR_OK)
        cli_warning(session->report,
                    "%s; to be put right in %s before --restore", why.text,
                    deletion->kept);
    bwdir_backup_free(&backup);
    if (status == BWDIR_OK)
        return CLI_GO_ON;
    code = cli_session_fail(session, status, &why);
    cli_note(session->report, "%s: %s", bwdir_user_name(user), unkept);
    unlink(deletion->kept);
    return code;
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
    int code;

    free(deletion->kept);
    free(deletion->fuller);
    deletion->kept = deletion->fuller = NULL;
    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; nothing was "
                       "deleted");
    status = bwdir_user_backup(session->directory, user, &ldif,
                               &deletion->with_password, &why);
    cli_watchdog_stop();
    if (status != BWDIR_OK)
        return cannot_keep(session, user, status, &why);
    kept = cli_keep(session->report, keep_dir(session), bwdir_user_name(user),
                    ldif, &deletion->kept);
    explicit_bzero(ldif, strlen(ldif));
    free(ldif);
    if (!kept) {
        cli_error(session->report,
                  "user \"%s\": not deleted; --keep DIR names another place "
                  "for what is kept",
                  bwdir_user_name(user));
        return EX_IOERR;
    }
    code = read_back(deletion, user);
    if (code == CLI_GO_ON)
        cli_kept_each(keep_dir(session), bwdir_user_name(user),
                      look_at_earlier, deletion);
    return code;
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
    if (deletion->fuller == NULL)
        return CLI_GO_ON;
    cli_fact_text(report, "kept_before", deletion->fuller);
    cli_say(report, "%s: kept before with more rights, in %s",
            bwdir_user_name(user), deletion->fuller);
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
              bwdir_user_name(user),
              deletion->fuller != NULL ? deletion->fuller : deletion->kept);
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
    int code = check_somebody_there(session);

    if (code == CLI_GO_ON)
        code = cli_session_connect(session);
    if (code == CLI_GO_ON)
        code = confirm(session);
    if (code == CLI_GO_ON)
        code = cli_change_users(session, &change);
    free(deletion.kept);
    free(deletion.fuller);
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
        code = session.options.restore != NULL ? restoration_run(&session)
                                               : delete_users(&session);
    return cli_session_end(&session, code);
}
