/*
 * The way every tool begins: a clean process, the command line, the
 * configuration, the directory.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_SESSION_H
#define BW_CLI_SESSION_H

#include "exit_code.h"
#include "options.h"
#include "report.h"

/* What a tool works with; the verb clears it with cli_session_end(). */
struct cli_session {
    const struct cli_tool *tool;
    struct cli_options options;
    struct cli_report *report;
    const char *config_path;
    struct bwdir_config *config;
    struct bwdir_directory *directory;
    struct bwdir_log log; /* journal.h */
    bool log_open;
    const char *section; /* of the configuration, that it connected by */
    bool stranger_told;  /* that the directory does not know who asks */
    /* Nothing stands of the plan that was tried last: the server has refused
     * it. */
    bool nothing_done;
};

/*
 * Turns core dumps off, forgets the environment, reads the command line,
 * answers --help and --version, loads the configuration.  CLI_GO_ON, or the
 * exit code that the tool is to end with.
 */
int cli_session_begin(struct cli_session *session, const struct cli_tool *tool,
                      int argc, char **argv);

/* Tells that no password of now could be read from a line, because of STATUS;
 * NONE is said where there was no line.  An exit code. */
int cli_session_unread(struct cli_session *session, enum bwdir_status status,
                       const char *none);

/*
 * The secret in the file PATH that OPTION, "-y" for example, names.  Whatever
 * is wrong with the file is wrong with the value of the option:
 * BWDIR_BAD_VALUE, and WHY tells it.  The secret is the caller's to free.
 */
enum bwdir_status
cli_secret_from_file(const char *option, const char *path,
                     struct bwdir_secret **secret,
                     struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * Puts the bind password that -W or -y stand for in the place of -w, where
 * cli_session_connect() takes it from (and does this by itself).  CLI_GO_ON or
 * an exit code.
 */
int cli_session_password(struct cli_session *session);

/*
 * Who is to connect, and where, by the connection options; asks for the
 * password where -W says so.  LOGIN points into the session.  CLI_GO_ON or an
 * exit code; whatever is wrong has been reported.
 */
int cli_session_login(struct cli_session *session, struct bwdir_login *login);

/*
 * Opens the directory as the connection options say, else as the section
 * "tools" of the configuration does.  CLI_GO_ON or an exit code; whatever is
 * wrong has been reported.
 */
int cli_session_connect(struct cli_session *session);

/* The same for who is there to change his password; to all others the server
 * is closed where it is to be changed first (77). */
int cli_session_connect_to_change(struct cli_session *session);

/*
 * As the first, with the section "outbox", for who delivers and reminds; 77
 * for an identity that may not, so that what it sees of what is owed is not
 * taken for all that there is.
 */
int cli_session_connect_outbox(struct cli_session *session);

/* The user of a name that was given; BWDIR_BAD_VALUE for one that nobody can
 * have, else as bwdir_user_get(). */
enum bwdir_status cli_session_user(struct cli_session *session,
                                   const char *name, struct bwdir_user **user,
                                   struct bwdir_detail *why);

/* Reports WHY, or the status in words when it says nothing; returns the exit
 * code of STATUS.  Whom the directory does not know is told that instead of
 * what he does not find or may not do there, and the code is 77. */
int cli_session_fail(struct cli_session *session, enum bwdir_status status,
                     const struct bwdir_detail *why);

/* Closes and frees everything, prints the JSON object, returns CODE. */
int cli_session_end(struct cli_session *session, int code);

#endif
