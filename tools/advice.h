/*
 * What is allowed and yet not wise, told before it is written by whatever adds
 * or changes a user; and what follows of a change, told after it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_ADVICE_H
#define BW_ADVICE_H

#include "cli/session.h"

/* Warnings about a user to be added. */
enum bwdir_status advice_on_draft(struct cli_session *session,
                                  const struct bwdir_user_draft *draft,
                                  struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* About what is different in USER after CHANGE; what another access method
 * means for the password that there is, too. */
enum bwdir_status
advice_on_change(struct cli_session *session, const struct bwdir_user *user,
                 const struct bwdir_user_change *change,
                 struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* Whether USER has another mail or phone after CHANGE, which is to be
 * confirmed. */
bool advice_changes_address(const struct bwdir_user *user,
                            const struct bwdir_user_change *change);

/* What the CHANGE of USER, as he was before it, means for him now that it is
 * made. */
void advice_after_change(struct cli_session *session,
                         const struct bwdir_user *user,
                         const struct bwdir_user_change *change);

#endif
