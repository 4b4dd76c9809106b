/*
 * A user as members of the JSON object, the same for every tool.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "user_facts.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

char *
cli_condition_words(unsigned is, const char *between)
{
    char *text = calloc(BWDIR_CONDITION_WORDS, 16 + strlen(between));
    char *at = text;

    if (text == NULL)
        errx(EX_OSERR, "out of memory");
    for (unsigned i = 0; i < BWDIR_CONDITION_WORDS; i++)
        if ((is & (1U << i)) != 0)
            at = stpcpy(at == text ? at : stpcpy(at, between),
                        bwdir_condition_name(1U << i));
    return text;
}

void
cli_user_say_waiting(struct cli_report *report, const char *label,
                     const char *name)
{
    cli_say(report,
            "%s%s, who confirms with the code of his mail: bwdir-verify %s, "
            "or at a sign-in",
            label, name, name);
    cli_say(report, "%*sa new code: bwdir-resend %s", (int)strlen(label), "",
            name);
}

static void
put_conditions(struct cli_report *report, unsigned is)
{
    const char *names[BWDIR_CONDITION_WORDS + 1] = {NULL};
    size_t count = 0;

    for (unsigned i = 0; i < BWDIR_CONDITION_WORDS; i++)
        if ((is & (1U << i)) != 0)
            names[count++] = bwdir_condition_name(1U << i);
    cli_fact_list(report, "conditions", names);
}

static void
put_time(struct cli_report *report, const char *name, bool known,
         int64_t seconds)
{
    char text[BWDIR_TIME_SIZE];

    if (known)
        bwdir_time_format(seconds, text);
    cli_fact_text(report, name, known ? text : NULL);
}

void
cli_user_facts(struct cli_report *report, const struct bwdir_user *user,
               const struct bwdir_condition *condition)
{
    bool ages = condition->days_left >= 0 && condition->changed_known;

    cli_fact_text(report, "user", bwdir_user_name(user));
    cli_fact_text(report, "first", bwdir_user_first(user));
    cli_fact_text(report, "last", bwdir_user_last(user));
    cli_fact_text(report, "mail", bwdir_user_mail(user));
    cli_fact_text(report, "phone", bwdir_user_phone(user));
    cli_fact_text(report, "level", bwdir_level_name(bwdir_user_level(user)));
    cli_fact_text(report, "access",
                  bwdir_access_name(bwdir_user_access(user)));
    cli_fact_list(report, "roles", bwdir_user_roles(user));
    cli_fact_list(report, "accounts", bwdir_user_accounts(user));
    cli_fact_text(report, "owner", bwdir_user_owner(user));
    cli_fact_text(report, "state", bwdir_state_name(bwdir_user_state(user)));
    put_conditions(report, condition->is);
    put_time(report, "password_changed", condition->changed_known,
             condition->changed);
    put_time(report, "password_expires", ages, condition->expiry);
    if (ages)
        cli_fact_number(report, "days_left", condition->days_left);
    else
        cli_fact_text(report, "days_left", NULL);
    put_time(report, "ends", condition->ends, condition->end);
    put_time(report, "locked_until", condition->locked_until != 0,
             condition->locked_until);
}
