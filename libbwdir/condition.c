/*
 * How a user stands: the facts put in words that a list can be filtered by.
 * No rule is written here; each word asks the decision or one of its parts.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <string.h>

#include "decision.h"
#include "user.h"

static const struct {
    unsigned word;
    const char *name;
} words[BWDIR_CONDITION_WORDS] = {
    {BWDIR_IS_ACTIVE, "active"},
    {BWDIR_IS_VERIFIED, "verified"},
    {BWDIR_IS_UNVERIFIED, "unverified"},
    {BWDIR_IS_DISABLED, "disabled"},
    {BWDIR_IS_LOCKED, "locked"},
    {BWDIR_IS_PASSWORDLESS, "no-password"},
    {BWDIR_IS_TO_CHANGE, "must-change"},
    {BWDIR_IS_EXPIRED, "expired"},
    {BWDIR_IS_EXPIRING, "expiring"},
    {BWDIR_IS_MALFORMED, "malformed"},
};

const char *
bwdir_condition_name(unsigned word)
{
    for (size_t i = 0; i < BWDIR_CONDITION_WORDS; i++)
        if (words[i].word == word)
            return words[i].name;
    return NULL;
}

bool
bwdir_condition_from_name(const char *name, unsigned *word)
{
    for (size_t i = 0; i < BWDIR_CONDITION_WORDS; i++) {
        if (strcmp(words[i].name, name) != 0)
            continue;
        *word = words[i].word;
        return true;
    }
    return false;
}

/* The verdict on one who proves his password at a service of that kind that
 * wants nothing else. */
static struct bwdir_verdict
verdict_at(const struct bwdir_facts *facts, enum bwdir_access_kind kind,
           int64_t when)
{
    const struct bwdir_service service = {.access = kind};
    const struct bwdir_proof proof = bwdir_proof_foresee(facts, when);

    return bwdir_decide(facts, &proof, &service, when);
}

/* Who never had a password cannot prove one, though no fact says so. */
static bool
is_active(const struct bwdir_facts *facts, int64_t when)
{
    return facts->changed_known &&
           (verdict_at(facts, BWDIR_ACCESS_DASHBOARD, when).status ==
                BWDIR_OK ||
            verdict_at(facts, BWDIR_ACCESS_API, when).status == BWDIR_OK);
}

static void
tell_age(const struct bwdir_facts *facts, int64_t when,
         struct bwdir_condition *condition)
{
    int64_t left;

    condition->days_left = -1;
    if (!facts->sound || !bwdir_password_ages(facts))
        return;
    left = bwdir_password_left(facts, when);
    condition->max_age = facts->policy.max_age;
    condition->days_left = bwdir_days_left(left);
    condition->grace_left = bwdir_grace_left(facts);
    if (facts->changed_known &&
        __builtin_add_overflow(facts->changed, facts->policy.max_age,
                               &condition->expiry))
        condition->expiry = INT64_MAX;
    if (left < 0 && facts->changed_known)
        condition->is |= BWDIR_IS_EXPIRED;
    else if (left >= 0 && bwdir_warning_days(facts, NULL, when) >= 0)
        condition->is |= BWDIR_IS_EXPIRING;
}

static void
tell_lock(const struct bwdir_facts *facts, int64_t when,
          struct bwdir_condition *condition)
{
    if (!bwdir_is_locked(facts, when))
        return;
    condition->is |= BWDIR_IS_LOCKED;
    if (facts->policy.lockout > 0)
        condition->locked_until = facts->locked_since + facts->policy.lockout;
}

void
bwdir_user_condition(const struct bwdir_user *user, int64_t when,
                     struct bwdir_condition *condition)
{
    const struct bwdir_facts *facts = &user->facts;

    *condition = (struct bwdir_condition){
        .is = user->standing.state == BWDIR_STATE_VERIFIED
                  ? BWDIR_IS_VERIFIED
                  : BWDIR_IS_UNVERIFIED,
        .changed_known = facts->changed_known,
        .changed = facts->changed,
        .ends = facts->ends,
        .end = facts->end};
    if (!facts->sound)
        condition->is |= BWDIR_IS_MALFORMED;
    if (is_active(facts, when))
        condition->is |= BWDIR_IS_ACTIVE;
    if (bwdir_is_disabled(facts, when))
        condition->is |= BWDIR_IS_DISABLED;
    if (!facts->changed_known)
        condition->is |= BWDIR_IS_PASSWORDLESS;
    if (facts->reset)
        condition->is |= BWDIR_IS_TO_CHANGE;
    tell_age(facts, when, condition);
    tell_lock(facts, when, condition);
}

enum bwdir_status
bwdir_user_foresee_access(struct bwdir_directory *directory,
                          const struct bwdir_user *user, unsigned access,
                          int64_t when, struct bwdir_condition *condition,
                          struct bwdir_detail *why)
{
    struct bwdir_user other = *user;
    const struct bwdir_policy *policy;
    enum bwdir_status status;

    status = bwdir_policies_get(&directory->policies,
                                bwdir_directory_ready(directory),
                                directory->base, access, &policy, why);
    if (status != BWDIR_OK)
        return status;
    other.standing.access = access;
    other.facts.standing = &other.standing;
    other.facts.sound = policy != NULL;
    if (policy != NULL)
        other.facts.policy = *policy;
    bwdir_user_condition(&other, when, condition);
    return BWDIR_OK;
}
