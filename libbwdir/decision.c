/*
 * The one decision.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "decision.h"

#include <limits.h>
#include <string.h>

#define DAY 86400

static struct bwdir_verdict
refuse(enum bwdir_status status, const char *reason)
{
    return (struct bwdir_verdict){status, reason, -1};
}

bool
bwdir_is_disabled(const struct bwdir_facts *facts, int64_t now)
{
    return facts->disabled_for_good || (facts->ends && facts->end <= now);
}

/* Whether one word of a comma list is among HELD. */
static bool
holds_any(const char *list, const char *const *held)
{
    for (; *held != NULL; held++) {
        size_t length = strlen(*held);
        const char *at = list;

        while (at != NULL) {
            if (strncmp(at, *held, length) == 0 &&
                (at[length] == ',' || at[length] == '\0'))
                return true;
            at = strchr(at, ',');
            at = at == NULL ? NULL : at + 1;
        }
    }
    return false;
}

/* Every list must be met; no lists are met. */
static bool
meets_all(const char *const *lists, const char *const *held)
{
    static const char *const none[] = {NULL};

    if (lists == NULL)
        return true;
    for (; *lists != NULL; lists++)
        if (!holds_any(*lists, held != NULL ? held : none))
            return false;
    return true;
}

/* What keeps the user from this service for good, or NULL. */
static const char *
why_not_allowed(const struct bwdir_standing *standing,
                const struct bwdir_service *service)
{
    const char *level[] = {bwdir_level_name(standing->level), NULL};

    if ((standing->access & (unsigned)service->access) == 0)
        return "access-method";
    if (!meets_all(service->require_level, level))
        return "level";
    if (!meets_all(service->require_role,
                   (const char *const *)standing->roles))
        return "role";
    if (!meets_all(service->require_account,
                   (const char *const *)standing->accounts))
        return "account";
    return NULL;
}

/* Whether the password ages: only where the dashboard is the only method. */
static bool
ages(const struct bwdir_facts *facts)
{
    return facts->standing->access == BWDIR_ACCESS_DASHBOARD &&
           facts->policy.max_age > 0;
}

/* Seconds to expiry by our own count; negative: expired. */
static int64_t
own_seconds_left(const struct bwdir_facts *facts, int64_t now)
{
    int64_t age;

    if (!facts->changed_known || facts->changed > now + BWDIR_CLOCK_SKEW)
        return -1;
    age = facts->changed > now ? 0 : now - facts->changed;
    return facts->policy.max_age - age;
}

static const char *
why_must_change(const struct bwdir_facts *facts,
                const struct bwdir_proof *proof, int64_t now)
{
    if (facts->reset || (proof != NULL && proof->change_after_reset))
        return "reset";
    if (proof != NULL && proof->in_grace)
        return "expired";
    if (!ages(facts) || own_seconds_left(facts, now) >= 0)
        return NULL;
    if (!facts->changed_known)
        return "no-change-time";
    if (facts->changed > now)
        return "change-time-ahead";
    return "expired";
}

static bool
grace_is_used_up(const struct bwdir_facts *facts)
{
    return facts->policy.grace_limit <= 0 ||
           facts->grace_used >= (size_t)facts->policy.grace_limit;
}

/* Days to expiry when that is worth a warning, else -1. */
static int
warning_days(const struct bwdir_facts *facts, const struct bwdir_proof *proof,
             int64_t now)
{
    int64_t left;

    if (!ages(facts))
        return -1;
    left = own_seconds_left(facts, now);
    if (proof != NULL && proof->seconds_left >= 0 &&
        proof->seconds_left < left)
        left = proof->seconds_left;
    if (left > facts->policy.expire_warning)
        return -1;
    left = (left + DAY - 1) / DAY;
    return left < 1 ? 1 : left > INT_MAX ? INT_MAX : (int)left;
}

/* Dashboard services only: verification, expiry, warning. */
static struct bwdir_verdict
decide_renewal(const struct bwdir_facts *facts,
               const struct bwdir_proof *proof, int64_t now)
{
    const char *reason = why_must_change(facts, proof, now);
    struct bwdir_verdict verdict = {BWDIR_OK, "ok", -1};

    if (reason == NULL) {
        verdict.days_left = warning_days(facts, proof, now);
        return verdict;
    }
    if (proof == NULL && strcmp(reason, "expired") == 0 &&
        grace_is_used_up(facts))
        return refuse(BWDIR_EXPIRED, "grace-used-up");
    return refuse(BWDIR_MUST_CHANGE, reason);
}

struct bwdir_verdict
bwdir_decide(const struct bwdir_facts *facts, const struct bwdir_proof *proof,
             const struct bwdir_service *service, int64_t now)
{
    bool dashboard = service->access != BWDIR_ACCESS_API;
    const char *reason;

    if (proof != NULL && !proof->proven)
        return refuse(BWDIR_BAD_CREDENTIALS, "password");
    if (!facts->sound)
        return refuse(BWDIR_NOT_ALLOWED, "malformed-entry");
    if (bwdir_is_disabled(facts, now))
        return refuse(proof != NULL ? BWDIR_BAD_CREDENTIALS : BWDIR_DISABLED,
                      "disabled");
    reason = why_not_allowed(facts->standing, service);
    if (reason != NULL)
        return refuse(BWDIR_NOT_ALLOWED, reason);
    if (dashboard && facts->standing->state != BWDIR_STATE_VERIFIED)
        return refuse(BWDIR_UNVERIFIED, "unverified");
    if (proof != NULL && proof->expired)
        return refuse(BWDIR_EXPIRED, "grace-used-up");
    if (dashboard)
        return decide_renewal(facts, proof, now);
    return (struct bwdir_verdict){BWDIR_OK, "ok", -1};
}
