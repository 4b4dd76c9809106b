/*
 * Asking for a new password, twice, and having it set.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/renew.h"

#include <stdio.h>
#include <string.h>

#include "pam_bw/module/prompt.h"
#include "pam_bw/module/verdict.h"

#define TRIES 3

static int
object(const struct pambw *call, const char *text)
{
    pambw_tell(call, PAM_ERROR_MSG, text);
    return PAM_AUTHTOK_ERR;
}

/* Asks the new password twice; PAM_AUTHTOK_ERR when the two differ. */
static int
ask_new(const struct pambw *call, char **fresh)
{
    char *again = NULL;
    int code;

    code = pambw_prompt(call, PAM_PROMPT_ECHO_OFF, "New password: ", fresh);
    if (code == PAM_SUCCESS)
        code = pambw_prompt(call, PAM_PROMPT_ECHO_OFF,
                            "Retype new password: ", &again);
    if (code == PAM_SUCCESS && strcmp(*fresh, again) != 0)
        code = object(call, "Sorry, passwords do not match.");
    pambw_reply_free(&again);
    return code;
}

static void
tell_refusal(const struct pambw *call, const struct pambw_text *message)
{
    static const char plain[] = "The new password was refused.";
    char text[256] = "";

    if (message->length > 0)
        (void)snprintf(text, sizeof(text), "%.*s", (int)message->length,
                       message->bytes);
    pambw_tell(call, PAM_ERROR_MSG, text[0] != '\0' ? text : plain);
}

int
pambw_renew_with(const struct pambw *call, struct pambw_question question,
                 const char *fresh)
{
    struct pambw_answer answer;
    int code;

    if (fresh[0] == '\0')
        return object(call, "No new password was given.");
    if (!pambw_password_fits(fresh))
        return object(call, "The new password is too long.");
    question.new_password = fresh;
    code = pambw_code(PAMBW_CHANGE, pambw_ask(call, &question, &answer));
    if (code == PAM_AUTHTOK_ERR)
        tell_refusal(call, &answer.message);
    pambw_verdict_tell(call, PAMBW_CHANGE, answer.status);
    pambw_answer_clear(&answer);
    return code;
}

static int
try_once(const struct pambw *call, const struct pambw_question *question)
{
    char *fresh = NULL;
    int code = ask_new(call, &fresh);

    if (code == PAM_SUCCESS)
        code = pambw_renew_with(call, *question, fresh);
    if (code == PAM_SUCCESS &&
        pam_set_item(call->handle, PAM_AUTHTOK, fresh) != PAM_SUCCESS)
        code = PAM_BUF_ERR;
    pambw_reply_free(&fresh);
    return code;
}

int
pambw_renew(const struct pambw *call, const struct pambw_question *question)
{
    int code = PAM_AUTHTOK_ERR;

    for (int i = 0; i < TRIES && code == PAM_AUTHTOK_ERR; i++)
        code = try_once(call, question);
    return code;
}
