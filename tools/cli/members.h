/*
 * The members of a role or an account.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_MEMBERS_H
#define BW_CLI_MEMBERS_H

#include <bwdir.h>

#include "session.h"

/*
 * Tells the users that match QUERY: a line of the result that begins with
 * LABEL for each, in JSON members, a list of user, first, last.  Their number
 * to *COUNT.  An exit code.
 */
int cli_members_tell(struct cli_session *session,
                     const struct bwdir_user_query *query, const char *label,
                     size_t *count);

#endif
