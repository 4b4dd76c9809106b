/*
 * pam_acct_mgmt(3): may this user use this service now?  Also the answer for
 * hosts that have authenticated the user by other means, such as a key.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/handle.h"
#include "pam_bw/module/verdict.h"

/* Nothing was proven to the daemon, so nothing is kept and the text about an
 * expired password stays away: the code says it to the host. */
static int
ask(const struct pambw *call)
{
    static const struct pambw_question question = {.kind = BW_WIRE_ACCOUNT};
    struct pambw_answer answer;
    int code;

    /* What is known of another user, or was granted for other demands, must
     * not stay in the environment of this one. */
    pambw_handle_forget(call);
    (void)pambw_verdict_environment(call, NULL);
    code = pambw_code(PAMBW_ACCOUNT, pambw_ask(call, &question, &answer));
    if (code == PAM_SUCCESS &&
        pambw_verdict_environment(call, &answer) != PAM_SUCCESS)
        code = PAM_BUF_ERR;
    if (code == PAM_SUCCESS)
        pambw_verdict_warn(call, answer.days_left);
    pambw_answer_clear(&answer);
    return code;
}

int
pambw_account(const struct pambw *call)
{
    struct pambw_kept kept;
    int code;

    if (!pambw_handle_recall(call, &kept))
        return ask(call);
    code = pambw_code(PAMBW_ACCOUNT, kept.status);
    if (code == PAM_SUCCESS)
        pambw_verdict_warn(call, kept.days_left);
    else
        pambw_verdict_tell(call, PAMBW_ACCOUNT, kept.status);
    return code;
}
