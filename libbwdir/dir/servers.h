/*
 * The servers of one directory: which one to try next, and which of them
 * failed a short while ago.
 *
 * Whoever needs a server begins a round and takes one after the other until
 * one serves.  In a round every server is handed out once, those that failed
 * lately behind the others: when nothing else is left they are tried all the
 * same, so that a directory that comes back is found at once.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DIR_SERVERS_H
#define BWDIR_DIR_SERVERS_H

#include "../bwdir.h"

/* For so many milliseconds a failure counts. */
#define DIR_SERVER_MEMORY_MS 30000

struct dir_servers;

/*
 * The list is copied; NULL-terminated, in the order of preference.  CA_FILE
 * as in struct dir_target.  BWDIR_CONFIG when the list is empty,
 * BWDIR_NO_MEMORY.  Times below are CLOCK_MONOTONIC in milliseconds.
 */
enum bwdir_status dir_servers_new(const char *const *uris, const char *ca_file,
                                  struct dir_servers **servers,
                                  struct bwdir_detail *why);
void dir_servers_free(struct dir_servers **servers);

const char *dir_servers_ca_file(const struct dir_servers *servers);

/* A new round: each may be tried again. */
void dir_servers_begin(struct dir_servers *servers);

/*
 * The next server of the round, which counts as tried from now on; NULL when
 * there is none left.  The string lives as long as SERVERS.
 */
const char *dir_servers_next(struct dir_servers *servers, int64_t now);

/* URI is not to be tried (again) in this round. */
void dir_servers_skip(struct dir_servers *servers, const char *uri);

/*
 * When to give up with the server URI, so that each of the others that is
 * still to be tried has its share of the time until DEADLINE.
 */
int64_t dir_servers_share(const struct dir_servers *servers, const char *uri,
                          int64_t now, int64_t deadline);

/* URI has failed; it is not tried again in this round. */
void dir_servers_failed(struct dir_servers *servers, const char *uri,
                        int64_t now);
/* URI has served: a failure of before no longer counts. */
void dir_servers_served(struct dir_servers *servers, const char *uri);

#endif
