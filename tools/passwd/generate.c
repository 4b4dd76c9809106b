/*
 * A random password for a program.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "renewal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../cli/change.h"
#include "../cli/exit_code.h"

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

int
passwd_generate_own(struct renewal *renewal)
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
    code = passwd_change(renewal);
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

int
passwd_generate_others(struct renewal *renewal)
{
    const struct cli_change generate = {.plan = plan_generated,
                                        .after = show_generated,
                                        .closure = renewal,
                                        .result = "generated"};

    return cli_change_users(renewal->session, &generate);
}
