/*
 * bwdir-list(8): the users that match, for people, spreadsheets and programs.
 * Users come from the directory in pages and go out one by one, so that the
 * length of the list does not matter.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/exit_code.h"
#include "cli/session.h"
#include "cli/table.h"
#include "cli/user_columns.h"
#include "cli/user_facts.h"
#include "cli/watchdog.h"

static const struct cli_tool tool = {
    "bwdir-list",
    CLI_LIST_USERS,
    "Lists the users that match all of what is given.",
    {"[USERNAME...]", "user names", CLI_ANY_NUMBER}};

/* The name comes first, for --names. */
static const char *const usual_columns[] = {"user",  "name",   "mail",
                                            "level", "access", "state"};
#define USUAL_COLUMNS (sizeof usual_columns / sizeof *usual_columns)

struct list {
    struct cli_session *session;
    struct bwdir_user_query query;
    const char *const *columns; /* names */
    size_t column_count;
    int column[CLI_COLUMNS_MAX];
    struct cli_table *table; /* NULL: JSON */
    bool flawed;             /* a user could not be read */
};

/* ---- the command line ---- */

static void
check_each(struct cli_report *report, const char *field,
           const char *const *values)
{
    for (; *values != NULL; values++) {
        struct bwdir_detail why = {""};

        if (bwdir_field_check(field, *values, &why) != BWDIR_OK)
            cli_error(report, "%s", why.text);
    }
}

static void
read_states(struct list *list)
{
    const struct cli_options *options = &list->session->options;
    char *known = cli_condition_words(~0U, ", ");

    for (size_t i = 0; i < options->states.count; i++) {
        unsigned word;

        if (bwdir_condition_from_name(options->states.items[i], &word))
            list->query.conditions |= word;
        else
            cli_error(list->session->report,
                      "--state \"%s\": one of %s wanted",
                      options->states.items[i], known);
    }
    free(known);
}

static void
read_expiring(struct list *list)
{
    const char *text = list->session->options.expiring;
    char *end;
    long days;

    if (text == NULL)
        return;
    errno = 0;
    days = strtol(text, &end, 10);
    if (errno != 0 || *end != '\0' || *text < '0' || *text > '9' || days < 1 ||
        days > INT_MAX)
        cli_error(list->session->report,
                  "--expiring \"%s\": a number of days from 1 on wanted, for "
                  "example 14",
                  text);
    else
        list->query.expiring_within = (int)days;
}

static void
read_columns(struct list *list)
{
    const struct cli_options *options = &list->session->options;
    char *known = cli_user_column_names(", ");

    list->columns = usual_columns;
    list->column_count = options->names ? 1 : USUAL_COLUMNS;
    if (options->columns.count > 0) {
        list->columns = cli_list_items(&options->columns);
        list->column_count = options->columns.count;
    }
    if (list->column_count > CLI_COLUMNS_MAX)
        cli_error(list->session->report, "--columns: at most %d wanted",
                  CLI_COLUMNS_MAX);
    for (size_t i = 0; i < list->column_count && i < CLI_COLUMNS_MAX; i++) {
        list->column[i] = cli_user_column(list->columns[i]);
        if (list->column[i] < 0)
            cli_error(list->session->report,
                      "--columns \"%s\": some of %s wanted", list->columns[i],
                      known);
    }
    free(known);
}

static int
read_command_line(struct list *list)
{
    const struct cli_options *options = &list->session->options;
    struct cli_report *report = list->session->report;
    const char *const level[] = {options->level, NULL};

    if (options->json &&
        (options->csv || options->names || options->columns.count > 0)) {
        cli_error(report, "--json: not with --csv, --names or --columns");
        return EX_USAGE;
    }
    if (options->names && (options->csv || options->columns.count > 0)) {
        cli_error(report, "--names: not with --csv or --columns");
        return EX_USAGE;
    }
    list->query = (struct bwdir_user_query){
        .names = options->operands,
        .roles = cli_list_items(&options->roles),
        .accounts = cli_list_items(&options->accounts),
        .access = cli_list_items(&options->access),
        .level = options->level,
        .when = (int64_t)time(NULL)};
    check_each(report, "pattern", list->query.names);
    check_each(report, "role", list->query.roles);
    check_each(report, "account", list->query.accounts);
    check_each(report, "access-record", list->query.access);
    check_each(report, "level", level);
    read_states(list);
    read_expiring(list);
    read_columns(list);
    return cli_has_errors(report) ? EX_DATAERR : CLI_GO_ON;
}

/* A role or an account that is misspelt would match nobody. */
static int
check_records(struct list *list)
{
    struct cli_session *session = list->session;
    int code = CLI_GO_ON;

    for (const char *const *r = list->query.roles; *r != NULL; r++) {
        struct bwdir_detail why = {""};
        struct bwdir_role *role;
        enum bwdir_status status =
            bwdir_role_get(session->directory, *r, &role, &why);

        bwdir_role_free(&role);
        if (status != BWDIR_OK)
            code = cli_session_fail(
                session, status == BWDIR_NOT_FOUND ? BWDIR_BAD_VALUE : status,
                &why);
    }
    for (const char *const *a = list->query.accounts; *a != NULL; a++) {
        struct bwdir_detail why = {""};
        struct bwdir_account *account;
        enum bwdir_status status =
            bwdir_account_get(session->directory, *a, &account, &why);

        bwdir_account_free(&account);
        if (status != BWDIR_OK)
            code = cli_session_fail(session, status, &why);
    }
    return code;
}

/* ---- the list ---- */

static bool
print_row(const struct list *list, const struct bwdir_user *user,
          const struct bwdir_condition *condition)
{
    char *cells[CLI_COLUMNS_MAX];
    bool more;

    for (size_t i = 0; i < list->column_count; i++)
        cells[i] = cli_user_cell(list->column[i], user, condition);
    more = cli_table_row(list->table, (const char *const *)cells);
    for (size_t i = 0; i < list->column_count; i++)
        free(cells[i]);
    return more;
}

static bool
print_user(const struct bwdir_user *user, const struct bwdir_detail *why,
           void *closure)
{
    struct list *list = closure;
    struct cli_report *report = list->session->report;
    struct bwdir_condition condition;
    bool more = true;

    if (user == NULL) {
        cli_error(report, "%s", why->text);
        list->flawed = true;
    } else {
        bwdir_user_condition(user, list->query.when, &condition);
        if (list->table != NULL) {
            more = print_row(list, user, &condition);
        } else {
            cli_row_open(report, "users");
            cli_user_facts(report, user, &condition);
            more = cli_row_close(report);
        }
    }
    return cli_watchdog_pass_rows() && more;
}

static enum cli_table_form
form(const struct cli_options *options)
{
    if (options->names)
        return CLI_TABLE_BARE;
    return options->csv ? CLI_TABLE_CSV : CLI_TABLE;
}

static int
print_list(struct list *list)
{
    struct cli_session *session = list->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    cli_rows_stream(session->report, "users");
    if (!session->options.json)
        list->table = cli_table_new(form(&session->options), list->columns,
                                    list->column_count);
    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; the list is "
                       "cut");
    status = bwdir_user_search(session->directory, &list->query, print_user,
                               list, &why);
    cli_watchdog_stop();
    cli_table_end(&list->table);
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    return list->flawed ? EX_DATAERR : EX_OK;
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    struct list list = {.session = &session};
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = read_command_line(&list);
    if (code == CLI_GO_ON)
        code = cli_session_connect(&session);
    if (code == CLI_GO_ON)
        code = check_records(&list);
    if (code == CLI_GO_ON)
        code = print_list(&list);
    return cli_session_end(&session, code);
}
