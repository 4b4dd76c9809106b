/*
 * The outbox: the directory itself says who is owed a mail, and every host
 * may deliver it.  A mail is taken in hand by a Modify that only one can
 * make.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "detail.h"
#include "dir/modify.h"
#include "directory.h"
#include "gtime.h"
#include "owed.h"
#include "plan.h"
#include "shape.h"
#include "strlist.h"
#include "unit.h"
#include "user.h"

static const char *const attributes[] = {BWDIR_USER_ATTRIBUTES,
                                         BWDIR_OWED_ATTRIBUTES, NULL};

/* ---- who may ---- */

/* Of so many users one at least must be in his hands. */
#define PROBES 16

static bool
note_dn(const struct dir_entry *entry, void *closure)
{
    return bwdir_strings_add(closure, dir_entry_dn(entry));
}

/* The DNs of some users. */
static enum bwdir_status
find_some(struct bwdir_directory *directory, char ***dns,
          struct bwdir_detail *why)
{
    static const char *const nothing[] = {"1.1", NULL};
    const struct bwdir_unit_search search = {
        directory->base, BWDIR_PLACE_PEOPLE, "(objectClass=bwUser)", nothing};

    return bwdir_unit_some(bwdir_directory_ready(directory), &search, PROBES,
                           note_dn, dns, why);
}

/*
 * The removal of a value that nobody has writes nothing: who may remove it is
 * told that it is not there, and who may not that he may not.
 */
static enum bwdir_status
probe(struct bwdir_directory *directory, const char *dn,
      struct bwdir_detail *why)
{
    static const struct dir_change nothing = {
        DIR_DELETE_VALUE, "bwMailNotBefore", "19700101000000Z", NULL};
    enum bwdir_status status;

    do
        status =
            dir_modify(bwdir_directory_ready(directory), dn, &nothing, 1, why);
    while (bwdir_directory_move(directory, status));
    return status == BWDIR_NOT_FOUND ? BWDIR_OK : status;
}

enum bwdir_status
bwdir_outbox_check(struct bwdir_directory *directory, struct bwdir_detail *why)
{
    char **dns = NULL;
    enum bwdir_status status = find_some(directory, &dns, why);

    if (status == BWDIR_OK)
        for (char **dn = dns; dn != NULL && *dn != NULL; dn++) {
            status = probe(directory, *dn, why);
            if (status != BWDIR_NOT_PERMITTED)
                break;
        }
    bwdir_strings_free(&dns);
    if (status == BWDIR_NOT_PERMITTED)
        return bwdir_fail(why, status,
                          "\"%s\": the outbox's identity wanted, which sees "
                          "and writes what mail every user is owed",
                          bwdir_directory_whoami(directory));
    return status;
}

/* ---- looking ---- */

struct listing {
    struct bwdir_directory *directory;
    int64_t now;
    bool (*visit)(const struct bwdir_owed *owed,
                  const struct bwdir_detail *why, void *closure);
    void *closure;
    enum bwdir_status status;
    struct bwdir_detail *why;
};

static bool
visit_entry(const struct dir_entry *entry, void *closure)
{
    struct listing *listing = closure;
    struct bwdir_detail why = {""};
    struct bwdir_owed *owed;
    enum bwdir_status status;
    bool more = true;

    status = bwdir_owed_read(listing->directory, entry, listing->now, NULL,
                             &owed, &why);
    if (status != BWDIR_OK && status != BWDIR_MALFORMED) {
        listing->status = bwdir_fail(listing->why, status, "%s", why.text);
        return false;
    }
    if (owed != NULL || status == BWDIR_MALFORMED)
        more = listing->visit(owed, &why, listing->closure);
    bwdir_owed_free(&owed);
    return more;
}

enum bwdir_status
bwdir_outbox_list(struct bwdir_directory *directory, int64_t now,
                  bool (*visit)(const struct bwdir_owed *owed,
                                const struct bwdir_detail *why, void *closure),
                  void *closure, struct bwdir_detail *why)
{
    struct listing listing = {directory, now, visit, closure, BWDIR_OK, why};
    const struct bwdir_unit_search search = {
        directory->base, BWDIR_PLACE_PEOPLE,
        "(&(objectClass=bwUser)"
        "(|(bwMailOwed=*)(bwVerificationState=unverified)))",
        attributes};
    enum bwdir_status status;

    status = bwdir_unit_all(bwdir_directory_ready(directory), &search,
                            visit_entry, &listing, why);
    return status != BWDIR_OK ? status : listing.status;
}

static enum bwdir_status
read_user(struct bwdir_directory *directory, const char *name,
          struct dir_entry **entry, struct bwdir_detail *why)
{
    char *dn = NULL;
    struct dir_search search = {NULL, DIR_SCOPE_BASE, "(objectClass=bwUser)",
                                attributes};
    enum bwdir_status status;

    *entry = NULL;
    if (!bwdir_shape_is_name(name))
        return bwdir_fail(why, BWDIR_NOT_FOUND, "\"%s\": no user name", name);
    dn = bwdir_place_dn(directory->base, BWDIR_PLACE_PEOPLE, name);
    search.base = dn;
    if (dn == NULL)
        status = bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    else
        status = dir_search_one(bwdir_directory_ready(directory), &search,
                                entry, why);
    free(dn);
    return status;
}

/* *owed NULL where nothing is owed. */
static enum bwdir_status
look(struct bwdir_directory *directory, const char *name, int64_t now,
     const char *claim, struct bwdir_owed **owed, struct bwdir_detail *why)
{
    struct dir_entry *entry;
    enum bwdir_status status = read_user(directory, name, &entry, why);

    *owed = NULL;
    if (status == BWDIR_OK)
        status = bwdir_owed_read(directory, entry, now, claim, owed, why);
    dir_entry_free(&entry);
    return status;
}

/* ---- taking in hand ---- */

/* What a claim lost to somebody else looks like: the value to be deleted has
 * gone (16), or there is one already (20). */
static bool
is_lost(enum bwdir_status status)
{
    return status == BWDIR_NOT_FOUND || status == BWDIR_BAD_VALUE;
}

/*
 * The value that was read is replaced, or, of a single-valued attribute, the
 * first one added: either works for one of two who do it at once.
 */
static enum bwdir_status
claim(struct bwdir_directory *directory, const struct bwdir_owed *owed,
      const char *until, struct bwdir_detail *why)
{
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status;

    status = bwdir_plan_new(
        bwdir_directory_purpose(directory, "claim owed mail"), &plan);
    if (status != BWDIR_OK)
        return bwdir_fail(why, status, "%s", bwdir_strerror(status));
    bwdir_plan_may_be_lost(plan, is_lost);
    bwdir_plan_modify(plan, owed->user->standing.dn);
    if (owed->not_before != NULL)
        bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwMailNotBefore",
                         owed->not_before);
    bwdir_plan_value(plan, DIR_ADD_VALUE, "bwMailNotBefore", until);
    if (*owed->stale != NULL) {
        bwdir_plan_modify(plan, owed->user->standing.dn);
        bwdir_plan_may_be_done(plan);
    }
    for (char **stale = owed->stale; *stale != NULL; stale++)
        bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwMailOwed", *stale);
    status = bwdir_plan_apply(directory, plan, why);
    bwdir_plan_free(&plan);
    if (is_lost(status))
        return bwdir_fail(why, BWDIR_NOT_FOUND,
                          "%s: somebody else delivers it",
                          owed->user->standing.name);
    return status;
}

/* Gives back a claim under which there is nothing to be delivered. */
static enum bwdir_status
release(struct bwdir_directory *directory, struct bwdir_owed *owed,
        const char *until, struct bwdir_detail *why)
{
    const struct bwdir_settlement nothing = {.status = BWDIR_OK};
    enum bwdir_status status;

    free(owed->not_before);
    free(owed->value);
    owed->value = NULL;
    owed->not_before = strdup(until);
    if (owed->not_before == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    status = bwdir_outbox_settle(directory, owed, &nothing, why);
    if (status != BWDIR_OK)
        return status;
    return bwdir_fail(why, BWDIR_NOT_FOUND, "%s: nothing is owed",
                      owed->user->standing.name);
}

/* What was read before the claim may have been delivered since. */
static enum bwdir_status
look_again(struct bwdir_directory *directory, const char *name, int64_t now,
           const char *until, struct bwdir_owed **owed,
           struct bwdir_detail *why)
{
    struct bwdir_owed *before = *owed;
    enum bwdir_status status;

    status = look(directory, name, now, until, owed, why);
    if (status == BWDIR_OK &&
        (*owed == NULL || !(*owed)->is_owed || !(*owed)->is_due))
        status = release(directory, before, until, why);
    if (status != BWDIR_OK)
        bwdir_owed_free(owed);
    bwdir_owed_free(&before);
    return status;
}

enum bwdir_status
bwdir_outbox_take(struct bwdir_directory *directory, const char *name,
                  int64_t now, struct bwdir_owed **owed,
                  struct bwdir_detail *why)
{
    char until[BWDIR_GTIME_SIZE];
    enum bwdir_status status;

    *owed = NULL;
    if (!bwdir_gtime_format(bwdir_owed_later(now, BWDIR_CLAIM), until))
        return bwdir_fail(why, BWDIR_INTERNAL, "no such time");
    status = look(directory, name, now, NULL, owed, why);
    if (status == BWDIR_OK && (*owed == NULL || !(*owed)->is_due))
        status = bwdir_fail(why, BWDIR_NOT_FOUND, "%s: nothing is due", name);
    if (status == BWDIR_OK)
        status = claim(directory, *owed, until, why);
    if (status == BWDIR_OK)
        return look_again(directory, name, now, until, owed, why);
    bwdir_owed_free(owed);
    return status;
}
