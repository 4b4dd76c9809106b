/*
 * A user who is added, and told so by mail: what bwdir-add and bwdir-init do.
 * Everything that can be wrong is looked for before anything is written; once
 * the user stands, whatever still goes wrong defers the mail and no more.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_ADDITION_H
#define BW_ADDITION_H

#include "cli/session.h"
#include "mail/office.h"

/* What is being added; begin with all zero but for the session. */
struct addition {
    struct cli_session *session;
    struct bwdir_user_draft draft;
    struct bwdir_secret *password; /* or NULL */
    struct bwdir_plan *plan;
    struct mail_office *office; /* code_mail_open() */
};

/*
 * The fields of the options checked, and asked for where somebody is there; an
 * answer is held to the directory at once, if that is open already.  CLI_GO_ON
 * or an exit code, here and below.
 */
int addition_fields(struct cli_session *session);

/* Whether anything would be asked for. */
bool addition_asks(const struct cli_session *session);

/* Looked up in the open directory, printed or saved, mailed.  An exit code. */
int addition_make(struct addition *addition);

void addition_clear(struct addition *addition);

#endif
