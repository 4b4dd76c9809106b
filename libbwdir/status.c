/*
 * Words for each status.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bwdir.h"

const char *
bwdir_strerror(enum bwdir_status status)
{
    switch (status) {
    case BWDIR_OK:
        return "success";
    case BWDIR_INTERNAL:
        return "internal error";
    case BWDIR_NO_MEMORY:
        return "out of memory";
    case BWDIR_CONFIG:
        return "configuration error";
    case BWDIR_UNAVAILABLE:
        return "directory unavailable";
    case BWDIR_BAD_VALUE:
        return "bad value";
    case BWDIR_NO_SUCH_USER:
        return "no such user";
    case BWDIR_NOT_FOUND:
        return "no such entry";
    case BWDIR_EXISTS:
        return "already exists";
    case BWDIR_NOT_PERMITTED:
        return "not permitted";
    case BWDIR_MALFORMED:
        return "malformed entry";
    case BWDIR_BAD_CREDENTIALS:
        return "bad credentials";
    case BWDIR_REFUSED:
        return "new password refused";
    case BWDIR_DISABLED:
        return "account disabled";
    case BWDIR_NOT_ALLOWED:
        return "not allowed here";
    case BWDIR_UNVERIFIED:
        return "account unverified";
    case BWDIR_EXPIRED:
        return "password expired";
    case BWDIR_MUST_CHANGE:
        return "password must be changed";
    case BWDIR_NEED_PASSWORD:
        return "new password needed";
    }
    return "unknown status";
}
