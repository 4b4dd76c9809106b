/*
 * A PAM handle for unit tests.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "tests/unit/pam_handle.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
answer_all(int count, const struct pam_message **messages,
           struct pam_response **responses, void *closure)
{
    struct pam_response *made = calloc((size_t)count, sizeof(*made));

    if (made == NULL)
        return PAM_BUF_ERR;
    for (int i = 0; i < count; i++)
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
            made[i].resp = strdup(closure);
    *responses = made;
    return PAM_SUCCESS;
}

/* Called by libpam instead of sleeping (pam_fail_delay(3)): nobody waits. */
static void
no_delay(int code, unsigned microseconds, void *answer)
{
    (void)code;
    (void)microseconds;
    (void)answer;
}

void
test_pam_start(struct test_pam *pam, const char *stack, const char *user,
               const char *answer)
{
    FILE *file;

    strcpy(pam->directory, "/tmp/bwp.XXXXXX");
    if (mkdtemp(pam->directory) == NULL)
        abort();
    (void)snprintf(pam->file, sizeof(pam->file), "%s/unit", pam->directory);
    file = fopen(pam->file, "w");
    if (file == NULL || fputs(stack, file) < 0 || fclose(file) != 0)
        abort();
    pam->conversation.conv = answer_all;
    pam->conversation.appdata_ptr = (void *)(uintptr_t)answer;
    if (pam_start_confdir("unit", user, &pam->conversation, pam->directory,
                          &pam->handle) != PAM_SUCCESS ||
        pam_set_item(pam->handle, PAM_FAIL_DELAY, no_delay) != PAM_SUCCESS)
        abort();
}

void
test_pam_end(struct test_pam *pam)
{
    (void)pam_end(pam->handle, PAM_SUCCESS);
    (void)unlink(pam->file);
    (void)rmdir(pam->directory);
}
