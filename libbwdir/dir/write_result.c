/*
 * The end of every write: result code and password policy read together.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "write_result.h"

#include <string.h>

#include "../detail.h"
#include "modify.h"
#include "result.h"

/*
 * slapd refuses a wrong old password of a Password Modify with
 * unwillingToPerform, a code that says nothing, and this text (passwd.c).
 */
static bool
is_wrong_old_password(const struct dir_reply *reply, int kind)
{
    return kind == LDAP_RES_EXTENDED &&
           reply->code == LDAP_UNWILLING_TO_PERFORM && reply->text != NULL &&
           strcmp(reply->text, "unwilling to verify old password") == 0;
}

/*
 * slapo-unique says constraintViolation, which says nothing, and this, which
 * goes on with the whole filter that it searched with: other people's data.
 */
static bool
is_taken(const struct dir_reply *reply)
{
    static const char words[] = "non-unique attributes found";

    return reply->code == LDAP_CONSTRAINT_VIOLATION && reply->text != NULL &&
           strncmp(reply->text, words, sizeof words - 1) == 0;
}

static enum bwdir_status
judge(const struct dir_reply *reply, int kind)
{
    enum bwdir_status status = dir_result_status(reply->code, DIR_WRITE);

    if (is_wrong_old_password(reply, kind))
        return BWDIR_BAD_CREDENTIALS;
    if (is_taken(reply))
        return BWDIR_EXISTS;
    if ((status == BWDIR_BAD_VALUE || status == BWDIR_NOT_PERMITTED) &&
        dir_policy_words(reply->policy.error) != NULL)
        return BWDIR_REFUSED;
    return status;
}

enum bwdir_status
dir_write_reply(struct dir_connection *connection, int sent, int msgid,
                int expected, const char *dn, struct dir_reply *reply,
                struct bwdir_detail *why)
{
    enum bwdir_status status;

    status = dir_finish(connection, sent, msgid, expected, reply, NULL, why);
    if (status == BWDIR_OK) {
        status = judge(reply, expected);
        if (status == BWDIR_REFUSED)
            bwdir_fail(why, status, "%s",
                       dir_policy_words(reply->policy.error));
        else if (status == BWDIR_EXISTS && reply->code != LDAP_ALREADY_EXISTS)
            bwdir_fail(why, status,
                       "%s: a value that may stand once stands "
                       "already",
                       dn);
        else if (status != BWDIR_OK)
            bwdir_fail(why, status, "%s: %s%s%s", dn,
                       ldap_err2string(reply->code),
                       reply->text != NULL && *reply->text ? ": " : "",
                       reply->text != NULL ? reply->text : "");
        if (status == BWDIR_UNAVAILABLE)
            connection->dead = true;
    }
    return status;
}

enum bwdir_status
dir_write_finish(struct dir_connection *connection, int sent, int msgid,
                 int expected, const char *dn, struct bwdir_detail *why)
{
    struct dir_reply reply;
    enum bwdir_status status =
        dir_write_reply(connection, sent, msgid, expected, dn, &reply, why);

    dir_reply_clear(&reply);
    return status;
}
