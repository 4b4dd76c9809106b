/*
 * One operation: sent without waiting, answered within the deadline, its
 * result taken apart and every doubt turned into BWDIR_UNAVAILABLE.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "connection_impl.h"

#include <string.h>
#include <sys/time.h>

#include "../detail.h"

/* Not critical: a server without the overlay still serves. */
LDAPControl dir_policy_request = {
    .ldctl_oid = (char[]){LDAP_CONTROL_PASSWORDPOLICYREQUEST},
    .ldctl_iscritical = 0,
};

enum bwdir_status
dir_unusable(struct dir_connection *connection, const char *reason,
             struct bwdir_detail *why)
{
    connection->dead = true;
    return bwdir_fail(why, BWDIR_UNAVAILABLE, "%s: %s", connection->uri,
                      reason);
}

enum bwdir_status
dir_await(struct dir_connection *connection, int sent, int msgid,
          LDAPMessage **message, int *type, struct bwdir_detail *why)
{
    int64_t left = connection->deadline - dir_now();
    struct timeval bound = {left / 1000, left % 1000 * 1000};

    *message = NULL;
    *type = 0;
    if (connection->dead)
        return dir_unusable(connection, "the connection is lost", why);
    if (sent != LDAP_SUCCESS)
        return dir_unusable(connection, ldap_err2string(sent), why);
    connection->in_doubt = true;
    if (left > 0)
        *type = ldap_result(connection->handle, msgid, LDAP_MSG_ONE, &bound,
                            message);
    if (*type > 0)
        return BWDIR_OK;
    /* The question is not abandoned: the connection is closed with it. */
    if (connection->framing.trouble != NULL)
        return dir_unusable(connection, connection->framing.trouble, why);
    return dir_unusable(connection,
                        dir_now() >= connection->deadline
                            ? "no answer within the deadline"
                            : "the connection is lost",
                        why);
}

/* At most one control of the policy, and that one well-formed. */
static bool
read_policy(LDAPControl *const *controls, struct dir_policy *policy)
{
    bool seen = false;

    for (; controls != NULL && *controls != NULL; controls++) {
        const LDAPControl *control = *controls;

        if (strcmp(control->ldctl_oid, LDAP_CONTROL_PASSWORDPOLICYRESPONSE))
            continue;
        if (seen || !dir_policy_parse(control->ldctl_value.bv_val,
                                      control->ldctl_value.bv_len, policy))
            return false;
        seen = true;
    }
    return true;
}

enum bwdir_status
dir_reply_parse(struct dir_connection *connection, LDAPMessage *message,
                struct dir_reply *reply, struct bwdir_detail *why)
{
    char **referrals = NULL;
    bool referred;
    int parsed;

    *reply =
        (struct dir_reply){.code = LDAP_OTHER, .policy = DIR_POLICY_SILENT};
    parsed = ldap_parse_result(connection->handle, message, &reply->code, NULL,
                               &reply->text, &referrals, &reply->controls, 0);
    referred = referrals != NULL || reply->code == LDAP_REFERRAL;
    ber_memvfree((void **)referrals);
    if (parsed != LDAP_SUCCESS)
        return dir_unusable(connection, "a malformed answer", why);
    connection->in_doubt = false;
    if (referred)
        return dir_unusable(connection,
                            "a referral; referrals are not followed", why);
    if (!read_policy(reply->controls, &reply->policy))
        return dir_unusable(connection, "a malformed password-policy control",
                            why);
    return BWDIR_OK;
}

void
dir_reply_clear(struct dir_reply *reply)
{
    ldap_memfree(reply->text);
    ldap_controls_free(reply->controls);
    *reply =
        (struct dir_reply){.code = LDAP_OTHER, .policy = DIR_POLICY_SILENT};
}

enum bwdir_status
dir_finish(struct dir_connection *connection, int sent, int msgid,
           int expected, struct dir_reply *reply, LDAPMessage **message,
           struct bwdir_detail *why)
{
    LDAPMessage *answer = NULL;
    enum bwdir_status status;
    int type;

    *reply =
        (struct dir_reply){.code = LDAP_OTHER, .policy = DIR_POLICY_SILENT};
    status = dir_await(connection, sent, msgid, &answer, &type, why);
    if (status == BWDIR_OK && type != expected)
        status = dir_unusable(connection, "an answer of another kind", why);
    if (status == BWDIR_OK)
        status = dir_reply_parse(connection, answer, reply, why);
    if (message != NULL && status == BWDIR_OK)
        *message = answer;
    else
        ldap_msgfree(answer);
    return status;
}
