/*
 * The statements of a scenario, one after the other.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "tests/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t
now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- calls ---- */

static int
setcred(pam_handle_t *handle, int flags)
{
    return pam_setcred(handle, (int)((unsigned)flags | PAM_ESTABLISH_CRED));
}

static const struct {
    const char *word;
    int (*call)(pam_handle_t *handle, int flags);
} calls[] = {
    {"authenticate", pam_authenticate}, {"acct_mgmt", pam_acct_mgmt},
    {"chauthtok", pam_chauthtok},       {"setcred", setcred},
    {"open_session", pam_open_session}, {"close_session", pam_close_session},
};

#define CALLS (sizeof(calls) / sizeof(calls[0]))

static int
flags_of(struct scenario *scenario, const struct statement *statement)
{
    unsigned flags = 0;

    for (size_t i = 1; i < statement->count; i++)
        if (strcmp(statement->words[i], "silent") == 0)
            flags |= PAM_SILENT;
        else if (strcmp(statement->words[i], "no-null") == 0)
            flags |= PAM_DISALLOW_NULL_AUTHTOK;
        else if (strcmp(statement->words[i], "if-expired") == 0)
            flags |= PAM_CHANGE_EXPIRED_AUTHTOK;
        else
            scenario_fail(scenario, statement->line, "no such flag: %s",
                          statement->words[i]);
    return (int)flags;
}

/* What a call must have come to, besides its prompts and texts. */
struct wanted {
    int code;
    bool delay;
    long within_ms;
};

static bool
read_wanted(const struct statement *statement, struct wanted *wanted)
{
    const char *word = statement->words[0];

    if (strcmp(word, "returns") == 0 && statement->count == 2)
        wanted->code = talk_code(statement->words[1]);
    else if (strcmp(word, "delay") == 0)
        wanted->delay = true;
    else if (strcmp(word, "within") == 0 && statement->count == 3)
        wanted->within_ms = strtol(statement->words[1], NULL, 10);
    else
        return false;
    return true;
}

static void
check_call(struct scenario *scenario, const struct statement *first, int code,
           int64_t took_ms)
{
    struct wanted wanted = {.code = -1, .within_ms = 3200};

    for (const struct statement *s = first + 1; s < scenario->end; s++)
        if (!read_wanted(s, &wanted) && s >= scenario->next)
            scenario_fail(scenario, s->line, "has not happened");
    if (code != wanted.code)
        scenario_fail(scenario, first->line, "%s returns %s", first->words[0],
                      talk_code_name(code));
    if (scenario->delayed != wanted.delay)
        scenario_fail(scenario, first->line, "%s delay was asked for",
                      scenario->delayed ? "a" : "no");
    if (took_ms > wanted.within_ms)
        scenario_fail(scenario, first->line, "took %ld ms", (long)took_ms);
}

static size_t
play_call(struct scenario *scenario, size_t index, size_t which)
{
    struct statement *first = &scenario->statements[index];
    int flags = flags_of(scenario, first), code;
    int64_t start;

    scenario->next = first + 1;
    scenario->end = first + 1;
    while (scenario->end < scenario->statements + scenario->count &&
           scenario->end->indented)
        scenario->end++;
    scenario->delayed = false;
    if (scenario->handle == NULL && !stack_begin(scenario, first->line))
        return index + 1;
    start = now_ms();
    code = calls[which].call(scenario->handle, flags);
    check_call(scenario, first, code, now_ms() - start);
    return (size_t)(scenario->end - scenario->statements);
}

/* ---- the rest ---- */

/* The BWDIR_ variables of the PAM environment, exactly. */
static bool
play_environment(struct scenario *scenario, const struct statement *statement)
{
    char **list =
        scenario->handle != NULL ? pam_getenvlist(scenario->handle) : NULL;
    size_t found = 0, wanted = statement->count - 1;

    if (list == NULL)
        return false;
    if (wanted == 1 && strcmp(statement->words[1], "none") == 0)
        wanted = 0;
    for (size_t i = 0; list[i] != NULL; free(list[i]), i++) {
        bool stated = strncmp(list[i], "BWDIR_", 6) != 0;

        found += !stated;
        for (size_t j = 1; !stated && j <= wanted; j++)
            stated = strcmp(list[i], statement->words[j]) == 0;
        if (!stated)
            scenario_fail(scenario, statement->line, "has %s", list[i]);
    }
    free(list);
    if (found != wanted)
        scenario_fail(scenario, statement->line, "has %zu variables", found);
    return true;
}

static bool
play_item(struct scenario *scenario, const struct statement *statement,
          const char **member, int item)
{
    if (statement->count != 2)
        return false;
    *member = statement->words[1];
    return scenario->handle == NULL ||
           pam_set_item(scenario->handle, item, *member) == PAM_SUCCESS;
}

static bool
play_user(struct scenario *scenario, const struct statement *statement)
{
    return play_item(scenario, statement, &scenario->user, PAM_USER);
}

static bool
play_rhost(struct scenario *scenario, const struct statement *statement)
{
    return play_item(scenario, statement, &scenario->rhost, PAM_RHOST);
}

static bool
play_tty(struct scenario *scenario, const struct statement *statement)
{
    return play_item(scenario, statement, &scenario->tty, PAM_TTY);
}

/* A new handle; so is every change of what a handle is made of. */
static bool
play_again(struct scenario *scenario, const struct statement *statement)
{
    (void)statement;
    stack_end(scenario);
    return true;
}

static bool
play_service(struct scenario *scenario, const struct statement *statement)
{
    stack_end(scenario);
    scenario->stack[0] = '\0';
    scenario->service = statement->words[1];
    return statement->count == 2;
}

static bool
play_arguments(struct scenario *scenario, const struct statement *statement)
{
    stack_end(scenario);
    scenario->stack[0] = '\0';
    return stack_arguments(scenario, statement);
}

static bool
play_log(struct scenario *scenario, const struct statement *statement)
{
    (void)scenario;
    return statement->count > 2 &&
           (strcmp(statement->words[1], "module") == 0 ||
            strcmp(statement->words[1], "daemon") == 0);
}

static const struct {
    const char *word;
    bool (*play)(struct scenario *scenario, const struct statement *statement);
} words[] = {
    {"user", play_user},
    {"rhost", play_rhost},
    {"tty", play_tty},
    {"service", play_service},
    {"arguments", play_arguments},
    {"stack", stack_add},
    {"again", play_again},
    {"environment", play_environment},
    {"directory", world_directory},
    {"daemon", world_daemon},
    {"run", world_run},
    {"log", play_log},
};

#define WORDS (sizeof(words) / sizeof(words[0]))

static size_t
play_one(struct scenario *scenario, size_t index)
{
    const struct statement *statement = &scenario->statements[index];

    for (size_t i = 0; i < CALLS; i++)
        if (strcmp(statement->words[0], calls[i].word) == 0)
            return play_call(scenario, index, i);
    for (size_t i = 0; i < WORDS; i++)
        if (strcmp(statement->words[0], words[i].word) == 0) {
            if (!words[i].play(scenario, statement))
                scenario_fail(scenario, statement->line, "fails");
            return index + 1;
        }
    scenario_fail(scenario, statement->line, "no such statement");
    return index + 1;
}

void
play(struct scenario *scenario)
{
    size_t index = 0;

    log_start(scenario);
    while (index < scenario->count)
        index = play_one(scenario, index);
    stack_end(scenario);
    log_compare(scenario);
}
