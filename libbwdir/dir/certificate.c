/*
 * A TLS handshake by OpenSSL, to look at the server's certificate.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "certificate.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "../detail.h"
#include "connection_impl.h"

/* As strict as dir/tls.c: forward secrecy, no less than TLS 1.2. */
#define CIPHERS "HIGH:!aNULL:!kRSA"

/* A socket with a deadline. */
struct line {
    int fd;
    int64_t deadline;
};

bool
dir_uri_has_tls(const char *uri)
{
    return strncmp(uri, "ldapi:", 6) != 0;
}

/* ---- reading and writing by the deadline ---- */

static ssize_t
line_receive(const struct line *line, void *bytes, size_t length)
{
    while (dir_wait(line->fd, line->deadline, POLLIN)) {
        ssize_t got = recv(line->fd, bytes, length, MSG_DONTWAIT);

        if (got >= 0 || (errno != EAGAIN && errno != EINTR))
            return got;
    }
    return -1;
}

static ssize_t
line_send(const struct line *line, const void *bytes, size_t length)
{
    while (dir_wait(line->fd, line->deadline, POLLOUT)) {
        ssize_t sent =
            send(line->fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (sent >= 0 || (errno != EAGAIN && errno != EINTR))
            return sent;
    }
    return -1;
}

static int
bio_read(BIO *bio, char *bytes, int length)
{
    return (int)line_receive(BIO_get_data(bio), bytes, (size_t)length);
}

static int
bio_write(BIO *bio, const char *bytes, int length)
{
    return (int)line_send(BIO_get_data(bio), bytes, (size_t)length);
}

static long
bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

/* ---- StartTLS (RFC 4511 section 4.14) ---- */

/* False when the answer to the extended request is not success. */
static bool
start_tls(const struct line *line)
{
    static const char request[] = "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
                                  "1.3.6.1.4.1.1466.20037";
    struct berval answer = {0, (char[512]){0}};
    ber_int_t number = 0, code = -1;
    ber_tag_t tag = LBER_ERROR;
    BerElement *ber;

    if (line_send(line, request, sizeof request - 1) !=
        (ssize_t)sizeof request - 1)
        return false;
    /* It comes in one piece or, from a slow server, in several. */
    while (tag != LDAP_RES_EXTENDED && answer.bv_len < 512) {
        ssize_t got = line_receive(line, answer.bv_val + answer.bv_len,
                                   512 - answer.bv_len);

        if (got <= 0)
            return false;
        answer.bv_len += (ber_len_t)got;
        ber = ber_init(&answer);
        if (ber == NULL)
            return false;
        if (ber_scanf(ber, "{it", &number, &tag) != LBER_ERROR)
            (void)ber_scanf(ber, "{e", &code);
        else
            tag = LBER_ERROR;
        ber_free(ber, 1);
    }
    return tag == LDAP_RES_EXTENDED && number == 1 && code == LDAP_SUCCESS;
}

/* ---- the handshake ---- */

static SSL_CTX *
make_context(const char *ca_file, struct bwdir_detail *why)
{
    SSL_CTX *context;

    /* openssl.cnf does not get a say in what we see. */
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    context = SSL_CTX_new(TLS_client_method());
    if (context == NULL ||
        SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(context, CIPHERS) != 1) {
        SSL_CTX_free(context);
        bwdir_fail(why, BWDIR_INTERNAL, "OpenSSL refuses its options");
        return NULL;
    }
    if (SSL_CTX_load_verify_file(context, ca_file) != 1) {
        SSL_CTX_free(context);
        bwdir_fail(why, BWDIR_CONFIG,
                   "tls-ca-file %s: a readable file of PEM certificates "
                   "wanted",
                   ca_file);
        return NULL;
    }
    /* Whatever is wrong is told, not refused; times by themselves. */
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context),
                                X509_V_FLAG_NO_CHECK_TIME);
    return context;
}

static int64_t
seconds_of(const ASN1_TIME *at)
{
    struct tm parts;

    return ASN1_TIME_to_tm(at, &parts) == 1 ? (int64_t)timegm(&parts) : 0;
}

static void
take_times(X509 *one, struct dir_certificate *certificate)
{
    int64_t begin = seconds_of(X509_get0_notBefore(one));
    int64_t end = seconds_of(X509_get0_notAfter(one));

    if (begin > certificate->not_before)
        certificate->not_before = begin;
    if (certificate->first_to_end[0] != '\0' && end >= certificate->not_after)
        return;
    certificate->not_after = end;
    X509_NAME_oneline(X509_get_subject_name(one), certificate->first_to_end,
                      sizeof certificate->first_to_end);
    if (certificate->first_to_end[0] == '\0')
        strcpy(certificate->first_to_end, "/");
}

static bool
is_for_host(X509 *leaf, const char *host)
{
    return X509_check_ip_asc(leaf, host, 0) == 1 ||
           X509_check_host(leaf, host, 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT,
                           NULL) == 1;
}

static void
describe(SSL *ssl, X509 *leaf, struct dir_certificate *certificate)
{
    STACK_OF(X509) *chain = SSL_get0_verified_chain(ssl);
    long verdict = SSL_get_verify_result(ssl);

    snprintf(certificate->protocol, sizeof certificate->protocol, "%s",
             SSL_get_version(ssl));
    snprintf(certificate->cipher, sizeof certificate->cipher, "%s",
             SSL_get_cipher_name(ssl));
    if (verdict != X509_V_OK)
        snprintf(certificate->distrust, sizeof certificate->distrust, "%s",
                 X509_verify_cert_error_string(verdict));
    certificate->for_host = is_for_host(leaf, certificate->host);
    take_times(leaf, certificate);
    if (verdict != X509_V_OK)
        return;
    for (int i = 0; i < sk_X509_num(chain); i++)
        take_times(sk_X509_value(chain, i), certificate);
}

static enum bwdir_status
shake_hands(SSL *ssl, BIO_METHOD *method, struct line *line,
            struct dir_certificate *certificate, struct bwdir_detail *why)
{
    BIO *bio = BIO_new(method);
    const char *reason;
    X509 *leaf;

    if (bio == NULL)
        return BWDIR_NO_MEMORY;
    BIO_set_data(bio, line);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
    SSL_set_tlsext_host_name(ssl, certificate->host);
    ERR_clear_error();
    if (SSL_connect(ssl) != 1) {
        reason = ERR_reason_error_string(ERR_peek_last_error());
        if (dir_now() >= line->deadline)
            reason = "no TLS handshake within the deadline";
        return bwdir_fail(why, BWDIR_UNAVAILABLE, "%s",
                          reason != NULL ? reason
                                         : "the server ended the handshake");
    }
    leaf = SSL_get1_peer_certificate(ssl);
    if (leaf == NULL)
        return bwdir_fail(why, BWDIR_UNAVAILABLE,
                          "the server has no certificate");
    describe(ssl, leaf, certificate);
    X509_free(leaf);
    return BWDIR_OK;
}

static enum bwdir_status
look(struct line *line, const char *ca_file,
     struct dir_certificate *certificate, struct bwdir_detail *why)
{
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "deadline");
    SSL_CTX *context = make_context(ca_file, why);
    SSL *ssl = context != NULL ? SSL_new(context) : NULL;
    enum bwdir_status status = BWDIR_CONFIG;

    if (method != NULL && ssl != NULL) {
        BIO_meth_set_read(method, bio_read);
        BIO_meth_set_write(method, bio_write);
        BIO_meth_set_ctrl(method, bio_control);
        status = shake_hands(ssl, method, line, certificate, why);
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
    BIO_meth_free(method);
    return status;
}

enum bwdir_status
dir_certificate_read(const char *uri, const char *ca_file, int64_t deadline,
                     struct dir_certificate *certificate,
                     struct bwdir_detail *why)
{
    struct line line = {.fd = -1, .deadline = deadline};
    struct bwdir_detail reason = {""};
    LDAPURLDesc *url = NULL;
    enum bwdir_status status;

    memset(certificate, 0, sizeof *certificate);
    if (ldap_url_parse(uri, &url) != LDAP_URL_SUCCESS || url->lud_host == NULL)
        return bwdir_fail(why, BWDIR_CONFIG, "%s: a host wanted", uri);
    snprintf(certificate->host, sizeof certificate->host, "%s", url->lud_host);
    status = dir_socket_open(url, deadline, &line.fd, &reason);
    if (status == BWDIR_OK && strcmp(url->lud_scheme, "ldap") == 0 &&
        !start_tls(&line))
        status = bwdir_fail(&reason, BWDIR_UNAVAILABLE,
                            "no StartTLS from this server");
    if (status == BWDIR_OK)
        status = look(&line, ca_file != NULL ? ca_file : DIR_SYSTEM_CA_FILE,
                      certificate, &reason);
    if (status != BWDIR_OK)
        bwdir_fail(why, status, "%s: %s", uri, reason.text);
    if (line.fd >= 0)
        close(line.fd);
    ldap_free_urldesc(url);
    return status;
}
