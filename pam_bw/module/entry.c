/*
 * The six entry points of pam_bw.so.  Each reads the arguments of its line
 * and the items of the handle, then calls the room that does the work.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/module.h"

#include <security/pam_ext.h>
#include <syslog.h>

#define EXPORT __attribute__((visibility("default")))

/*
 * The user's name, asked by libpam when the host has not set it.  An
 * application that cannot converse must have set it.
 */
static int
get_user(struct pambw *call)
{
    int code = pam_get_user(call->handle, &call->user, NULL);

    if (code == PAM_SUCCESS && call->user != NULL)
        return PAM_SUCCESS;
    if (code == PAM_CONV_AGAIN || code == PAM_INCOMPLETE)
        return PAM_INCOMPLETE;
    return code == PAM_BUF_ERR ? PAM_BUF_ERR : PAM_CONV_ERR;
}

static int
begin(struct pambw *call, int argc, const char **argv)
{
    const char *wrong, *why;
    const void *service = NULL;

    if (!pambw_options_parse(argc, argv, &call->options, &wrong, &why)) {
        pam_syslog(call->handle, LOG_ERR, "bad argument \"%.128s\": %s", wrong,
                   why);
        return PAM_SERVICE_ERR;
    }
    if (pam_get_item(call->handle, PAM_SERVICE, &service) != PAM_SUCCESS ||
        service == NULL)
        return PAM_SERVICE_ERR;
    call->service = service;
    return get_user(call);
}

EXPORT int
pam_sm_authenticate(pam_handle_t *handle, int flags, int argc,
                    const char **argv)
{
    struct pambw call = {.handle = handle, .flags = (unsigned)flags};
    int code = begin(&call, argc, argv);

    return code == PAM_SUCCESS ? pambw_authenticate(&call) : code;
}

EXPORT int
pam_sm_acct_mgmt(pam_handle_t *handle, int flags, int argc, const char **argv)
{
    struct pambw call = {.handle = handle, .flags = (unsigned)flags};
    int code = begin(&call, argc, argv);

    return code == PAM_SUCCESS ? pambw_account(&call) : code;
}

EXPORT int
pam_sm_chauthtok(pam_handle_t *handle, int flags, int argc, const char **argv)
{
    struct pambw call = {.handle = handle, .flags = (unsigned)flags};
    int code = begin(&call, argc, argv);

    return code == PAM_SUCCESS ? pambw_password(&call) : code;
}

/*
 * There are no credentials to establish and no sessions to keep.  These three
 * grant nothing: a host only comes here after the calls above.
 */
EXPORT int
pam_sm_setcred(pam_handle_t *handle, int flags, int argc, const char **argv)
{
    (void)handle, (void)flags, (void)argc, (void)argv;
    return PAM_SUCCESS;
}

EXPORT int
pam_sm_open_session(pam_handle_t *handle, int flags, int argc,
                    const char **argv)
{
    (void)handle, (void)flags, (void)argc, (void)argv;
    return PAM_SUCCESS;
}

EXPORT int
pam_sm_close_session(pam_handle_t *handle, int flags, int argc,
                     const char **argv)
{
    (void)handle, (void)flags, (void)argc, (void)argv;
    return PAM_SUCCESS;
}
