/*
 * pam_chauthtok(3): the user changes his own password by proving the old one.
 * Nobody, not root either, can set another user's password here.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/handle.h"
#include "pam_bw/module/prompt.h"
#include "pam_bw/module/renew.h"
#include "pam_bw/module/verdict.h"

/* The state of the account, for PAM_CHANGE_EXPIRED_AUTHTOK. */
static enum bwdir_status
account_status(const struct pambw *call)
{
    static const struct pambw_question question = {.kind = BW_WIRE_ACCOUNT};
    struct pambw_answer answer;
    struct pambw_kept kept;

    if (pambw_handle_recall(call, &kept))
        return kept.status;
    kept.status = pambw_ask(call, &question, &answer);
    pambw_answer_clear(&answer);
    return kept.status;
}

/*
 * A host that wants only an expired password changed has nothing to do for
 * any other: *CODE is the account's.
 */
static bool
is_wanted(const struct pambw *call, int *code)
{
    enum bwdir_status status;

    if (!(call->flags & PAM_CHANGE_EXPIRED_AUTHTOK))
        return true;
    status = account_status(call);
    *code = pambw_code(PAMBW_ACCOUNT, status);
    return status == BWDIR_MUST_CHANGE;
}

static int
prove(const struct pambw *call, const char *old)
{
    const struct pambw_question question = {.kind = BW_WIRE_CHANGE,
                                            .password = old};
    struct pambw_answer answer;
    int code;

    code = pambw_code(PAMBW_PROVE_OLD, pambw_ask(call, &question, &answer));
    pambw_verdict_tell(call, PAMBW_PROVE_OLD, answer.status);
    pambw_answer_clear(&answer);
    return code;
}

/*
 * The preliminary phase.  libpam clears the tokens of pam_authenticate(3)
 * and the module keeps none, so the old password is asked unless an earlier
 * module of this stack has it and we are told to take it.
 */
static int
prove_old(const struct pambw *call)
{
    const char *old = NULL;
    int code = PAM_AUTH_ERR;

    if (call->options.use_first_pass || call->options.try_first_pass)
        old = pambw_token(call, PAM_OLDAUTHTOK);
    if (old != NULL) {
        code = prove(call, old);
        if (call->options.use_first_pass || !pambw_code_is_failure(code))
            return code;
    }
    code =
        pambw_prompt_token(call, PAM_OLDAUTHTOK, "Current password: ", &old);
    return code == PAM_SUCCESS ? prove(call, old) : code;
}

#define PRELIMINARY "pam_bw preliminary result"

/*
 * What the preliminary phase has found, for the update phase: where a stack
 * ignores the refusal, as for a user unknown to the directory, libpam calls
 * the module again all the same.  The code itself is the data, plus one,
 * since NULL is none.
 */
static int
note_preliminary(const struct pambw *call, int code)
{
    int kept = pam_set_data(call->handle, PRELIMINARY,
                            (void *)((uintptr_t)code + 1), NULL);

    return code == PAM_SUCCESS ? kept : code;
}

static int
preliminary(const struct pambw *call)
{
    const void *data = NULL;

    if (pam_get_data(call->handle, PRELIMINARY, &data) != PAM_SUCCESS ||
        data == NULL)
        return PAM_AUTHTOK_RECOVERY_ERR;
    return (int)((uintptr_t)data - 1);
}

/* The update phase. */
static int
update(const struct pambw *call)
{
    const char *old = pambw_token(call, PAM_OLDAUTHTOK);
    const char *fresh = pambw_token(call, PAM_AUTHTOK);
    const struct pambw_question question = {.kind = BW_WIRE_CHANGE,
                                            .password = old};
    int code = preliminary(call);

    if (code != PAM_SUCCESS)
        return code;
    if (old == NULL)
        return PAM_AUTHTOK_RECOVERY_ERR;
    if (!call->options.use_authtok)
        return pambw_renew(call, &question);
    return fresh != NULL ? pambw_renew_with(call, question, fresh)
                         : PAM_AUTHTOK_ERR;
}

int
pambw_password(const struct pambw *call)
{
    int code = PAM_AUTHINFO_UNAVAIL;

    if (!is_wanted(call, &code))
        return code;
    if (call->flags & PAM_PRELIM_CHECK) {
        code = note_preliminary(call, prove_old(call));
    } else {
        code = update(call);
        pambw_handle_forget(call);
    }
    pambw_verdict_delay(call, code);
    return code;
}
