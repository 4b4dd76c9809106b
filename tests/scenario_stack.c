/*
 * The PAM handle of a scenario, and the service file that it writes when it
 * does not use one of the sandbox's.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "tests/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The host's delay function: notes that one was asked for. */
static void
on_delay(int code, unsigned microseconds, void *closure)
{
    struct scenario *scenario = closure;

    if (code != PAM_SUCCESS && microseconds > 0)
        scenario->delayed = true;
}

static bool
append(struct scenario *scenario, const char *text)
{
    size_t used = strlen(scenario->stack);

    if (strlen(text) >= sizeof(scenario->stack) - used)
        return false;
    strcpy(scenario->stack + used, text);
    return true;
}

/* The module to test and the one that helps are those that were built. */
static const char *
built(const char *module)
{
    const char *path = NULL;

    if (strcmp(module, "pam_bw.so") == 0)
        path = getenv("PAM_BW");
    else if (strcmp(module, "pam_hand.so") == 0)
        path = getenv("PAM_HAND");
    return path != NULL ? path : module;
}

static bool
append_head(struct scenario *scenario, const char *type, const char *control,
            const char *module)
{
    return append(scenario, type) && append(scenario, " ") &&
           append(scenario, control) && append(scenario, " ") &&
           append(scenario, built(module));
}

/* The arguments, and the sandbox's socket unless they name one. */
static bool
append_tail(struct scenario *scenario, char *const *words, bool socket)
{
    const char *path = getenv("BWDIR_SOCKET");

    for (; *words != NULL; words++) {
        if (strncmp(*words, "socket=", 7) == 0)
            socket = false;
        if (!append(scenario, " ") || !append(scenario, *words))
            return false;
    }
    if (socket && (path == NULL || !append(scenario, " socket=") ||
                   !append(scenario, path)))
        return false;
    return append(scenario, "\n");
}

bool
stack_add(struct scenario *scenario, const struct statement *statement)
{
    char *const *words = statement->words;

    return statement->count >= 4 &&
           append_head(scenario, words[1], words[2], words[3]) &&
           append_tail(scenario, words + 4,
                       strcmp(words[3], "pam_bw.so") == 0);
}

bool
stack_arguments(struct scenario *scenario, const struct statement *statement)
{
    static const char *const types[] = {"auth", "account", "password",
                                        "session"};

    for (size_t i = 0; i < 4; i++)
        if (!append_head(scenario, types[i], "required", "pam_bw.so") ||
            !append_tail(scenario, statement->words + 1, true))
            return false;
    return true;
}

static bool
write_service(struct scenario *scenario)
{
    char path[128];
    FILE *file;

    strcpy(scenario->confdir, "/tmp/bws.XXXXXX");
    if (mkdtemp(scenario->confdir) == NULL)
        return false;
    (void)snprintf(path, sizeof(path), "%s/%s", scenario->confdir,
                   scenario->service);
    file = fopen(path, "w");
    if (file == NULL)
        return false;
    if (fputs(scenario->stack, file) < 0 || fclose(file) != 0)
        return false;
    return true;
}

bool
stack_begin(struct scenario *scenario, int line)
{
    const char *confdir = getenv("BWDIR_PAM_CONFDIR");
    /* A function as an item: how libpam wants it. */
    const void *delay = (const void *)(uintptr_t)on_delay;

    if (scenario->service == NULL)
        scenario->service = "scenario";
    if (scenario->stack[0] != '\0') {
        if (!write_service(scenario)) {
            scenario_fail(scenario, line, "cannot write a service file");
            return false;
        }
        confdir = scenario->confdir;
    }
    scenario->conversation.conv = talk;
    scenario->conversation.appdata_ptr = scenario;
    if (confdir == NULL ||
        pam_start_confdir(scenario->service, scenario->user,
                          &scenario->conversation, confdir,
                          &scenario->handle) != PAM_SUCCESS) {
        scenario_fail(scenario, line, "pam_start fails");
        return false;
    }
    (void)pam_set_item(scenario->handle, PAM_FAIL_DELAY, delay);
    if (scenario->rhost != NULL)
        (void)pam_set_item(scenario->handle, PAM_RHOST, scenario->rhost);
    if (scenario->tty != NULL)
        (void)pam_set_item(scenario->handle, PAM_TTY, scenario->tty);
    return true;
}

void
stack_end(struct scenario *scenario)
{
    char path[128];

    if (scenario->handle != NULL)
        (void)pam_end(scenario->handle, PAM_SUCCESS);
    scenario->handle = NULL;
    if (scenario->confdir[0] == '\0')
        return;
    (void)snprintf(path, sizeof(path), "%s/%s", scenario->confdir,
                   scenario->service);
    (void)unlink(path);
    (void)rmdir(scenario->confdir);
    scenario->confdir[0] = '\0';
}
