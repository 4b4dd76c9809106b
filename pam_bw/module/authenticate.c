/*
 * pam_authenticate(3): is this the user's password, and may it be used here?
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/handle.h"
#include "pam_bw/module/prompt.h"
#include "pam_bw/module/signup.h"
#include "pam_bw/module/verdict.h"

/*
 * What a proven password leaves behind for acct_mgmt and the session.  A
 * success that cannot be written down is none.
 */
static int
remember(const struct pambw *call, const struct pambw_answer *answer)
{
    struct pambw_kept kept = {answer->status, answer->days_left};
    int code = pambw_handle_keep(call, kept);

    if (code == PAM_SUCCESS)
        code = pambw_verdict_environment(call, answer);
    return code;
}

static int
ask(struct pambw *call, const char *password, enum bwdir_status *status)
{
    const struct pambw_question question = {.kind = BW_WIRE_AUTHENTICATE,
                                            .password = password};
    enum pambw_phase phase;
    struct pambw_answer answer;
    int code;

    *status = pambw_ask(call, &question, &answer);
    call->told = answer.access_told;
    phase = pambw_verdict_authenticating(call);
    code = pambw_code(phase, *status);
    pambw_verdict_tell(call, phase, *status);
    if (code == PAM_SUCCESS && remember(call, &answer) != PAM_SUCCESS)
        code = PAM_BUF_ERR;
    pambw_answer_clear(&answer);
    return code;
}

/* Signed up; the login goes on, with the password that has been set or with
 * the one that stands. */
static int
go_on(struct pambw *call, const char *standing, bool password_set)
{
    enum bwdir_status status;
    int code = PAM_SUCCESS;

    if (password_set)
        standing = pambw_token(call, PAM_AUTHTOK);
    else if (standing == NULL)
        code = pambw_prompt_token(call, PAM_AUTHTOK, "Password: ", &standing);
    if (code != PAM_SUCCESS)
        return code;
    return standing != NULL ? ask(call, standing, &status) : PAM_BUF_ERR;
}

/*
 * What was typed as password.  A code is that and nothing else; whoever
 * proves a password and is not verified yet is asked for the code.
 */
static int
try_password(struct pambw *call, const char *typed)
{
    enum bwdir_status status;
    bool password_set;
    int code;

    if (pambw_signup_is_code(call, typed)) {
        code = pambw_signup_redeem(call, typed, &password_set);
        return code == PAM_SUCCESS ? go_on(call, NULL, password_set) : code;
    }
    code = ask(call, typed, &status);
    if (status != BWDIR_UNVERIFIED)
        return code;
    code = pambw_signup(call, &password_set);
    return code == PAM_SUCCESS ? go_on(call, typed, password_set) : code;
}

/*
 * The password that an earlier module asked for.  use_first_pass never asks:
 * no password is asked about like an empty one.  try_first_pass asks the
 * person again after a failure, whether the user is known or not, so that
 * the prompt tells nothing.
 */
static bool
is_settled(struct pambw *call, int *code)
{
    const char *given = pambw_token(call, PAM_AUTHTOK);

    if (call->options.use_first_pass) {
        *code = try_password(call, given != NULL ? given : "");
        return true;
    }
    if (!call->options.try_first_pass || given == NULL)
        return false;
    *code = try_password(call, given);
    return !pambw_code_is_failure(*code);
}

int
pambw_authenticate(const struct pambw *given)
{
    struct pambw copy = *given; /* takes what the daemon tells */
    struct pambw *call = &copy;
    int code = PAM_AUTHINFO_UNAVAIL;
    const char *password;

    pambw_handle_forget(call);
    (void)pambw_verdict_environment(call, NULL);
    if (!is_settled(call, &code)) {
        code = pambw_prompt_token(call, PAM_AUTHTOK, "Password: ", &password);
        if (code == PAM_SUCCESS)
            code = try_password(call, password);
    }
    pambw_verdict_delay(call, code);
    return code;
}
