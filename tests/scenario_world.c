/*
 * What a scenario does to the world: it stops and kills servers of the
 * sandbox by their process ids, and runs commands.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "tests/scenario.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Sends SIGNAL to the process of a pid file of the sandbox. */
static bool
send_signal(const struct scenario *scenario, const char *file, int number)
{
    char path[512];
    FILE *stream;
    int pid = 0;

    (void)snprintf(path, sizeof(path), "%s/%s", scenario->sandbox, file);
    stream = fopen(path, "r");
    if (stream == NULL)
        return false;
    if (fscanf(stream, "%d", &pid) != 1)
        pid = 0;
    (void)fclose(stream);
    return pid > 1 && kill(pid, number) == 0;
}

bool
world_directory(struct scenario *scenario, const struct statement *statement)
{
    if (statement->count != 2)
        return false;
    if (strcmp(statement->words[1], "stop") == 0)
        return send_signal(scenario, "slapd.pid", SIGSTOP);
    return strcmp(statement->words[1], "continue") == 0 &&
           send_signal(scenario, "slapd.pid", SIGCONT);
}

/* A killed process listens until the kernel has taken it apart. */
static bool
wait_until_deaf(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    bool listens = true;
    int fd;

    if (path == NULL || strlen(path) >= sizeof(address.sun_path))
        return false;
    strcpy(address.sun_path, path);
    for (int i = 0; i < 1000 && listens; i++) {
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        listens = connect(fd, (const struct sockaddr *)&address,
                          sizeof(address)) == 0;
        (void)close(fd);
        if (listens)
            (void)usleep(1000);
    }
    return !listens;
}

/* Starting it again is the sandbox's business: SANDBOX_START says how. */
bool
world_daemon(struct scenario *scenario, const struct statement *statement)
{
    const char *command = getenv("SANDBOX_START");

    if (statement->count != 2)
        return false;
    if (strcmp(statement->words[1], "kill") == 0)
        return send_signal(scenario, "bwdird.pid", SIGKILL) &&
               wait_until_deaf(getenv("BWDIR_SOCKET"));
    (void)fflush(stdout);
    return strcmp(statement->words[1], "start") == 0 && command != NULL &&
           system(command) == 0;
}

bool
world_run(struct scenario *scenario, const struct statement *statement)
{
    (void)scenario;
    (void)fflush(stdout);
    return statement->count == 2 && system(statement->words[1]) == 0;
}
