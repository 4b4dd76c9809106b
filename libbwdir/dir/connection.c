/*
 * Connections: opened to one server, with every option set on the handle.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "connection_impl.h"

#include <openldap.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "../detail.h"

int64_t
dir_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * At its first use libldap reads ldap.conf, $HOME/.ldaprc, ./ldaprc and
 * LDAP* variables of whoever runs us.  The variable LDAPNOINIT is the only
 * switch it has against that, so it is set for just this moment.  What
 * matters is set on each handle as well, in case something else in this
 * process was first.
 */
static void
initialise(void)
{
    bool was_set = getenv("LDAPNOINIT") != NULL;
    int version = 0;

    if (!was_set)
        setenv("LDAPNOINIT", "1", 0);
    ldap_get_option(NULL, LDAP_OPT_PROTOCOL_VERSION, &version);
    if (!was_set)
        unsetenv("LDAPNOINIT");
}

static enum bwdir_status
set_options(LDAP *handle)
{
    const struct timeval none = {-1, 0};
    const struct {
        int option;
        int value;
    } numbers[] = {
        {LDAP_OPT_PROTOCOL_VERSION, LDAP_VERSION3},
        {LDAP_OPT_DEREF, LDAP_DEREF_NEVER},
        {LDAP_OPT_SIZELIMIT, LDAP_NO_LIMIT},
        {LDAP_OPT_TIMELIMIT, LDAP_NO_LIMIT},
    };

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (ldap_set_option(handle, numbers[i].option, &numbers[i].value) !=
            LDAP_OPT_SUCCESS)
            return BWDIR_INTERNAL;
    /* No time-out of libldap's own: the transport keeps the deadline. */
    if (ldap_set_option(handle, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) ||
        ldap_set_option(handle, LDAP_OPT_RESTART, LDAP_OPT_ON) ||
        ldap_set_option(handle, LDAP_OPT_CONNECT_ASYNC, LDAP_OPT_OFF) ||
        ldap_set_option(handle, LDAP_OPT_NETWORK_TIMEOUT, &none) ||
        ldap_set_option(handle, LDAP_OPT_TIMEOUT, &none))
        return BWDIR_INTERNAL;
    return BWDIR_OK;
}

/* Handle, transport and TLS on a socket that is connected. */
static enum bwdir_status
set_up(struct dir_connection *connection, const LDAPURLDesc *url,
       const char *ca_file, struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_OK;
    bool start_tls = strcmp(url->lud_scheme, "ldap") == 0;

    if (ldap_init_fd(connection->fd, LDAP_PROTO_EXT, connection->uri,
                     &connection->handle) != LDAP_SUCCESS)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "%s: libldap has no handle",
                          connection->uri);
    status = dir_transport_attach(connection);
    if (status == BWDIR_OK)
        status = set_options(connection->handle);
    if (status != BWDIR_OK)
        return bwdir_fail(why, status, "%s: libldap refuses its options",
                          connection->uri);
    if (strcmp(url->lud_scheme, "ldapi") == 0)
        return BWDIR_OK;
    status = dir_tls_prepare(connection, ca_file, why);
    if (status == BWDIR_OK)
        status = dir_tls_start(connection, start_tls, why);
    return status;
}

static enum bwdir_status
open_url(struct dir_connection *connection, const LDAPURLDesc *url,
         const char *ca_file, struct bwdir_detail *why)
{
    struct bwdir_detail reason = {""};
    enum bwdir_status status;

    if (strcmp(url->lud_scheme, "ldapi") != 0 &&
        (url->lud_host == NULL || *url->lud_host == '\0'))
        return bwdir_fail(why, BWDIR_CONFIG, "%s: a host wanted",
                          connection->uri);
    status =
        dir_socket_open(url, connection->deadline, &connection->fd, &reason);
    if (status != BWDIR_OK)
        return bwdir_fail(why, status, "%s: %s", connection->uri, reason.text);
    return set_up(connection, url, ca_file, why);
}

/* A server's address, without the parts of a URL that describe a search. */
static bool
is_server(const LDAPURLDesc *url)
{
    const char *scheme = url->lud_scheme;

    return url->lud_next == NULL &&
           (url->lud_dn == NULL || *url->lud_dn == '\0') &&
           url->lud_attrs == NULL && url->lud_filter == NULL &&
           url->lud_exts == NULL &&
           (strcmp(scheme, "ldapi") == 0 || strcmp(scheme, "ldaps") == 0 ||
            strcmp(scheme, "ldap") == 0);
}

enum bwdir_status
dir_connect(const struct dir_target *target,
            struct dir_connection **connection, struct bwdir_detail *why)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct dir_connection *opened = calloc(1, sizeof(*opened));
    LDAPURLDesc *url = NULL;
    enum bwdir_status status;

    *connection = NULL;
    pthread_once(&once, initialise);
    if (opened == NULL)
        return BWDIR_NO_MEMORY;
    opened->fd = -1;
    opened->deadline = target->deadline;
    opened->uri = strdup(target->uri);
    opened->whoami = strdup("");
    if (opened->uri == NULL || opened->whoami == NULL)
        status = BWDIR_NO_MEMORY;
    else if (ldap_url_parse(target->uri, &url) != LDAP_URL_SUCCESS ||
             !is_server(url))
        status =
            bwdir_fail(why, BWDIR_CONFIG,
                       "%s: one ldapi, ldaps or ldap URI wanted", target->uri);
    else
        status = open_url(opened, url, target->ca_file, why);
    ldap_free_urldesc(url);
    if (status != BWDIR_OK)
        dir_close(&opened);
    *connection = opened;
    return status;
}

void
dir_close(struct dir_connection **connection)
{
    if (connection == NULL || *connection == NULL)
        return;
    if ((*connection)->handle != NULL)
        ldap_unbind_ext((*connection)->handle, NULL, NULL);
    if ((*connection)->fd >= 0)
        close((*connection)->fd);
    free((*connection)->uri);
    free((*connection)->whoami);
    free(*connection);
    *connection = NULL;
}

void
dir_set_deadline(struct dir_connection *connection, int64_t deadline)
{
    connection->deadline = deadline;
}

const char *
dir_whoami(const struct dir_connection *connection)
{
    return connection->whoami;
}

bool
dir_is_to_change(const struct dir_connection *connection)
{
    return connection->to_change;
}

bool
dir_hung_up(const struct dir_connection *connection)
{
    struct pollfd socket = {.fd = connection->fd, .events = POLLRDHUP};

    /* Not POLLIN: TLS 1.3 tickets may lie unread for as long as nothing is
     * asked (RFC 8446 section 4.6.1). */
    return poll(&socket, 1, 0) != 0;
}

bool
dir_is_open(const struct dir_connection *connection)
{
    return !connection->dead && !dir_hung_up(connection);
}

bool
dir_in_doubt(const struct dir_connection *connection)
{
    return connection->in_doubt;
}

const char *
dir_uri(const struct dir_connection *connection)
{
    return connection->uri;
}
