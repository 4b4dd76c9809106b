/*
 * A sign-in context from the inside: two kept connections, and looking up
 * and proving one user over them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_SIGNIN_H
#define BWDIR_SIGNIN_H

#include "bwdir.h"
#include "decision.h"
#include "dir/connection.h"
#include "dir/entry.h"
#include "directory.h"

/*
 * Both connections go to the same server, so that what is read and what is
 * proven are of one directory.
 */
struct bwdir_signin {
    const struct bwdir_config *config;
    const char *base;
    const char *decoy_dn;
    struct bwdir_identity identity;
    struct dir_servers *servers;
    const char *uri; /* the server at hand; NULL without connections */
    bool fresh;      /* connected in the question at hand */
    struct dir_connection *lookup;  /* bound as the daemon's identity */
    struct dir_connection *subject; /* users are bound here, one at a time */
    struct bwdir_detail trouble;    /* with a server, in this question */
};

/* ---- contact.c ---------------------------------------------------------- */

/* A question begins: every server may be tried, once. */
void bwdir_contact_begin(struct bwdir_signin *signin);

/*
 * Connections to the server at hand, or else to the next that can be used,
 * with its share of the time until DEADLINE.  BWDIR_UNAVAILABLE: there is
 * none left.
 */
enum bwdir_status bwdir_contact_ready(struct bwdir_signin *signin,
                                      int64_t deadline,
                                      struct bwdir_detail *why);

/* The server at hand cannot be used, says REASON. */
void bwdir_contact_leave(struct bwdir_signin *signin,
                         const struct bwdir_detail *reason);

/* The server at hand is not to be asked again in this question, for no fault
 * of its own. */
void bwdir_contact_pass(struct bwdir_signin *signin);

/* All the time until DEADLINE is for the server at hand. */
void bwdir_contact_stay(struct bwdir_signin *signin, int64_t deadline);

void bwdir_contact_close(struct bwdir_signin *signin);

/* ---- candidate.c -------------------------------------------------------- */

/* One user of one question. */
struct bwdir_candidate {
    bool known; /* false: no such user, or a name never asked for */
    struct bwdir_standing standing;
    struct bwdir_facts facts;
};

/*
 * Searches the user, whoever the name names.  BWDIR_OK also when there is no
 * such user; then candidate->known is false.
 */
enum bwdir_status bwdir_candidate_find(struct bwdir_signin *signin,
                                       const char *name,
                                       struct bwdir_candidate *candidate,
                                       struct bwdir_detail *why);
/* Reads the record behind the candidate's access method. */
enum bwdir_status
bwdir_candidate_read_policy(struct bwdir_signin *signin,
                            struct bwdir_candidate *candidate,
                            struct bwdir_detail *why);
void bwdir_candidate_clear(struct bwdir_candidate *candidate);

/*
 * Tries the password, or does the same work with the decoy when there is no
 * such user, when PASSWORD is one that no user can have, and when the server
 * refuses without looking at the password.  The policy has been read. BWDIR_OK
 * with proof->proven told; anything else means that nothing is known.
 */
enum bwdir_status
bwdir_candidate_prove(struct bwdir_signin *signin,
                      const struct bwdir_candidate *candidate,
                      const struct bwdir_secret *password,
                      struct bwdir_proof *proof, struct bwdir_detail *why);

#endif
