/*
 * bwdir-show(8): everything the caller may see of a user, in words.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/exit_code.h"
#include "cli/session.h"
#include "cli/user_facts.h"
#include "cli/watchdog.h"

static const struct cli_tool tool = {
    "bwdir-show",
    CLI_SHOW,
    "Shows users; without a user name the one who asks.",
    {"[USERNAME...]", "user names", CLI_ANY_NUMBER}};

#define DAY 86400

/* One user, at the time of the call. */
struct sight {
    struct cli_session *session;
    const struct bwdir_user *user;
    struct bwdir_condition condition;
    struct bwdir_pending *pending;
    int64_t now;
};

static bool
is(const struct sight *sight, unsigned word)
{
    return (sight->condition.is & word) != 0;
}

static void
say_access(const struct sight *sight)
{
    struct cli_report *report = sight->session->report;
    unsigned access = bwdir_user_access(sight->user);
    const char *meaning = "no access method that is known: refused everywhere";

    if (access == BWDIR_ACCESS_DASHBOARD && sight->condition.max_age > 0) {
        cli_say(report,
                "Access:     dashboard: signs in at a prompt; the password is "
                "to be renewed every %" PRId64 " days",
                sight->condition.max_age / DAY);
        return;
    }
    if (access == BWDIR_ACCESS_DASHBOARD)
        meaning = "signs in at a prompt; the password does not age";
    else if (access == BWDIR_ACCESS_API)
        meaning = "signs in from a program, never at a prompt; the password "
                  "does not age";
    else if (access != 0)
        meaning = "signs in at a prompt and from a program; the password does "
                  "not age";
    cli_say(report, "Access:     %s: %s", bwdir_access_name(access), meaning);
}

static void
say_expiry(const struct sight *sight, const char *changed)
{
    const struct bwdir_condition *condition = &sight->condition;
    struct cli_report *report = sight->session->report;
    char expiry[BWDIR_TIME_SIZE];

    bwdir_time_format(condition->expiry, expiry);
    if (condition->days_left < 0)
        cli_say(report,
                "Password:   changed %s, %" PRId64 " days ago; does "
                "not age",
                changed, (sight->now - condition->changed) / DAY);
    else if (is(sight, BWDIR_IS_EXPIRED))
        cli_say(report,
                "Password:   changed %s; expired %s, %" PRId64
                " more binds let it be changed",
                changed, expiry, condition->grace_left);
    else
        cli_say(report,
                "Password:   changed %s, %" PRId64
                " days ago; expires %s, %d days left",
                changed, (sight->now - condition->changed) / DAY, expiry,
                condition->days_left);
}

static void
say_password(const struct sight *sight)
{
    struct cli_report *report = sight->session->report;
    char changed[BWDIR_TIME_SIZE];

    bwdir_time_format(sight->condition.changed, changed);
    if (!sight->condition.changed_known)
        cli_say(report, "Password:   none set");
    else
        say_expiry(sight, changed);
    if (is(sight, BWDIR_IS_TO_CHANGE))
        cli_say(report, "            %s",
                is(sight, BWDIR_IS_UNVERIFIED)
                    ? "was reset: the code that is mailed sets another one"
                    : "to be changed at the next sign-in");
}

static void
say_lock(const struct sight *sight)
{
    const struct bwdir_condition *condition = &sight->condition;
    struct cli_report *report = sight->session->report;
    char text[BWDIR_TIME_SIZE];

    bwdir_time_format(condition->end, text);
    if (condition->ends)
        cli_say(report, "Disabled:   %s %s",
                condition->end <= sight->now ? "since" : "from", text);
    else if (is(sight, BWDIR_IS_DISABLED))
        cli_say(report, "Disabled:   an administrator has locked the entry");
    bwdir_time_format(condition->locked_until, text);
    if (is(sight, BWDIR_IS_LOCKED))
        cli_say(report, "Locked:     after wrong passwords, until %s",
                condition->locked_until != 0 ? text : "somebody unlocks it");
}

static int
say_roles(const struct sight *sight)
{
    struct cli_session *session = sight->session;
    const char *const *keyword = bwdir_user_roles(sight->user);

    if (*keyword == NULL)
        cli_say(session->report, "Roles:      none");
    for (const char *label = "Roles:"; *keyword != NULL; keyword++) {
        struct bwdir_detail why = {""};
        struct bwdir_role *role;
        enum bwdir_status status =
            bwdir_role_get(session->directory, *keyword, &role, &why);

        if (status == BWDIR_OK)
            cli_say(session->report, "%-11s %s (%s)", label, *keyword,
                    bwdir_role_label(role));
        else if (status == BWDIR_NOT_FOUND)
            cli_say(session->report, "%-11s %s (no such role is visible)",
                    label, *keyword);
        else
            return cli_session_fail(session, status, &why);
        bwdir_role_free(&role);
        label = "";
    }
    return CLI_GO_ON;
}

static void
say_accounts(const struct sight *sight)
{
    struct cli_report *report = sight->session->report;
    const char *const *number = bwdir_user_accounts(sight->user);

    if (*number == NULL)
        cli_say(report, "Accounts:   none");
    for (const char *label = "Accounts:"; *number != NULL; number++) {
        cli_say(report, "%-11s %s", label, *number);
        label = "";
    }
}

static void
say_owned(const char *owned, void *closure)
{
    struct cli_report *report = closure;

    cli_say(report, "Also:       %s, which is the same person's", owned);
}

/* The other user names of the person, in both directions. */
static int
say_person(const struct sight *sight)
{
    struct cli_session *session = sight->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    if (bwdir_user_owner(sight->user) != NULL)
        cli_say(session->report, "Owner:      %s",
                bwdir_user_owner(sight->user));
    status =
        bwdir_user_each_owned(session->directory, bwdir_user_name(sight->user),
                              say_owned, session->report, &why);
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}

static void
say_code(const struct sight *sight)
{
    const struct bwdir_pending *pending = sight->pending;
    struct cli_report *report = sight->session->report;
    char end[BWDIR_TIME_SIZE];

    bwdir_time_format(pending->end, end);
    if (pending->hidden)
        cli_say(report, "Code:       one stands; account administrators see "
                        "until when");
    else if (pending->code)
        cli_say(report, "Code:       %s, %s %s; it %s",
                pending->delivered ? "mailed" : "not mailed",
                sight->now <= pending->end ? "good until" : "not good since",
                pending->ends ? end : "it is replaced",
                pending->sets_password ? "sets the password"
                                       : "confirms mail and phone");
    else if (is(sight, BWDIR_IS_UNVERIFIED))
        cli_say(report, "Code:       none stands");
    if (is(sight, BWDIR_IS_UNVERIFIED))
        cli_user_say_waiting(report,
                             "Waits for:  ", bwdir_user_name(sight->user));
    for (char **word = pending->owed; *word != NULL; word++)
        cli_say(report, "%-11s %s", word == pending->owed ? "Mail owed:" : "",
                *word);
    for (char **text = pending->refused; *text != NULL; text++)
        cli_say(report, "Refused:    %s", *text);
}

static void
state_pending(const struct sight *sight)
{
    const struct bwdir_pending *pending = sight->pending;
    struct cli_report *report = sight->session->report;
    char end[BWDIR_TIME_SIZE];

    bwdir_time_format(pending->end, end);
    cli_fact_text(report, "code",
                  pending->hidden                       ? "hidden"
                  : pending->code && pending->delivered ? "mailed"
                  : pending->code                       ? "not-mailed"
                                                        : NULL);
    cli_fact_text(report, "code_until", pending->ends ? end : NULL);
    cli_fact_list(report, "mail_owed", (const char *const *)pending->owed);
    cli_fact_list(report, "mail_refused",
                  (const char *const *)pending->refused);
}

static int
tell(const struct sight *sight)
{
    struct cli_report *report = sight->session->report;
    const struct bwdir_user *user = sight->user;
    char *words = cli_condition_words(sight->condition.is, ", ");
    int code;

    cli_say(report, "User name:  %s", bwdir_user_name(user));
    cli_say(report, "Name:       %s %s", bwdir_user_first(user),
            bwdir_user_last(user));
    cli_say(report, "Mail:       %s", bwdir_user_mail(user));
    cli_say(report, "Work phone: %s", bwdir_user_phone(user));
    cli_say(report, "State:      %s", words);
    cli_say(report, "Level:      %s",
            bwdir_level_name(bwdir_user_level(user)));
    say_access(sight);
    say_password(sight);
    say_lock(sight);
    say_code(sight);
    code = say_person(sight);
    if (code == CLI_GO_ON)
        code = say_roles(sight);
    say_accounts(sight);
    cli_row_open(report, "users");
    cli_user_facts(report, user, &sight->condition);
    state_pending(sight);
    cli_row_close(report);
    free(words);
    return code;
}

static int
show(struct cli_session *session, const char *name)
{
    struct sight sight = {.session = session, .now = (int64_t)time(NULL)};
    struct bwdir_detail why = {""};
    struct bwdir_user *user;
    enum bwdir_status status;
    int code = CLI_GO_ON;

    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds");
    status = cli_session_user(session, name, &user, &why);
    if (status == BWDIR_OK)
        status = bwdir_user_pending(session->directory, user, sight.now,
                                    &sight.pending, &why);
    if (status == BWDIR_OK) {
        sight.user = user;
        bwdir_user_condition(user, sight.now, &sight.condition);
        code = tell(&sight);
    }
    cli_watchdog_stop();
    bwdir_pending_free(&sight.pending);
    bwdir_user_free(&user);
    return status == BWDIR_OK ? code : cli_session_fail(session, status, &why);
}

/* Whoever signed in, where that is a user. */
static int
show_self(struct cli_session *session)
{
    char *self = bwdir_directory_self(session->directory);
    int code;

    if (self == NULL) {
        cli_error(session->report,
                  "user name: missing; give one, for you are no user of the "
                  "directory but \"%s\"",
                  bwdir_directory_whoami(session->directory));
        return EX_USAGE;
    }
    code = show(session, self);
    free(self);
    return code;
}

/* All of them; the status is that of the first that could not be shown. */
static int
show_all(struct cli_session *session)
{
    const char *const *name = session->options.operands;
    int result = CLI_GO_ON;

    if (*name == NULL)
        return show_self(session);
    for (bool first = true; *name != NULL; name++, first = false) {
        int code;

        if (!first)
            cli_say(session->report, "%s", "");
        code = show(session, *name);
        if (result == CLI_GO_ON)
            result = code;
    }
    return result;
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = cli_session_connect(&session);
    if (code == CLI_GO_ON)
        code = show_all(&session);
    return cli_session_end(&session, code == CLI_GO_ON ? EX_OK : code);
}
