/*
 * The certificates of the servers that are reached by TLS: who vouches for
 * them, for which host, how long; and what was negotiated.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checkup.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "../dir/certificate.h"

#define DAY 86400
/* Whoever renews by itself does so weeks before; this is late. */
#define EXPIRY_WARN_DAYS 14

struct look {
    const char *uri;
    enum bwdir_status status;
    struct dir_certificate certificate;
    struct bwdir_detail why;
};

struct check_certificates {
    size_t count;
    struct look looks[];
};

static size_t
count_tls(const char *const *uris)
{
    size_t count = 0;

    for (; *uris != NULL; uris++)
        count += dir_uri_has_tls(*uris);
    return count;
}

/* Looks at each server once; NULL when out of memory. */
static const struct check_certificates *
certificates(struct bwdir_checkup *checkup)
{
    size_t count = count_tls(checkup->uris);
    struct check_certificates *all = checkup->certificates;

    if (all != NULL)
        return all;
    all = calloc(1, sizeof *all + count * sizeof *all->looks);
    if (all == NULL)
        return NULL;
    for (const char *const *uri = checkup->uris; *uri != NULL; uri++) {
        struct look *look = &all->looks[all->count];

        if (!dir_uri_has_tls(*uri))
            continue;
        look->uri = *uri;
        look->status = dir_certificate_read(
            *uri, bwdir_config_text(checkup->order.config, "tls-ca-file"),
            check_deadline(checkup), &look->certificate, &look->why);
        all->count++;
    }
    checkup->certificates = all;
    return all;
}

void
check_certificates_free(struct check_certificates **all)
{
    free(*all);
    *all = NULL;
}

static void
judge_chain(struct bwdir_checkup *checkup, const char *uri,
            const struct dir_certificate *certificate)
{
    const char *ca_file =
        bwdir_config_text(checkup->order.config, "tls-ca-file");

    if (certificate->distrust[0] == '\0') {
        bwdir_checkup_ok(checkup, "%s: a CA of ours vouches for it", uri);
        return;
    }
    bwdir_checkup_remedy(checkup,
                         "have the server send its whole chain, and let "
                         "tls-ca-file (now %s) hold its CA",
                         ca_file != NULL ? ca_file : "the system's");
    bwdir_checkup_fail(checkup, "%s: %s", uri, certificate->distrust);
}

/* Calls JUDGE for each certificate that could be seen. */
static void
for_each(struct bwdir_checkup *checkup,
         void (*judge)(struct bwdir_checkup *checkup, const char *uri,
                       const struct dir_certificate *certificate))
{
    const struct check_certificates *all = certificates(checkup);

    for (size_t i = 0; all != NULL && i < all->count; i++) {
        const struct look *look = &all->looks[i];

        if (look->status == BWDIR_OK)
            judge(checkup, look->uri, &look->certificate);
        else if (judge == judge_chain && /* told once */
                 (checkup->reachable ||
                  !check_stands_behind(checkup, check_obstacle(checkup))))
            check_not_looked(checkup, look->why.text);
    }
}

void
check_tls_chain(struct bwdir_checkup *checkup)
{
    for_each(checkup, judge_chain);
}

static void
judge_host(struct bwdir_checkup *checkup, const char *uri,
           const struct dir_certificate *certificate)
{
    if (certificate->for_host) {
        bwdir_checkup_ok(checkup, "%s: the certificate is for %s", uri,
                         certificate->host);
        return;
    }
    bwdir_checkup_remedy(checkup,
                         "put %s into subjectAltName of the certificate, or "
                         "a host of the certificate into uri",
                         certificate->host);
    bwdir_checkup_fail(checkup, "%s: the certificate is not for %s", uri,
                       certificate->host);
}

void
check_tls_host(struct bwdir_checkup *checkup)
{
    for_each(checkup, judge_host);
}

static void
judge_expiry(struct bwdir_checkup *checkup, const char *uri,
             const struct dir_certificate *certificate)
{
    int64_t now = (int64_t)time(NULL);
    int64_t left = certificate->not_after - now;
    char text[BWDIR_TIME_SIZE];

    bwdir_time_format(left < 0                        ? certificate->not_after
                      : certificate->not_before > now ? certificate->not_before
                                                      : certificate->not_after,
                      text);
    bwdir_checkup_remedy(checkup, "renew the certificate of %s",
                         certificate->first_to_end);
    if (left < 0) {
        bwdir_checkup_fail(checkup, "%s: expired on %s", uri, text);
    } else if (certificate->not_before > now) {
        bwdir_checkup_remedy(checkup, "put the clocks right, or have another "
                                      "certificate made");
        bwdir_checkup_fail(checkup, "%s: not valid before %s", uri, text);
    } else if (left < EXPIRY_WARN_DAYS * DAY) {
        bwdir_checkup_warn(checkup, "%s: %" PRId64 " days left, until %s", uri,
                           left / DAY, text);
    } else {
        bwdir_checkup_ok(checkup, "%s: %" PRId64 " days left, until %s", uri,
                         left / DAY, text);
    }
}

void
check_tls_expiry(struct bwdir_checkup *checkup)
{
    for_each(checkup, judge_expiry);
}

static void
judge_protocol(struct bwdir_checkup *checkup, const char *uri,
               const struct dir_certificate *certificate)
{
    /* Anything older makes no handshake here. */
    bwdir_checkup_ok(checkup, "%s: %s, %s", uri, certificate->protocol,
                     certificate->cipher);
}

void
check_tls_protocol(struct bwdir_checkup *checkup)
{
    for_each(checkup, judge_protocol);
}
