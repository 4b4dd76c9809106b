/*
 * The way every tool begins.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "session.h"

#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exit_code.h"
#include "journal.h"
#include "terminal.h"
#include "watchdog.h"

/* A sanitizer's leak check needs to trace the process, which one that is not
 * dumpable does not let it. */
#if defined(__SANITIZE_ADDRESS__)
#define TRACED_BY_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TRACED_BY_SANITIZER 1
#endif
#endif

#define CONFIG_FILE SYSCONFDIR "/bwdir/bwdir.conf"

/* Passwords pass through this process. */
static void
forbid_core_dumps(void)
{
    const struct rlimit none = {0, 0};

    setrlimit(RLIMIT_CORE, &none);
#ifndef TRACED_BY_SANITIZER
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/*
 * A file opened in the place of a closed standard error would get our
 * complaints.  What holds the place fails at what the stream is for, so that
 * output which nobody gets is lost output.  A server that hangs up would end
 * us by SIGPIPE between two steps.
 */
static void
settle_process(void)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};

    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            _exit(EX_OSERR);
    sigaction(SIGPIPE, &ignore, NULL);
    umask(077);
}

/*
 * Libraries below us read variables that change what they trust (LDAPTLS_*,
 * SSL_CERT_FILE, OPENSSL_CONF, SSLKEYLOGFILE …); none of them is for us.
 */
static void
forget_environment(void)
{
    if (clearenv() != 0 || setenv("PATH", "/usr/sbin:/usr/bin", 1) != 0 ||
        setenv("LDAPNOINIT", "1", 1) != 0)
        errx(EX_OSERR, "environment: cannot be cleared");
}

/* A copy of the variable, or NULL; kept with the answers. */
static const char *
variable(struct cli_options *options, const char *name)
{
    const char *path = secure_getenv(name);

    return path == NULL ? NULL : cli_list_add(&options->answers, path);
}

/* What of the environment is for us; a member may be NULL. */
struct variables {
    const char *config;
    const char *pam_confdir;
    const char *schema_folder;
};

static void
read_variables(struct cli_options *options, struct variables *variables)
{
    variables->config = variable(options, BWDIR_CONFIG_FILE_VARIABLE);
    variables->pam_confdir = variable(options, "BWDIR_PAM_CONFDIR");
    variables->schema_folder = variable(options, "BWDIR_SCHEMADIR");
}

/* Never with NO_COLOR, whatever its value (no-color.org). */
static bool
wants_color(void)
{
    const char *none = secure_getenv("NO_COLOR");
    const char *terminal = secure_getenv("TERM");

    return isatty(STDOUT_FILENO) && (none == NULL || *none == '\0') &&
           terminal != NULL && strcmp(terminal, "dumb") != 0;
}

static int
answer_at_once(struct cli_session *session)
{
    char *help;

    if (session->options.version) {
        cli_say(session->report, "%s (bwdir) %s", session->tool->name,
                PACKAGE_VERSION);
        cli_fact_text(session->report, "version", PACKAGE_VERSION);
        return EX_OK;
    }
    if (session->options.help) {
        help = cli_options_help(session->tool);
        cli_print(session->report, help);
        free(help);
        return EX_OK;
    }
    return CLI_GO_ON;
}

/*
 * What came out empty, of NAME: an option or a variable.  A script whose own
 * variable is not set must not end up with what the host has configured.
 */
static void
refuse_empty(struct cli_report *report, const char *name, const char *value,
             const char *wanted)
{
    if (value != NULL && *value == '\0')
        cli_error(report, "%s: empty; give %s, or leave it out", name, wanted);
}

static int
check_paths(struct cli_session *session, const struct variables *variables)
{
    struct cli_report *report = session->report;

    refuse_empty(report, "--config", session->options.config, "a path");
    refuse_empty(report, BWDIR_CONFIG_FILE_VARIABLE, variables->config,
                 "a path");
    refuse_empty(report, "BWDIR_PAM_CONFDIR", variables->pam_confdir,
                 "a path");
    refuse_empty(report, "BWDIR_SCHEMADIR", variables->schema_folder,
                 "a path");
    return cli_has_errors(report) ? EX_CONFIG : CLI_GO_ON;
}

static int
load_config(struct cli_session *session, const char *of_environment)
{
    const char *path = session->options.config;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    if (path == NULL)
        path = of_environment;
    if (path == NULL)
        path = CONFIG_FILE;
    session->config_path = path;
    status = bwdir_config_load(path, &session->config, &why);
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    return CLI_GO_ON;
}

/* A person types his user name here; the server would only say that he is not
 * let in. */
static int
check_names(struct cli_session *session)
{
    const struct cli_options *options = &session->options;
    const char *dn = options->bind_dn;
    const char *wanted =
        options->uri != NULL ? bwdir_uri_objection(options->uri) : NULL;
    char *example;

    if (wanted != NULL) {
        cli_error(session->report, "-H \"%s\": %s", options->uri, wanted);
        return EX_DATAERR;
    }
    if (options->base != NULL && !bwdir_is_dn(options->base)) {
        cli_error(session->report, "-b \"%s\": a DN wanted, for example %s",
                  options->base, bwdir_config_text(session->config, "base"));
        return EX_DATAERR;
    }
    if (dn == NULL || bwdir_is_dn(dn))
        return CLI_GO_ON;
    example = bwdir_user_dn(
        session->config, options->base,
        bwdir_field_check("name", dn, NULL) == BWDIR_OK ? dn : "jdoe");
    cli_error(session->report, "-D \"%s\": a DN wanted, for example %s", dn,
              example != NULL ? example : "");
    free(example);
    return EX_DATAERR;
}

int
cli_session_begin(struct cli_session *session, const struct cli_tool *tool,
                  int argc, char **argv)
{
    struct variables variables;
    int code;

    memset(session, 0, sizeof *session);
    settle_process();
    forbid_core_dumps();
    session->tool = tool;
    session->report = cli_report_new(tool->name);
    read_variables(&session->options, &variables);
    if (wants_color())
        cli_report_use_color(session->report);
    forget_environment();
    code = cli_options_parse(tool, argc, argv, &session->options,
                             session->report);
    session->options.pam_confdir = variables.pam_confdir;
    if (session->options.schema_folder == NULL)
        session->options.schema_folder = variables.schema_folder;
    if (session->options.json)
        cli_report_use_json(session->report);
    else
        cli_report_use_lines(session->report);
    if (code == CLI_GO_ON)
        code = answer_at_once(session);
    if (code == CLI_GO_ON)
        code = check_paths(session, &variables);
    if (code == CLI_GO_ON)
        code = load_config(session, variables.config);
    if (code == CLI_GO_ON)
        code = check_names(session);
    return code;
}

/* What contradicts itself among the connection options. */
static int
check_connection(struct cli_session *session)
{
    const struct cli_options *options = &session->options;
    int passwords = (options->password != NULL) + options->ask_password +
                    (options->bind_password_file != NULL);

    if (passwords > 1)
        cli_error(session->report, "-w, -W, -y: only one of them wanted");
    if (options->bind_dn == NULL && passwords > 0)
        cli_error(session->report, "-w, -W, -y: -D wanted with them");
    if (options->bind_dn == NULL && options->simple)
        cli_error(session->report, "-x: -D wanted with it");
    if (options->bind_dn != NULL && passwords == 0)
        cli_error(session->report, "-D: -w, -W or -y wanted with it");
    if (options->mechanism != NULL &&
        strcmp(options->mechanism, "EXTERNAL") != 0)
        cli_error(session->report, "-Y \"%s\": EXTERNAL wanted",
                  options->mechanism);
    if (options->mechanism != NULL &&
        (options->bind_dn != NULL || options->simple))
        cli_error(session->report, "-Y: not with -D or -x");
    return cli_has_errors(session->report) ? EX_USAGE : CLI_GO_ON;
}

static int
check_reason(struct cli_session *session)
{
    struct bwdir_detail why = {""};
    enum bwdir_status status = BWDIR_OK;

    if (session->options.why != NULL)
        status = bwdir_field_check("why", session->options.why, &why);
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}

enum bwdir_status
cli_secret_from_file(const char *option, const char *path,
                     struct bwdir_secret **secret, struct bwdir_detail *why)
{
    struct bwdir_detail of_file = {""};
    enum bwdir_status status = bwdir_secret_from_file(path, secret, &of_file);

    if (status == BWDIR_CONFIG)
        status = BWDIR_BAD_VALUE;
    if (status == BWDIR_BAD_VALUE)
        snprintf(why->text, sizeof why->text, "%s %.*s", option,
                 (int)(sizeof why->text - 32), of_file.text);
    return status;
}

int
cli_session_unread(struct cli_session *session, enum bwdir_status status,
                   const char *none)
{
    const struct bwdir_detail too_long = {
        "password: too long; one line of at most 512 bytes wanted"};

    if (status != BWDIR_NOT_FOUND)
        return cli_session_fail(session, status, &too_long);
    cli_error(session->report, "%s", none);
    return EX_USAGE;
}

/* -W and -y end in the place of -w. */
int
cli_session_password(struct cli_session *session)
{
    struct cli_options *options = &session->options;
    enum bwdir_status status = BWDIR_OK;
    struct bwdir_detail why = {""};

    if (options->ask_password) {
        status = cli_ask_secret("Enter LDAP Password: ", &options->password);
        if (status != BWDIR_OK)
            return cli_session_unread(
                session, status,
                "-W: no password could be read from the terminal");
    }
    if (options->bind_password_file != NULL)
        status = cli_secret_from_file("-y", options->bind_password_file,
                                      &options->password, &why);
    if (status != BWDIR_OK)
        return cli_session_fail(session, status, &why);
    if (options->password != NULL &&
        bwdir_secret_length(options->password) == 0) {
        cli_error(session->report, "-w, -W, -y: the password is empty");
        return EX_USAGE;
    }
    options->ask_password = false;
    options->bind_password_file = NULL;
    return CLI_GO_ON;
}

int
cli_session_login(struct cli_session *session, struct bwdir_login *login)
{
    const struct cli_options *options = &session->options;
    int code = check_connection(session);

    if (code == CLI_GO_ON)
        code = check_reason(session);
    if (code == CLI_GO_ON)
        code = cli_session_password(session);
    *login = (struct bwdir_login){.section = "tools",
                                  .uri = options->uri,
                                  .base = options->base,
                                  .bind_dn = options->bind_dn,
                                  .password = options->password,
                                  .sasl_mech = options->mechanism,
                                  .why = options->why};
    return code;
}

/* Whether DN is the entry of a user of that name. */
static bool
is_user(const struct cli_session *session, const char *dn, const char *name)
{
    char *entry = bwdir_user_dn(session->config, session->options.base, name);
    bool same = entry != NULL && strcasecmp(entry, dn) == 0;

    free(entry);
    return same;
}

/* A person who mistypes is told so, whatever the server says to programs. */
static int
fail_to_open(struct cli_session *session, enum bwdir_status status,
             const struct bwdir_detail *why)
{
    const char *dn = session->options.bind_dn;
    struct bwdir_detail plain = {""};
    char name[64];

    if (status != BWDIR_BAD_CREDENTIALS || dn == NULL ||
        sscanf(dn, "uid=%63[^,]", name) != 1 || !is_user(session, dn, name))
        return cli_session_fail(session, status, why);
    if (session->options.verbose)
        cli_note(session->report, "%s", why->text);
    snprintf(plain.text, sizeof plain.text,
             "user name \"%s\": not let in: the password is wrong or has "
             "expired, or there is no such user, or one who is locked or "
             "disabled",
             name);
    return cli_session_fail(session, status, &plain);
}

static int
connect_as(struct cli_session *session, const char *section)
{
    struct bwdir_detail why = {""};
    struct bwdir_login login;
    enum bwdir_status status;
    int code = cli_session_login(session, &login);

    if (code != CLI_GO_ON)
        return code;
    session->section = login.section = section;
    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no connection within 15 seconds");
    status = bwdir_directory_open(session->config, &login, &session->directory,
                                  &why);
    cli_watchdog_stop();
    bwdir_secret_free(&session->options.password);
    if (status != BWDIR_OK)
        return fail_to_open(session, status, &why);
    cli_journal_begin(session);
    if (session->options.verbose)
        cli_note(session->report, "connected as %s",
                 bwdir_directory_whoami(session->directory));
    return CLI_GO_ON;
}

int
cli_session_connect_to_change(struct cli_session *session)
{
    return connect_as(session, "tools");
}

int
cli_session_connect(struct cli_session *session)
{
    int code = connect_as(session, "tools");

    if (code != CLI_GO_ON || !bwdir_directory_is_to_change(session->directory))
        return code;
    cli_error(session->report,
              "%s: the password is to be changed before anything else: "
              "bwdir-passwd; if it was reset: redeem the code that was mailed "
              "(bwdir-verify)",
              bwdir_directory_whoami(session->directory));
    return EX_NOPERM;
}

int
cli_session_connect_outbox(struct cli_session *session)
{
    int code = connect_as(session, "outbox");
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    if (code != CLI_GO_ON)
        return code;
    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds");
    status = bwdir_outbox_check(session->directory, &why);
    cli_watchdog_stop();
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}

/* True for a user of this host whom the directory does not know; he is told
 * so, once. */
static bool
tell_stranger(struct cli_session *session)
{
    const char *base = session->options.base;
    unsigned long uid;

    if (session->directory == NULL ||
        !bwdir_directory_is_stranger(session->directory, &uid))
        return false;
    if (session->stranger_told)
        return true;
    session->stranger_told = true;
    if (base == NULL)
        base = bwdir_config_text(session->config, "base");
    cli_error(session->report,
              "uid %lu of this host: no user of the directory, which shows "
              "and allows him nothing; sign in with -D "
              "uid=NAME,ou=people,%s -W, or have root run this.  Who signs in "
              "without -D, an admin says in section %s of %s",
              uid, base, session->section, session->config_path);
    return true;
}

enum bwdir_status
cli_session_user(struct cli_session *session, const char *name,
                 struct bwdir_user **user, struct bwdir_detail *why)
{
    enum bwdir_status status = bwdir_field_check("name", name, why);

    *user = NULL;
    return status == BWDIR_OK
               ? bwdir_user_get(session->directory, name, user, why)
               : status;
}

static bool
may_be_hidden(enum bwdir_status status)
{
    return status == BWDIR_NOT_FOUND || status == BWDIR_NO_SUCH_USER ||
           status == BWDIR_NOT_PERMITTED;
}

int
cli_session_fail(struct cli_session *session, enum bwdir_status status,
                 const struct bwdir_detail *why)
{
    if (may_be_hidden(status) && tell_stranger(session)) {
        if (session->options.verbose)
            cli_note(session->report, "%s", why->text);
        return EX_NOPERM;
    }
    cli_error(session->report, "%s",
              why->text[0] != '\0' ? why->text : bwdir_strerror(status));
    return cli_exit_code(status);
}

int
cli_session_end(struct cli_session *session, int code)
{
    cli_watchdog_stop();
    if (code == EX_NOPERM || code == EX_NOUSER)
        (void)tell_stranger(session);
    cli_journal_end(session);
    bwdir_directory_close(&session->directory);
    bwdir_config_free(&session->config);
    cli_options_clear(&session->options);
    return cli_report_finish(session->report, code);
}
