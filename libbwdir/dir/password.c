/*
 * The Password Modify operation (RFC 3062).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "modify.h"

#include "../detail.h"
#include "write_result.h"

static struct berval
bytes_of(const struct bwdir_secret *secret)
{
    return (struct berval){bwdir_secret_length(secret),
                           (char *)(uintptr_t)bwdir_secret_bytes(secret)};
}

enum bwdir_status
dir_change_password(struct dir_connection *connection, const char *dn,
                    const struct bwdir_secret *old_password,
                    const struct bwdir_secret *new_password,
                    struct bwdir_detail *why)
{
    LDAPControl *controls[] = {&dir_policy_request, NULL};
    struct berval old_bytes = bytes_of(old_password);
    struct berval new_bytes = bytes_of(new_password);
    struct berval user;
    int sent = LDAP_SERVER_DOWN;
    int msgid = -1;

    /* Without a new password the server would invent one. */
    if (dn == NULL || *dn == '\0' || old_bytes.bv_len == 0 ||
        new_bytes.bv_len == 0)
        return bwdir_fail(why, BWDIR_INTERNAL,
                          "a change of password without a DN or a password");
    ber_str2bv(dn, 0, 0, &user);
    if (!connection->dead)
        sent = ldap_passwd(connection->handle, &user, &old_bytes, &new_bytes,
                           controls, NULL, &msgid);
    return dir_write_finish(connection, sent, msgid, LDAP_RES_EXTENDED, dn,
                            why);
}
