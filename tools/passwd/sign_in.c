/*
 * Who is there, and whose password it is that is made anew.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "renewal.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "../cli/exit_code.h"
#include "../cli/terminal.h"

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
    if (status == BWDIR_OK && bwdir_secret_length(options->password) == 0)
        status = BWDIR_NOT_FOUND;
    if (status == BWDIR_OK)
        return keep_before(renewal);
    return cli_session_unread(
        renewal->session, status,
        "password: no answer; on a terminal it is asked for, with "
        "--no-prompt a line of standard input is wanted");
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

int
passwd_sign_in(struct renewal *renewal)
{
    struct cli_session *session = renewal->session;
    int code = cli_session_password(session);

    if (code == CLI_GO_ON)
        code = keep_before(renewal);
    renewal->own = is_own(renewal);
    if (code == CLI_GO_ON && renewal->own && session->options.bind_dn == NULL)
        code = become_user(renewal);
    if (code == CLI_GO_ON)
        code = renewal->own ? cli_session_connect_to_change(session)
                            : cli_session_connect(session);
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
