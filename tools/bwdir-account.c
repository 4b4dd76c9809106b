/*
 * bwdir-account(8): accounts, their products and their administrators.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "cli/change.h"
#include "cli/exit_code.h"
#include "cli/members.h"
#include "cli/subcommand.h"
#include "cli/table.h"
#include "cli/watchdog.h"

static const struct cli_tool tool = {
    "bwdir-account",
    CLI_ACCOUNT,
    "Verbs: add NUMBER, show NUMBER, list, products NUMBER, admins NUMBER.",
    {"VERB [NUMBER]", "a verb and an account number", 2}};

#define WAITING "directory: no answer within 15 seconds"

/* ---- add and products ---- */

/* Prints, applies or finds nothing to do; an exit code. */
static int
carry_out(struct cli_session *session, const struct bwdir_plan *plan,
          const char *number, const char *result, const char *done)
{
    int code;

    cli_fact_text(session->report, "account", number);
    cli_fact_text(session->report, "result", "unchanged");
    if (plan == NULL) {
        cli_say(session->report, "%s: nothing to change", number);
        return EX_OK;
    }
    if (session->options.dry_run) {
        cli_fact_text(session->report, "result", "planned");
        return cli_plan_print(session, plan);
    }
    cli_fact_text(session->report, "result", "failed");
    code = cli_plan_apply(session, plan);
    if (code != CLI_GO_ON)
        return code;
    cli_fact_text(session->report, "result", result);
    cli_say(session->report, "%s: %s", number, done);
    return EX_OK;
}

static int
add(struct cli_session *session, const char *number)
{
    const struct cli_options *options = &session->options;
    struct bwdir_detail why = {""};
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status;
    int code;

    cli_watchdog_start(session->report, EX_UNAVAILABLE, WAITING);
    status = bwdir_account_plan_add(
        session->directory, number, options->display_name,
        cli_list_items(&options->add), &plan, &why);
    cli_watchdog_stop();
    code = status == BWDIR_OK
               ? carry_out(session, plan, number, "created",
                           "added; bwdir-add --account makes its first admin")
               : cli_session_fail(session, status, &why);
    bwdir_plan_free(&plan);
    return code;
}

/* The account, or an exit code. */
static int
get(struct cli_session *session, const char *number,
    struct bwdir_account **account)
{
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    cli_watchdog_start(session->report, EX_UNAVAILABLE, WAITING);
    status = bwdir_account_get(session->directory, number, account, &why);
    cli_watchdog_stop();
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}

struct needing {
    struct cli_list roles; /* that need a product which is to go */
    const char *product;
    size_t users;
};

static bool
note_role(const struct bwdir_role *role, const struct bwdir_detail *why,
          void *closure)
{
    struct needing *needing = closure;
    const char *product = role != NULL ? bwdir_role_product(role) : NULL;

    (void)why;
    if (product != NULL && strcmp(product, needing->product) == 0)
        cli_list_add(&needing->roles, bwdir_role_keyword(role));
    return true;
}

static bool
count_user(const struct bwdir_user *user, const struct bwdir_detail *why,
           void *closure)
{
    (void)user;
    (void)why;
    ++*(size_t *)closure;
    cli_watchdog_again();
    return true;
}

/* Users keep roles whose product goes, and cannot be given them again. */
static int
warn_of(struct cli_session *session, const char *number, const char *product)
{
    const char *const accounts[] = {number, NULL};
    struct needing needing = {.product = product};
    struct bwdir_user_query query = {.accounts = accounts};
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    status = bwdir_role_list(session->directory, note_role, &needing, &why);
    query.roles = cli_list_items(&needing.roles);
    if (status == BWDIR_OK && needing.roles.count > 0)
        status = bwdir_user_search(session->directory, &query, count_user,
                                   &needing.users, &why);
    if (needing.users > 0)
        cli_warning(session->report,
                    "product \"%s\": %zu users of account \"%s\" have a role "
                    "that needs it, %s for example",
                    product, needing.users, number, needing.roles.items[0]);
    cli_list_clear(&needing.roles);
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}

static int
plan_products(struct cli_session *session, const struct bwdir_account *account,
              struct bwdir_plan **plan)
{
    const struct cli_options *options = &session->options;
    struct bwdir_detail why = {""};
    enum bwdir_status status;
    int code = CLI_GO_ON;

    cli_watchdog_start(session->report, EX_UNAVAILABLE, WAITING);
    status = bwdir_account_plan_products(
        session->directory, account, cli_list_items(&options->add),
        cli_list_items(&options->remove), plan, &why);
    if (status != BWDIR_OK)
        code = cli_session_fail(session, status, &why);
    for (size_t i = 0;
         *plan != NULL && code == CLI_GO_ON && i < options->remove.count; i++)
        code = warn_of(session, bwdir_account_number(account),
                       options->remove.items[i]);
    cli_watchdog_stop();
    return code;
}

/* Something is to be done, and nothing of it undone: FIELD is what the lists
 * hold. */
static int
check_edit(struct cli_session *session, const char *field)
{
    const struct cli_list *add = &session->options.add;
    const struct cli_list *remove = &session->options.remove;

    if (add->count == 0 && remove->count == 0) {
        cli_error(session->report, "--add or --remove wanted");
        return EX_USAGE;
    }
    for (size_t i = 0; i < add->count; i++)
        for (size_t j = 0; j < remove->count; j++)
            if (strcmp(add->items[i], remove->items[j]) == 0)
                cli_error(session->report,
                          "%s \"%s\": both to be added and to be removed",
                          field, add->items[i]);
    return cli_has_errors(session->report) ? EX_DATAERR : CLI_GO_ON;
}

static int
products(struct cli_session *session, const char *number)
{
    struct bwdir_account *account = NULL;
    struct bwdir_plan *plan = NULL;
    int code = check_edit(session, "product");

    if (code == CLI_GO_ON)
        code = get(session, number, &account);
    if (code == CLI_GO_ON)
        code = plan_products(session, account, &plan);
    if (code == CLI_GO_ON)
        code = carry_out(session, plan, number, "changed", "products changed");
    bwdir_plan_free(&plan);
    bwdir_account_free(&account);
    return code;
}

/* ---- admins ---- */

struct naming {
    struct cli_session *session;
    struct bwdir_user_change change;
};

static void
object(enum bwdir_status status, const struct bwdir_detail *why, void *closure)
{
    struct naming *naming = closure;

    cli_error(naming->session->report, "%s",
              why->text[0] != '\0' ? why->text : bwdir_strerror(status));
}

static enum bwdir_status
plan_admin(void *closure, const struct bwdir_user *user,
           struct bwdir_plan **plan, struct bwdir_detail *why)
{
    struct naming *naming = closure;

    return bwdir_user_plan_change(naming->session->directory, user,
                                  &naming->change, object, naming, plan, why);
}

/* New ones first, so that the account is never without. */
static int
admins(struct cli_session *session, const char *number)
{
    const struct cli_options *options = &session->options;
    const char *const accounts[] = {number, NULL};
    struct naming naming = {
        .session = session,
        .change = {.administer = accounts, .force = options->force}};
    struct cli_change change = {.plan = plan_admin,
                                .closure = &naming,
                                .result = "changed",
                                .done = "administers the account now",
                                .unchanged = "nothing to change"};
    int code = check_edit(session, "user name");

    if (code != CLI_GO_ON)
        return code;
    code = cli_change_each(session, &change, cli_list_items(&options->add));
    if (code != EX_OK)
        return code;
    naming.change.administer = NULL;
    naming.change.give_up = accounts;
    change.done = "does not administer the account any more";
    return cli_change_each(session, &change, cli_list_items(&options->remove));
}

/* ---- show and list ---- */

static char *
joined(const char *const *items)
{
    struct cli_list list = {NULL, 0};
    size_t size = 1;
    char *text, *at;

    for (; *items != NULL; items++)
        size += strlen(cli_list_add(&list, *items)) + 1;
    at = text = calloc(1, size);
    for (size_t i = 0; text != NULL && i < list.count; i++)
        at = stpcpy(i > 0 ? stpcpy(at, " ") : at, list.items[i]);
    cli_list_clear(&list);
    return text;
}

static void
state_facts(struct cli_report *report, const struct bwdir_account *account)
{
    cli_fact_text(report, "account", bwdir_account_number(account));
    cli_fact_text(report, "display_name", bwdir_account_label(account));
    cli_fact_list(report, "products", bwdir_account_products(account));
    cli_fact_list(report, "admins", bwdir_account_admins(account));
}

static void
say_list(struct cli_report *report, const char *label,
         const char *const *items, const char *without)
{
    char *text = joined(items);

    cli_say(report, "%-11s %s", label,
            text != NULL && *text != '\0' ? text : without);
    free(text);
}

static int
show(struct cli_session *session, const char *number)
{
    const char *const accounts[] = {number, NULL};
    const struct bwdir_user_query query = {.accounts = accounts};
    struct bwdir_account *account;
    const char *label;
    size_t users = 0;
    int code = get(session, number, &account);

    if (code != CLI_GO_ON)
        return code;
    label = bwdir_account_label(account);
    cli_say(session->report, "Account:    %s", number);
    cli_say(session->report, "Name:       %s", label != NULL ? label : "none");
    say_list(session->report, "Products:", bwdir_account_products(account),
             "none");
    say_list(session->report, "Admins:", bwdir_account_admins(account),
             "none that you may see");
    state_facts(session->report, account);
    bwdir_account_free(&account);
    code = cli_members_tell(session, &query, "Member:     ", &users);
    cli_fact_number(session->report, "users", (long)users);
    cli_say(session->report, "Users:      %zu that you may see", users);
    return code;
}

struct listing {
    struct cli_session *session;
    struct cli_table *table; /* NULL: JSON */
    bool flawed;             /* an account could not be read */
};

static bool
print_account(const struct bwdir_account *account,
              const struct bwdir_detail *why, void *closure)
{
    struct listing *listing = closure;
    struct cli_report *report = listing->session->report;
    const char *label;
    bool more;

    if (account == NULL) {
        cli_error(report, "%s", why->text);
        listing->flawed = true;
        return true;
    }
    label = bwdir_account_label(account);
    if (listing->table == NULL) {
        cli_row_open(report, "accounts");
        state_facts(report, account);
        more = cli_row_close(report);
    } else {
        char *active = joined(bwdir_account_products(account));
        char *named = joined(bwdir_account_admins(account));
        const char *const cells[] = {
            bwdir_account_number(account), label != NULL ? label : "",
            active != NULL ? active : "", named != NULL ? named : ""};

        more = cli_table_row(listing->table, cells);
        free(active);
        free(named);
    }
    return cli_watchdog_pass_rows() && more;
}

static int
list(struct cli_session *session, const char *operand)
{
    static const char *const names[] = {"account", "name", "products",
                                        "admins"};
    struct listing listing = {.session = session};
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    (void)operand;
    cli_rows_stream(session->report, "accounts");
    if (!session->options.json)
        listing.table = cli_table_new(
            session->options.csv ? CLI_TABLE_CSV : CLI_TABLE, names, 4);
    cli_watchdog_start(session->report, EX_UNAVAILABLE, WAITING);
    status =
        bwdir_account_list(session->directory, print_account, &listing, &why);
    cli_watchdog_stop();
    cli_table_end(&listing.table);
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    return listing.flawed ? EX_DATAERR : EX_OK;
}

static const struct cli_subcommand_act acts[] = {
    {"add", add},           {"show", show},     {"list", list},
    {"products", products}, {"admins", admins}, {NULL, NULL}};

int
main(int argc, char **argv)
{
    struct cli_session session;
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = cli_subcommand_run(&session, acts);
    return cli_session_end(&session, code);
}
