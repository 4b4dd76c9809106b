/*
 * bwdir-add(8): adds a user to the directory and mails the sign-up code.
 *
 * Everything that can be wrong is looked for before anything is written; once
 * the user stands, whatever still goes wrong defers the mail and no more.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "addition.h"
#include "cli/exit_code.h"
#include "cli/new_password.h"
#include "cli/terminal.h"
#include "code_mail.h"

static const struct cli_tool tool = {
    "bwdir-add",
    CLI_ADD,
    "Adds a user and mails the sign-up code.  The user name never changes.",
    {"USERNAME", "one user name", 1}};

static int
read_password(struct addition *addition)
{
    struct cli_session *session = addition->session;
    const char *path = session->options.password_file;
    struct bwdir_detail why = {"password: one line of at most 512 bytes "
                               "wanted on standard input"};
    enum bwdir_status status;

    if (strcmp(path, "-") == 0)
        status = cli_read_secret_line(&addition->password);
    else
        status = cli_secret_from_file("--password-file", path,
                                      &addition->password, &why);
    if (status == BWDIR_NOT_FOUND)
        status = BWDIR_BAD_VALUE;
    if (status == BWDIR_OK)
        status = bwdir_password_check(addition->password, &why);
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    return CLI_GO_ON;
}

static int
get_password(struct addition *addition)
{
    const struct cli_options *options = &addition->session->options;
    struct cli_report *report = addition->session->report;
    enum bwdir_status status;

    if (options->set_password && options->password_file != NULL) {
        cli_error(report, "--set-password, --password-file: only one of "
                          "them wanted");
        return EX_USAGE;
    }
    if (options->password_file != NULL)
        return read_password(addition);
    if (!options->set_password)
        return CLI_GO_ON;
    if (options->no_prompt) {
        cli_error(report, "--set-password: not with --no-prompt; give "
                          "--password-file FILE");
        return EX_USAGE;
    }
    status = cli_new_password_ask(report, &addition->password);
    if (status == BWDIR_NOT_FOUND)
        return EX_USAGE;
    return status == BWDIR_OK ? CLI_GO_ON : cli_exit_code(status);
}

static int
add(struct addition *addition)
{
    struct cli_session *session = addition->session;
    bool early = addition_asks(session);
    int code = early ? cli_session_connect(session) : CLI_GO_ON;

    if (code == CLI_GO_ON)
        code = addition_fields(session);
    if (code == CLI_GO_ON)
        code = get_password(addition);
    if (code == CLI_GO_ON)
        code = code_mail_open(session, &addition->office);
    if (code == CLI_GO_ON && !early)
        code = cli_session_connect(session);
    return code == CLI_GO_ON ? addition_make(addition) : code;
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    struct addition addition = {.session = &session};
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = add(&addition);
    addition_clear(&addition);
    return cli_session_end(&session, code);
}
