/*
 * What one call of libpam into pam_bw.so is about.  It lives on the stack of
 * the entry point; the module has no state of its own besides what it leaves
 * in the PAM handle (handle.h).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PAMBW_MODULE_H
#define PAMBW_MODULE_H

#include "pam_bw/module/options.h"

#include <security/pam_modules.h>

struct pambw {
    pam_handle_t *handle;
    unsigned flags; /* PAM_SILENT, PAM_PRELIM_CHECK … */
    const char *user;
    const char *service;
    struct pambw_options options;
    /* Where the options leave it unsaid: the kind of service that the daemon
     * told with its last answer. */
    enum bw_wire_access told;
};

/* The three services that ask the daemon; each returns a PAM code. */
int pambw_authenticate(const struct pambw *call);
int pambw_account(const struct pambw *call);
int pambw_password(const struct pambw *call);

#endif
