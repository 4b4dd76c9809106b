/*
 * Searches: results copied out of libldap entry by entry; whatever is not an
 * entry or the end of the search is a refusal.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "search.h"

#include "connection_impl.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../detail.h"
#include "entry_impl.h"
#include "result.h"

#define PAGE_SIZE 500

static enum bwdir_status
copy_attribute(const struct berval *name, const struct berval *values,
               struct dir_entry *entry)
{
    enum bwdir_status status;
    size_t count = 0;

    if (strcmp(name->bv_val, DIR_TOO_LONG) == 0) {
        dir_entry_spoil(entry, DIR_TOO_LONG_WORDS);
        return BWDIR_OK;
    }
    while (values != NULL && values[count].bv_val != NULL)
        count++;
    status = dir_entry_add_attribute(entry, name->bv_val, count);
    if (status == BWDIR_MALFORMED) {
        dir_entry_spoil(entry, "an attribute comes twice");
        return BWDIR_OK;
    }
    for (size_t i = 0; i < count && status == BWDIR_OK; i++)
        status =
            dir_entry_add_value(entry, values[i].bv_val, values[i].bv_len);
    return status;
}

/* One pass over the message: ldap_get_values_len(3) would take one for each
 * attribute.  Names and values stand in the message itself. */
static enum bwdir_status
copy_attributes(struct dir_connection *connection, LDAPMessage *message,
                BerElement *place, struct dir_entry *entry,
                struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_OK;
    struct berval *values = NULL;
    struct berval name;
    int parsed;

    for (;;) {
        parsed = ldap_get_attribute_ber(connection->handle, message, place,
                                        &name, &values);
        if (parsed != LDAP_SUCCESS)
            return dir_unusable(connection, "a malformed entry", why);
        if (name.bv_val == NULL)
            return status;
        if (status == BWDIR_OK && dir_entry_check(entry, NULL) == BWDIR_OK)
            status = copy_attribute(&name, values, entry);
        ber_memfree(values);
        values = NULL;
    }
}

static enum bwdir_status
copy_entry(struct dir_connection *connection, LDAPMessage *message,
           struct dir_entry **entry, struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_NO_MEMORY;
    BerElement *place = NULL;
    struct berval dn = {0, NULL};

    *entry = NULL;
    if (ldap_get_dn_ber(connection->handle, message, &place, &dn) !=
            LDAP_SUCCESS ||
        dn.bv_val == NULL) {
        ber_free(place, 0);
        return dir_unusable(connection, "an entry without a DN", why);
    }
    *entry = dir_entry_new(dn.bv_val);
    if (*entry != NULL)
        status = copy_attributes(connection, message, place, *entry, why);
    ber_free(place, 0);
    if (status != BWDIR_OK)
        dir_entry_free(entry);
    return status;
}

/* A search that is under way. */
struct course {
    struct dir_connection *connection;
    int sent;
    int msgid;
};

static int
ldap_scope(enum dir_scope scope)
{
    switch (scope) {
    case DIR_SCOPE_BASE:
        return LDAP_SCOPE_BASE;
    case DIR_SCOPE_ONE:
        return LDAP_SCOPE_ONELEVEL;
    case DIR_SCOPE_SUBTREE:
        return LDAP_SCOPE_SUBTREE;
    }
    return LDAP_SCOPE_BASE;
}

static struct course
begin(struct dir_connection *connection, const struct dir_search *search,
      LDAPControl **controls, int limit)
{
    struct course course = {connection, LDAP_SERVER_DOWN, -1};

    if (!connection->dead)
        course.sent = ldap_search_ext(
            connection->handle, search->base, ldap_scope(search->scope),
            search->filter, (char **)(uintptr_t)search->attributes, 0,
            controls, NULL, NULL, limit, &course.msgid);
    return course;
}

/* The next entry, or NULL and the reply at the end. */
static enum bwdir_status
advance(struct course *course, struct dir_entry **entry,
        struct dir_reply *reply, struct bwdir_detail *why)
{
    LDAPMessage *message;
    enum bwdir_status status;
    int type;

    *entry = NULL;
    status = dir_await(course->connection, course->sent, course->msgid,
                       &message, &type, why);
    if (status != BWDIR_OK)
        return status;
    if (type == LDAP_RES_SEARCH_ENTRY)
        status = copy_entry(course->connection, message, entry, why);
    else if (type == LDAP_RES_SEARCH_RESULT)
        status = dir_reply_parse(course->connection, message, reply, why);
    else if (type == LDAP_RES_SEARCH_REFERENCE)
        status = dir_unusable(course->connection,
                              "a referral; referrals are not followed", why);
    else
        status =
            dir_unusable(course->connection, "an answer of another kind", why);
    ldap_msgfree(message);
    return status;
}

static bool
is_limit(int code)
{
    return code == LDAP_SIZELIMIT_EXCEEDED ||
           code == LDAP_TIMELIMIT_EXCEEDED || code == LDAP_ADMINLIMIT_EXCEEDED;
}

static enum bwdir_status
check_reply(struct dir_connection *connection, const struct dir_search *search,
            const struct dir_reply *reply, struct bwdir_detail *why)
{
    enum bwdir_status status = dir_result_status(reply->code, DIR_SEARCH);

    if (status == BWDIR_OK)
        return status;
    if (status == BWDIR_UNAVAILABLE)
        connection->dead = true;
    if (is_limit(reply->code))
        return bwdir_fail(why, status,
                          "%s: search in \"%s\": the server has cut the "
                          "result: %s (olcLimits, slapd-config(5)); ask for "
                          "less",
                          connection->uri, search->base,
                          ldap_err2string(reply->code));
    return bwdir_fail(why, status, "%s: search in \"%s\": %s%s%s",
                      connection->uri, search->base,
                      ldap_err2string(reply->code),
                      reply->text != NULL && *reply->text ? ": " : "",
                      reply->text != NULL ? reply->text : "");
}

enum bwdir_status
dir_search_one(struct dir_connection *connection,
               const struct dir_search *search, struct dir_entry **entry,
               struct bwdir_detail *why)
{
    struct dir_reply reply = {.code = LDAP_OTHER};
    struct course course = begin(connection, search, NULL, 2);
    struct dir_entry *next = NULL;
    enum bwdir_status status;
    int count = 0;

    *entry = NULL;
    while ((status = advance(&course, &next, &reply, why)) == BWDIR_OK &&
           next != NULL && ++count <= 2) {
        if (count == 1)
            *entry = next;
        else
            dir_entry_free(&next);
    }
    if (count > 2)
        status = dir_unusable(connection, "more entries than asked for", why);
    else if (status == BWDIR_OK && count == 2)
        status = bwdir_fail(why, BWDIR_MALFORMED,
                            "two entries match %s in \"%s\"; one wanted",
                            search->filter, search->base);
    else if (status == BWDIR_OK)
        status = check_reply(connection, search, &reply, why);
    if (status == BWDIR_OK && count == 0)
        status =
            bwdir_fail(why, BWDIR_NOT_FOUND, "no entry matches %s in \"%s\"",
                       search->filter, search->base);
    else if (status == BWDIR_OK)
        status = dir_entry_check(*entry, why);
    dir_entry_free(&next); /* a third one */
    dir_reply_clear(&reply);
    if (status != BWDIR_OK)
        dir_entry_free(entry);
    return status;
}

/* Takes the server's cookie, empty after the last page (RFC 2696). */
static enum bwdir_status
take_cookie(struct dir_connection *connection, const struct dir_reply *reply,
            struct berval *cookie, struct bwdir_detail *why)
{
    LDAPControl *control =
        ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, reply->controls, NULL);
    ber_int_t estimate;

    ber_memfree(cookie->bv_val);
    *cookie = (struct berval){0, NULL};
    if (control == NULL ||
        ldap_parse_pageresponse_control(connection->handle, control, &estimate,
                                        cookie) != LDAP_SUCCESS)
        return dir_unusable(connection, "a page without its control", why);
    return BWDIR_OK;
}

/* Whom the entries are shown to. */
struct audience {
    bool (*visit)(const struct dir_entry *entry, void *closure);
    void *closure;
    bool stopped;
};

/* slapd's own configuration refuses the control, and is small. */
static bool
knows_pages(const char *base)
{
    const char *comma = strrchr(base, ',');

    return strcasecmp(comma != NULL ? comma + 1 : base, "cn=config") != 0;
}

/* Shows what comes, to the end of the answer or until somebody has enough. */
static enum bwdir_status
show(struct course *course, struct audience *audience, struct dir_reply *reply,
     struct bwdir_detail *why)
{
    struct dir_entry *entry = NULL;
    enum bwdir_status status;

    while ((status = advance(course, &entry, reply, why)) == BWDIR_OK &&
           entry != NULL) {
        int64_t begun = dir_now();

        audience->stopped = !audience->visit(entry, audience->closure);
        course->connection->deadline += dir_now() - begun;
        dir_entry_free(&entry);
        if (!audience->stopped)
            continue;
        ldap_abandon_ext(course->connection->handle, course->msgid, NULL,
                         NULL);
        break;
    }
    dir_entry_free(&entry);
    return status;
}

static enum bwdir_status
show_page(struct dir_connection *connection, const struct dir_search *search,
          struct audience *audience, struct berval *cookie,
          struct bwdir_detail *why)
{
    struct dir_reply reply = {.code = LDAP_OTHER};
    bool in_pages = knows_pages(search->base);
    LDAPControl *controls[] = {NULL, NULL};
    enum bwdir_status status;
    struct course course;

    if (in_pages &&
        ldap_create_page_control(connection->handle, PAGE_SIZE, cookie, 'T',
                                 &controls[0]) != LDAP_SUCCESS)
        return BWDIR_NO_MEMORY;
    course = begin(connection, search, controls, 0);
    status = show(&course, audience, &reply, why);
    if (status == BWDIR_OK && !audience->stopped)
        status = check_reply(connection, search, &reply, why);
    if (status == BWDIR_OK && !audience->stopped && in_pages)
        status = take_cookie(connection, &reply, cookie, why);
    dir_reply_clear(&reply);
    ldap_control_free(controls[0]);
    return status;
}

enum bwdir_status
dir_search_all(struct dir_connection *connection,
               const struct dir_search *search,
               bool (*visit)(const struct dir_entry *entry, void *closure),
               void *closure, struct bwdir_detail *why)
{
    const int64_t time_of_a_page = connection->deadline - dir_now();
    struct audience audience = {visit, closure, false};
    struct berval cookie = {0, NULL};
    enum bwdir_status status;

    do {
        dir_set_deadline(connection, dir_now() + time_of_a_page);
        status = show_page(connection, search, &audience, &cookie, why);
    } while (status == BWDIR_OK && !audience.stopped && cookie.bv_len > 0);
    ber_memfree(cookie.bv_val);
    return status;
}

enum bwdir_status
dir_search_some(struct dir_connection *connection,
                const struct dir_search *search, int limit,
                bool (*visit)(const struct dir_entry *entry, void *closure),
                void *closure, struct bwdir_detail *why)
{
    struct dir_reply reply = {.code = LDAP_OTHER};
    struct audience audience = {visit, closure, false};
    struct course course = begin(connection, search, NULL, limit);
    enum bwdir_status status = show(&course, &audience, &reply, why);

    if (status == BWDIR_OK && !audience.stopped &&
        reply.code != LDAP_SIZELIMIT_EXCEEDED)
        status = check_reply(connection, search, &reply, why);
    dir_reply_clear(&reply);
    return status;
}
