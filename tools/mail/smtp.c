/*
 * Delivery by SMTP through libcurl: TLS always (smtps, or StartTLS demanded,
 * RFC 3207), the server's certificate and name verified, every wait bounded,
 * no proxy, no netrc.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deliver.h"
#include "failure.h"

#define CONNECT_SECONDS 5L
#define TOTAL_SECONDS 12L

/* What is left to hand to libcurl. */
struct upload {
    const char *next;
    size_t left;
};

/*
 * SMTP wants CRLF (RFC 5321 2.3.8); the message has LF only, so one LF
 * becomes two bytes.  libcurl doubles the leading dots.
 */
static size_t
next_bytes(char *buffer, size_t size, size_t count, void *closure)
{
    struct upload *upload = closure;
    size_t room = size * count;
    size_t used = 0;

    while (upload->left > 0 && used + 2 <= room) {
        if (*upload->next == '\n')
            buffer[used++] = '\r';
        buffer[used++] = *upload->next++;
        upload->left--;
    }
    return used;
}

/* The envelope address in brackets, or NULL; free() it. */
static char *
bracketed(const char *address)
{
    char *text = NULL;

    if (asprintf(&text, "<%s>", address) < 0)
        return NULL;
    return text;
}

static CURLcode
set_security(CURL *curl, const struct mail_transport *transport)
{
    CURLcode code = CURLE_OK;

    code |= curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    code |= curl_easy_setopt(curl, CURLOPT_DEFAULT_PROTOCOL, "smtps");
    code |= curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    code |= curl_easy_setopt(curl, CURLOPT_SSLVERSION,
                             (long)CURL_SSLVERSION_TLSv1_2);
    code |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    code |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    if (transport->smtp_ca_file != NULL) {
        code |=
            curl_easy_setopt(curl, CURLOPT_CAINFO, transport->smtp_ca_file);
        code |= curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
    code |= curl_easy_setopt(curl, CURLOPT_PROXY, "");
    code |= curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    return code;
}

static CURLcode
set_login(CURL *curl, const struct mail_transport *transport,
          const struct bwdir_secret *secret)
{
    CURLcode code = CURLE_OK;

    if (secret == NULL)
        return CURLE_OK;
    code |= curl_easy_setopt(curl, CURLOPT_USERNAME, transport->smtp_user);
    code |=
        curl_easy_setopt(curl, CURLOPT_PASSWORD, bwdir_secret_bytes(secret));
    return code;
}

static CURLcode
set_transfer(CURL *curl, const struct mail_transport *transport,
             struct upload *upload, char *error)
{
    CURLcode code = CURLE_OK;

    code |= curl_easy_setopt(curl, CURLOPT_URL, transport->smtp_uri);
    code |= curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    code |= curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    code |= curl_easy_setopt(curl, CURLOPT_TIMEOUT, TOTAL_SECONDS);
    code |= curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    code |= curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    code |= curl_easy_setopt(curl, CURLOPT_READFUNCTION, next_bytes);
    code |= curl_easy_setopt(curl, CURLOPT_READDATA, upload);
    return code;
}

/* A 5xx answer is final (RFC 5321 4.2.1), everything else may pass. */
static enum bwdir_status
judge(CURL *curl, CURLcode code, const char *uri, const char *error,
      struct bwdir_detail *why)
{
    long reply = 0;
    enum bwdir_status status = BWDIR_UNAVAILABLE;

    if (code == CURLE_OK)
        return BWDIR_OK;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
    if (code == CURLE_SEND_ERROR && reply >= 500 && reply <= 599)
        status = BWDIR_REFUSED;
    return mail_fail(why, status, "%s: %s", uri,
                     error[0] != '\0' ? error : curl_easy_strerror(code));
}

static enum bwdir_status
send_mail(CURL *curl, const struct mail_transport *transport,
          const struct mail_message *message, struct bwdir_detail *why)
{
    struct upload upload = {message->bytes, message->length};
    char error[CURL_ERROR_SIZE] = "";
    char *from = bracketed(message->from);
    char *to = bracketed(message->to);
    struct curl_slist *recipients = NULL;
    enum bwdir_status status = BWDIR_NO_MEMORY;
    CURLcode code;

    if (from != NULL && to != NULL)
        recipients = curl_slist_append(NULL, to);
    if (recipients == NULL)
        goto out;
    code = set_security(curl, transport);
    code |= set_transfer(curl, transport, &upload, error);
    code |= curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
    code |= curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    if (code != CURLE_OK) {
        status =
            mail_fail(why, BWDIR_INTERNAL, "libcurl lacks what SMTP needs");
        goto out;
    }
    code = curl_easy_perform(curl);
    status = judge(curl, code, transport->smtp_uri, error, why);
out:
    curl_slist_free_all(recipients);
    free(from);
    free(to);
    return status;
}

enum bwdir_status
mail_to_smtp(const struct mail_transport *transport,
             const struct mail_message *message, struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_OK;
    struct bwdir_secret *secret = NULL;
    CURL *curl;

    if (transport->smtp_user != NULL && transport->smtp_secret_file == NULL)
        return mail_fail(why, BWDIR_CONFIG,
                         "mail.smtp-secret-file: wanted by mail.smtp-user");
    if (transport->smtp_user != NULL)
        status =
            bwdir_secret_from_file(transport->smtp_secret_file, &secret, why);
    if (status != BWDIR_OK)
        return status;
    curl = curl_easy_init();
    if (curl == NULL || set_login(curl, transport, secret) != CURLE_OK)
        status = BWDIR_NO_MEMORY;
    else
        status = send_mail(curl, transport, message, why);
    curl_easy_cleanup(curl);
    bwdir_secret_free(&secret);
    return status;
}
