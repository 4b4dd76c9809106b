/*
 * When a user is to be reminded that his password expires: by the one
 * decision, so that who is never made to renew it is never reminded.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_REMINDER_H
#define BWDIR_REMINDER_H

#include "decision.h"

#define BWDIR_REMINDER_NONE (-1)
#define BWDIR_REMINDER_EXPIRED 0

/*
 * The reminder that is in force at NOW: 14, 7 or 1, from the time at which
 * no more than so many days are left until the next of them;
 * BWDIR_REMINDER_EXPIRED once the password has expired; BWDIR_REMINDER_NONE
 * before, and for whom the decision refuses for another reason (disabled,
 * unverified, access method, no password yet, to be changed after a reset) or
 * whose access record asks for no warning yet.
 */
int bwdir_reminder_at(const struct bwdir_facts *facts, int64_t now);

/* "14 20261224180000Z" and its NUL: the reminder, and the expiry it is for. */
#define BWDIR_REMINDER_SIZE 24

/* What bwMailReminder is to hold when REMINDER has been owed; false for
 * BWDIR_REMINDER_NONE and where there is no such time. */
bool bwdir_reminder_mark(const struct bwdir_facts *facts, int reminder,
                         char mark[BWDIR_REMINDER_SIZE]);

/* Whether REMINDER is still to be owed where bwMailReminder holds MARK (NULL:
 * nothing): not when it, or a later one, was owed for the same expiry.  A mark
 * whose time has not come at NOW, the present time, was made by a clock that
 * is ahead, and counts as none. */
bool bwdir_reminder_is_new(const struct bwdir_facts *facts, int reminder,
                           const char *mark, int64_t now);

#endif
