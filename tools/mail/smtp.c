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

#define SECRET_OPTION "mail.smtp-secret-file"
#define CONNECT_SECONDS 5L

/* A mail on its way through libcurl. */
struct upload {
    struct mail_delivery *delivery;
    const char *next;
    size_t left;
    bool begun;               /* the server has asked for the mail itself */
    enum bwdir_status permit; /* what was said to that */
    struct bwdir_detail why;
};

/*
 * SMTP wants CRLF (RFC 5321 2.3.8); the message has LF only, so one LF
 * becomes two bytes.  libcurl doubles the leading dots.  It asks first when
 * the server has accepted sender and recipient and said 354.
 */
static size_t
next_bytes(char *buffer, size_t size, size_t count, void *closure)
{
    struct upload *upload = closure;
    size_t room = size * count;
    size_t used = 0;

    if (!upload->begun)
        upload->permit = mail_permit(upload->delivery, &upload->why);
    upload->begun = true;
    if (upload->permit != BWDIR_OK)
        return CURL_READFUNC_ABORT;
    while (upload->left > 0 && used + 2 <= room) {
        if (*upload->next == '\n')
            buffer[used++] = '\r';
        buffer[used++] = *upload->next++;
        upload->left--;
    }
    return used;
}

/* Keeps the refusal that the server said last, without its line's end: it may
 * still say goodbye. */
static size_t
note_answer(char *line, size_t size, size_t count, void *closure)
{
    struct upload *upload = closure;
    char *answer = upload->delivery->answer;
    size_t length = 0;

    if (size * count == 0 || (*line != '4' && *line != '5'))
        return size * count;
    while (length < size * count && length < MAIL_ANSWER_SIZE - 1 &&
           line[length] != '\r' && line[length] != '\n' &&
           line[length] != '\0')
        length++;
    memcpy(answer, line, length);
    answer[length] = '\0';
    return size * count;
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
    code |= curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)MAIL_SECONDS);
    /* libcurl says QUIT after that, and would wait two minutes for the answer
     * of a server that has gone silent. */
    code |= curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
                             (long)MAIL_SECONDS);
    code |= curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    code |= curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    code |= curl_easy_setopt(curl, CURLOPT_READFUNCTION, next_bytes);
    code |= curl_easy_setopt(curl, CURLOPT_READDATA, upload);
    code |= curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, note_answer);
    code |= curl_easy_setopt(curl, CURLOPT_HEADERDATA, upload);
    return code;
}

/*
 * A 5xx answer to recipient or mail is final (RFC 5321 4.2.1), everything else
 * may pass: one to our greeting, our login or our sender is about us.
 */
static bool
is_final(const struct upload *upload, CURLcode code, long reply,
         const char *error)
{
    bool about_us = strncmp(error, "MAIL failed", strlen("MAIL failed")) == 0;

    return reply >= 500 && reply <= 599 &&
           ((code == CURLE_SEND_ERROR && !about_us) ||
            (upload->begun && upload->left == 0));
}

static enum bwdir_status
judge(CURL *curl, CURLcode code, const struct upload *upload,
      const struct mail_transport *transport, const char *error,
      struct bwdir_detail *why)
{
    struct mail_delivery *delivery = upload->delivery;
    long reply = 0;

    if (code == CURLE_OK)
        return BWDIR_OK;
    if (upload->permit != BWDIR_OK)
        return mail_fail(why, upload->permit, "%s", upload->why.text);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
    delivery->uncertain = upload->begun && upload->left == 0 && reply < 400;
    if (reply < 400)
        delivery->answer[0] = '\0';
    return mail_fail(why,
                     is_final(upload, code, reply, error) ? BWDIR_REFUSED
                                                          : BWDIR_UNAVAILABLE,
                     "%s: %s%s%s", transport->smtp_uri,
                     error[0] != '\0' ? error : curl_easy_strerror(code),
                     delivery->answer[0] != '\0' ? ": " : "",
                     delivery->answer);
}

static enum bwdir_status
send_mail(struct mail_transport *transport, struct mail_delivery *delivery,
          const struct bwdir_secret *secret, struct bwdir_detail *why)
{
    struct upload upload = {.delivery = delivery,
                            .next = delivery->message->bytes,
                            .left = delivery->message->length};
    CURL *curl = transport->curl;
    char error[CURL_ERROR_SIZE] = "";
    char *from = bracketed(delivery->message->from);
    char *to = bracketed(delivery->message->to);
    struct curl_slist *recipients = NULL;
    enum bwdir_status status = BWDIR_NO_MEMORY;
    CURLcode code;

    if (from != NULL && to != NULL)
        recipients = curl_slist_append(NULL, to);
    if (recipients == NULL)
        goto out;
    code = set_security(curl, transport);
    code |= set_login(curl, transport, secret);
    code |= set_transfer(curl, transport, &upload, error);
    code |= curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
    code |= curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    if (code != CURLE_OK) {
        status =
            mail_fail(why, BWDIR_INTERNAL, "libcurl lacks what SMTP needs");
        goto out;
    }
    code = curl_easy_perform(curl);
    status = judge(curl, code, &upload, transport, error, why);
out:
    /* The connection stays open for the next mail; nothing of this one is
     * kept. */
    curl_easy_reset(curl);
    curl_slist_free_all(recipients);
    free(from);
    free(to);
    return status;
}

enum bwdir_status
mail_to_smtp(struct mail_transport *transport, struct mail_delivery *delivery,
             struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_OK;
    struct bwdir_secret *secret = NULL;

    if (transport->smtp_user != NULL &&
        bwdir_config_text(transport->config, SECRET_OPTION) == NULL)
        return mail_fail(why, BWDIR_CONFIG,
                         "mail.smtp-secret-file: wanted by mail.smtp-user");
    if (transport->smtp_user != NULL)
        status = bwdir_config_secret(transport->config, SECRET_OPTION, &secret,
                                     why);
    if (status != BWDIR_OK)
        return status;
    if (transport->curl == NULL)
        transport->curl = curl_easy_init();
    status = transport->curl == NULL
                 ? BWDIR_NO_MEMORY
                 : send_mail(transport, delivery, secret, why);
    bwdir_secret_free(&secret);
    return status;
}

void
mail_smtp_close(struct mail_transport *transport)
{
    curl_easy_cleanup(transport->curl);
    transport->curl = NULL;
}
