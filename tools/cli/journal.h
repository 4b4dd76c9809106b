/*
 * Who changed what, and why: one line of the log for each change that a tool
 * makes or tries to make, in the form that bwdird's lines have.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_JOURNAL_H
#define BW_CLI_JOURNAL_H

#include <bwdir.h>

struct cli_session;

/*
 * Opens the log (tools.log of the configuration; syslog(3) where that file
 * cannot be written) and follows the session's directory, if it has one: from
 * now on every plan that is applied over it is told.
 */
void cli_journal_begin(struct cli_session *session);
void cli_journal_end(struct cli_session *session);

/* A change that is no plan: WHAT, in fixed words, of the user NAME, made by
 * WHO (an authorization identity).  WHY may be NULL. */
struct cli_journal_event {
    const char *what;
    const char *name;
    const char *who;
    const char *why;
    enum bwdir_status status;
    const char *reason; /* of a failure */
};
void cli_journal_write(const struct cli_session *session,
                       const struct cli_journal_event *event);

#endif
