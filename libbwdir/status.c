/*
 * A name and words for each status: the one table of them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stddef.h>

#include "bwdir.h"

static const struct {
    const char *name; /* for logs and programs */
    const char *words;
} table[] = {
    [BWDIR_OK] = {"ok", "success"},
    [BWDIR_INTERNAL] = {"internal", "internal error"},
    [BWDIR_NO_MEMORY] = {"no-memory", "out of memory"},
    [BWDIR_CONFIG] = {"config", "configuration error"},
    [BWDIR_UNAVAILABLE] = {"unavailable", "directory unavailable"},
    [BWDIR_BAD_VALUE] = {"bad-value", "bad value"},
    [BWDIR_NO_SUCH_USER] = {"no-such-user", "no such user"},
    [BWDIR_NOT_FOUND] = {"not-found", "no such entry"},
    [BWDIR_EXISTS] = {"exists", "already exists"},
    [BWDIR_NOT_PERMITTED] = {"not-permitted", "not permitted"},
    [BWDIR_MALFORMED] = {"malformed", "malformed entry"},
    [BWDIR_BAD_CREDENTIALS] = {"bad-credentials", "bad credentials"},
    [BWDIR_REFUSED] = {"refused", "new password refused"},
    [BWDIR_DISABLED] = {"disabled", "account disabled"},
    [BWDIR_NOT_ALLOWED] = {"not-allowed", "not allowed here"},
    [BWDIR_UNVERIFIED] = {"unverified", "account unverified"},
    [BWDIR_EXPIRED] = {"expired", "password expired"},
    [BWDIR_MUST_CHANGE] = {"must-change", "password must be changed"},
    [BWDIR_NEED_PASSWORD] = {"need-password", "new password needed"},
};

_Static_assert(sizeof(table) / sizeof(table[0]) == BWDIR_STATUS_LAST + 1,
               "every status has its row");

const char *
bwdir_status_name(enum bwdir_status status)
{
    return (unsigned)status <= BWDIR_STATUS_LAST ? table[status].name
                                                 : "unknown";
}

const char *
bwdir_strerror(enum bwdir_status status)
{
    return (unsigned)status <= BWDIR_STATUS_LAST ? table[status].words
                                                 : "unknown status";
}
