/*
 * What an answer of the daemon means for the host.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/verdict.h"

#include "pam_bw/module/prompt.h"

#include <security/pam_ext.h>
#include <stdio.h>
#include <stdlib.h>

#define FAIL_DELAY_US 2000000

/* As the argument says, or else the daemon; a service that nobody has said
 * anything about is a dashboard service, the stricter. */
static bool
is_for_programs(const struct pambw *call)
{
    if (call->options.access == BW_WIRE_UNSAID)
        return call->told == BW_WIRE_API;
    return call->options.access == BW_WIRE_API;
}

enum pambw_phase
pambw_verdict_authenticating(const struct pambw *call)
{
    return pambw_code_authenticating(call->options.one_phase,
                                     is_for_programs(call));
}

void
pambw_verdict_delay(const struct pambw *call, int code)
{
    if (!is_for_programs(call) && pambw_code_is_failure(code))
        (void)pam_fail_delay(call->handle, FAIL_DELAY_US);
}

void
pambw_verdict_tell(const struct pambw *call, enum pambw_phase phase,
                   enum bwdir_status status)
{
    int code = pambw_code(phase, status);

    if (code == PAM_AUTHTOK_EXPIRED)
        pambw_tell(call, PAM_ERROR_MSG,
                   "Your password has expired. Ask your account "
                   "administrator for a new code.");
    else if (code == PAM_NEW_AUTHTOK_REQD)
        pambw_tell(call, PAM_ERROR_MSG,
                   "You are required to change your password immediately "
                   "(password expired).");
}

void
pambw_verdict_warn(const struct pambw *call, int days_left)
{
    char text[80];

    if (days_left < 0)
        return;
    (void)snprintf(text, sizeof(text),
                   "Warning: your password will expire in %d %s.", days_left,
                   days_left == 1 ? "day" : "days");
    pambw_tell(call, PAM_TEXT_INFO, text);
}

/* pam_putenv(3) logs an error when told to delete what is not there. */
static int
unset(const struct pambw *call, const char *name)
{
    if (pam_getenv(call->handle, name) == NULL)
        return PAM_SUCCESS;
    return pam_putenv(call->handle, name);
}

static int
set(const struct pambw *call, const char *name, const struct pambw_text *text)
{
    char *setting;
    int code;

    if (text == NULL || text->bytes == NULL)
        return unset(call, name);
    if (asprintf(&setting, "%s=%.*s", name, (int)text->length, text->bytes) <
        0)
        return PAM_BUF_ERR;
    code = pam_putenv(call->handle, setting);
    free(setting);
    return code;
}

int
pambw_verdict_environment(const struct pambw *call,
                          const struct pambw_answer *answer)
{
    const struct pambw_answer *from = answer;
    int failed = 0;

    failed |= set(call, "BWDIR_LEVEL", from ? &from->level : NULL);
    failed |= set(call, "BWDIR_ROLES", from ? &from->roles : NULL);
    failed |= set(call, "BWDIR_ACCOUNTS", from ? &from->accounts : NULL);
    failed |= set(call, "BWDIR_ACCESS", from ? &from->access : NULL);
    return failed == PAM_SUCCESS ? PAM_SUCCESS : PAM_BUF_ERR;
}
