/*
 * bwdir-role(8): the roles, and who has them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/exit_code.h"
#include "cli/members.h"
#include "cli/subcommand.h"
#include "cli/table.h"
#include "cli/watchdog.h"

static const struct cli_tool tool = {
    "bwdir-role",
    CLI_ROLE,
    "Verbs: list, show KEYWORD.",
    {"VERB [KEYWORD]", "a verb and a role's keyword", 2}};

#define WAITING "directory: no answer within 15 seconds"

static void
state_facts(struct cli_report *report, const struct bwdir_role *role)
{
    cli_fact_text(report, "role", bwdir_role_keyword(role));
    cli_fact_text(report, "label", bwdir_role_label(role));
    cli_fact_text(report, "description", bwdir_role_description(role));
    cli_fact_text(report, "product", bwdir_role_product(role));
}

/* ---- list ---- */

struct listing {
    struct cli_session *session;
    struct cli_table *table; /* NULL: JSON */
    bool flawed;             /* a role could not be read */
};

static bool
print_role(const struct bwdir_role *role, const struct bwdir_detail *why,
           void *closure)
{
    struct listing *listing = closure;
    struct cli_report *report = listing->session->report;

    if (role == NULL) {
        cli_error(report, "%s", why->text);
        listing->flawed = true;
        return true;
    }
    if (listing->table != NULL) {
        const char *product = bwdir_role_product(role);
        const char *const cells[] = {bwdir_role_keyword(role),
                                     bwdir_role_label(role),
                                     product != NULL ? product : ""};

        return cli_table_row(listing->table, cells);
    }
    cli_row_open(report, "roles");
    state_facts(report, role);
    return cli_row_close(report);
}

static int
list(struct cli_session *session, const char *operand)
{
    static const char *const names[] = {"role", "label", "product"};
    struct listing listing = {.session = session};
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    (void)operand;
    cli_rows_stream(session->report, "roles");
    if (!session->options.json)
        listing.table = cli_table_new(
            session->options.csv ? CLI_TABLE_CSV : CLI_TABLE, names, 3);
    cli_watchdog_start(session->report, EX_UNAVAILABLE, WAITING);
    status = bwdir_role_list(session->directory, print_role, &listing, &why);
    cli_watchdog_stop();
    cli_table_end(&listing.table);
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    return listing.flawed ? EX_DATAERR : EX_OK;
}

/* ---- show ---- */

static int
show(struct cli_session *session, const char *keyword)
{
    const char *const roles[] = {keyword, NULL};
    const struct bwdir_user_query query = {.roles = roles};
    struct cli_report *report = session->report;
    struct bwdir_detail why = {""};
    struct bwdir_role *role;
    const char *product;
    enum bwdir_status status;
    size_t count;

    cli_watchdog_start(report, EX_UNAVAILABLE, WAITING);
    status = bwdir_role_get(session->directory, keyword, &role, &why);
    cli_watchdog_stop();
    if (status == BWDIR_NOT_FOUND)
        status = BWDIR_BAD_VALUE;
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    product = bwdir_role_product(role);
    cli_say(report, "Role:        %s", bwdir_role_keyword(role));
    cli_say(report, "Label:       %s", bwdir_role_label(role));
    cli_say(report, "Description: %s", bwdir_role_description(role));
    cli_say(report, "Product:     %s", product != NULL ? product : "none");
    state_facts(report, role);
    bwdir_role_free(&role);
    return cli_members_tell(session, &query, "Member:      ", &count);
}

static const struct cli_subcommand_act acts[] = {
    {"list", list}, {"show", show}, {NULL, NULL}};

int
main(int argc, char **argv)
{
    struct cli_session session;
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = cli_subcommand_run(&session, acts);
    return cli_session_end(&session, code);
}
