/*
 * What differs, told, printed or put right.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../cli/change.h"
#include "../cli/exit_code.h"
#include "../cli/watchdog.h"
#include "setup.h"

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

/* "DN: ATTRIBUTE" or "DN"; the caller's. */
static char *
place_of(const struct bwdir_difference *one)
{
    char *place = NULL;

    if (asprintf(&place, "%s%s%s", one->dn,
                 one->attribute[0] != '\0' ? ": " : "", one->attribute) < 0)
        abort();
    return place;
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
tell(struct setup *setup, const struct bwdir_difference *one)
{
    struct cli_report *report = setup->session->report;
    char *place = place_of(one);
    bool in_the_way = one->kind == BWDIR_DIFFERENCE_FOREIGN &&
                      setup->session->options.save_file == NULL;

    state_fact(report, one);
    if (one->kind == BWDIR_DIFFERENCE_OFFLINE)
        cli_warning(report, "%s: %s", place, one->text);
    if (one->kind == BWDIR_DIFFERENCE_KEPT && setup->session->options.verbose)
        cli_note(report, "%s: kept: %s", place, one->text);
    if (in_the_way)
        cli_error(report,
                  "%s: %s; look at what is there, and where it may go: "
                  "--replace FILE, which keeps it in FILE",
                  place, one->text);
    free(place);
    return in_the_way;
}

/* What is about to be replaced, on the disk before it is. */
static int
save(struct setup *setup, const struct bwdir_difference *one)
{
    const char *path = setup->session->options.save_file;
    int fd;

    if (setup->saved == NULL) {
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        setup->saved = fd >= 0 ? fdopen(fd, "w") : NULL;
        if (setup->saved == NULL) {
            cli_error(setup->session->report,
                      "--replace \"%s\": a file that does not exist yet, in a "
                      "directory that can be written, wanted: %s",
                      path, strerror(errno));
            return EX_CANTCREAT;
        }
    }
    if (fputs(one->old, setup->saved) != EOF && fflush(setup->saved) == 0 &&
        fsync(fileno(setup->saved)) == 0)
        return CLI_GO_ON;
    cli_error(setup->session->report, "--replace \"%s\": %s", path,
              strerror(errno));
    return EX_IOERR;
}

static int
apply(struct setup *setup, const struct bwdir_difference *one)
{
    struct cli_session *session = setup->session;
    int code = one->old != NULL ? save(setup, one) : CLI_GO_ON;
    char *place;

    if (code == CLI_GO_ON)
        code = cli_plan_apply(session, one->plan);
    if (code != CLI_GO_ON)
        return code;
    setup->changes++;
    place = place_of(one);
    cli_say(session->report, "%s%s%s: %s", place, one->name != NULL ? " " : "",
            one->name != NULL ? one->name : "",
            one->kind == BWDIR_DIFFERENCE_MISSING ? "added" : "replaced");
    free(place);
    return CLI_GO_ON;
}

static int
print(struct setup *setup, const struct bwdir_difference *one)
{
    int code = cli_plan_print(setup->session, one->plan);

    cli_print(setup->session->report, "\n");
    return code == EX_OK ? CLI_GO_ON : code;
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

/* What was applied must be there now, and is noted as bwdir's own. */
static int
look_again(struct setup *setup)
{
    int code = compare(setup, BWDIR_INSTALL_CONFIG);
    size_t count = bwdir_installation_count(setup->installation);

    for (size_t i = 0; code == CLI_GO_ON && i < count; i++) {
        const struct bwdir_difference *one =
            bwdir_installation_difference(setup->installation, i);

        if (one->plan == NULL)
            continue;
        cli_error(setup->session->report,
                  "%s: the server said yes, and yet: %s", one->dn, one->text);
        code = EX_SOFTWARE;
    }
    return code;
}

int
init_part(struct setup *setup, enum bwdir_install_part part)
{
    bool dry_run = setup->session->options.dry_run;
    bool in_the_way = false;
    int code = compare(setup, part);
    size_t count;

    if (code != CLI_GO_ON)
        return code;
    count = bwdir_installation_count(setup->installation);
    for (size_t i = 0; i < count; i++)
        in_the_way |=
            tell(setup, bwdir_installation_difference(setup->installation, i));
    if (in_the_way)
        return EX_CONFIG;
    for (size_t i = 0; code == CLI_GO_ON && i < count; i++) {
        const struct bwdir_difference *one =
            bwdir_installation_difference(setup->installation, i);

        if (one->plan != NULL)
            code = dry_run ? print(setup, one) : apply(setup, one);
    }
    if (code == CLI_GO_ON && part == BWDIR_INSTALL_CONFIG &&
        setup->changes > 0)
        code = look_again(setup);
    return code;
}
