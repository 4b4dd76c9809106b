/*
 * Inside of dir_connection, for the files of dir/ alone: the handle, and the
 * one way in which an operation is sent and its answer awaited.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DIR_CONNECTION_IMPL_H
#define BWDIR_DIR_CONNECTION_IMPL_H

#include <ldap.h>

#include "connection.h"
#include "ppolicy.h"

/* What has been read from the socket, and how much of it was handed on. */
struct dir_ahead {
    unsigned char bytes[16 * 1024];
    size_t have, given;
};

#define DIR_TOO_LONG_WORDS "longer than 256 KiB"

/* slapd has no longer ones either (SLAP_LDAPDN_MAXLEN). */
#define DIR_DN_MAX 8192

/* The one attribute of what stands for an entry that is too long; no
 * attribute description has a blank (RFC 4512 section 2.5). */
#define DIR_TOO_LONG "too long"

/* The message that is being read; for framing.c. */
struct dir_framing {
    int phase;
    unsigned char bytes[DIR_DN_MAX + 128]; /* of its beginning */
    size_t have, given;                    /* of BYTES: read, and handed on */
    size_t length, content; /* whole; where its content begins */
    size_t left;            /* not read yet */
    const char *trouble;    /* why it has ended, or NULL */
};

struct dir_connection {
    LDAP *handle;
    int fd;           /* ours: libldap only borrows it */
    int64_t deadline; /* CLOCK_MONOTONIC milliseconds */
    bool dead;        /* after BWDIR_UNAVAILABLE */
    bool in_doubt;    /* the last operation may have been done or not */
    bool to_change;   /* bound with a password that is to be changed */
    struct dir_ahead ahead;
    struct dir_framing framing;
    char *uri;
    char *whoami; /* "dn:…"; "" when anonymous; never NULL */
};

/* What the server said to one operation. */
struct dir_reply {
    int code;   /* LDAP result code */
    char *text; /* diagnostic message or NULL; of libldap */
    LDAPControl **controls;
    struct dir_policy policy;
};

/* ---- socket.c ----------------------------------------------------------- */

/* A connected socket for a URI; *fd is -1 on failure. */
enum bwdir_status dir_socket_open(const LDAPURLDesc *url, int64_t deadline,
                                  int *fd, struct bwdir_detail *why);

/* ---- transport.c -------------------------------------------------------- */

/* Waits for EVENT of poll(2); false with ETIMEDOUT at the deadline. */
bool dir_wait(int fd, int64_t deadline, short event);

/* Puts the layer that keeps the deadline below libldap and its TLS, and the
 * one that sees messages above. */
enum bwdir_status dir_transport_attach(struct dir_connection *connection);

/* ---- framing.c ---------------------------------------------------------- */

/* Puts the layer above all others; false when out of memory. */
bool dir_framing_attach(struct dir_framing *framing, Sockbuf *buffer);

/* ---- tls.c -------------------------------------------------------------- */

/* libldap on GnuTLS has no notion of the system's CAs. */
#define DIR_SYSTEM_CA_FILE "/etc/ssl/certs/ca-certificates.crt"

/* The handle's TLS options; CA_FILE NULL: the system's CAs. */
enum bwdir_status dir_tls_prepare(struct dir_connection *connection,
                                  const char *ca_file,
                                  struct bwdir_detail *why);
/* The handshake, for ldap:// after StartTLS (RFC 4511 section 4.14). */
enum bwdir_status dir_tls_start(struct dir_connection *connection,
                                bool start_tls, struct bwdir_detail *why);

/* ---- operation.c -------------------------------------------------------- */

/* Marks the connection dead; always BWDIR_UNAVAILABLE. */
enum bwdir_status dir_unusable(struct dir_connection *connection,
                               const char *reason, struct bwdir_detail *why);

/*
 * The next message that answers MSGID, which a call of libldap that returned
 * SENT has just sent; *type is its kind.  The message is the caller's to
 * ldap_msgfree().
 */
enum bwdir_status dir_await(struct dir_connection *connection, int sent,
                            int msgid, LDAPMessage **message, int *type,
                            struct bwdir_detail *why);

/*
 * Takes a result message apart.  A referral and a password-policy control
 * that is malformed or doubled are BWDIR_UNAVAILABLE.  Clear REPLY afterwards
 * in any case.
 */
enum bwdir_status dir_reply_parse(struct dir_connection *connection,
                                  LDAPMessage *message,
                                  struct dir_reply *reply,
                                  struct bwdir_detail *why);
void dir_reply_clear(struct dir_reply *reply);

/* Awaits the one answer, which must be of kind EXPECTED, and takes it apart.
 * MESSAGE may be NULL; otherwise it is the caller's to ldap_msgfree(). */
enum bwdir_status dir_finish(struct dir_connection *connection, int sent,
                             int msgid, int expected, struct dir_reply *reply,
                             LDAPMessage **message, struct bwdir_detail *why);

/* ---- modify.c ----------------------------------------------------------- */

struct dir_change;

/* Sends a Modify; what ldap_modify_ext(3) returned, or LDAP_NO_MEMORY. */
int dir_send_modify(struct dir_connection *connection, const char *dn,
                    const struct dir_change *changes, size_t count,
                    LDAPControl **controls, int *msgid);

/* The password-policy request control, for arrays of server controls. */
extern LDAPControl dir_policy_request;

#endif
