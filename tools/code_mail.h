/*
 * The mail with a code that a user is owed from now on, sent at once by the
 * tool that has made the change.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CODE_MAIL_H
#define BW_CODE_MAIL_H

#include "cli/session.h"
#include "mail/office.h"

/*
 * Opens the post office unless --no-mail or -n was given, before anything is
 * written, so that faults of the mail's configuration show.  CLI_GO_ON or an
 * exit code.
 */
int code_mail_open(struct cli_session *session, struct mail_office **office);

/*
 * Sends the code that the user of that name is owed, to what the directory
 * holds, not to what was typed.
 * CLI_GO_ON, or EX_TEMPFAIL: what was saved is saved, the mail is deferred.
 * Nothing where OFFICE is NULL.
 */
int code_mail_send(struct cli_session *session, struct mail_office *office,
                   const char *name);

#endif
