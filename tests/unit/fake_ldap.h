/*
 * A directory server that does what a script says and nothing else: it shows
 * how a connection takes what no honest server sends.  It serves one client
 * after the other in a thread of its own.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_TESTS_FAKE_LDAP_H
#define BWDIR_TESTS_FAKE_LDAP_H

#include <stddef.h>

enum fake_action {
    FAKE_END,   /* of the script: hold the connection until the client goes */
    FAKE_READ,  /* wait for one request */
    FAKE_SEND,  /* send bytes */
    FAKE_DRIP,  /* send bytes one by one, 50 ms apart, over and over */
    FAKE_FLOOD, /* send bytes over and over as fast as they are taken */
    FAKE_CLOSE, /* close in order */
    FAKE_RESET  /* close with a reset (TCP) */
};

struct fake_step {
    enum fake_action action;
    const void *bytes;
    size_t length;
};

struct fake_ldap;

/* Listens: "ldapi", "ldap" or "ldaps" (which is only a socket that says
 * nothing about TLS).  SCRIPT must live as long as the server. */
struct fake_ldap *fake_ldap_start(const char *scheme,
                                  const struct fake_step *script);
const char *fake_ldap_uri(const struct fake_ldap *server);
/* Requests read and connections taken so far. */
int fake_ldap_requests(struct fake_ldap *server);
int fake_ldap_connections(struct fake_ldap *server);
void fake_ldap_stop(struct fake_ldap *server);

/* ---- answers ------------------------------------------------------------ */

/* Bytes of a BER element; small enough to be passed about by value. */
struct fake_bytes {
    unsigned char at[256];
    size_t length;
};

/* An element of any content that fits. */
struct fake_bytes fake_element(unsigned char tag, const void *content,
                               size_t length);
struct fake_bytes fake_join(struct fake_bytes a, struct fake_bytes b);

#define FAKE_BIND_RESPONSE 0x61
#define FAKE_SEARCH_DONE 0x65
#define FAKE_EXTENDED_RESPONSE 0x78

/* An LDAPMessage with an LDAPResult (RFC 4511 section 4.1.9); EXTRA follows
 * the diagnostic message, CONTROLS the operation. */
struct fake_bytes fake_result(int id, unsigned char tag, unsigned char code,
                              struct fake_bytes extra,
                              struct fake_bytes controls);

/* One control, to be joined to others; NULL value: none. */
struct fake_bytes fake_control(const char *oid, const void *value,
                               size_t length);

/* SearchResultEntry with one attribute of one value. */
struct fake_bytes fake_entry(int id, const char *dn, const char *attribute,
                             const char *value);

#define FAKE_NONE ((struct fake_bytes){.length = 0})
#define FAKE_STEP(bytes_)                                                     \
    {                                                                         \
        FAKE_SEND, (bytes_).at, (bytes_).length                               \
    }

#endif
