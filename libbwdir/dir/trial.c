/*
 * Trying a Modify.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "trial.h"

#include "../detail.h"
#include "connection_impl.h"

/* OpenLDAP's number of the draft's control, and of its result code. */
#define NO_OP_CONTROL "1.3.6.1.4.1.4203.666.5.2"
#define NO_OPERATION 0x410e

static LDAPControl no_op = {
    .ldctl_oid = (char[]){NO_OP_CONTROL},
    .ldctl_iscritical = 1,
};

static enum dir_trial
judge(const struct dir_reply *reply, const char *dn, struct bwdir_detail *why)
{
    switch (reply->code) {
    case NO_OPERATION:
        return DIR_TRIAL_PASSED;
    case LDAP_INSUFFICIENT_ACCESS:
    case LDAP_STRONG_AUTH_REQUIRED: /* anonymous */
    case LDAP_NO_SUCH_OBJECT:       /* hidden */
        return DIR_TRIAL_REFUSED;
    default:
        bwdir_fail(why, BWDIR_OK, "%s: %s%s%s", dn,
                   ldap_err2string(reply->code),
                   reply->text != NULL && *reply->text ? ": " : "",
                   reply->text != NULL ? reply->text : "");
        return DIR_TRIAL_UNKNOWN;
    }
}

enum bwdir_status
dir_try_modify(struct dir_connection *connection, const char *dn,
               const struct dir_change *changes, size_t count,
               enum dir_trial *trial, struct bwdir_detail *why)
{
    LDAPControl *controls[] = {&no_op, NULL};
    struct dir_reply reply;
    enum bwdir_status status;
    int msgid = -1;
    int sent =
        dir_send_modify(connection, dn, changes, count, controls, &msgid);

    *trial = DIR_TRIAL_UNKNOWN;
    status = dir_finish(connection, sent, msgid, LDAP_RES_MODIFY, &reply, NULL,
                        why);
    if (status == BWDIR_OK)
        *trial = judge(&reply, dn, why);
    dir_reply_clear(&reply);
    return status;
}
