/*
 * What an answer of the daemon means for the host: the PAM code, the text for
 * the person, the PAM environment.  With pam_code.c the one place of the
 * module that knows.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PAMBW_VERDICT_H
#define PAMBW_VERDICT_H

#include "pam_bw/module/ask.h"
#include "pam_bw/module/pam_code.h"

/* The phase of an authentication, by the arguments of the line. */
enum pambw_phase pambw_verdict_authenticating(const struct pambw *call);

/*
 * Asks libpam for its delay after a failure, at dashboard services only: at
 * an API service the sleep would block the program for all its users.
 */
void pambw_verdict_delay(const struct pambw *call, int code);

/* Shows the text that goes with the verdict, if there is one. */
void pambw_verdict_tell(const struct pambw *call, enum pambw_phase phase,
                        enum bwdir_status status);

/* "Warning: your password will expire in N days."; nothing for -1. */
void pambw_verdict_warn(const struct pambw *call, int days_left);

/*
 * BWDIR_LEVEL, BWDIR_ROLES, BWDIR_ACCOUNTS and BWDIR_ACCESS for the host's
 * session: set from ANSWER, or taken away when ANSWER is NULL.  PAM_SUCCESS
 * or PAM_BUF_ERR.
 */
int pambw_verdict_environment(const struct pambw *call,
                              const struct pambw_answer *answer);

#endif
