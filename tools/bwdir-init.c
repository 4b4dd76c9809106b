/*
 * bwdir-init(8): sets a running slapd up for bwdir, and brings one up to date
 * after an upgrade.
 *
 * What should be there and how that differs is the library's to say; this
 * prints it or applies it, one difference after the other, so that whoever is
 * stopped anywhere goes on where he was.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/exit_code.h"
#include "cli/session.h"
#include "cli/watchdog.h"

static const struct cli_tool tool = {
    "bwdir-init",
    CLI_INIT,
    "Sets a slapd up for bwdir, or brings it up to date.",
    {"", "no operand", 0}};

/* What is being set up. */
struct setup {
    struct cli_session *session;
    struct bwdir_installation *installation;
    size_t changes;
};

static const char *
kind_name(enum bwdir_difference_kind kind)
{
    switch (kind) {
    case BWDIR_DIFFERENCE_MISSING:
        return "missing";
    case BWDIR_DIFFERENCE_OUTDATED:
        return "outdated";
    case BWDIR_DIFFERENCE_FOREIGN:
        return "foreign";
    case BWDIR_DIFFERENCE_KEPT:
        return "kept";
    case BWDIR_DIFFERENCE_OFFLINE:
        return "offline";
    }
    return "";
}

static void
state_fact(struct cli_report *report, const struct bwdir_difference *one)
{
    cli_row_open(report, "differences");
    cli_fact_text(report, "kind", kind_name(one->kind));
    cli_fact_text(report, "dn", one->dn);
    cli_fact_text(report, "attribute", one->attribute);
    cli_fact_text(report, "text", one->text);
    cli_row_close(report);
}

/* Whether it stands in the way of everything. */
static bool
report(struct setup *setup, const struct bwdir_difference *one)
{
    const struct cli_options *options = &setup->session->options;
    struct cli_report *to = setup->session->report;
    const char *colon = one->attribute[0] != '\0' ? ": " : "";

    state_fact(to, one);
    if (one->kind == BWDIR_DIFFERENCE_OFFLINE)
        cli_warning(to, "%s%s%s: %s", one->dn, colon, one->attribute,
                    one->text);
    if (one->kind == BWDIR_DIFFERENCE_KEPT && options->verbose)
        cli_note(to, "%s%s%s: kept: %s", one->dn, colon, one->attribute,
                 one->text);
    if (one->kind != BWDIR_DIFFERENCE_FOREIGN || options->save_file != NULL)
        return false;
    cli_error(to,
              "%s%s%s: %s; look at what is there, and to agree: "
              "--replace FILE, which keeps it in FILE",
              one->dn, colon, one->attribute, one->text);
    return true;
}

static int
print_plan(struct setup *setup, const struct bwdir_difference *one)
{
    struct bwdir_detail none = {""};
    char *ldif = NULL;
    enum bwdir_status status = bwdir_plan_ldif(one->plan, &ldif);

    if (status != BWDIR_OK)
        return cli_session_fail(setup->session, status, &none);
    cli_print(setup->session->report, ldif);
    cli_print(setup->session->report, "\n");
    free(ldif);
    return CLI_GO_ON;
}

static int
apply(struct setup *setup, const struct bwdir_difference *one)
{
    struct cli_session *session = setup->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; run "
                       "bwdir-init again");
    status = bwdir_plan_apply(session->directory, one->plan, &why);
    cli_watchdog_stop();
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    cli_saved(session->report);
    setup->changes++;
    cli_say(session->report, "%s%s%s: %s", one->dn,
            one->attribute[0] != '\0' ? ": " : "", one->attribute,
            one->kind == BWDIR_DIFFERENCE_MISSING ? "added" : "replaced");
    return CLI_GO_ON;
}

static int
compare(struct setup *setup, enum bwdir_install_part part)
{
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    cli_watchdog_start(setup->session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds");
    status = bwdir_installation_compare(setup->installation, part, &why);
    cli_watchdog_stop();
    if (status != BWDIR_OK)
        return cli_session_fail(setup->session, status, &why);
    return CLI_GO_ON;
}

static int
set_up(struct setup *setup, enum bwdir_install_part part)
{
    bool dry_run = setup->session->options.dry_run;
    bool in_the_way = false;
    int code = compare(setup, part);
    size_t count = bwdir_installation_count(setup->installation);

    if (code != CLI_GO_ON)
        return code;
    for (size_t i = 0; i < count; i++)
        in_the_way |= report(
            setup, bwdir_installation_difference(setup->installation, i));
    if (in_the_way && !dry_run)
        return EX_CONFIG;
    for (size_t i = 0; code == CLI_GO_ON && i < count; i++) {
        const struct bwdir_difference *one =
            bwdir_installation_difference(setup->installation, i);

        if (one->plan != NULL)
            code = dry_run ? print_plan(setup, one) : apply(setup, one);
    }
    return code == CLI_GO_ON && in_the_way ? EX_CONFIG : code;
}

static int
init(struct setup *setup)
{
    struct cli_session *session = setup->session;
    struct bwdir_detail why = {""};
    enum bwdir_status status;
    int code = cli_session_connect(session);

    if (code != CLI_GO_ON)
        return code;
    status = bwdir_installation_open(session->directory,
                                     session->options.schema_folder,
                                     &setup->installation, &why);
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    code = set_up(setup, BWDIR_INSTALL_CONFIG);
    if (code == CLI_GO_ON)
        code = set_up(setup, BWDIR_INSTALL_ENTRIES);
    if (code != CLI_GO_ON)
        return code;
    if (setup->changes == 0 && !session->options.dry_run)
        cli_say(session->report, "nothing to do");
    return EX_OK;
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    struct setup setup = {.session = &session};
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = init(&setup);
    bwdir_installation_close(&setup.installation);
    return cli_session_end(&session, code);
}
