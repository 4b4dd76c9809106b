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

/* Writes down a step and hands on its reason, NULL where there is none. */
static const char *
note(struct bwdir_trace *trace, enum bwdir_rule rule, const char *reason)
{
    if (trace != NULL && trace->count < BWDIR_RULES) {
        trace->steps[trace->count].rule = rule;
        trace->steps[trace->count++].reason = reason;
    }
    return reason;
}

static const char *
against_access(const struct bwdir_standing *standing,
               const struct bwdir_service *service)
{
    return (standing->access & (unsigned)service->access) == 0
               ? "access-method"
               : NULL;
}

static const char *
against_level(const struct bwdir_standing *standing,
              const struct bwdir_service *service)
{
    const char *level[] = {bwdir_level_name(standing->level), NULL};

    return meets_all(service->require_level, level) ? NULL : "level";
}

static const char *
against_role(const struct bwdir_standing *standing,
             const struct bwdir_service *service)
{
    const char *const *held = (const char *const *)standing->roles;

    return meets_all(service->require_role, held) ? NULL : "role";
}

static const char *
against_account(const struct bwdir_standing *standing,
                const struct bwdir_service *service)
{
    const char *const *held = (const char *const *)standing->accounts;

    return meets_all(service->require_account, held) ? NULL : "account";
}

/* What keeps the user from this service for good, or NULL. */
static const char *
why_not_allowed(const struct bwdir_standing *standing,
                const struct bwdir_service *service, struct bwdir_trace *trace)
{
    static const struct {
        enum bwdir_rule rule;
        const char *(*against)(const struct bwdir_standing *standing,
                               const struct bwdir_service *service);
    } rules[] = {{BWDIR_RULE_ACCESS, against_access},
                 {BWDIR_RULE_LEVEL, against_level},
                 {BWDIR_RULE_ROLE, against_role},
                 {BWDIR_RULE_ACCOUNT, against_account}};
    const char *reason = NULL;

    for (size_t i = 0; reason == NULL && i < sizeof rules / sizeof *rules; i++)
        reason =
            note(trace, rules[i].rule, rules[i].against(standing, service));
    return reason;
}

/* Only where the dashboard is the only method. */
bool
bwdir_password_ages(const struct bwdir_facts *facts)
{
    return facts->standing->access == BWDIR_ACCESS_DASHBOARD &&
           facts->policy.max_age > 0;
}

/* By our own count, whatever the server says. */
int64_t
bwdir_password_left(const struct bwdir_facts *facts, int64_t now)
{
    int64_t age;

    if (!facts->changed_known || facts->changed > now + BWDIR_CLOCK_SKEW)
        return -1;
    age = facts->changed > now ? 0 : now - facts->changed;
    return facts->policy.max_age - age;
}

static const char *
against_age(const struct bwdir_facts *facts, const struct bwdir_proof *proof,
            int64_t now)
{
    if (proof != NULL && proof->in_grace)
        return "expired";
    if (!bwdir_password_ages(facts) || bwdir_password_left(facts, now) >= 0)
        return NULL;
    if (!facts->changed_known)
        return "no-change-time";
    if (facts->changed > now)
        return "change-time-ahead";
    return "expired";
}

static const char *
why_must_change(const struct bwdir_facts *facts,
                const struct bwdir_proof *proof, int64_t now,
                struct bwdir_trace *trace)
{
    bool reset = facts->reset || (proof != NULL && proof->change_after_reset);

    if (note(trace, BWDIR_RULE_RESET, reset ? "reset" : NULL) != NULL)
        return "reset";
    return note(trace, BWDIR_RULE_AGE, against_age(facts, proof, now));
}

int64_t
bwdir_grace_left(const struct bwdir_facts *facts)
{
    if (facts->policy.grace_limit <= 0 ||
        facts->grace_used >= (size_t)facts->policy.grace_limit)
        return 0;
    return facts->policy.grace_limit - (int64_t)facts->grace_used;
}

int
bwdir_days_left(int64_t seconds)
{
    int64_t days;

    if (seconds < 0)
        return 0;
    days = seconds / DAY + (seconds % DAY > 0 || seconds == 0);
    return days > INT_MAX ? INT_MAX : (int)days;
}

int
bwdir_warning_days(const struct bwdir_facts *facts,
                   const struct bwdir_proof *proof, int64_t now)
{
    int64_t left;

    if (!bwdir_password_ages(facts))
        return -1;
    left = bwdir_password_left(facts, now);
    if (proof != NULL && proof->seconds_left >= 0 &&
        proof->seconds_left < left)
        left = proof->seconds_left;
    return left > facts->policy.expire_warning ? -1 : bwdir_days_left(left);
}

/* Dashboard services only: expiry, warning. */
static struct bwdir_verdict
decide_renewal(const struct bwdir_facts *facts,
               const struct bwdir_proof *proof, int64_t now,
               struct bwdir_trace *trace)
{
    const char *reason = why_must_change(facts, proof, now, trace);
    struct bwdir_verdict verdict = {BWDIR_OK, "ok", -1};
    bool used_up;

    if (reason == NULL) {
        verdict.days_left = bwdir_warning_days(facts, proof, now);
        note(trace, BWDIR_RULE_WARNING,
             verdict.days_left >= 0 ? "warning" : NULL);
        return verdict;
    }
    if (proof == NULL && strcmp(reason, "expired") == 0) {
        used_up = bwdir_grace_left(facts) == 0;
        note(trace, BWDIR_RULE_GRACE, used_up ? "grace-used-up" : NULL);
        if (used_up)
            return refuse(BWDIR_EXPIRED, "grace-used-up");
    }
    return refuse(BWDIR_MUST_CHANGE, reason);
}

/* The rules that hold at every service. */
static struct bwdir_verdict
decide_access(const struct bwdir_facts *facts, const struct bwdir_proof *proof,
              const struct bwdir_service *service, int64_t now,
              struct bwdir_trace *trace)
{
    const char *reason;

    if (proof != NULL &&
        note(trace, BWDIR_RULE_PASSWORD, proof->proven ? NULL : "password"))
        return refuse(BWDIR_BAD_CREDENTIALS, "password");
    if (note(trace, BWDIR_RULE_ENTRY, facts->sound ? NULL : "malformed-entry"))
        return refuse(BWDIR_NOT_ALLOWED, "malformed-entry");
    if (note(trace, BWDIR_RULE_DISABLED,
             bwdir_is_disabled(facts, now) ? "disabled" : NULL))
        return refuse(proof != NULL ? BWDIR_BAD_CREDENTIALS : BWDIR_DISABLED,
                      "disabled");
    reason = why_not_allowed(facts->standing, service, trace);
    if (reason != NULL)
        return refuse(BWDIR_NOT_ALLOWED, reason);
    return (struct bwdir_verdict){BWDIR_OK, "ok", -1};
}

struct bwdir_verdict
bwdir_decide_traced(const struct bwdir_facts *facts,
                    const struct bwdir_proof *proof,
                    const struct bwdir_service *service, int64_t now,
                    struct bwdir_trace *trace)
{
    bool dashboard = service->access != BWDIR_ACCESS_API;
    struct bwdir_verdict verdict;
    bool unverified;

    if (trace != NULL)
        trace->count = 0;
    verdict = decide_access(facts, proof, service, now, trace);
    if (verdict.status != BWDIR_OK)
        return verdict;
    unverified = dashboard && facts->standing->state != BWDIR_STATE_VERIFIED;
    if (dashboard &&
        note(trace, BWDIR_RULE_VERIFIED, unverified ? "unverified" : NULL))
        return refuse(BWDIR_UNVERIFIED, "unverified");
    if (proof != NULL &&
        note(trace, BWDIR_RULE_GRACE, proof->expired ? "grace-used-up" : NULL))
        return refuse(BWDIR_EXPIRED, "grace-used-up");
    return dashboard ? decide_renewal(facts, proof, now, trace) : verdict;
}

struct bwdir_verdict
bwdir_decide(const struct bwdir_facts *facts, const struct bwdir_proof *proof,
             const struct bwdir_service *service, int64_t now)
{
    return bwdir_decide_traced(facts, proof, service, now, NULL);
}

/* The server's own count. */
bool
bwdir_is_locked(const struct bwdir_facts *facts, int64_t now)
{
    int64_t until;

    if (!facts->locked || facts->disabled_for_good)
        return false; /* the latter is a rule of ours */
    if (facts->policy.lockout == 0 ||
        __builtin_add_overflow(facts->locked_since, facts->policy.lockout,
                               &until))
        return true;
    return now < until;
}

/* The server looks at the age of a password only that has not been reset, and
 * counts from a time that is known and not ahead. */
static bool
is_expired_for_good(const struct bwdir_facts *facts, int64_t now)
{
    return facts->policy.max_age > 0 && !facts->reset &&
           facts->changed_known && facts->changed <= now &&
           bwdir_password_left(facts, now) < 0 && bwdir_grace_left(facts) == 0;
}

struct bwdir_proof
bwdir_proof_foresee(const struct bwdir_facts *facts, int64_t now)
{
    return (struct bwdir_proof){.proven = !bwdir_is_locked(facts, now),
                                .expired = is_expired_for_good(facts, now),
                                .change_after_reset = facts->reset,
                                .seconds_left = -1};
}
