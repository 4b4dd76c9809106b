/*
 * bwdir-add --ensure: a user who is there already.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "ensure.h"

#include <string.h>

#include "advice.h"
#include "cli/change.h"
#include "cli/exit_code.h"
#include "cli/watchdog.h"
#include "code_mail.h"

/* What has to be added or removed to make one list the other. */
struct difference {
    struct cli_list add;
    struct cli_list remove;
};

static bool
has(const char *const *list, const char *value)
{
    for (; *list != NULL; list++)
        if (strcmp(*list, value) == 0)
            return true;
    return false;
}

static void
compare(const char *const *is, const char *const *wanted,
        struct difference *difference)
{
    for (const char *const *value = wanted; *value != NULL; value++)
        if (!has(is, *value))
            cli_list_add(&difference->add, *value);
    for (const char *const *value = is; *value != NULL; value++)
        if (!has(wanted, *value))
            cli_list_add(&difference->remove, *value);
}

static void
clear(struct difference *difference)
{
    cli_list_clear(&difference->add);
    cli_list_clear(&difference->remove);
}

static void
object(enum bwdir_status status, const struct bwdir_detail *why, void *closure)
{
    struct cli_session *session = closure;

    cli_error(session->report, "%s",
              why->text[0] != '\0' ? why->text : bwdir_strerror(status));
}

static int
plan(struct addition *addition, const struct bwdir_user *user)
{
    const struct bwdir_user_draft *draft = &addition->draft;
    struct cli_session *session = addition->session;
    struct difference roles = {{0}, {0}}, accounts = {{0}, {0}};
    struct bwdir_user_change change = {.first = draft->first,
                                       .last = draft->last,
                                       .mail = draft->mail,
                                       .phone = draft->phone,
                                       .level = draft->level,
                                       .owner = draft->owner,
                                       .access = draft->access};
    struct bwdir_detail why = {""};
    enum bwdir_status status;
    int code;

    compare(bwdir_user_roles(user), draft->roles, &roles);
    compare(bwdir_user_accounts(user), draft->accounts, &accounts);
    change.add_roles = cli_list_items(&roles.add);
    change.remove_roles = cli_list_items(&roles.remove);
    change.add_accounts = cli_list_items(&accounts.add);
    change.remove_accounts = cli_list_items(&accounts.remove);
    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; nothing was "
                       "written");
    status = bwdir_user_plan_change(session->directory, user, &change, object,
                                    session, &addition->plan, &why);
    code = status == BWDIR_OK ? CLI_GO_ON : cli_exit_code(status);
    if (addition->plan != NULL)
        status = advice_on_change(session, user, &change, &why);
    if (code == CLI_GO_ON && status != BWDIR_OK)
        code = cli_session_fail(session, status, &why);
    cli_watchdog_stop();
    clear(&roles);
    clear(&accounts);
    return code;
}

/* A new mail or phone is to be confirmed. */
static int
tell_rest(struct addition *addition, const struct bwdir_user *user)
{
    const struct bwdir_user_draft *draft = &addition->draft;
    const struct bwdir_user_change change = {.mail = draft->mail,
                                             .phone = draft->phone};
    int code = CLI_GO_ON;

    if (advice_changes_address(user, &change))
        code =
            code_mail_send(addition->session, addition->office, draft->name);
    advice_after_change(addition->session, user, &change);
    return code == CLI_GO_ON ? EX_OK : code;
}

static void
tell(struct cli_session *session, const char *result, const char *words)
{
    cli_fact_text(session->report, "result", result);
    cli_say(session->report, "%s: %s", session->options.user, words);
}

int
ensure_user(struct addition *addition, const struct bwdir_user *user)
{
    struct cli_session *session = addition->session;
    int code = plan(addition, user);

    if (code != CLI_GO_ON)
        return code;
    if (addition->password != NULL)
        cli_warning(session->report,
                    "password: the user is there already and keeps his own");
    if (addition->plan == NULL) {
        tell(session, "unchanged", "unchanged");
        return EX_OK;
    }
    if (session->options.dry_run) {
        cli_fact_text(session->report, "result", "planned");
        return cli_plan_print(session, addition->plan);
    }
    code = cli_plan_apply(session, addition->plan);
    if (code != CLI_GO_ON)
        return code;
    tell(session, "changed", "changed");
    return tell_rest(addition, user);
}
