/*
 * The conversation with the person.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/prompt.h"

#include <stdlib.h>
#include <string.h>

/* libpam's own pam_prompt(3) logs and translates; this does neither. */
static int
converse(const struct pambw *call, int style, const char *text, char **reply)
{
    const struct pam_message message = {style, text};
    const struct pam_message *messages = &message;
    struct pam_response *responses = NULL;
    const struct pam_conv *conversation;
    const void *item = NULL;
    int code;

    *reply = NULL;
    if (pam_get_item(call->handle, PAM_CONV, &item) != PAM_SUCCESS ||
        item == NULL)
        return PAM_CONV_ERR;
    conversation = item;
    if (conversation->conv == NULL)
        return PAM_CONV_ERR;
    code = conversation->conv(1, &messages, &responses,
                              conversation->appdata_ptr);
    if (responses != NULL)
        *reply = responses->resp;
    free(responses);
    if (code == PAM_SUCCESS)
        return PAM_SUCCESS;
    pambw_reply_free(reply);
    if (code == PAM_CONV_AGAIN)
        return PAM_INCOMPLETE;
    return code == PAM_BUF_ERR ? PAM_BUF_ERR : PAM_CONV_ERR;
}

int
pambw_prompt(const struct pambw *call, int style, const char *text,
             char **reply)
{
    int code = converse(call, style, text, reply);

    if (code == PAM_SUCCESS && *reply == NULL)
        return PAM_CONV_ERR;
    return code;
}

void
pambw_reply_free(char **reply)
{
    if (*reply != NULL)
        explicit_bzero(*reply, strlen(*reply));
    free(*reply);
    *reply = NULL;
}

int
pambw_prompt_token(const struct pambw *call, int item, const char *text,
                   const char **token)
{
    char *reply;
    int code = pambw_prompt(call, PAM_PROMPT_ECHO_OFF, text, &reply);

    *token = NULL;
    if (code != PAM_SUCCESS)
        return code;
    code = pam_set_item(call->handle, item, reply);
    pambw_reply_free(&reply);
    if (code == PAM_SUCCESS)
        *token = pambw_token(call, item);
    return *token != NULL ? PAM_SUCCESS : PAM_BUF_ERR;
}

const char *
pambw_token(const struct pambw *call, int item)
{
    const void *token = NULL;

    if (pam_get_item(call->handle, item, &token) != PAM_SUCCESS)
        return NULL;
    return token;
}

void
pambw_tell(const struct pambw *call, int style, const char *text)
{
    char *reply;

    if (call->flags & PAM_SILENT)
        return;
    (void)converse(call, style, text, &reply);
    pambw_reply_free(&reply);
}
