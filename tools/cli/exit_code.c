/*
 * What a status means to the shell.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "exit_code.h"

int
cli_exit_code(enum bwdir_status status)
{
    switch (status) {
    case BWDIR_OK:
        return EX_OK;
    case BWDIR_NO_MEMORY:
        return EX_OSERR;
    case BWDIR_CONFIG:
        return EX_CONFIG;
    case BWDIR_UNAVAILABLE:
        return EX_UNAVAILABLE;
    case BWDIR_BAD_VALUE:
    case BWDIR_MALFORMED:
    case BWDIR_REFUSED:
    case BWDIR_NEED_PASSWORD:
        return EX_DATAERR;
    case BWDIR_NO_SUCH_USER:
        return EX_NOUSER;
    case BWDIR_EXISTS:
        return EX_CANTCREAT;
    case BWDIR_NOT_FOUND: /* which may be hidden as well as missing */
    case BWDIR_NOT_PERMITTED:
    case BWDIR_BAD_CREDENTIALS:
    case BWDIR_DISABLED:
    case BWDIR_NOT_ALLOWED:
    case BWDIR_UNVERIFIED:
    case BWDIR_EXPIRED:
    case BWDIR_MUST_CHANGE:
        return EX_NOPERM;
    case BWDIR_INTERNAL:
        return EX_SOFTWARE;
    }
    return EX_SOFTWARE;
}
