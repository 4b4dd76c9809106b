/*
 * The one table from a status to a PAM code.  bwdir-why compiles this file
 * too, so it needs libc and the numbers of libpam's header only.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/pam_code.h"

#include <stddef.h>

enum pambw_phase
pambw_code_authenticating(bool one_phase, bool for_programs)
{
    return one_phase || for_programs ? PAMBW_AUTHENTICATE_ONLY
                                     : PAMBW_AUTHENTICATE;
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
pambw_code(enum pambw_phase phase, enum bwdir_status status)
{
    if (grants(phase, status))
        return PAM_SUCCESS; /* the one line that grants */
    return refusal(phase, status);
}

bool
pambw_code_is_failure(int code)
{
    return code == PAM_AUTH_ERR || code == PAM_USER_UNKNOWN;
}

const char *
pambw_code_name(int code)
{
    static const struct {
        int code;
        const char *name;
    } names[] = {
        {PAM_SUCCESS, "PAM_SUCCESS"},
        {PAM_SERVICE_ERR, "PAM_SERVICE_ERR"},
        {PAM_BUF_ERR, "PAM_BUF_ERR"},
        {PAM_PERM_DENIED, "PAM_PERM_DENIED"},
        {PAM_AUTH_ERR, "PAM_AUTH_ERR"},
        {PAM_AUTHINFO_UNAVAIL, "PAM_AUTHINFO_UNAVAIL"},
        {PAM_USER_UNKNOWN, "PAM_USER_UNKNOWN"},
        {PAM_NEW_AUTHTOK_REQD, "PAM_NEW_AUTHTOK_REQD"},
        {PAM_ACCT_EXPIRED, "PAM_ACCT_EXPIRED"},
        {PAM_AUTHTOK_ERR, "PAM_AUTHTOK_ERR"},
        {PAM_AUTHTOK_EXPIRED, "PAM_AUTHTOK_EXPIRED"},
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (names[i].code == code)
            return names[i].name;
    return NULL;
}
