/*
 * The certificate of a directory server, looked at with OpenSSL: libldap says
 * no more than yes or no.  Nothing is bound or asked over this connection.
 * Not part of libbwdir.so, so that daemon and tools need no OpenSSL for it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DIR_CERTIFICATE_H
#define BWDIR_DIR_CERTIFICATE_H

#include "../bwdir.h"

struct dir_certificate {
    char protocol[16]; /* "TLSv1.3" */
    char cipher[64];
    char distrust[128]; /* why no CA of ours vouches for it; "" if one does.
                         * Its time is not looked at */
    bool for_host;      /* a subjectAltName is the URI's host (RFC 6125) */
    char host[256];
    int64_t not_before; /* seconds since the epoch; the latest of the chain */
    int64_t not_after;  /* the earliest of the chain */
    char first_to_end[128]; /* the subject that it belongs to */
};

/* True for the schemes that are spoken with TLS: ldaps, and ldap. */
bool dir_uri_has_tls(const char *uri);

/*
 * Connects to URI as dir_connect() does, makes the handshake (after StartTLS
 * for ldap) whatever the certificate, and tells about it.  CA_FILE NULL: the
 * system's.  BWDIR_UNAVAILABLE when there is no handshake by DEADLINE.
 */
enum bwdir_status dir_certificate_read(const char *uri, const char *ca_file,
                                       int64_t deadline,
                                       struct dir_certificate *certificate,
                                       struct bwdir_detail *why);

#endif
