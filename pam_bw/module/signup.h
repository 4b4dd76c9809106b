/*
 * Sign-up at the prompt: the mailed code and the phone verify the user.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PAMBW_SIGNUP_H
#define PAMBW_SIGNUP_H

#include "pam_bw/module/module.h"

/* True when TYPED is to be taken as a code, and as nothing else: not at a
 * service that is said to be for programs. */
bool pambw_signup_is_code(const struct pambw *call, const char *typed);

/*
 * Asks for the phone and redeems CODE, whoever the user is; asks for a new
 * password where the credential sets one, which is then PAM_AUTHTOK and
 * *PASSWORD_SET is true.  PAM_SUCCESS: the user is verified, and has proven
 * no password yet.  PAM_PERM_DENIED when the host cannot ask the person; no
 * try of the credential is spent then, nor on a phone that is not ten digits.
 */
int pambw_signup_redeem(const struct pambw *call, const char *code,
                        bool *password_set);

/* Asks for the code first. */
int pambw_signup(const struct pambw *call, bool *password_set);

#endif
