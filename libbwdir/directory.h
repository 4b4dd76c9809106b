/*
 * Inside of bwdir_directory: a connection, the suffix and who we are.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DIRECTORY_H
#define BWDIR_DIRECTORY_H

#include "access.h"
#include "bwdir.h"
#include "dir/connection.h"
#include "dir/servers.h"
#include "plan.h"

/* Who binds: a DN with its password, or SASL EXTERNAL when dn is NULL. */
struct bwdir_identity {
    char *dn;
    struct bwdir_secret *password;
};

struct bwdir_directory {
    struct dir_connection *connection;
    char *base;
    char *why; /* the reason that the login gave, or NULL */
    void (*observe)(const struct bwdir_outcome *outcome, void *closure);
    void *closure;
    struct bwdir_supposed *supposed; /* NULL: nothing */
    struct bwdir_policies policies;  /* as far as they were needed */
    struct dir_servers *servers;
    struct bwdir_identity identity; /* to be bound at another server too */
};

/* How long one operation of a tool may take, in milliseconds. */
#define BWDIR_OPERATION_MS 15000

/* The connection, with a fresh deadline for the next operation. */
struct dir_connection *bwdir_directory_ready(struct bwdir_directory *dir);

/* Of a plan for DIR: its identity and its reason.  Texts are DIR's. */
struct bwdir_purpose bwdir_directory_purpose(const struct bwdir_directory *dir,
                                             const char *what);

/* True when a write that ended with STATUS is to be put once more, to another
 * server, with which the directory is connected now. */
bool bwdir_directory_move(struct bwdir_directory *dir,
                          enum bwdir_status status);

/* Copies of DN and PASSWORD, which may be NULL.  Clear it afterwards. */
enum bwdir_status bwdir_identity_set(struct bwdir_identity *identity,
                                     const char *dn,
                                     const struct bwdir_secret *password,
                                     struct bwdir_detail *why);
/*
 * The identity of a section of the configuration ("bwdird").  Clear it
 * afterwards.  BWDIR_CONFIG when its secret cannot be read.
 */
enum bwdir_status bwdir_identity_load(const struct bwdir_config *config,
                                      const char *section,
                                      struct bwdir_identity *identity,
                                      struct bwdir_detail *why);
void bwdir_identity_clear(struct bwdir_identity *identity);

/* The servers of the configuration. */
enum bwdir_status bwdir_servers_load(const struct bwdir_config *config,
                                     struct dir_servers **servers,
                                     struct bwdir_detail *why);

/* Connects to the server URI and binds the identity, unless that is NULL. */
enum bwdir_status bwdir_server_connect(const struct dir_servers *servers,
                                       const char *uri,
                                       const struct bwdir_identity *identity,
                                       int64_t deadline,
                                       struct dir_connection **connection,
                                       struct bwdir_detail *why);

/*
 * Likewise to the first of the servers not yet tried in this round that can
 * be used (BWDIR_UNAVAILABLE when there is none), and notes which could not.
 */
enum bwdir_status bwdir_servers_connect(struct dir_servers *servers,
                                        const struct bwdir_identity *identity,
                                        int64_t deadline,
                                        struct dir_connection **connection,
                                        struct bwdir_detail *why);

/*
 * Whether a write that ended with STATUS may be put to another server: this
 * one has refused it as a whole (read-only, a referral, busy), or never got
 * it, so that nothing was done.
 */
bool bwdir_may_move(enum bwdir_status status,
                    const struct dir_connection *connection);

/* *CONNECTION is replaced by one to the next server of the round; when there
 * is none it stays, and so does WHY. */
enum bwdir_status bwdir_servers_move(struct dir_servers *servers,
                                     const struct bwdir_identity *identity,
                                     int64_t deadline,
                                     struct dir_connection **connection);

#endif
