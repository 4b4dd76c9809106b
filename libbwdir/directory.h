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
#include "plan.h"

struct bwdir_directory {
    struct dir_connection *connection;
    char *base;
    char *why; /* the reason that the login gave, or NULL */
    void (*observe)(const struct bwdir_outcome *outcome, void *closure);
    void *closure;
    struct bwdir_policies policies; /* as far as they were needed */
};

/* How long one operation of a tool may take, in milliseconds. */
#define BWDIR_OPERATION_MS 15000

/* The connection, with a fresh deadline for the next operation. */
struct dir_connection *bwdir_directory_ready(struct bwdir_directory *dir);

/* Of a plan for DIR: its identity and its reason.  Texts are DIR's. */
struct bwdir_purpose bwdir_directory_purpose(const struct bwdir_directory *dir,
                                             const char *what);

/* Who binds: a DN with its password, or SASL EXTERNAL when dn is NULL. */
struct bwdir_identity {
    const char *dn;
    const struct bwdir_secret *password;
    struct bwdir_secret *owned; /* read from the section's secret file */
};

/*
 * The identity of a section of the configuration ("bwdird").  Clear it
 * afterwards.  BWDIR_CONFIG when its secret cannot be read.
 */
enum bwdir_status bwdir_identity_load(const struct bwdir_config *config,
                                      const char *section,
                                      struct bwdir_identity *identity,
                                      struct bwdir_detail *why);
void bwdir_identity_clear(struct bwdir_identity *identity);

/* Connects to one of URIS and binds the identity, unless that is NULL. */
enum bwdir_status bwdir_directory_connect(
    const struct bwdir_config *config, const char *const *uris,
    const struct bwdir_identity *identity, int64_t deadline,
    struct dir_connection **connection, struct bwdir_detail *why);

#endif
