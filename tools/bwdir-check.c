/*
 * bwdir-check(8): the doctor.  Prints what each check tells; the checks
 * themselves are the library's (libbwdir/check) and those of tools/check.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>

#include "check/checks.h"
#include "cli/exit_code.h"
#include "cli/watchdog.h"

static const struct cli_tool tool = {
    "bwdir-check",
    CLI_CHECK,
    "Looks at the installation and says what is wrong and what to do.",
    {"", "no operand", 0}};

static const struct bwdir_check our_checks[] = {
    {"mail", "texts", check_mail_texts},
    {"daemon", "socket", check_daemon_socket},
    {"daemon", "answer", check_daemon_answer},
    {"pam", "services", check_pam_services},
    {NULL, NULL, NULL},
};

/* This tool's own exit codes: the worst grade. */
enum { EXIT_WELL = 0, EXIT_WARNED = 1, EXIT_FAILED = 2 };

static const struct {
    const char *name;
    const char *mark;
    enum cli_color color;
} grades[] = {
    [BWDIR_GRADE_OK] = {"OK", "OK   ", CLI_GREEN},
    [BWDIR_GRADE_WARN] = {"WARN", "WARN ", CLI_YELLOW},
    [BWDIR_GRADE_FAIL] = {"FAIL", "FAIL ", CLI_RED},
};

/* The one line of all checks that stand behind the same obstacle. */
static void
tell_behind(struct check_round *round)
{
    const char *noun = round->behind_count == 1 ? "check" : "checks";

    if (round->behind_count > 0)
        cli_say_marked(round->session->report, CLI_YELLOW,
                       grades[BWDIR_GRADE_WARN].mark,
                       " %zu %s: not looked at: %s -> %s; -v lists them",
                       round->behind_count, noun, round->behind->what,
                       round->behind->remedy);
    round->behind_count = 0;
}

static void
tell_line(struct check_round *round, const struct bwdir_finding *finding)
{
    bool well = finding->grade == BWDIR_GRADE_OK;

    if (finding->behind != NULL && !round->session->options.verbose) {
        if (round->behind != finding->behind)
            tell_behind(round);
        round->behind = finding->behind;
        round->behind_count++;
        return;
    }
    cli_say_marked(round->session->report, grades[finding->grade].color,
                   grades[finding->grade].mark, " %s %s: %s%s%s",
                   finding->area, finding->name, finding->seen,
                   well ? "" : " -> ", finding->remedy);
}

static void
tell(const struct bwdir_finding *finding, void *closure)
{
    struct check_round *round = closure;
    struct cli_report *report = round->session->report;
    bool well = finding->grade == BWDIR_GRADE_OK;

    round->count[finding->grade]++;
    tell_line(round, finding);
    cli_row_open(report, "checks");
    cli_fact_text(report, "area", finding->area);
    cli_fact_text(report, "name", finding->name);
    cli_fact_text(report, "grade", grades[finding->grade].name);
    cli_fact_text(report, "seen", finding->seen);
    cli_fact_text(report, "remedy", well ? NULL : finding->remedy);
    cli_row_close(report);
}

/* Every wait has a deadline of its own; this is for the name service, which
 * has none. */
static void
alive(void *closure)
{
    struct check_round *round = closure;

    cli_watchdog_start(round->session->report, EXIT_FAILED,
                       "FAIL: no end of a check within 15 seconds; does the "
                       "name service (DNS) answer?");
}

static int
conclude(struct check_round *round)
{
    struct cli_report *report = round->session->report;

    tell_behind(round);
    cli_fact_number(report, "warned", (long)round->count[BWDIR_GRADE_WARN]);
    cli_fact_number(report, "failed", (long)round->count[BWDIR_GRADE_FAIL]);
    cli_say(report, "%zu OK, %zu WARN, %zu FAIL", round->count[BWDIR_GRADE_OK],
            round->count[BWDIR_GRADE_WARN], round->count[BWDIR_GRADE_FAIL]);
    if (round->count[BWDIR_GRADE_FAIL] > 0)
        return EXIT_FAILED;
    return round->count[BWDIR_GRADE_WARN] > 0 ? EXIT_WARNED : EXIT_WELL;
}

static int
examine(struct cli_session *session)
{
    struct check_round round = {.session = session};
    struct bwdir_login login;
    const struct bwdir_checkup_order order = {
        .config = session->config,
        .config_path = session->config_path,
        .login = &login,
        .schema_folder = session->options.schema_folder,
        .tell = tell,
        .alive = alive,
        .closure = &round};
    struct bwdir_checkup *checkup;
    int code = cli_session_login(session, &login);

    if (code != CLI_GO_ON)
        return code;
    checkup = bwdir_checkup_new(&order);
    if (checkup == NULL)
        return EX_OSERR;
    bwdir_checkup_run(checkup, bwdir_checks);
    bwdir_checkup_run(checkup, our_checks);
    cli_watchdog_stop();
    bwdir_checkup_free(&checkup);
    return conclude(&round);
}

int
main(int argc, char **argv)
{
    struct cli_session session;
    int code = cli_session_begin(&session, &tool, argc, argv);

    if (code == CLI_GO_ON)
        code = examine(&session);
    return cli_session_end(&session, code);
}
