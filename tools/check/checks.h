/*
 * The checks of what the library may not know: the daemon's socket and wire,
 * the mail texts, the PAM service files.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CHECK_CHECKS_H
#define BW_CHECK_CHECKS_H

#include <bwdir_check.h>

#include "../cli/session.h"

/* What the round's closure is. */
struct check_round {
    struct cli_session *session;
    size_t count[BWDIR_GRADE_FAIL + 1]; /* of findings, by grade */
    /* what those stand behind that are only counted */
    const struct bwdir_obstacle *behind;
    size_t behind_count;
};

/* ---- daemon.c ---- */

void check_daemon_socket(struct bwdir_checkup *checkup);
void check_daemon_answer(struct bwdir_checkup *checkup);

/* ---- mail.c ---- */

void check_mail_texts(struct bwdir_checkup *checkup);

/* ---- pam.c ---- */

void check_pam_services(struct bwdir_checkup *checkup);

#endif
