/*
 * Writes: add, modify, delete.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "modify.h"

#include "connection_impl.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../detail.h"
#include "search.h"
#include "write_result.h"

/*
 * Changes as libldap wants them.  Several values of one attribute are one
 * element of the list: of an Add wherever they stand, of a Modify where they
 * follow each other, for the order of its steps matters.
 */
struct list {
    LDAPMod *mods;
    LDAPMod **pointers; /* NULL-terminated */
    size_t count;
    struct berval *bytes;
    struct berval **values; /* NULL-terminated runs */
    size_t value_count;
};

static bool
has_value(const struct dir_change *change)
{
    return change->value != NULL || change->secret != NULL;
}

static bool
belong_together(const struct dir_change *a, const struct dir_change *b,
                bool adding)
{
    return strcasecmp(a->attribute, b->attribute) == 0 &&
           (adding || (a->kind == b->kind && has_value(a) && has_value(b)));
}

static int
operation(const struct dir_change *change, bool adding)
{
    if (adding)
        return LDAP_MOD_ADD | LDAP_MOD_BVALUES;
    switch (change->kind) {
    case DIR_ADD_VALUE:
        return LDAP_MOD_ADD | LDAP_MOD_BVALUES;
    case DIR_DELETE_VALUE:
        return LDAP_MOD_DELETE | LDAP_MOD_BVALUES;
    case DIR_REPLACE:
        return LDAP_MOD_REPLACE | LDAP_MOD_BVALUES;
    }
    return LDAP_MOD_ADD | LDAP_MOD_BVALUES;
}

/* libldap copies values into its message and does not write to them. */
static void
put_value(struct list *list, const struct dir_change *change)
{
    struct berval *bytes = &list->bytes[list->value_count];

    if (!has_value(change))
        return;
    if (change->secret != NULL)
        *bytes = (struct berval){
            bwdir_secret_length(change->secret),
            (char *)(uintptr_t)bwdir_secret_bytes(change->secret)};
    else
        ber_str2bv(change->value, 0, 0, bytes);
    list->values[list->value_count++] = bytes;
}

static bool
is_first(const struct dir_change *changes, size_t i, bool adding)
{
    if (!adding)
        return i == 0 || !belong_together(&changes[i - 1], &changes[i], false);
    for (size_t j = 0; j < i; j++)
        if (belong_together(&changes[j], &changes[i], true))
            return false;
    return true;
}

static void
fill(struct list *list, const struct dir_change *changes, size_t count,
     bool adding)
{
    for (size_t i = 0; i < count; i++) {
        LDAPMod *mod = &list->mods[list->count];
        size_t start = list->value_count;

        if (!is_first(changes, i, adding))
            continue;
        mod->mod_op = operation(&changes[i], adding);
        mod->mod_type = (char *)(uintptr_t)changes[i].attribute;
        put_value(list, &changes[i]);
        for (size_t j = i + 1; j < count; j++) {
            if (belong_together(&changes[i], &changes[j], adding))
                put_value(list, &changes[j]);
            else if (!adding)
                break;
        }
        if (list->value_count > start)
            mod->mod_bvalues = &list->values[start];
        /* A place for the NULL that ends the run; none for its bytes. */
        list->value_count++;
        list->pointers[list->count++] = mod;
    }
}

static void
list_clear(struct list *list)
{
    free(list->mods);
    free(list->pointers);
    free(list->bytes);
    free(list->values);
}

static bool
list_make(struct list *list, const struct dir_change *changes, size_t count,
          bool adding)
{
    *list = (struct list){
        .mods = calloc(count + 1, sizeof(*list->mods)),
        .pointers = calloc(count + 1, sizeof(*list->pointers)),
        .bytes = calloc(2 * count + 1, sizeof(*list->bytes)),
        .values = calloc(2 * count + 1, sizeof(*list->values)),
    };
    if (list->mods == NULL || list->pointers == NULL || list->bytes == NULL ||
        list->values == NULL) {
        list_clear(list);
        return false;
    }
    fill(list, changes, count, adding);
    return true;
}

/* Not critical: the post-read control (RFC 4527), its value in BER. */
static LDAPControl version_request = {
    .ldctl_oid = (char[]){LDAP_CONTROL_POST_READ},
    .ldctl_value = {12, (char[]){"\x30\x0a\x04\x08"
                                 "entryCSN"}},
    .ldctl_iscritical = 0,
};

/* The first value of the first attribute of the entry that is read back. */
static void
read_version(LDAPControl **controls, struct dir_version *version)
{
    LDAPControl *control =
        ldap_control_find(LDAP_CONTROL_POST_READ, controls, NULL);
    struct berval value = {0, NULL};
    BerElement *ber;

    *version = (struct dir_version){""};
    if (control == NULL || (ber = ber_init(&control->ldctl_value)) == NULL)
        return;
    if (ber_scanf(ber, "{x{{x[m", &value) != LBER_ERROR &&
        value.bv_len < sizeof version->csn)
        memcpy(version->csn, value.bv_val, value.bv_len);
    ber_free(ber, 1);
}

enum bwdir_status
dir_add(struct dir_connection *connection, const char *dn,
        const struct dir_change *attributes, size_t count,
        struct dir_version *version, struct bwdir_detail *why)
{
    LDAPControl *controls[] = {&dir_policy_request, &version_request, NULL};
    enum bwdir_status status;
    struct dir_reply reply;
    struct list list;
    int sent = LDAP_SERVER_DOWN;
    int msgid = -1;

    if (!list_make(&list, attributes, count, true))
        return BWDIR_NO_MEMORY;
    if (!connection->dead)
        sent = ldap_add_ext(connection->handle, dn, list.pointers, controls,
                            NULL, &msgid);
    list_clear(&list);
    status = dir_write_reply(connection, sent, msgid, LDAP_RES_ADD, dn, &reply,
                             why);
    read_version(reply.controls, version);
    dir_reply_clear(&reply);
    return status;
}

/* What libldap said of it; LDAP_SERVER_DOWN of a connection that has ended. */
static int
make_assertion(const struct dir_connection *connection, const char *filter,
               bool critical, LDAPControl **control)
{
    if (connection->dead)
        return LDAP_SERVER_DOWN;
    return ldap_create_assertion_control(
        connection->handle, (char *)(uintptr_t)filter, critical, control);
}

int
dir_send_modify(struct dir_connection *connection, const char *dn,
                const struct dir_change *changes, size_t count,
                LDAPControl **controls, int *msgid)
{
    struct list list;
    int sent = LDAP_SERVER_DOWN;

    if (!list_make(&list, changes, count, false))
        return LDAP_NO_MEMORY;
    if (!connection->dead)
        sent = ldap_modify_ext(connection->handle, dn, list.pointers, controls,
                               NULL, msgid);
    list_clear(&list);
    return sent;
}

enum bwdir_status
dir_modify(struct dir_connection *connection, const char *dn,
           const struct dir_change *changes, size_t count,
           struct bwdir_detail *why)
{
    LDAPControl *controls[] = {&dir_policy_request, NULL};
    int msgid = -1;
    int sent =
        dir_send_modify(connection, dn, changes, count, controls, &msgid);

    if (sent == LDAP_NO_MEMORY)
        return BWDIR_NO_MEMORY;
    return dir_write_finish(connection, sent, msgid, LDAP_RES_MODIFY, dn, why);
}

enum bwdir_status
dir_modify_if(struct dir_connection *connection, const char *dn,
              const struct dir_change *changes, size_t count,
              const struct dir_condition *condition, struct bwdir_detail *why)
{
    LDAPControl *controls[] = {&dir_policy_request, NULL, NULL};
    enum bwdir_status status;
    struct dir_reply reply;
    int sent, msgid = -1;

    sent = make_assertion(connection, condition->filter, false, &controls[1]);
    if (sent == LDAP_SUCCESS)
        sent =
            dir_send_modify(connection, dn, changes, count, controls, &msgid);
    ldap_control_free(controls[1]);
    if (sent == LDAP_NO_MEMORY)
        return BWDIR_NO_MEMORY;
    status = dir_write_reply(connection, sent, msgid, LDAP_RES_MODIFY, dn,
                             &reply, why);
    if (status != BWDIR_OK && reply.code == LDAP_ASSERTION_FAILED)
        (void)bwdir_fail(why, status, "%s", condition->unmet);
    dir_reply_clear(&reply);
    return status;
}

enum bwdir_status
dir_delete(struct dir_connection *connection, const char *dn,
           struct bwdir_detail *why)
{
    int sent = LDAP_SERVER_DOWN;
    int msgid = -1;

    if (!connection->dead)
        sent = ldap_delete_ext(connection->handle, dn, NULL, NULL, &msgid);
    return dir_write_finish(connection, sent, msgid, LDAP_RES_DELETE, dn, why);
}

enum bwdir_status
dir_delete_version(struct dir_connection *connection, const char *dn,
                   const struct dir_version *version, struct bwdir_detail *why)
{
    LDAPControl *controls[] = {NULL, NULL};
    int sent, msgid = -1;
    char *filter;

    if (*version->csn == '\0')
        return bwdir_fail(why, BWDIR_BAD_VALUE, "%s: its version is not known",
                          dn);
    filter = dir_filter("(entryCSN=%s)", version->csn);
    if (filter == NULL)
        return BWDIR_NO_MEMORY;
    sent = make_assertion(connection, filter, true, &controls[0]);
    free(filter);
    if (sent == LDAP_SUCCESS)
        sent = ldap_delete_ext(connection->handle, dn, controls, NULL, &msgid);
    ldap_control_free(controls[0]);
    return dir_write_finish(connection, sent, msgid, LDAP_RES_DELETE, dn, why);
}
