/*
 * Delivery through sendmail(8): a fixed argument vector, no shell, an
 * environment of our own, the mail on standard input.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "deliver.h"
#include "failure.h"

/* Nothing of the caller reaches the program but file descriptor 0. */
static int
start(const char *path, char *const argv[], int input, pid_t *pid)
{
    char search[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
    char language[] = "LC_ALL=C";
    char *const environment[] = {search, language, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    int result;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_adddup2(&files, input, 0);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    result = posix_spawn(pid, path, &files, &attributes, argv, environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return result;
}

static bool
feed(int fd, const struct mail_message *message)
{
    const char *bytes = message->bytes;
    size_t left = message->length;

    while (left > 0) {
        ssize_t written = write(fd, bytes, left);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        left -= (size_t)written;
    }
    return true;
}

static enum bwdir_status
outcome(struct mail_delivery *delivery, const char *path, pid_t pid, bool fed,
        struct bwdir_detail *why)
{
    int status = 0;

    /* Killed, it may have queued the mail before. */
    delivery->uncertain = fed;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return mail_fail(why, BWDIR_UNAVAILABLE, "%s: %s", path,
                             strerror(errno));
    if (!WIFEXITED(status))
        return mail_fail(why, BWDIR_UNAVAILABLE, "%s: ended by signal %d",
                         path, WTERMSIG(status));
    delivery->uncertain = false;
    snprintf(delivery->answer, sizeof delivery->answer,
             "sendmail: exit status %d", WEXITSTATUS(status));
    if (WEXITSTATUS(status) == EX_NOUSER || WEXITSTATUS(status) == EX_NOHOST)
        return mail_fail(why, BWDIR_REFUSED,
                         "%s: the recipient is not known (exit status %d)",
                         path, WEXITSTATUS(status));
    if (WEXITSTATUS(status) != 0)
        return mail_fail(why, BWDIR_UNAVAILABLE, "%s: exit status %d", path,
                         WEXITSTATUS(status));
    if (!fed)
        return mail_fail(why, BWDIR_UNAVAILABLE,
                         "%s: did not read the whole mail", path);
    return BWDIR_OK;
}

static enum bwdir_status
run(const struct mail_transport *transport, struct mail_delivery *delivery,
    struct bwdir_detail *why)
{
    const struct mail_message *message = delivery->message;
    char program[] = "sendmail", dots[] = "-i", from[] = "-f", end[] = "--";
    char *const argv[] = {program, dots,        from, message->from,
                          end,     message->to, NULL};
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before;
    int ends[2];
    pid_t pid;
    int error;
    bool fed;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return mail_fail(why, BWDIR_UNAVAILABLE, "pipe: %s", strerror(errno));
    error = start(transport->sendmail, argv, ends[0], &pid);
    close(ends[0]);
    if (error != 0) {
        close(ends[1]);
        return mail_fail(why, BWDIR_UNAVAILABLE, "%s: %s", transport->sendmail,
                         strerror(error));
    }
    sigaction(SIGPIPE, &ignore, &before);
    fed = feed(ends[1], message);
    close(ends[1]);
    sigaction(SIGPIPE, &before, NULL);
    return outcome(delivery, transport->sendmail, pid, fed, why);
}

enum bwdir_status
mail_to_sendmail(struct mail_transport *transport,
                 struct mail_delivery *delivery, struct bwdir_detail *why)
{
    enum bwdir_status status = mail_permit(delivery, why);

    return status != BWDIR_OK ? status : run(transport, delivery, why);
}
