/*
 * The next time at which the decision changes.  It is found by asking the
 * decision at every time at which one of its facts can begin or cease to
 * matter, so that no rule is written here a second time.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <string.h>

#include "decision.h"

static struct bwdir_verdict
verdict_at(const struct bwdir_facts *facts, bool with_password,
           const struct bwdir_service *service, int64_t when)
{
    struct bwdir_proof proof = bwdir_proof_foresee(facts, when);

    return bwdir_decide(facts, with_password ? &proof : NULL, service, when);
}

static bool
is_same(const struct bwdir_verdict *a, const struct bwdir_verdict *b)
{
    return a->status == b->status && strcmp(a->reason, b->reason) == 0 &&
           (a->days_left < 0) == (b->days_left < 0);
}

/* The second at which a fact begins to count, and the one after, for some
 * limits are the last second that is good and others the first that is not. */
#define MOMENTS 5
#define CANDIDATES (2 * MOMENTS)

static void
add(int64_t *times, size_t *count, int64_t since, int64_t span)
{
    int64_t when;

    if (__builtin_add_overflow(since, span, &when) || when == INT64_MAX)
        return;
    times[(*count)++] = when;
    times[(*count)++] = when + 1;
}

static size_t
list_candidates(const struct bwdir_facts *facts, int64_t *times)
{
    const struct bwdir_policy *policy = &facts->policy;
    size_t count = 0;

    if (facts->ends)
        add(times, &count, facts->end, 0);
    if (facts->locked)
        add(times, &count, facts->locked_since, policy->lockout);
    if (facts->changed_known) {
        add(times, &count, facts->changed, -BWDIR_CLOCK_SKEW);
        add(times, &count, facts->changed, policy->max_age);
        add(times, &count, facts->changed,
            policy->max_age - policy->expire_warning);
    }
    return count;
}

bool
bwdir_decide_next(const struct bwdir_facts *facts, bool with_password,
                  const struct bwdir_service *service, int64_t now,
                  int64_t *next)
{
    const struct bwdir_verdict today =
        verdict_at(facts, with_password, service, now);
    int64_t times[CANDIDATES];
    size_t count = list_candidates(facts, times);
    bool found = false;

    for (size_t i = 0; i < count; i++) {
        struct bwdir_verdict then;

        if (times[i] <= now || (found && times[i] >= *next))
            continue;
        then = verdict_at(facts, with_password, service, times[i]);
        if (!is_same(&today, &then)) {
            *next = times[i];
            found = true;
        }
    }
    return found;
}
