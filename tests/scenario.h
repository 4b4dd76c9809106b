/*
 * The scenario runner: plays one text file of tests/scenarios/ on the real
 * libpam and compares what happens with what the file states.  The language
 * is described in tests/scenarios/README.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <security/pam_appl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORDS_MAX 32

/* One line of the file, in words; an indented one belongs to a call. */
struct statement {
    int line;
    bool indented;
    size_t count;
    char *words[WORDS_MAX]; /* NULL behind the last */
    char *raw;              /* the line from the third word on, expanded */
};

struct scenario {
    const char *path;
    const char *sandbox; /* directory of a running contrib/sandbox */
    struct statement *statements;
    size_t count;
    int failures;

    /* The transaction. */
    pam_handle_t *handle;
    struct pam_conv conversation;
    const char *user, *service, *rhost, *tty;
    char confdir[48]; /* private; "" while the sandbox's is used */
    char stack[4096]; /* the lines of the private service file */

    /* The call being played: the indented statements behind it. */
    struct statement *next, *end;
    bool delayed;
};

/* Says on standard output what is wrong at LINE, and counts it. */
void scenario_fail(struct scenario *scenario, int line, const char *format,
                   ...) __attribute__((format(printf, 3, 4)));

/* ---- scenario_words.c: lines into words ---- */

/* Reads the file; false when it cannot be read or understood. */
bool words_read(struct scenario *scenario);
void words_free(struct scenario *scenario);

/* ---- scenario_talk.c: the conversation ---- */

int talk(int count, const struct pam_message **messages,
         struct pam_response **responses, void *closure);
/* Number of a code's name without "PAM_", or -1; and the reverse. */
int talk_code(const char *name);
const char *talk_code_name(int code);

/* ---- scenario_stack.c: handles and private service files ---- */

bool stack_begin(struct scenario *scenario, int line);
void stack_end(struct scenario *scenario);
bool stack_add(struct scenario *scenario, const struct statement *statement);
bool stack_arguments(struct scenario *scenario,
                     const struct statement *statement);

/* ---- scenario_log.c: what the module and the daemon have logged ---- */

/* Forgets what was logged until now. */
void log_start(const struct scenario *scenario);
/* Compares with the statements "log module …" and "log daemon …". */
void log_compare(struct scenario *scenario);

/* ---- scenario_world.c: "directory", "daemon" and "run" ---- */

bool world_directory(struct scenario *scenario,
                     const struct statement *statement);
bool world_daemon(struct scenario *scenario,
                  const struct statement *statement);
bool world_run(struct scenario *scenario, const struct statement *statement);

/* ---- scenario_play.c ---- */

void play(struct scenario *scenario);

#endif
