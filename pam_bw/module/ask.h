/*
 * The module's one way to learn anything: one question to bwdird, one answer,
 * within the deadline of the kind of service.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PAMBW_ASK_H
#define PAMBW_ASK_H

#include "bwdir_status.h"
#include "pam_bw/module/question.h"

/* Bytes of the reply, printable and not terminated; NULL when absent. */
struct pambw_text {
    const char *bytes;
    size_t length;
};

struct pambw_answer {
    enum bwdir_status status;
    int days_left;                   /* -1: no warning is due */
    enum bw_wire_access access_told; /* the kind of service, where unsaid */
    struct pambw_text level, roles, accounts, access;
    struct pambw_text message; /* why a new password was refused */
    char *fields;              /* owned: what the texts point into */
};

/*
 * Asks QUESTION and fills ANSWER (clear it afterwards, whatever the result).
 * Returns its status.  BWDIR_UNAVAILABLE, with a line in the log, when the
 * daemon cannot be reached, is not to be trusted, or has not answered in
 * form by the deadline; BWDIR_NO_MEMORY; BWDIR_CONFIG when the question does
 * not fit in a frame.
 */
enum bwdir_status pambw_ask(const struct pambw *call,
                            const struct pambw_question *question,
                            struct pambw_answer *answer);

void pambw_answer_clear(struct pambw_answer *answer);

#endif
