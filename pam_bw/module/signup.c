/*
 * Sign-up at the prompt: the mailed code and the phone verify the user.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/signup.h"

#include <string.h>

#include "pam_bw/module/prompt.h"
#include "pam_bw/module/renew.h"
#include "pam_bw/module/verdict.h"

bool
pambw_signup_is_code(const struct pambw *call, const char *typed)
{
    return call->options.access != BW_WIRE_API &&
           bwdir_shape_is_code(typed, strlen(typed));
}

/* One question of the sign-up; a host that cannot ask it is refused. */
static int
ask_person(const struct pambw *call, int style, const char *text, char **reply)
{
    int code = pambw_prompt(call, style, text, reply);

    return code == PAM_CONV_ERR ? PAM_PERM_DENIED : code;
}

/* Sends code and phone, and a new password when one is wanted. */
static int
redeem(const struct pambw *call, const struct pambw_question *question,
       bool *password_set)
{
    struct pambw_answer answer;
    enum bwdir_status status = pambw_ask(call, question, &answer);
    int code = pambw_code(PAMBW_CHANGE, status);

    pambw_answer_clear(&answer);
    if (status != BWDIR_NEED_PASSWORD)
        return code;
    code = pambw_renew(call, question);
    *password_set = code == PAM_SUCCESS;
    return code == PAM_AUTHTOK_ERR ? PAM_AUTH_ERR : code;
}

int
pambw_signup_redeem(const struct pambw *call, const char *code,
                    bool *password_set)
{
    struct pambw_question question = {.kind = BW_WIRE_REDEEM, .code = code};
    char *phone = NULL;
    int result;

    *password_set = false;
    result = ask_person(call, PAM_PROMPT_ECHO_ON,
                        "Work phone, ten digits: ", &phone);
    question.phone = phone;
    if (result == PAM_SUCCESS && !bwdir_shape_is_phone(phone))
        result = PAM_AUTH_ERR;
    else if (result == PAM_SUCCESS)
        result = redeem(call, &question, password_set);
    pambw_reply_free(&phone);
    return result;
}

int
pambw_signup(const struct pambw *call, bool *password_set)
{
    char *code = NULL;
    int result;

    *password_set = false;
    result = ask_person(call, PAM_PROMPT_ECHO_OFF,
                        "Sign-up code from the mail: ", &code);
    if (result == PAM_SUCCESS && !bwdir_shape_is_code(code, strlen(code)))
        result = PAM_AUTH_ERR;
    else if (result == PAM_SUCCESS)
        result = pambw_signup_redeem(call, code, password_set);
    pambw_reply_free(&code);
    return result;
}
