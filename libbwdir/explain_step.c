/*
 * What a rule of the decision looked at, in words.  No rule is applied here.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "explain.h"

#define DAY 86400

/* Appends to the value of a step; what does not fit is cut. */
__attribute__((format(printf, 2, 3))) static void
say(struct bwdir_step *step, const char *format, ...)
{
    size_t used = strlen(step->value);
    va_list args;

    va_start(args, format);
    vsnprintf(step->value + used, sizeof step->value - used, format, args);
    va_end(args);
}

static void
say_time(struct bwdir_step *step, const char *before, int64_t seconds)
{
    char text[BWDIR_TIME_SIZE];

    bwdir_time_format(seconds, text);
    say(step, "%s%s", before, text);
}

static void
say_list(struct bwdir_step *step, const char *const *items,
         const char *between)
{
    if (items == NULL || items[0] == NULL)
        say(step, "none");
    for (size_t i = 0; items != NULL && items[i] != NULL; i++)
        say(step, "%s%s", i > 0 ? between : "", items[i]);
}

static void
say_wanted(struct bwdir_step *step, const char *const *lists)
{
    say(step, "; wanted: ");
    say_list(step, lists, " and ");
}

static void
say_password(const struct bwdir_explain_view *view, struct bwdir_step *step)
{
    const struct bwdir_facts *facts = view->facts;

    say(step, "assumed to be right");
    if (!facts->locked || facts->disabled_for_good)
        return;
    say_time(step, "; locked by wrong guesses at ", facts->locked_since);
    if (facts->policy.lockout > 0)
        say(step, ", for %" PRId64 " seconds", facts->policy.lockout);
}

static void
say_disabled(const struct bwdir_explain_view *view, struct bwdir_step *step)
{
    if (view->facts->disabled_for_good)
        say(step, "locked by an administrator");
    else if (view->facts->ends)
        say_time(step, view->facts->end <= view->when ? "ended " : "ends ",
                 view->facts->end);
    else
        say(step, "no end");
}

static void
say_age(const struct bwdir_explain_view *view, struct bwdir_step *step)
{
    const struct bwdir_facts *facts = view->facts;

    if (!facts->changed_known) {
        say(step, "no time of change that can be read");
    } else {
        say_time(step, "changed ", facts->changed);
        if (facts->changed <= view->when)
            say(step, ", %" PRId64 " days ago",
                (view->when - facts->changed) / DAY);
    }
    if (bwdir_password_ages(facts))
        say(step, "; good for %" PRId64 " days", facts->policy.max_age / DAY);
    else
        say(step, "; does not age");
}

static void
say_grace(const struct bwdir_explain_view *view, struct bwdir_step *step)
{
    say(step, "%zu of %" PRId64 " binds after expiry used",
        view->facts->grace_used, view->facts->policy.grace_limit);
}

static void
say_warning(const struct bwdir_explain_view *view, struct bwdir_step *step)
{
    if (view->verdict->days_left >= 0)
        say(step, "%d days left", view->verdict->days_left);
    else
        say(step, "none is due");
    say(step, "; from %" PRId64 " days before expiry",
        view->facts->policy.expire_warning / DAY);
}

static void
say_access(const struct bwdir_explain_view *view, struct bwdir_step *step)
{
    say(step, "%s; the service is %s",
        bwdir_access_name(view->facts->standing->access),
        bwdir_access_name(view->service->access));
}

static void
say_value(const struct bwdir_explain_view *view, enum bwdir_rule rule,
          struct bwdir_step *step)
{
    const struct bwdir_standing *standing = view->facts->standing;

    switch (rule) {
    case BWDIR_RULE_PASSWORD:
        say_password(view, step);
        return;
    case BWDIR_RULE_ENTRY:
        say(step, "%s", view->flaw[0] != '\0' ? view->flaw : "complete");
        return;
    case BWDIR_RULE_DISABLED:
        say_disabled(view, step);
        return;
    case BWDIR_RULE_ACCESS:
        say_access(view, step);
        return;
    case BWDIR_RULE_LEVEL:
        say(step, "%s", bwdir_level_name(standing->level));
        say_wanted(step, view->service->require_level);
        return;
    case BWDIR_RULE_ROLE:
        say_list(step, (const char *const *)standing->roles, ",");
        say_wanted(step, view->service->require_role);
        return;
    case BWDIR_RULE_ACCOUNT:
        say_list(step, (const char *const *)standing->accounts, ",");
        say_wanted(step, view->service->require_account);
        return;
    case BWDIR_RULE_VERIFIED:
        say(step, "%s", bwdir_state_name(standing->state));
        return;
    case BWDIR_RULE_GRACE:
        say_grace(view, step);
        return;
    case BWDIR_RULE_RESET:
        say(step, "%s", view->facts->reset ? "by an administrator" : "no");
        return;
    case BWDIR_RULE_AGE:
        say_age(view, step);
        return;
    case BWDIR_RULE_WARNING:
        say_warning(view, step);
        return;
    }
}

void
bwdir_explain_step(const struct bwdir_explain_view *view, enum bwdir_rule rule,
                   const char *reason, struct bwdir_step *step)
{
    static const char *const names[BWDIR_RULES] = {
        [BWDIR_RULE_PASSWORD] = "password",
        [BWDIR_RULE_ENTRY] = "entry",
        [BWDIR_RULE_DISABLED] = "disabled",
        [BWDIR_RULE_ACCESS] = "access method",
        [BWDIR_RULE_LEVEL] = "level",
        [BWDIR_RULE_ROLE] = "roles",
        [BWDIR_RULE_ACCOUNT] = "accounts",
        [BWDIR_RULE_VERIFIED] = "verification",
        [BWDIR_RULE_GRACE] = "grace",
        [BWDIR_RULE_RESET] = "reset",
        [BWDIR_RULE_AGE] = "password age",
        [BWDIR_RULE_WARNING] = "warning",
    };

    step->name = names[rule];
    step->result = reason == NULL ? "ok" : reason;
    step->value[0] = '\0';
    say_value(view, rule, step);
}
