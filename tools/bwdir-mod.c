/*
 * bwdir-mod(8): changes users.  All that is wrong is told before anything is
 * written; the order of the requests is the library's.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "cli/change.h"
#include "cli/exit_code.h"
#include "cli/fields.h"
#include "code_mail.h"

static const struct cli_tool tool = {
    "bwdir-mod",
    CLI_MOD,
    "Changes users; without a user name the one who asks.",
    {"[USERNAME...]", "user names", CLI_ANY_NUMBER}};

struct modification {
    struct cli_session *session;
    struct bwdir_user_change change;
    struct mail_office *office;
    char *self; /* who asks, or NULL when that is no user */
};

/* ---- the command line ---- */

static void
check_lists(const struct cli_options *options, struct cli_report *report)
{
    const struct {
        const char *field;
        const struct cli_list *list;
    } lists[] = {{"role", &options->add_roles},
                 {"role", &options->remove_roles},
                 {"account", &options->add_accounts},
                 {"account", &options->remove_accounts}};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (size_t j = 0; j < lists[i].list->count; j++) {
            struct bwdir_detail why = {""};

            if (bwdir_field_check(lists[i].field, lists[i].list->items[j],
                                  &why) != BWDIR_OK)
                cli_error(report, "%s", why.text);
        }
}

/* The fields by themselves, before a server is asked. */
static int
read_command_line(struct modification *mod)
{
    const struct cli_options *options = &mod->session->options;
    struct cli_report *report = mod->session->report;

    (void)cli_fields_check(options, report);
    check_lists(options, report);
    mod->change = (struct bwdir_user_change){
        .first = options->first,
        .last = options->last,
        .mail = options->mail,
        .phone = options->phone,
        .level = options->level,
        .owner = options->owner,
        .access = cli_fields_access(&options->access),
        .add_roles = cli_list_items(&options->add_roles),
        .remove_roles = cli_list_items(&options->remove_roles),
        .add_accounts = cli_list_items(&options->add_accounts),
        .remove_accounts = cli_list_items(&options->remove_accounts),
        .force = options->force};
    return cli_has_errors(report) ? EX_DATAERR : CLI_GO_ON;
}

/* ---- one user ---- */

static void
object(enum bwdir_status status, const struct bwdir_detail *why, void *closure)
{
    struct modification *mod = closure;

    cli_error(mod->session->report, "%s",
              why->text[0] != '\0' ? why->text : bwdir_strerror(status));
}

static enum bwdir_status
plan(void *closure, const struct bwdir_user *user, struct bwdir_plan **made,
     struct bwdir_detail *why)
{
    struct modification *mod = closure;
    enum bwdir_status status;

    status = bwdir_user_plan_change(mod->session->directory, user,
                                    &mod->change, object, mod, made, why);
    if (status != BWDIR_OK || *made == NULL)
        return status;
    status = advice_on_change(mod->session, user, &mod->change, why);
    if (status != BWDIR_OK)
        bwdir_plan_free(made);
    return status;
}

/* Nobody issues himself a code: to him it is mailed by bwdir-mail(8). */
static int
tell_rest(void *closure, const struct bwdir_user *user)
{
    struct modification *mod = closure;
    const char *name = bwdir_user_name(user);
    int code = CLI_GO_ON;

    if (advice_changes_address(user, &mod->change) &&
        (mod->self == NULL || strcmp(mod->self, name) != 0))
        code = code_mail_send(mod->session, mod->office, name);
    advice_after_change(mod->session, user, &mod->change);
    return code;
}

/* ---- all of them ---- */

/* Before anything is written, and only where there is a code to be mailed:
 * a user who changes himself may not be able to read what it takes. */
static int
open_office(struct modification *mod)
{
    const struct cli_options *options = &mod->session->options;
    bool others = false;

    mod->self = bwdir_directory_self(mod->session->directory);
    for (const char *const *name = options->operands; *name != NULL; name++)
        others = others || mod->self == NULL || strcmp(*name, mod->self) != 0;
    if (!others || (options->mail == NULL && options->phone == NULL))
        return CLI_GO_ON;
    return code_mail_open(mod->session, &mod->office);
}

static int
modify(struct modification *mod)
{
    struct cli_session *session = mod->session;
    const struct cli_change change = {.plan = plan,
                                      .after = tell_rest,
                                      .closure = mod,
                                      .result = "changed",
                                      .done = "changed",
                                      .unchanged = "nothing to change"};
    const char *const self_only[] = {mod->self, NULL};

    if (*session->options.operands != NULL || mod->self == NULL)
        return cli_change_users(session, &change);
    return cli_change_each(session, &change, self_only);
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    struct modification mod = {.session = &session};
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = read_command_line(&mod);
    if (code == CLI_GO_ON)
        code = cli_session_connect(&session);
    if (code == CLI_GO_ON)
        code = open_office(&mod);
    if (code == CLI_GO_ON)
        code = modify(&mod);
    free(mod.self);
    mail_office_close(&mod.office);
    return cli_session_end(&session, code);
}
