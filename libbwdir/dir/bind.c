/*
 * Binds, each proven by asking the server who the session is now.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "connection_impl.h"

#include <stdlib.h>
#include <string.h>

#include "../detail.h"
#include "entry.h"
#include "result.h"

/* A failed bind leaves the session anonymous (RFC 4511 section 4.2.1). */
static enum bwdir_status
forget_whoami(struct dir_connection *connection)
{
    char *nobody = strdup("");

    if (nobody == NULL)
        return BWDIR_NO_MEMORY;
    free(connection->whoami);
    connection->whoami = nobody;
    return BWDIR_OK;
}

static enum bwdir_status
keep_whoami(struct dir_connection *connection, LDAPMessage *message,
            struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_OK;
    struct berval *identity = NULL;
    char *copy;

    if (ldap_parse_whoami(connection->handle, message, &identity) !=
            LDAP_SUCCESS ||
        identity == NULL || identity->bv_len == 0 ||
        strlen(identity->bv_val) != identity->bv_len) {
        status = dir_unusable(connection,
                              "the session is anonymous after a bind", why);
    } else {
        copy = strdup(identity->bv_val);
        if (copy == NULL) {
            status = BWDIR_NO_MEMORY;
        } else {
            free(connection->whoami);
            connection->whoami = copy;
        }
    }
    ber_bvfree(identity);
    return status;
}

/* Who am I (RFC 4532). */
static enum bwdir_status
ask_whoami(struct dir_connection *connection, struct bwdir_detail *why)
{
    LDAPMessage *message = NULL;
    enum bwdir_status status;
    struct dir_reply reply;
    int msgid = -1;
    int sent = ldap_whoami(connection->handle, NULL, NULL, &msgid);

    status = dir_finish(connection, sent, msgid, LDAP_RES_EXTENDED, &reply,
                        &message, why);
    if (status == BWDIR_OK && reply.code != LDAP_SUCCESS)
        status = dir_unusable(
            connection, "the server does not say who the session is", why);
    if (status == BWDIR_OK)
        status = keep_whoami(connection, message, why);
    dir_reply_clear(&reply);
    ldap_msgfree(message);
    return status;
}

/* Whether a result code and a policy error can belong together; a server
 * that grants and refuses at once is not believed. */
static bool
is_fatal(enum dir_policy_error error)
{
    return error != DIR_POLICY_NONE && error != DIR_POLICY_CHANGE_AFTER_RESET;
}

static void
report(const struct dir_reply *reply, enum bwdir_status status,
       struct dir_bind_result *result)
{
    enum dir_policy_error error = reply->policy.error;
    bool refused = status == BWDIR_BAD_CREDENTIALS;

    result->change_after_reset =
        status == BWDIR_OK && error == DIR_POLICY_CHANGE_AFTER_RESET;
    result->password_expired = refused && error == DIR_POLICY_EXPIRED &&
                               reply->code == LDAP_INVALID_CREDENTIALS;
    result->account_locked = refused && error == DIR_POLICY_LOCKED;
    result->grace_left = reply->policy.grace_left;
    result->seconds_left = reply->policy.seconds_left;
}

/* Sends one Bind and reads its answer; Who am I is still to be asked. */
static enum bwdir_status
bind_once(struct dir_connection *connection, const char *dn,
          const char *mechanism, struct berval *credentials,
          struct dir_bind_result *result, struct bwdir_detail *why)
{
    LDAPControl *controls[] = {&dir_policy_request, NULL};
    struct dir_reply reply;
    enum bwdir_status status;
    int msgid = -1;
    int sent;

    sent = connection->dead
               ? LDAP_SERVER_DOWN
               : ldap_sasl_bind(connection->handle, dn, mechanism, credentials,
                                controls, NULL, &msgid);
    status =
        dir_finish(connection, sent, msgid, LDAP_RES_BIND, &reply, NULL, why);
    if (status == BWDIR_OK) {
        status = dir_result_status(reply.code, DIR_BIND);
        if (status == BWDIR_OK && is_fatal(reply.policy.error))
            status = dir_unusable(connection,
                                  "a bind both granted and refused", why);
        else if (status != BWDIR_OK)
            bwdir_fail(why, status, "%s: bind of \"%s\": %s%s%s",
                       connection->uri, dn, ldap_err2string(reply.code),
                       reply.text != NULL && *reply.text ? ": " : "",
                       reply.text != NULL ? reply.text : "");
        report(&reply, status, result);
        connection->to_change = result->change_after_reset;
    }
    if (status == BWDIR_UNAVAILABLE)
        connection->dead = true;
    dir_reply_clear(&reply);
    return status;
}

enum bwdir_status
dir_bind_simple(struct dir_connection *connection, const char *dn,
                const struct bwdir_secret *password,
                struct dir_bind_result *result, struct bwdir_detail *why)
{
    struct berval credentials;
    enum bwdir_status status;

    *result = (struct dir_bind_result){.grace_left = -1, .seconds_left = -1};
    if (dn == NULL || *dn == '\0' || password == NULL ||
        bwdir_secret_length(password) == 0)
        return bwdir_fail(why, BWDIR_INTERNAL,
                          "a bind without a DN or without a password");
    status = forget_whoami(connection);
    if (status != BWDIR_OK)
        return status;
    /* libldap copies it into its message and does not write to it. */
    credentials.bv_val = (char *)(uintptr_t)bwdir_secret_bytes(password);
    credentials.bv_len = bwdir_secret_length(password);
    status =
        bind_once(connection, dn, LDAP_SASL_SIMPLE, &credentials, result, why);
    if (status == BWDIR_OK)
        status = ask_whoami(connection, why);
    if (status == BWDIR_OK && (strncmp(connection->whoami, "dn:", 3) != 0 ||
                               !dir_dn_equal(connection->whoami + 3, dn))) {
        forget_whoami(connection);
        status = dir_unusable(connection,
                              "the session is not that of the bind", why);
    }
    if (status != BWDIR_OK && status != BWDIR_BAD_CREDENTIALS)
        *result =
            (struct dir_bind_result){.grace_left = -1, .seconds_left = -1};
    return status;
}

enum bwdir_status
dir_bind_external(struct dir_connection *connection, struct bwdir_detail *why)
{
    struct berval nothing = {0, (char[]){""}};
    struct dir_bind_result ignored;
    enum bwdir_status status = forget_whoami(connection);

    if (status == BWDIR_OK)
        status =
            bind_once(connection, "", "EXTERNAL", &nothing, &ignored, why);
    if (status == BWDIR_OK)
        status = ask_whoami(connection, why);
    return status;
}
