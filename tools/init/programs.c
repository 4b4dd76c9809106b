/*
 * The identities of programs.  The secret is in its file before the entry has
 * its hash: whoever is stopped in between finds a file without an entry, and
 * the next run takes the secret from there.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cli/change.h"
#include "../cli/exit_code.h"
#include "../cli/watchdog.h"
#include "setup.h"

/* One program.  The decoy has no file: nobody is to know its secret. */
struct program {
    const char *name;
    const char *option; /* of the configuration; NULL: no file */
    const char *standard;
};

static const struct program programs[] = {
    {"bwdird", "bwdird.secret-file", SYSCONFDIR "/bwdir/bwdird.secret"},
    {"outbox", "outbox.secret-file", SYSCONFDIR "/bwdir/outbox.secret"},
    {"decoy", NULL, NULL},
};
#define PROGRAMS (sizeof programs / sizeof *programs)

/* What is known of it. */
struct state {
    const struct program *program;
    const char *path;
    bool file_exists;
    bool entry_exists;
    struct bwdir_file_owner owner;
    struct bwdir_secret *secret;
};

static bool
listed(const struct cli_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], name) == 0)
            return true;
    return false;
}

/* Root gives the file to the user whose program reads it, who is not root;
 * anybody else keeps what he writes.  A host may do without the user of the
 * mail, not without the daemon's. */
static int
find_owner(struct setup *setup, struct state *state)
{
    const char *user =
        bwdir_config_reader(setup->session->config, state->program->name);
    const struct passwd *entry = user != NULL ? getpwnam(user) : NULL;

    state->owner = (struct bwdir_file_owner){geteuid(), getegid()};
    if (geteuid() != 0)
        return CLI_GO_ON;
    if (entry != NULL) {
        state->owner = (struct bwdir_file_owner){entry->pw_uid, entry->pw_gid};
    } else if (strcmp(state->program->name, "bwdird") == 0) {
        cli_error(setup->session->report,
                  "bwdird.user \"%s\": no such user; systemd-sysusers makes "
                  "it, or: adduser --system --group bwdir",
                  user);
        return EX_CONFIG;
    }
    return CLI_GO_ON;
}

/* Who runs this reads it all the same; its own reader must be able to. */
static int
check_owner(struct setup *setup, const struct state *state, uid_t owner)
{
    if (owner == state->owner.uid)
        return CLI_GO_ON;
    cli_error(setup->session->report,
              "%s: belongs to uid %lu, and must belong to uid %lu, who reads "
              "it: chown %lu %s",
              state->path, (unsigned long)owner,
              (unsigned long)state->owner.uid, (unsigned long)state->owner.uid,
              state->path);
    return EX_CONFIG;
}

/* The file is looked at as root, to whom another's secret is no secret; what
 * matters is that only its owner can read it. */
static int
read_file(struct setup *setup, struct state *state)
{
    struct bwdir_detail why = {""};
    enum bwdir_status status;
    struct stat file;

    state->file_exists = lstat(state->path, &file) == 0;
    if (!state->file_exists && errno != ENOENT) {
        cli_error(setup->session->report, "%s: %s", state->path,
                  strerror(errno));
        return EX_CONFIG;
    }
    if (!state->file_exists)
        return CLI_GO_ON;
    status = bwdir_secret_from_file_of(state->path, state->owner.uid,
                                       &state->secret, &why);
    if (status != BWDIR_OK)
        return cli_session_fail(setup->session, status, &why);
    return check_owner(setup, state, file.st_uid);
}

static int
apply(struct setup *setup, const struct state *state,
      const struct bwdir_secret *secret)
{
    struct bwdir_detail why = {""};
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status;
    int code;

    status =
        bwdir_program_plan(setup->session->directory, state->program->name,
                           state->entry_exists, secret, &plan, &why);
    if (status != BWDIR_OK)
        return cli_session_fail(setup->session, status, &why);
    code = cli_plan_apply(setup->session, plan);
    bwdir_plan_free(&plan);
    if (code == CLI_GO_ON) {
        setup->changes++;
        cli_say(setup->session->report, "cn=%s,ou=services: %s%s%s",
                state->program->name,
                state->entry_exists ? "has a new secret" : "added",
                state->path != NULL ? ", in " : "",
                state->path != NULL ? state->path : "");
    }
    return code;
}

/* A new secret, in the file PATH; none for the decoy. */
static int
make_secret(struct setup *setup, struct state *state, const char *path)
{
    struct bwdir_detail why = {"no random bytes to be had"};
    enum bwdir_status status;

    bwdir_secret_free(&state->secret);
    status = bwdir_password_new(&state->secret);
    if (status == BWDIR_OK && path != NULL)
        status = bwdir_secret_to_file(state->secret, path, &state->owner, true,
                                      &why);
    if (status != BWDIR_OK)
        return cli_session_fail(setup->session, status, &why);
    return CLI_GO_ON;
}

/* The old file stands until the entry has the new secret. */
static int
renew(struct setup *setup, struct state *state)
{
    char *draft = NULL;
    int code;

    if (asprintf(&draft, "%s.new", state->path) < 0)
        return EX_OSERR;
    code = make_secret(setup, state, draft);
    if (code == CLI_GO_ON)
        code = apply(setup, state, state->secret);
    if (code != CLI_GO_ON) {
        unlink(draft);
    } else if (rename(draft, state->path) != 0) {
        cli_error(setup->session->report,
                  "%s: cannot be renamed to %s: %s; do that by hand", draft,
                  state->path, strerror(errno));
        code = EX_CANTCREAT;
    }
    free(draft);
    return code;
}

/* Whether the file's secret is the entry's. */
static int
prove(struct setup *setup, const struct state *state)
{
    struct cli_session *session = setup->session;
    char *dn = bwdir_program_dn(session->directory, state->program->name);
    struct bwdir_directory *proof = NULL;
    struct bwdir_detail why = {""};
    enum bwdir_status status = BWDIR_NO_MEMORY;

    cli_watchdog_start(session->report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds");
    if (dn != NULL)
        status = bwdir_directory_open(
            session->config,
            &(struct bwdir_login){.section = "tools",
                                  .uri = session->options.uri,
                                  .base = session->options.base,
                                  .bind_dn = dn,
                                  .password = state->secret},
            &proof, &why);
    cli_watchdog_stop();
    bwdir_directory_close(&proof);
    if (status == BWDIR_BAD_CREDENTIALS) {
        cli_error(session->report,
                  "%s: not the secret of \"%s\"; take the file from the "
                  "machine that has the right one, or: bwdir-init "
                  "--new-secret %s",
                  state->path, dn, state->program->name);
        free(dn);
        return EX_CONFIG;
    }
    free(dn);
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}

static int
settle(struct setup *setup, struct state *state)
{
    const struct cli_options *options = &setup->session->options;
    const char *name = state->program->name;

    if (state->entry_exists && listed(&options->new_secrets, name))
        return renew(setup, state);
    if (state->entry_exists && state->path == NULL)
        return CLI_GO_ON;
    if (state->entry_exists && state->file_exists)
        return prove(setup, state);
    if (state->entry_exists) {
        cli_error(setup->session->report,
                  "%s: does not exist, but cn=%s,ou=services does; take the "
                  "file from the machine that has it, or: bwdir-init "
                  "--new-secret %s",
                  state->path, name, name);
        return EX_CONFIG;
    }
    if (!state->file_exists) {
        int code = make_secret(setup, state, state->path);

        if (code != CLI_GO_ON)
            return code;
    }
    return apply(setup, state, state->secret);
}

/* What would be done; the secret, and so the entry, is made only then. */
static int
announce(struct setup *setup, const struct state *state)
{
    char *line = NULL;

    if (state->entry_exists)
        return CLI_GO_ON;
    if (asprintf(&line,
                 "# cn=%s,ou=services: bwdir-init adds it with a "
                 "random secret%s%s\n",
                 state->program->name, state->path != NULL ? ", in " : "",
                 state->path != NULL ? state->path : "") < 0)
        return EX_OSERR;
    cli_print(setup->session->report, line);
    free(line);
    return CLI_GO_ON;
}

/* What can be wrong without a look at the directory. */
static int
look(struct setup *setup, const struct program *program, struct state *state)
{
    int code;

    *state = (struct state){.program = program};
    if (program->option == NULL)
        return CLI_GO_ON;
    state->path = bwdir_config_text(setup->session->config, program->option);
    if (state->path == NULL)
        state->path = program->standard;
    code = find_owner(setup, state);
    return code == CLI_GO_ON ? read_file(setup, state) : code;
}

static int
init_program(struct setup *setup, const struct program *program)
{
    struct bwdir_detail why = {""};
    enum bwdir_status status;
    struct state state;
    int code = look(setup, program, &state);

    if (code == CLI_GO_ON) {
        status = bwdir_program_exists(setup->session->directory, program->name,
                                      &state.entry_exists, &why);
        if (status != BWDIR_OK)
            code = cli_session_fail(setup->session, status, &why);
    }
    if (code == CLI_GO_ON)
        code = setup->session->options.dry_run ? announce(setup, &state)
                                               : settle(setup, &state);
    bwdir_secret_free(&state.secret);
    return code;
}

int
init_programs_look(struct setup *setup)
{
    const struct cli_list *renewed = &setup->session->options.new_secrets;
    int code = CLI_GO_ON;

    for (size_t i = 0; i < renewed->count; i++)
        if (strcmp(renewed->items[i], "bwdird") != 0 &&
            strcmp(renewed->items[i], "outbox") != 0) {
            cli_error(setup->session->report,
                      "--new-secret \"%s\": bwdird or outbox wanted",
                      renewed->items[i]);
            return EX_DATAERR;
        }
    for (size_t i = 0; code == CLI_GO_ON && i < PROGRAMS; i++) {
        struct state state;

        code = look(setup, &programs[i], &state);
        bwdir_secret_free(&state.secret);
    }
    return code;
}

int
init_programs(struct setup *setup)
{
    int code = CLI_GO_ON;

    for (size_t i = 0; code == CLI_GO_ON && i < PROGRAMS; i++)
        code = init_program(setup, &programs[i]);
    return code;
}
