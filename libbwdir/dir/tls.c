/*
 * TLS on a connection: the server's certificate is demanded and checked
 * against the URI's host, TLS 1.2 is the least.  Every option is set on the
 * handle, so that nothing that libldap may have read elsewhere acts.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "connection_impl.h"

#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../detail.h"

/* GnuTLS ignores LDAP_OPT_X_TLS_PROTOCOL_MIN (ldap.conf(5)). */
#define GNUTLS_PRIORITY "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA"

static bool
set_number(LDAP *handle, int option, int value)
{
    return ldap_set_option(handle, option, &value) == LDAP_OPT_SUCCESS;
}

static bool
set_priority(LDAP *handle)
{
    char *package = NULL;
    bool gnutls;

    ldap_get_option(NULL, LDAP_OPT_X_TLS_PACKAGE, &package);
    gnutls = package != NULL && strcmp(package, "GnuTLS") == 0;
    ldap_memfree(package);
    return ldap_set_option(handle, LDAP_OPT_X_TLS_CIPHER_SUITE,
                           gnutls ? GNUTLS_PRIORITY : NULL) ==
           LDAP_OPT_SUCCESS;
}

/*
 * The one context that is kept, and the CA file that it was made of: making
 * one reads a few hundred certificates, and libldap 2.5 leaks 8 kB (the
 * priority it replaces) each time, which a daemon that reconnects to a
 * broken server would feel.
 */
static struct {
    pthread_mutex_t lock;
    void *context;
    struct stat ca;
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool
is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
           a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* With kept.lock held. */
static bool
take_context(LDAP *handle, const char *ca_file)
{
    struct stat ca;

    if (access(ca_file, R_OK) != 0 || stat(ca_file, &ca) != 0)
        return false;
    if (kept.context != NULL && is_same_file(&kept.ca, &ca))
        return ldap_set_option(handle, LDAP_OPT_X_TLS_CTX, kept.context) ==
               LDAP_OPT_SUCCESS;
    if (ldap_set_option(handle, LDAP_OPT_X_TLS_CACERTFILE, ca_file) !=
            LDAP_OPT_SUCCESS ||
        !set_number(handle, LDAP_OPT_X_TLS_NEWCTX, 0))
        return false;
    /* A reference of ours; the one before lives on with its handles. */
    kept.ca = ca;
    return ldap_get_option(handle, LDAP_OPT_X_TLS_CTX, &kept.context) ==
           LDAP_OPT_SUCCESS;
}

enum bwdir_status
dir_tls_prepare(struct dir_connection *connection, const char *ca_file,
                struct bwdir_detail *why)
{
    const int unused[] = {LDAP_OPT_X_TLS_CACERTDIR, LDAP_OPT_X_TLS_CERTFILE,
                          LDAP_OPT_X_TLS_KEYFILE, LDAP_OPT_X_TLS_CRLFILE};
    LDAP *handle = connection->handle;
    bool set = true;

    if (ca_file == NULL)
        ca_file = DIR_SYSTEM_CA_FILE;
    for (size_t i = 0; i < sizeof(unused) / sizeof(unused[0]); i++)
        set = set &&
              ldap_set_option(handle, unused[i], NULL) == LDAP_OPT_SUCCESS;
    set =
        set &&
        set_number(handle, LDAP_OPT_X_TLS_REQUIRE_CERT,
                   LDAP_OPT_X_TLS_DEMAND) &&
        set_number(handle, LDAP_OPT_X_TLS_REQUIRE_SAN, LDAP_OPT_X_TLS_HARD) &&
        set_number(handle, LDAP_OPT_X_TLS_PROTOCOL_MIN,
                   LDAP_OPT_X_TLS_PROTOCOL_TLS1_2) &&
        set_priority(handle);
    if (!set)
        return bwdir_fail(why, BWDIR_INTERNAL, "libldap refuses TLS options");
    /* Last, for a context is made of the above. */
    pthread_mutex_lock(&kept.lock);
    set = take_context(handle, ca_file);
    pthread_mutex_unlock(&kept.lock);
    if (!set)
        return bwdir_fail(why, BWDIR_CONFIG,
                          "tls-ca-file %s: a readable file of PEM "
                          "certificates wanted",
                          ca_file);
    return BWDIR_OK;
}

static enum bwdir_status
ask_start_tls(struct dir_connection *connection, struct bwdir_detail *why)
{
    struct dir_reply reply;
    enum bwdir_status status;
    int msgid = -1;
    int sent = ldap_start_tls(connection->handle, NULL, NULL, &msgid);

    status = dir_finish(connection, sent, msgid, LDAP_RES_EXTENDED, &reply,
                        NULL, why);
    if (status == BWDIR_OK && reply.code != LDAP_SUCCESS)
        status = dir_unusable(connection, "the server refuses StartTLS", why);
    dir_reply_clear(&reply);
    return status;
}

/*
 * libldap gives GnuTLS a code of its own to explain when the certificate is
 * not signed by a trusted CA or not for this host.
 */
static const char *
words_for(const char *reason)
{
    if (reason == NULL)
        return "the TLS handshake failed";
    if (strcmp(reason, "(unknown error code)") == 0)
        return "the server's certificate is not signed by a trusted CA, has "
               "expired or is not for this host";
    return reason;
}

enum bwdir_status
dir_tls_start(struct dir_connection *connection, bool start_tls,
              struct bwdir_detail *why)
{
    enum bwdir_status status;
    char *reason = NULL;
    int result;

    if (start_tls) {
        status = ask_start_tls(connection, why);
        if (status != BWDIR_OK)
            return status;
    }
    result = ldap_install_tls(connection->handle);
    if (result == LDAP_SUCCESS && ldap_tls_inplace(connection->handle))
        return BWDIR_OK;
    ldap_get_option(connection->handle, LDAP_OPT_DIAGNOSTIC_MESSAGE, &reason);
    status = dir_unusable(connection,
                          dir_now() >= connection->deadline
                              ? "no TLS handshake within the deadline"
                              : words_for(reason),
                          why);
    ldap_memfree(reason);
    return status;
}
