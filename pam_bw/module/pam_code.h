/*
 * The one table from a status to a PAM code, by what was asked for.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PAMBW_PAM_CODE_H
#define PAMBW_PAM_CODE_H

#include "bwdir_status.h"

#include <security/_pam_types.h>
#include <stdbool.h>

/* What was asked for. */
enum pambw_phase {
    PAMBW_AUTHENTICATE,
    PAMBW_AUTHENTICATE_ONLY, /* nobody can ask for a change afterwards */
    PAMBW_ACCOUNT,
    PAMBW_PROVE_OLD, /* chauthtok, preliminary: the old password */
    PAMBW_CHANGE     /* chauthtok, update */
};

/* The phase of an authentication.  FOR_PROGRAMS: at an API service. */
enum pambw_phase pambw_code_authenticating(bool one_phase, bool for_programs);

/* The PAM code for STATUS; a status without a meaning here refuses. */
int pambw_code(enum pambw_phase phase, enum bwdir_status status);

/* True for the codes that say no more than "Authentication failed". */
bool pambw_code_is_failure(int code);

/* "PAM_SUCCESS"; NULL for a code that pambw_code() never returns. */
const char *pambw_code_name(int code);

#endif
