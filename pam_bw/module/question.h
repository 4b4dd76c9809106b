/*
 * A question to bwdird and its form as a frame.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PAMBW_QUESTION_H
#define PAMBW_QUESTION_H

#include "pam_bw/module/module.h"

struct pambw_question {
    enum bw_wire_kind kind;
    const char *password;     /* NULL in an account question */
    const char *new_password; /* NULL unless a change is wanted now */
};

/*
 * The syntax of a user name that can exist, [a-z][a-z0-9._-]{0,31}, and the
 * length of a password that can be right, 1 to 512 bytes.  What is not fit is
 * asked all the same, with a stand-in where it does not fit in a frame, so
 * that the answer takes as long as any other; it can never be a yes.
 */
bool pambw_user_fits(const char *user);
bool pambw_password_fits(const char *password);

/*
 * Writes the frame into BUFFER of SIZE bytes; its length, or 0 when it does
 * not fit.  The caller wipes BUFFER.
 */
size_t pambw_question_write(const struct pambw *call,
                            const struct pambw_question *question,
                            void *buffer, size_t size);

#endif
