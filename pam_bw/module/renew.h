/*
 * Asking for a new password, twice, and having it set: to change one and to
 * sign up.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PAMBW_RENEW_H
#define PAMBW_RENEW_H

#include "pam_bw/module/question.h"

/*
 * Has FRESH set by QUESTION, whose new_password is filled in here.  Tells the
 * person what there is to object.  PAM_SUCCESS, PAM_AUTHTOK_ERR when the new
 * password was refused, or what else the answer means.
 */
int pambw_renew_with(const struct pambw *call, struct pambw_question question,
                     const char *fresh);

/*
 * Asks for the new password, up to three times when it was mistyped or
 * refused, and has it set.  On success it is PAM_AUTHTOK, where the modules
 * below and the caller find it.
 */
int pambw_renew(const struct pambw *call,
                const struct pambw_question *question);

#endif
