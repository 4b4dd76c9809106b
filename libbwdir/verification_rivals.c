/*
 * Which sign-up credentials stand: one, when several have been issued at once;
 * none of a user who is not to redeem what he was sent.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "detail.h"
#include "dir/search.h"
#include "directory.h"
#include "gtime.h"
#include "user.h"
#include "verification.h"
#include "verification_impl.h"

static bool
plan_removal(const struct dir_entry *entry, void *closure)
{
    bwdir_plan_delete_if_there(closure, dir_entry_dn(entry));
    return true;
}

enum bwdir_status
bwdir_verification_plan_removals(struct bwdir_directory *directory,
                                 const struct bwdir_user *user,
                                 struct bwdir_plan *plan,
                                 struct bwdir_detail *why)
{
    static const char *const attributes[] = {"1.1", NULL};
    struct dir_search search = {user->standing.dn, DIR_SCOPE_ONE,
                                "(objectClass=bwVerification)", attributes};

    return dir_search_all(bwdir_directory_ready(directory), &search,
                          plan_removal, plan, why);
}

enum bwdir_status
bwdir_verification_plan_void(struct bwdir_directory *directory,
                             const struct bwdir_user *user,
                             struct bwdir_plan **plan,
                             struct bwdir_detail *why)
{
    enum bwdir_status status;

    *plan = NULL;
    status =
        bwdir_verification_begin(directory, "take void codes away", plan, why);
    if (status == BWDIR_OK)
        status = bwdir_verification_plan_removals(directory, user, *plan, why);
    if (status == BWDIR_OK)
        status = bwdir_plan_finish(status, plan, why);
    if (status != BWDIR_OK || bwdir_plan_is_empty(*plan))
        bwdir_plan_free(plan);
    return status;
}

/* One's own code, and the others that several have sent at once. */
struct rivals {
    const char *own;
    char created[BWDIR_GTIME_SIZE]; /* own */
    bool overtaken; /* by a later one, or by one that is redeemed */
    struct bwdir_plan *plan;
};

/* The same for all who look: by the server's time, then by name. */
static bool
judge_rival(const struct dir_entry *entry, void *closure)
{
    struct rivals *rivals = closure;
    const char *dn = dir_entry_dn(entry);
    const char *created = "";
    int order;

    if (strcasecmp(dn, rivals->own) == 0)
        return true;
    (void)dir_entry_at_most_one(entry, "createTimestamp", &created, NULL);
    order = strcmp(created == NULL ? "" : created, rivals->created);
    if (order == 0)
        order = strcasecmp(dn, rivals->own);
    if (order < 0)
        bwdir_plan_delete_if_there(rivals->plan, dn);
    else
        rivals->overtaken |= dir_entry_count(entry, "bwDelivered") > 0;
    return true;
}

/* Who has redeemed another code meanwhile needs none. */
static enum bwdir_status
judge_state(struct bwdir_directory *directory, const struct bwdir_user *user,
            struct rivals *rivals, struct bwdir_detail *why)
{
    static const char *const attributes[] = {"1.1", NULL};
    const struct dir_search verified = {user->standing.dn, DIR_SCOPE_BASE,
                                        "(bwVerificationState=verified)",
                                        attributes};
    struct dir_entry *entry;
    enum bwdir_status status = dir_search_one(bwdir_directory_ready(directory),
                                              &verified, &entry, why);

    rivals->overtaken |= status == BWDIR_OK;
    dir_entry_free(&entry);
    return status == BWDIR_NOT_FOUND ? BWDIR_OK : status;
}

static enum bwdir_status
judge_rivals(struct bwdir_directory *directory, const struct bwdir_user *user,
             struct rivals *rivals, struct bwdir_detail *why)
{
    static const char *const attributes[] = {"createTimestamp", "bwDelivered",
                                             NULL};
    struct dir_search own = {rivals->own, DIR_SCOPE_BASE,
                             "(objectClass=bwVerification)", attributes};
    struct dir_search all = {user->standing.dn, DIR_SCOPE_ONE,
                             "(objectClass=bwVerification)", attributes};
    const char *created = NULL;
    struct dir_entry *entry;
    enum bwdir_status status;

    status =
        dir_search_one(bwdir_directory_ready(directory), &own, &entry, why);
    if (status == BWDIR_OK)
        status = dir_entry_one(entry, "createTimestamp", &created, why);
    if (status == BWDIR_OK)
        snprintf(rivals->created, sizeof rivals->created, "%s", created);
    dir_entry_free(&entry);
    if (status == BWDIR_OK)
        status = dir_search_all(bwdir_directory_ready(directory), &all,
                                judge_rival, rivals, why);
    if (status == BWDIR_OK)
        status = judge_state(directory, user, rivals, why);
    if (rivals->overtaken)
        bwdir_plan_delete_if_there(rivals->plan, rivals->own);
    return status;
}

enum bwdir_status
bwdir_verification_plan_single(struct bwdir_directory *directory,
                               const struct bwdir_user *user,
                               const struct bwdir_secret *code,
                               bool *overtaken, struct bwdir_plan **plan,
                               struct bwdir_detail *why)
{
    struct rivals rivals = {.overtaken = false};
    enum bwdir_status status;
    char *dn;

    *plan = NULL;
    status = bwdir_verification_place(user, code, &dn, why);
    if (status == BWDIR_OK)
        status =
            bwdir_verification_begin(directory, "leave one code", plan, why);
    if (status == BWDIR_OK) {
        rivals.own = dn;
        rivals.plan = *plan;
        status = judge_rivals(directory, user, &rivals, why);
        status = bwdir_plan_finish(status, plan, why);
    }
    *overtaken = status == BWDIR_NOT_FOUND || rivals.overtaken;
    if (status != BWDIR_OK || bwdir_plan_is_empty(*plan))
        bwdir_plan_free(plan);
    free(dn);
    return status;
}
