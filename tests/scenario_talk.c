/*
 * The conversation function of a scenario: each prompt and each text must be
 * the next that the file states, and is answered as it states.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "tests/scenario.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int code;
} codes[] = {
#define CODE(name)                                                            \
    {                                                                         \
#name, PAM_##name                                                     \
    }
    CODE(SUCCESS),
    CODE(OPEN_ERR),
    CODE(SYMBOL_ERR),
    CODE(SERVICE_ERR),
    CODE(SYSTEM_ERR),
    CODE(BUF_ERR),
    CODE(PERM_DENIED),
    CODE(AUTH_ERR),
    CODE(CRED_INSUFFICIENT),
    CODE(AUTHINFO_UNAVAIL),
    CODE(USER_UNKNOWN),
    CODE(MAXTRIES),
    CODE(NEW_AUTHTOK_REQD),
    CODE(ACCT_EXPIRED),
    CODE(SESSION_ERR),
    CODE(CRED_UNAVAIL),
    CODE(CRED_EXPIRED),
    CODE(CRED_ERR),
    CODE(NO_MODULE_DATA),
    CODE(CONV_ERR),
    CODE(AUTHTOK_ERR),
    CODE(AUTHTOK_RECOVERY_ERR),
    CODE(AUTHTOK_LOCK_BUSY),
    CODE(AUTHTOK_DISABLE_AGING),
    CODE(TRY_AGAIN),
    CODE(IGNORE),
    CODE(ABORT),
    CODE(AUTHTOK_EXPIRED),
    CODE(MODULE_UNKNOWN),
    CODE(BAD_ITEM),
    CODE(CONV_AGAIN),
    CODE(INCOMPLETE),
};

#define CODES (sizeof(codes) / sizeof(codes[0]))

int
talk_code(const char *name)
{
    for (size_t i = 0; i < CODES; i++)
        if (strcmp(codes[i].name, name) == 0)
            return codes[i].code;
    return -1;
}

const char *
talk_code_name(int code)
{
    for (size_t i = 0; i < CODES; i++)
        if (codes[i].code == code)
            return codes[i].name;
    return "a number that has no name";
}

static const char *
style_word(int style)
{
    switch (style) {
    case PAM_PROMPT_ECHO_OFF:
        return "hidden";
    case PAM_PROMPT_ECHO_ON:
        return "shown";
    case PAM_ERROR_MSG:
        return "error";
    case PAM_TEXT_INFO:
        return "info";
    default:
        return "of unknown style";
    }
}

static bool
is_talk(const struct statement *statement)
{
    static const char *const words[] = {"hidden", "shown", "error", "info"};

    for (size_t i = 0; i < 4; i++)
        if (strcmp(statement->words[0], words[i]) == 0)
            return true;
    return false;
}

/* The statement that this message must match, or NULL. */
static struct statement *
expect(struct scenario *scenario, const struct pam_message *message)
{
    struct statement *next = scenario->next;
    const char *style = style_word(message->msg_style);

    while (next < scenario->end && !is_talk(next))
        next++;
    if (next < scenario->end && next->count >= 2 &&
        strcmp(next->words[0], style) == 0 &&
        strcmp(next->words[1], message->msg) == 0) {
        scenario->next = next + 1;
        return next;
    }
    scenario_fail(scenario, next < scenario->end ? next->line : 0,
                  "unexpected: %s \"%s\"", style, message->msg);
    return NULL;
}

static int
answer(struct scenario *scenario, const struct pam_message *message,
       struct pam_response *response)
{
    struct statement *expected = expect(scenario, message);

    if (expected == NULL)
        return PAM_CONV_ERR;
    if (expected->count == 4 && strcmp(expected->words[2], "fails") == 0)
        return strcmp(expected->words[3], "SUCCESS") == 0
                   ? PAM_SUCCESS /* and no answer */
                   : talk_code(expected->words[3]);
    if (message->msg_style != PAM_PROMPT_ECHO_OFF &&
        message->msg_style != PAM_PROMPT_ECHO_ON)
        return PAM_SUCCESS;
    response->resp = strdup(expected->count == 3 ? expected->words[2] : "");
    return PAM_SUCCESS;
}

int
talk(int count, const struct pam_message **messages,
     struct pam_response **responses, void *closure)
{
    struct pam_response *made = calloc((size_t)count, sizeof(*made));
    int code = PAM_SUCCESS;

    for (int i = 0; i < count && code == PAM_SUCCESS; i++)
        code = answer(closure, messages[i], &made[i]);
    if (code == PAM_SUCCESS) {
        *responses = made;
        return code;
    }
    for (int i = 0; i < count; i++)
        free(made[i].resp);
    free(made);
    return code;
}
