/*
 * The verdict that authenticate leaves in the PAM handle, so that acct_mgmt
 * need not ask again.
 *
 * It is kept with the very bytes of the account question that it answers:
 * user, service, kind of service, demands and socket.  A host that
 * changes PAM_USER between the calls, or an account line with other
 * arguments, finds nothing and asks anew.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PAMBW_HANDLE_H
#define PAMBW_HANDLE_H

#include "pam_bw/module/ask.h"

struct pambw_kept {
    enum bwdir_status status;
    int days_left;
};

/* Keeps a verdict reached with a proven password.  A PAM code. */
int pambw_handle_keep(const struct pambw *call, struct pambw_kept kept);

/* True, and *KEPT filled, when a verdict for this very question is kept. */
bool pambw_handle_recall(const struct pambw *call, struct pambw_kept *kept);

/* Drops whatever is kept. */
void pambw_handle_forget(const struct pambw *call);

#endif
