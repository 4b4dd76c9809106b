/*
 * Plans: every change of the directory is one, which is shown or applied.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_PUBLIC_PLAN_H
#define BWDIR_PUBLIC_PLAN_H

#include "bwdir_domain.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/*
 * A list of directory changes with who makes them (the authorization identity
 * that the server told), why (as the login said) and what they are for.
 */
struct bwdir_plan;

#define BWDIR_WHY_MAX 200 /* bytes of a reason */

/*
 * The plan as LDIF (RFC 2849) behind a comment that begins as the line of the
 * log does, up to why=.  Passwords and hashes are replaced by a comment.  TEXT
 * is the caller's to free(3).
 */
enum bwdir_status bwdir_plan_ldif(const struct bwdir_plan *plan,
                                  char **text) BWDIR_CHECK_RESULT;

/*
 * Applies the changes in order and stops at the first that is refused; what
 * was done before that is taken back, and WHY names what cannot be.
 * BWDIR_EXISTS, BWDIR_NOT_PERMITTED, BWDIR_BAD_VALUE, BWDIR_UNAVAILABLE …
 * With BWDIR_OK it names what was not permitted and need not be done, or is
 * empty.
 */
enum bwdir_status
bwdir_plan_apply(struct bwdir_directory *directory,
                 const struct bwdir_plan *plan,
                 struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void bwdir_plan_free(struct bwdir_plan **plan);

/*
 * PLAN was printed and is not applied (-n): who is the admin of an account,
 * and acts, counts for later plans as if it had been.  Nothing is written.
 */
enum bwdir_status
bwdir_plan_suppose(struct bwdir_directory *directory,
                   const struct bwdir_plan *plan) BWDIR_CHECK_RESULT;

/* What became of a plan. */
struct bwdir_outcome {
    const struct bwdir_plan *plan;
    enum bwdir_status status;
    const char *reason; /* the detail that came of it, or "" */
    bool lost;          /* somebody else has what was asked for: no fault */
    size_t done;        /* steps that were carried out, of all */
    size_t undone;      /* of these, taken back after a failure */
    int64_t ms;         /* how long it took */
};

/*
 * OBSERVE is called each time bwdir_plan_apply() has come to an end, also
 * when the server refused: so nothing is written over this connection that a
 * log does not tell.  OUTCOME lives as long as the call.
 */
void bwdir_directory_observe(
    struct bwdir_directory *directory,
    void (*observe)(const struct bwdir_outcome *outcome, void *closure),
    void *closure);

/*
 * Appends an outcome to a log line: event=plan what= entry= who= why= steps=
 * status= reason= [lost=yes] ms=, entry being that of the first change, or of
 * the user who is deleted.
 */
void bwdir_outcome_line(const struct bwdir_outcome *outcome,
                        struct bwdir_line *line);

/*
 * Appends changes=: each entry with the attributes that change; values only of
 * those that say who may do what, never a name, an address or a secret.
 */
void bwdir_outcome_changes(const struct bwdir_outcome *outcome,
                           struct bwdir_line *line);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
