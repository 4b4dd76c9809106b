/*
 * A PAM module for scenarios: hands the modules below it tokens, as one that
 * has asked the person would.  Arguments: authtok=TOKEN oldauthtok=TOKEN.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <security/pam_modules.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

static int
hand(pam_handle_t *handle, int argc, const char **argv)
{
    int code = PAM_SUCCESS;

    for (int i = 0; i < argc && code == PAM_SUCCESS; i++)
        if (strncmp(argv[i], "authtok=", 8) == 0)
            code = pam_set_item(handle, PAM_AUTHTOK, argv[i] + 8);
        else if (strncmp(argv[i], "oldauthtok=", 11) == 0)
            code = pam_set_item(handle, PAM_OLDAUTHTOK, argv[i] + 11);
    return code;
}

EXPORT int
pam_sm_authenticate(pam_handle_t *handle, int flags, int argc,
                    const char **argv)
{
    (void)flags;
    return hand(handle, argc, argv);
}

EXPORT int
pam_sm_setcred(pam_handle_t *handle, int flags, int argc, const char **argv)
{
    (void)handle, (void)flags, (void)argc, (void)argv;
    return PAM_SUCCESS;
}

EXPORT int
pam_sm_chauthtok(pam_handle_t *handle, int flags, int argc, const char **argv)
{
    if (!((unsigned)flags & PAM_PRELIM_CHECK))
        return PAM_SUCCESS;
    return hand(handle, argc, argv);
}
