/*
 * One connection to one directory server: TLS, time-outs, bind.
 * The files in dir/ are the only ones that include <ldap.h>, and no header
 * of dir/ needs it.
 *
 * Every operation is asynchronous inside and bounded by the connection's
 * deadline (CLOCK_MONOTONIC milliseconds).  After BWDIR_UNAVAILABLE the
 * connection is dead and is to be closed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DIR_CONNECTION_H
#define BWDIR_DIR_CONNECTION_H

#include "../bwdir.h"

struct dir_connection;

/* No message is longer, by its content, and so no entry; most are below
 * 1 kB. */
#define DIR_MESSAGE_MAX ((size_t)256 * 1024)

/* What it takes to connect.  Strings belong to the caller. */
struct dir_target {
    const char *uri;
    const char *ca_file; /* NULL: the system's CAs */
    int64_t deadline;    /* for connecting and TLS */
};

/* What the password-policy response control of a bind said
 * (draft-behera-ldap-password-policy-10, section 6.2). */
struct dir_bind_result {
    bool change_after_reset;
    bool password_expired; /* with BWDIR_BAD_CREDENTIALS: it was proven */
    bool account_locked;
    int grace_left;       /* -1: not said */
    int64_t seconds_left; /* to expiry; -1: not said */
};

/*
 * Connects, with TLS (ldaps, or ldap with mandatory StartTLS) or ldapi, and
 * binds nobody yet.  Environment, ldaprc and referrals are off; the server
 * certificate is demanded.
 */
enum bwdir_status dir_connect(const struct dir_target *target,
                              struct dir_connection **connection,
                              struct bwdir_detail *why);
void dir_close(struct dir_connection **connection);

/*
 * False when the server has closed the connection, or has sent something
 * nobody asked for (a notice of disconnection, RFC 4511 4.4.1).  Asks the
 * kernel only; no operation may be under way.
 */
bool dir_is_open(const struct dir_connection *connection);

/* True when the server has closed the connection or reset it. */
bool dir_hung_up(const struct dir_connection *connection);

/* True when something was asked whose outcome is not known: no answer came,
 * or none that can be understood.  It may have been done. */
bool dir_in_doubt(const struct dir_connection *connection);

const char *dir_uri(const struct dir_connection *connection);

/* Deadline of the operations that follow. */
void dir_set_deadline(struct dir_connection *connection, int64_t deadline);

/*
 * Simple bind (RFC 4513 5.1.3).  An empty DN or password is
 * BWDIR_INTERNAL and never sent.  BWDIR_OK only for result code 0 with no
 * fatal policy error and when Who am I (RFC 4532) then names exactly this
 * DN.  RESULT is always filled.
 */
enum bwdir_status dir_bind_simple(struct dir_connection *connection,
                                  const char *dn,
                                  const struct bwdir_secret *password,
                                  struct dir_bind_result *result,
                                  struct bwdir_detail *why);

/* SASL EXTERNAL (RFC 4422 appendix A), for ldapi. */
enum bwdir_status dir_bind_external(struct dir_connection *connection,
                                    struct bwdir_detail *why);

/* The authorization identity of the last bind, "dn:…"; "" when anonymous. */
const char *dir_whoami(const struct dir_connection *connection);

/* Whether the server lets the session do nothing but change its password. */
bool dir_is_to_change(const struct dir_connection *connection);

/* CLOCK_MONOTONIC in milliseconds. */
int64_t dir_now(void);

#endif
