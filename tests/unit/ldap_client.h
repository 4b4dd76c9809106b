/*
 * A connection of ours to a server that misbehaves (fake_ldap.h), for the
 * tests of libbwdir/dir: every fault ends as BWDIR_UNAVAILABLE (or as the
 * refusal that it is) within the deadline, with little work and no signal. The
 * numbers in the names of the tests are the rows of the catalogue of faults.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_TESTS_LDAP_CLIENT_H
#define BWDIR_TESTS_LDAP_CLIENT_H

#include <stdint.h>

#include "fake_ldap.h"
#include "libbwdir/dir/connection.h"

#define CLIENT_DN "uid=dana,ou=people,dc=x"

/* A password and an empty one, from client_setup() to client_teardown(), which
 * are a group's. */
extern struct bwdir_secret *client_password;
extern struct bwdir_secret *client_empty;
int client_setup(void **state);
int client_teardown(void **state);

/* Milliseconds that each operation has; a memory tool makes it slow. */
int64_t client_patience(void);

/* What an operation cost, in milliseconds: by the clock, of this thread's CPU.
 */
struct client_clock {
    int64_t wall;
    int64_t cpu;
};
struct client_clock client_start(void);

/* The operation since then has kept its deadline; and took little work. */
void assert_not_late(struct client_clock since);
void assert_in_time(struct client_clock since);

/* dir_connect(), with patience; CONNECTION is the caller's. */
enum bwdir_status client_connect(const char *uri,
                                 struct dir_connection **connection,
                                 struct bwdir_detail *why);
/* The same where it must succeed. */
struct dir_connection *client_connected(struct fake_ldap *server);

/* The status of a bind as CLIENT_DN against a script, which is in time. */
enum bwdir_status client_bind(const struct fake_step *script,
                              struct dir_bind_result *result);
/* It is BWDIR_UNAVAILABLE, and tells nothing of the password. */
void assert_unavailable(const struct fake_step *script);

/* The answer to the first bind of a connection. */
struct fake_bytes bind_result(unsigned char code, struct fake_bytes controls);

#endif
