/*
 * Asking a person for a new password.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_NEW_PASSWORD_H
#define BW_CLI_NEW_PASSWORD_H

#include <bwdir.h>

#include "report.h"

#define CLI_PASSWORD_TRIES 3

/*
 * Asks twice on the terminal; up to three times when the password is not fit
 * or its repetition differs.  BWDIR_REFUSED after the third,
 * BWDIR_NOT_FOUND when there is no terminal or its input ended; reported.
 */
enum bwdir_status
cli_new_password_ask(struct cli_report *report,
                     struct bwdir_secret **password) BWDIR_CHECK_RESULT;

#endif
