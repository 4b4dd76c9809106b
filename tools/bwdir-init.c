/*
 * bwdir-init(8): sets a running slapd up for bwdir, and brings one up to date
 * after an upgrade.
 *
 * What should be there and how that differs is the library's to say; this
 * prints it or applies it, one difference after the other, so that whoever is
 * stopped anywhere goes on where he was.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "cli/change.h"
#include "cli/exit_code.h"
#include "code_mail.h"
#include "init/setup.h"

static const struct cli_tool tool = {
    "bwdir-init",
    CLI_INIT,
    "Sets a slapd up for bwdir, or brings it up to date.",
    {"", "no operand", 0}};

/* The first admin is described as bwdir-add describes a user; what makes him
 * one is not asked. */
static int
take_admin(struct setup *setup)
{
    struct cli_options *options = &setup->session->options;

    if (options->admin == NULL) {
        if (options->first == NULL && options->last == NULL &&
            options->mail == NULL && options->phone == NULL)
            return CLI_GO_ON;
        cli_error(setup->session->report,
                  "--first, --last, --mail, --phone: --admin NAME wanted with "
                  "them");
        return EX_USAGE;
    }
    options->user = options->admin;
    options->level = "admin";
    cli_list_add(&options->access, "dashboard");
    cli_list_add(&options->roles, "user-administrator");
    return addition_fields(setup->session);
}

/* slapd would say no more than "other" of a directory that is not there. */
static int
check_folder(struct setup *setup, const char *folder)
{
    struct stat found;

    if (stat(folder, &found) == 0 && S_ISDIR(found.st_mode))
        return CLI_GO_ON;
    cli_error(setup->session->report,
              "--create-database \"%s\": a directory that belongs to slapd's "
              "user wanted; on Debian: install -d -m 700 -o openldap -g "
              "openldap DIR, below /var/lib/ldap",
              folder);
    return EX_DATAERR;
}

static int
create_database(struct setup *setup)
{
    struct cli_session *session = setup->session;
    const char *folder = session->options.database_folder;
    struct bwdir_detail why = {""};
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status;
    int code = check_folder(setup, folder);

    if (code != CLI_GO_ON)
        return code;
    status = bwdir_database_plan_add(session->directory, folder, &plan, &why);
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    if (session->options.dry_run)
        code = cli_plan_print(session, plan);
    else
        code = cli_plan_apply(session, plan);
    bwdir_plan_free(&plan);
    if (session->options.dry_run)
        cli_note(session->report,
                 "what goes into the database can be told once it is there");
    if (code == CLI_GO_ON) {
        setup->changes++;
        cli_say(session->report, "database: added, in %s", folder);
    }
    return code;
}

static int
open_installation(struct setup *setup)
{
    struct cli_session *session = setup->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status;
    int code = CLI_GO_ON;

    status = bwdir_installation_open(session->directory,
                                     session->options.schema_folder,
                                     &setup->installation, &why);
    if (status == BWDIR_NOT_FOUND &&
        session->options.database_folder != NULL) {
        code = create_database(setup);
        if (code != CLI_GO_ON)
            return code;
        status = bwdir_installation_open(session->directory,
                                         session->options.schema_folder,
                                         &setup->installation, &why);
    }
    if (status == BWDIR_OK)
        return CLI_GO_ON;
    code = cli_session_fail(session, status, &why);
    return status == BWDIR_NOT_FOUND ? EX_CONFIG : code; /* no such database */
}

static int
add_account(struct setup *setup, const char *number)
{
    struct cli_session *session = setup->session;
    struct bwdir_detail why = {""};
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status;
    int code;

    status = bwdir_account_plan_add(session->directory, number, NULL, NULL,
                                    &plan, &why);
    if (status == BWDIR_EXISTS)
        return CLI_GO_ON;
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    if (session->options.dry_run) {
        code = cli_plan_print(session, plan);
        code = code == EX_OK ? CLI_GO_ON : code;
    } else {
        code = cli_plan_apply(session, plan);
    }
    bwdir_plan_free(&plan);
    if (code == CLI_GO_ON && !session->options.dry_run) {
        setup->changes++;
        cli_say(session->report, "account %s: added", number);
    }
    return code;
}

/* He is added once; what became of him since is his and the admins'. */
static int
add_admin(struct setup *setup)
{
    struct cli_session *session = setup->session;
    struct bwdir_detail why = {""};
    struct bwdir_user *user = NULL;
    enum bwdir_status status;

    if (session->options.admin == NULL)
        return EX_OK;
    status = bwdir_user_get(session->directory, session->options.admin, &user,
                            &why);
    bwdir_user_free(&user);
    if (status == BWDIR_OK || status == BWDIR_MALFORMED)
        return EX_OK;
    if (status != BWDIR_NO_SUCH_USER)
        return cli_session_fail(session, status, &why);
    setup->changes++;
    return addition_make(&setup->admin);
}

static int
init(struct setup *setup)
{
    const struct cli_list *accounts = &setup->session->options.accounts;
    int code = take_admin(setup);

    if (code == CLI_GO_ON)
        code = init_programs_look(setup);
    if (code == CLI_GO_ON)
        code = cli_session_connect(setup->session);
    if (code == CLI_GO_ON)
        code = open_installation(setup);
    if (code == CLI_GO_ON)
        code = init_sample(setup);
    if (code == CLI_GO_ON && setup->session->options.admin != NULL)
        code = code_mail_open(setup->session, &setup->admin.office);
    if (code == CLI_GO_ON)
        code = init_part(setup, BWDIR_INSTALL_CONFIG);
    if (code == CLI_GO_ON)
        code = init_part(setup, BWDIR_INSTALL_ENTRIES);
    if (code == CLI_GO_ON)
        code = init_programs(setup);
    for (size_t i = 0; code == CLI_GO_ON && i < accounts->count; i++)
        code = add_account(setup, accounts->items[i]);
    if (code == CLI_GO_ON)
        code = add_admin(setup);
    if (code == EX_OK && setup->changes == 0 &&
        !setup->session->options.dry_run)
        cli_say(setup->session->report, "nothing to do");
    return code;
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    struct setup setup = {.session = &session, .admin.session = &session};
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = init(&setup);
    addition_clear(&setup.admin);
    bwdir_installation_close(&setup.installation);
    bwdir_config_free(&setup.sample);
    if (setup.saved != NULL)
        fclose(setup.saved);
    return cli_session_end(&session, code);
}
