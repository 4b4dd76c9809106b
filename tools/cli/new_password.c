/*
 * Asking a person for a new password.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "new_password.h"

#include "terminal.h"

/* BWDIR_REFUSED with the reason when another try may help. */
static enum bwdir_status
ask_once(struct bwdir_secret **password, struct bwdir_detail *why)
{
    struct bwdir_secret *again = NULL;
    enum bwdir_status status = cli_ask_secret("New password: ", password);

    *why = (struct bwdir_detail){"new password: too long"};
    if (status == BWDIR_OK)
        status = bwdir_password_check(*password, why);
    if (status != BWDIR_OK)
        return status == BWDIR_BAD_VALUE ? BWDIR_REFUSED : status;
    status = cli_ask_secret("Repeat the new password: ", &again);
    if (status == BWDIR_BAD_VALUE ||
        (status == BWDIR_OK && !cli_secrets_equal(*password, again)))
        status = BWDIR_REFUSED;
    if (status == BWDIR_REFUSED)
        *why = (struct bwdir_detail){
            "new password: the repetition differs; type the same one twice"};
    bwdir_secret_free(&again);
    return status;
}

enum bwdir_status
cli_new_password_ask(struct cli_report *report, struct bwdir_secret **password)
{
    enum bwdir_status status = BWDIR_REFUSED;
    struct bwdir_detail why = {""};

    for (int i = 1; i <= CLI_PASSWORD_TRIES; i++) {
        status = ask_once(password, &why);
        if (status == BWDIR_OK)
            return BWDIR_OK;
        bwdir_secret_free(password);
        if (status != BWDIR_REFUSED)
            break;
        if (i < CLI_PASSWORD_TRIES)
            cli_note(report, "%s", why.text);
    }
    if (status == BWDIR_NOT_FOUND)
        cli_error(report, "new password: no terminal to ask on, or no answer");
    else
        cli_error(report, "%s",
                  status == BWDIR_REFUSED ? why.text : bwdir_strerror(status));
    return status;
}
