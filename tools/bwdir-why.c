/*
 * bwdir-why(8): why a user may, or may not, use a PAM service.  The decision
 * is the library's, the reading of the arguments and the PAM codes are the
 * module's; here they are only put side by side and printed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/exit_code.h"
#include "cli/session.h"
#include "cli/user_facts.h"
#include "cli/watchdog.h"
#include "pam/service_file.h"
#include "pam_bw/module/options.h"
#include "pam_bw/module/pam_code.h"

static const struct cli_tool tool = {
    "bwdir-why",
    CLI_WHY,
    "Tells why a user may or may not use a PAM service, and until when.",
    {"USERNAME SERVICE", "a user name and a service", 2}};

/* The lists of one kind of require_ argument, NULL-terminated. */
struct lists {
    const char *items[PAMBW_REQUIREMENTS_MAX + 1];
    size_t count;
};

/* One of the two calls of libpam. */
struct side {
    const char *call;
    const char *members[3]; /* of the JSON object: code, status, reason */
    const char *next_member;
    const char *type;
    bool with_password;

    struct pam_line line;
    bool asked; /* the service puts it to pam_bw.so */
    struct pambw_options options;
    const char *wrong; /* argument, and why; NULL: all are fit */
    const char *why_wrong;
    struct lists roles, accounts, levels;
    struct bwdir_explanation *told; /* NULL where an argument is wrong */
};

enum { AUTHENTICATE, ACCOUNT, SIDES };

struct matter {
    struct cli_session *session;
    const char *service;        /* the second operand */
    enum bw_wire_access access; /* --access */
    int64_t when;
    struct side sides[SIDES];
};

/* ---- the command line and the PAM file ---- */

static int
check_command_line(struct matter *matter)
{
    const struct cli_options *options = &matter->session->options;
    struct cli_report *report = matter->session->report;
    struct bwdir_detail why = {""};

    if (options->user != NULL)
        matter->service = options->operands[1];
    if (matter->service == NULL) {
        cli_error(report, "a user name and a service wanted; see --help");
        return EX_USAGE;
    }
    if (bwdir_field_check("name", options->user, &why) != BWDIR_OK)
        cli_error(report, "%s", why.text);
    matter->when = (int64_t)time(NULL);
    if (options->at != NULL &&
        !bwdir_time_parse(options->at, matter->when, &matter->when))
        cli_error(report,
                  "--at \"%s\": 2026-12-24, 2026-12-24T18:00:00Z (UTC), +91d "
                  "or -1d wanted",
                  options->at);
    if (options->kind != NULL && strcmp(options->kind, "dashboard") == 0)
        matter->access = BW_WIRE_DASHBOARD;
    else if (options->kind != NULL && strcmp(options->kind, "api") == 0)
        matter->access = BW_WIRE_API;
    else if (options->kind != NULL)
        cli_error(report, "--access \"%s\": dashboard or api wanted",
                  options->kind);
    return cli_has_errors(report) ? EX_DATAERR : CLI_GO_ON;
}

static void
sort_requirements(struct side *side)
{
    for (size_t i = 0; i < side->options.requirement_count; i++) {
        const struct pambw_requirement *wanted =
            &side->options.requirements[i];
        struct lists *lists =
            wanted->tag == BW_WIRE_REQUIRE_ROLE      ? &side->roles
            : wanted->tag == BW_WIRE_REQUIRE_ACCOUNT ? &side->accounts
                                                     : &side->levels;

        lists->items[lists->count++] = wanted->list;
    }
}

/* --access stands for a PAM file where there is none. */
static int
read_side(struct matter *matter, struct side *side)
{
    const struct cli_options *options = &matter->session->options;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    status = pam_service_line(options->pam_confdir, matter->service,
                              side->type, &side->line, &why);
    if (status == BWDIR_CONFIG && matter->access != BW_WIRE_UNSAID)
        cli_warning(matter->session->report, "%s", why.text);
    else if (status != BWDIR_OK)
        return cli_session_fail(matter->session, status, &why);
    side->asked = side->line.count > 0 || matter->access != BW_WIRE_UNSAID;
    if (side->line.count > 1)
        cli_warning(matter->session->report,
                    "service \"%s\": %zu pam_bw.so lines for %s, this is "
                    "about the first: %s",
                    matter->service, side->line.count, side->type,
                    side->line.where);
    if (pambw_options_parse((int)side->line.arguments.count,
                            (const char **)side->line.arguments.items,
                            &side->options, &side->wrong, &side->why_wrong))
        sort_requirements(side);
    if (matter->access != BW_WIRE_UNSAID)
        side->options.access = matter->access;
    return CLI_GO_ON;
}

static int
read_lines(struct matter *matter)
{
    const char *service = matter->service;
    int code = CLI_GO_ON;

    for (size_t i = 0; code == CLI_GO_ON && i < SIDES; i++)
        code = read_side(matter, &matter->sides[i]);
    if (code == CLI_GO_ON && !matter->sides[AUTHENTICATE].asked &&
        !matter->sides[ACCOUNT].asked) {
        cli_error(matter->session->report,
                  "service \"%s\": %s no pam_bw.so line for auth or "
                  "account; --access says what to assume",
                  service,
                  matter->sides[AUTHENTICATE].line.missing
                      ? "there is no PAM file of that name, so that \"other\" "
                        "counts, which has"
                      : "its PAM file has");
        code = EX_CONFIG;
    }
    return code;
}

/* ---- the decision ---- */

static int
explain(struct matter *matter, struct side *side)
{
    const struct cli_options *options = &matter->session->options;
    const struct bwdir_service service = {
        .name = matter->service,
        .access = (enum bwdir_access_kind)side->options.access,
        .require_role = side->roles.items,
        .require_account = side->accounts.items,
        .require_level = side->levels.items};
    const struct bwdir_occasion occasion = {.user = options->user,
                                            .service = &service,
                                            .with_password =
                                                side->with_password,
                                            .when = matter->when};
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    cli_watchdog_start(matter->session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds");
    status = bwdir_explain(matter->session->directory, matter->session->config,
                           &occasion, &side->told, &why);
    cli_watchdog_stop();
    return status == BWDIR_OK
               ? CLI_GO_ON
               : cli_session_fail(matter->session, status, &why);
}

/* Where an argument is wrong the daemon is not asked. */
static enum bwdir_status
status_of(const struct side *side)
{
    return side->told != NULL ? side->told->status : BWDIR_CONFIG;
}

static const char *
reason_of(const struct side *side)
{
    return side->told != NULL ? side->told->reason : "bad-argument";
}

static const char *
code_of(const struct side *side, enum bwdir_status status)
{
    bool api = side->told != NULL && side->told->access == BWDIR_ACCESS_API;
    enum pambw_phase phase =
        side->with_password
            ? pambw_code_authenticating(side->options.one_phase, api)
            : PAMBW_ACCOUNT;

    return pambw_code_name(pambw_code(phase, status));
}

/* ---- telling ---- */

static const char *
source_of_kind(const struct matter *matter, const struct side *side)
{
    if (matter->access != BW_WIRE_UNSAID)
        return "as --access says";
    if (side->options.access != BW_WIRE_UNSAID)
        return "as its PAM line says";
    return side->told->listed != 0 ? "as bwService of the access records says"
                                   : "as nobody says otherwise";
}

static void
tell_step(struct cli_report *report, const struct side *side, const char *name,
          const char *result, const char *value)
{
    cli_say(report, "  %-15s %-16s %s", name, result, value);
    cli_row_open(report, "steps");
    cli_fact_text(report, "call", side->call);
    cli_fact_text(report, "name", name);
    cli_fact_text(report, "value", value);
    cli_fact_text(report, "result", result);
    cli_row_close(report);
}

static void
tell_steps(const struct matter *matter, const struct side *side)
{
    struct cli_report *report = matter->session->report;
    const struct bwdir_explanation *told = side->told;
    char value[640];

    if (side->wrong != NULL) {
        snprintf(value, sizeof value, "\"%.100s\": %s", side->wrong,
                 side->why_wrong);
        tell_step(report, side, "arguments", "bad-argument", value);
    }
    if (told == NULL)
        return;
    snprintf(value, sizeof value, "%s, %s%s%s",
             bwdir_access_name(told->access), source_of_kind(matter, side),
             side->line.count > 0 ? "; " : "",
             side->line.count > 0 ? side->line.where : "");
    tell_step(report, side, "service", "ok", value);
    for (size_t i = 0; i < told->step_count; i++)
        tell_step(report, side, told->steps[i].name, told->steps[i].result,
                  told->steps[i].value);
}

static void
tell_side(const struct matter *matter, const struct side *side)
{
    struct cli_report *report = matter->session->report;
    const char *status = bwdir_status_name(status_of(side));
    const char *code = code_of(side, status_of(side));

    if (!side->asked) {
        cli_say(report, "%s: not asked; no pam_bw.so line for %s", side->call,
                side->type);
        return;
    }
    cli_fact_text(report, side->members[0], code);
    cli_fact_text(report, side->members[1], status);
    cli_fact_text(report, side->members[2], reason_of(side));
    cli_say(report, "%s, %s:", side->call,
            side->with_password ? "with the right password"
                                : "asked by itself");
    tell_steps(matter, side);
    cli_say(report, "  verdict         %s (%s): %s", status, reason_of(side),
            code);
    if (side->with_password && status_of(side) == BWDIR_UNVERIFIED)
        cli_say(report, "  A host that can ask the person goes on to the "
                        "sign-up.");
}

/* The earlier of the two, or NULL when time alone changes nothing. */
static const int64_t *
next_change(const struct matter *matter)
{
    const int64_t *next = NULL;

    for (size_t i = 0; i < SIDES; i++) {
        const struct bwdir_explanation *told = matter->sides[i].told;

        if (told != NULL && told->changes &&
            (next == NULL || told->next_change < *next))
            next = &told->next_change;
    }
    return next;
}

static void
tell_next(const struct matter *matter)
{
    struct cli_report *report = matter->session->report;
    const int64_t *next = next_change(matter);
    char text[BWDIR_TIME_SIZE];

    if (next == NULL) {
        cli_say(report, "next change: none that time alone brings");
        return;
    }
    bwdir_time_format(*next, text);
    cli_fact_text(report, "next_change", text);
    cli_say(report, "next change: %s", text);
    for (size_t i = 0; i < SIDES; i++) {
        const struct side *side = &matter->sides[i];
        const struct bwdir_explanation *told = side->told;
        bool changes;
        const char *code;

        if (told == NULL)
            continue;
        changes = told->changes && told->next_change == *next;
        code = code_of(side, changes ? told->next_status : told->status);
        cli_fact_text(report, side->next_member, code);
        if (changes)
            cli_say(report, "  %s: %s (%s%s)", side->call, code,
                    told->next_reason,
                    told->next_days_left >= 0 ? ", with a warning" : "");
    }
}

/* What both sides have in common; one of them is explained, or neither. */
static void
tell_service(const struct matter *matter)
{
    struct cli_report *report = matter->session->report;

    for (size_t i = 0; i < SIDES; i++) {
        const struct side *side = &matter->sides[i];

        if (side->told == NULL)
            continue;
        cli_fact_text(report, "kind", bwdir_access_name(side->told->access));
        if (side->told->days_left >= 0)
            cli_fact_number(report, "days_left", side->told->days_left);
        if (bwdir_service_in_conflict(side->options.access,
                                      side->told->listed)) {
            cli_warning(report,
                        "service \"%s\": the access records that name it say "
                        "%s; it counts as %s",
                        matter->service, bwdir_access_name(side->told->listed),
                        bwdir_access_name(side->told->access));
            return;
        }
    }
}

/* Whom an unverified user keeps waiting: himself. */
static void
tell_waiting(const struct matter *matter)
{
    bool waits = false;

    for (size_t i = 0; i < SIDES; i++)
        waits = waits || (matter->sides[i].asked &&
                          status_of(&matter->sides[i]) == BWDIR_UNVERIFIED);
    if (waits)
        cli_user_say_waiting(matter->session->report,
                             "waits for: ", matter->session->options.user);
}

static void
tell(const struct matter *matter)
{
    struct cli_report *report = matter->session->report;
    const struct cli_options *options = &matter->session->options;
    char at[BWDIR_TIME_SIZE];

    bwdir_time_format(matter->when, at);
    cli_fact_text(report, "user", options->user);
    cli_fact_text(report, "service", matter->service);
    cli_fact_text(report, "at", at);
    tell_service(matter);
    cli_say(report, "%s at %s on %s", options->user, matter->service, at);
    for (size_t i = 0; i < SIDES; i++)
        tell_side(matter, &matter->sides[i]);
    tell_waiting(matter);
    tell_next(matter);
}

static int
why(struct matter *matter)
{
    int code = check_command_line(matter);

    if (code == CLI_GO_ON)
        code = read_lines(matter);
    if (code == CLI_GO_ON)
        code = cli_session_connect(matter->session);
    for (size_t i = 0; code == CLI_GO_ON && i < SIDES; i++)
        if (matter->sides[i].asked && matter->sides[i].wrong == NULL)
            code = explain(matter, &matter->sides[i]);
    if (code != CLI_GO_ON)
        return code;
    tell(matter);
    return EX_OK;
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    struct matter matter = {
        .session = &session,
        .sides = {[AUTHENTICATE] = {.call = "authenticate",
                                    .members = {"authenticate",
                                                "authenticate_status",
                                                "authenticate_reason"},
                                    .next_member = "next_authenticate",
                                    .type = "auth",
                                    .with_password = true},
                  [ACCOUNT] = {.call = "acct_mgmt",
                               .members = {"acct_mgmt", "acct_mgmt_status",
                                           "acct_mgmt_reason"},
                               .next_member = "next_acct_mgmt",
                               .type = "account"}}};
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = why(&matter);
    for (size_t i = 0; i < SIDES; i++) {
        pam_line_clear(&matter.sides[i].line);
        free(matter.sides[i].told);
    }
    return cli_session_end(&session, code);
}
