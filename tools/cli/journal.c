/*
 * Who changed what, and why.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "journal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "session.h"

/*
 * The person behind a shell of root.  The kernel keeps it since the login
 * (pam_loginuid(8)) and lets nobody change it, whereas SUDO_USER is only a
 * variable.
 */
static void
add_login(struct bwdir_line *line)
{
    FILE *file = fopen("/proc/self/loginuid", "re");
    char text[16] = "";

    if (file != NULL) {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
    }
    text[strspn(text, "0123456789")] = '\0';
    /* (uid_t)-1: nobody has logged in, a service for example. */
    bwdir_line_text(line, "login",
                    *text == '\0' || strcmp(text, "4294967295") == 0 ? "-"
                                                                     : text);
}

/* Who the host says it is, beside who the directory says. */
static void
add_origin(struct bwdir_line *line)
{
    bwdir_line_number(line, "uid", (int64_t)getuid());
    add_login(line);
}

static void
tell_outcome(const struct bwdir_outcome *outcome, void *closure)
{
    struct cli_session *session = closure;
    struct bwdir_line line;

    session->nothing_done = outcome->done == outcome->undone &&
                            outcome->status != BWDIR_OK &&
                            outcome->status != BWDIR_UNAVAILABLE;
    bwdir_line_start(&line);
    bwdir_outcome_line(outcome, &line);
    add_origin(&line);
    bwdir_outcome_changes(outcome, &line);
    bwdir_log_write(
        &session->log,
        bwdir_log_priority(outcome->lost ? BWDIR_OK : outcome->status),
        line.text);
}

void
cli_journal_begin(struct cli_session *session)
{
    const char *target = bwdir_config_text(session->config, "tools.log");

    if (!bwdir_log_open(&session->log, session->tool->name, target) &&
        session->options.verbose)
        cli_note(session->report, "tools.log \"%s\": %m; syslog is used",
                 target);
    session->log_open = true;
    if (session->directory != NULL)
        bwdir_directory_observe(session->directory, tell_outcome, session);
}

void
cli_journal_end(struct cli_session *session)
{
    if (session->log_open)
        bwdir_log_close(&session->log);
    session->log_open = false;
}

void
cli_journal_write(const struct cli_session *session,
                  const struct cli_journal_event *event)
{
    bool ok = event->status == BWDIR_OK;
    struct bwdir_line line;

    bwdir_line_start(&line);
    bwdir_line_text(&line, "event", "plan");
    bwdir_line_text(&line, "what", event->what);
    bwdir_line_text(&line, "entry", event->name);
    bwdir_line_text(&line, "who", event->who);
    bwdir_line_text(&line, "why", event->why != NULL ? event->why : "-");
    bwdir_line_text(&line, "steps", ok ? "1/1" : "0/1");
    bwdir_line_text(&line, "status", bwdir_status_name(event->status));
    bwdir_line_text(&line, "reason", ok ? "-" : event->reason);
    add_origin(&line);
    bwdir_log_write(&session->log, bwdir_log_priority(event->status),
                    line.text);
}
