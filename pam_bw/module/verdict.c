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

enum pambw_phase
pambw_verdict_authenticating(const struct pambw *call)
{
    if (call->options.one_phase || call->options.access == BW_WIRE_API)
        return PAMBW_AUTHENTICATE_ONLY;
    return PAMBW_AUTHENTICATE;
}

/*
 * A password that must be changed still authenticates, and still proves
 * itself as the old one; a change has to be done.
 */
static bool
grants(enum pambw_phase phase, enum bwdir_status status)
{
    return status == BWDIR_OK ||
           (status == BWDIR_MUST_CHANGE &&
            (phase == PAMBW_AUTHENTICATE || phase == PAMBW_PROVE_OLD));
}

static int
must_change(enum pambw_phase phase)
{
    if (phase == PAMBW_AUTHENTICATE_ONLY)
        return PAM_AUTHTOK_EXPIRED;
    return phase == PAMBW_CHANGE ? PAM_AUTHTOK_ERR : PAM_NEW_AUTHTOK_REQD;
}

/*
 * The status of what is not granted.  It has no success in it, on purpose.
 * What the daemon cannot mean as an answer to our questions is not to be
 * trusted: unavailable.
 */
static int
refusal(enum pambw_phase phase, enum bwdir_status status)
{
    switch (status) {
    case BWDIR_NO_MEMORY:
        return PAM_BUF_ERR;
    case BWDIR_CONFIG:
        return PAM_SERVICE_ERR;
    case BWDIR_NO_SUCH_USER:
        return PAM_USER_UNKNOWN;
    case BWDIR_BAD_CREDENTIALS:
        return PAM_AUTH_ERR;
    case BWDIR_DISABLED:
        return phase == PAMBW_ACCOUNT ? PAM_ACCT_EXPIRED : PAM_AUTH_ERR;
    case BWDIR_MALFORMED:
    case BWDIR_NOT_ALLOWED:
    case BWDIR_UNVERIFIED:
        return PAM_PERM_DENIED;
    case BWDIR_EXPIRED:
        return PAM_AUTHTOK_EXPIRED;
    case BWDIR_MUST_CHANGE:
        return must_change(phase);
    case BWDIR_BAD_VALUE:
    case BWDIR_REFUSED:
        return phase == PAMBW_CHANGE ? PAM_AUTHTOK_ERR : PAM_AUTHINFO_UNAVAIL;
    case BWDIR_OK:
    case BWDIR_INTERNAL:
    case BWDIR_UNAVAILABLE:
    case BWDIR_NOT_FOUND:
    case BWDIR_EXISTS:
    case BWDIR_NOT_PERMITTED:
    case BWDIR_NEED_PASSWORD:
        break;
    }
    return PAM_AUTHINFO_UNAVAIL;
}

int
pambw_verdict_code(enum pambw_phase phase, enum bwdir_status status)
{
    if (grants(phase, status))
        return PAM_SUCCESS; /* the one line that grants */
    return refusal(phase, status);
}

bool
pambw_verdict_is_failure(int code)
{
    return code == PAM_AUTH_ERR || code == PAM_USER_UNKNOWN;
}

void
pambw_verdict_delay(const struct pambw *call, int code)
{
    if (call->options.access == BW_WIRE_DASHBOARD &&
        pambw_verdict_is_failure(code))
        (void)pam_fail_delay(call->handle, FAIL_DELAY_US);
}

void
pambw_verdict_tell(const struct pambw *call, enum pambw_phase phase,
                   enum bwdir_status status)
{
    int code = pambw_verdict_code(phase, status);

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
