/*
 * A question to bwdird and its form as a frame.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PAMBW_QUESTION_H
#define PAMBW_QUESTION_H

#include "pam_bw/module/module.h"
#include "shape.h"

struct pambw_question {
    enum bw_wire_kind kind;
    const char *password;     /* to authenticate, and the old one to change */
    const char *new_password; /* NULL unless it is to be set now */
    const char *code, *phone; /* to redeem */
};

/*
 * The length of a password that can be right, 1 to 512 bytes.  What is not
 * fit is asked all the same, as is a user name that cannot exist, with a
 * stand-in where it does not fit in a frame, so that the answer takes as long
 * as any other; it can never be a yes.
 */
bool pambw_password_fits(const char *password);

/*
 * Writes the frame into BUFFER of SIZE bytes; its length, or 0 when it does
 * not fit.  The caller wipes BUFFER.
 */
size_t pambw_question_write(const struct pambw *call,
                            const struct pambw_question *question,
                            void *buffer, size_t size);

#endif
