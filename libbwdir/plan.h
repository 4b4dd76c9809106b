/*
 * Plans from the inside: a list of directory changes that grows step by step.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_PLAN_H
#define BWDIR_PLAN_H

#include "bwdir.h"
#include "dir/modify.h"

/* What every plan carries; bwdir_directory_purpose() fills it in. */
struct bwdir_purpose {
    const char *who;  /* an authorization identity */
    const char *why;  /* the reason that was given, "-" for none */
    const char *what; /* fixed words: "add user" */
};

/* The beginning of a line about changes, ENTRY being the first: event=plan
 * what= entry= who= why=. */
void bwdir_purpose_line(const struct bwdir_purpose *purpose, const char *entry,
                        struct bwdir_line *line);

/* PURPOSE is copied. */
enum bwdir_status bwdir_plan_new(struct bwdir_purpose purpose,
                                 struct bwdir_plan **plan);

/*
 * The building calls note a lack of memory in the plan, and bwdir_plan_done()
 * tells: so a plan is built without a check behind each line.  A DN or a
 * value that is NULL counts as a lack of memory, so that the result of
 * bwdir_place_dn() may be handed on unchecked.
 */
void bwdir_plan_add(struct bwdir_plan *plan, const char *dn);
void bwdir_plan_modify(struct bwdir_plan *plan, const char *dn);
void bwdir_plan_delete(struct bwdir_plan *plan, const char *dn);
void bwdir_plan_delete_if_there(struct bwdir_plan *plan, const char *dn);

/*
 * Of the Modify begun last it does not matter who does it: a value that is to
 * be added and is there when the plan is applied, or to be deleted and is
 * gone, was so made by another and counts as done.  The rest is applied, and
 * it alone is taken back when a later step is refused.  A value whose
 * attribute may not be searched, a secret, and what is replaced or removed
 * whole are never found done.  Without this a step is done by one alone, who
 * is the first: so a claim is made.
 */
void bwdir_plan_may_be_done(struct bwdir_plan *plan);

/*
 * The Modify begun last is done only if the entry meets FILTER at that moment:
 * BWDIR_BAD_VALUE and the words UNMET otherwise.  See struct dir_condition.
 */
void bwdir_plan_only_if(struct bwdir_plan *plan, const char *filter,
                        const char *unmet);

/*
 * The Modify begun last is not needed: where the server does not permit it, it
 * is passed over, and bwdir_plan_apply() tells WORDS with BWDIR_OK.
 */
void bwdir_plan_may_be_left(struct bwdir_plan *plan, const char *words);

/* One attribute or change of the step begun last; values are copied. */
void bwdir_plan_value(struct bwdir_plan *plan, enum dir_change_kind kind,
                      const char *attribute, const char *value);
void bwdir_plan_secret(struct bwdir_plan *plan, enum dir_change_kind kind,
                       const char *attribute,
                       const struct bwdir_secret *secret);

/*
 * A password's hash, to be stored as it is.  To who may not do that the server
 * says of its quality, which it cannot judge, what it says of a simple
 * password: of a step with a hash BWDIR_REFUSED is BWDIR_NOT_PERMITTED.
 */
void bwdir_plan_hash(struct bwdir_plan *plan, const char *hash);

/* All values of an attribute go, and there must be one. */
void bwdir_plan_remove(struct bwdir_plan *plan, const char *attribute);

/*
 * A step by itself: the Password Modify operation (RFC 3062), by which the
 * bound user changes the password of DN, which is his own.
 */
void bwdir_plan_password(struct bwdir_plan *plan, const char *dn,
                         const struct bwdir_secret *old_password,
                         const struct bwdir_secret *new_password);

/* The entry that the log tells; without this that of the first step. */
void bwdir_plan_set_entry(struct bwdir_plan *plan, const char *dn);

/*
 * What to tell when the server answers "not permitted", since it does not
 * say what it minded.
 */
void bwdir_plan_set_refusal(struct bwdir_plan *plan, const char *text);

/* Likewise for "already exists": an entry that the connection cannot see. */
void bwdir_plan_set_taken(struct bwdir_plan *plan, const char *text);

/*
 * The plan asks for what one of several gets: refused with a status of which
 * IS_LOST says so, somebody else has it, and that is an answer and no fault.
 */
void bwdir_plan_may_be_lost(struct bwdir_plan *plan,
                            bool (*is_lost)(enum bwdir_status status));

bool bwdir_plan_is_empty(const struct bwdir_plan *plan);
enum bwdir_status bwdir_plan_done(const struct bwdir_plan *plan);

/*
 * The end of building a plan: what became of it, which is STATUS if that is
 * not BWDIR_OK.  Anything but BWDIR_OK frees the plan, and puts words into WHY
 * where there are none.
 */
enum bwdir_status bwdir_plan_finish(enum bwdir_status status,
                                    struct bwdir_plan **plan,
                                    struct bwdir_detail *why);

#endif
