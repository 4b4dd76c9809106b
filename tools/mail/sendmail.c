/*
 * Delivery through sendmail(8): a fixed argument vector, no shell, an
 * environment of our own, the mail on standard input, and no more time than
 * the transport has.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "deliver.h"
#include "failure.h"

/* How long a program that is told to end may take, each time it is told. */
#define ENDING_MS 1000
/* How often it is looked whether it has. */
#define LOOK_MS 20

/* A sendmail that runs. */
struct job {
    pid_t pid;    /* also its process group */
    int input;    /* the pipe to it; -1: closed */
    int64_t ends; /* its time, of now_ms() */
    bool fed;     /* it has been given the whole mail */
};

static int64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * Nothing of the caller reaches the program but file descriptor 0.  It leads
 * a process group, so that what it starts can be ended with it.
 */
static int
spawn(const char *path, char *const argv[], int input, pid_t *pid)
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
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETPGROUP);
    posix_spawn_file_actions_adddup2(&files, input, 0);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    result = posix_spawn(pid, path, &files, &attributes, argv, environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return result;
}

static void
close_input(struct job *job)
{
    if (job->input >= 0)
        close(job->input);
    job->input = -1;
}

/* It is still to be waited for. */
static bool
has_ended(const struct job *job)
{
    siginfo_t info = {.si_pid = 0};

    return waitid(P_PID, (id_t)job->pid, &info, WEXITED | WNOHANG | WNOWAIT) !=
               0 ||
           info.si_pid != 0;
}

static void
await_end(const struct job *job)
{
    int64_t until = now_ms() + ENDING_MS;

    while (!has_ended(job) && now_ms() < until)
        (void)poll(NULL, 0, LOOK_MS);
}

/*
 * Told to end, then made to, with all that it has started, before its input is
 * closed: it is not to take half a mail for a whole one.  A program that is
 * set-user-ID may be out of our reach: it is left behind.
 */
static void
end(const struct job *job)
{
    kill(-job->pid, SIGTERM);
    await_end(job);
    kill(-job->pid, SIGKILL);
    await_end(job);
    (void)waitpid(job->pid, NULL, WNOHANG);
}

static int
start(const char *path, const struct mail_message *message, int seconds,
      struct job *job)
{
    char program[] = "sendmail", dots[] = "-i", from[] = "-f", dashes[] = "--";
    char *const argv[] = {program, dots,        from, message->from,
                          dashes,  message->to, NULL};
    int ends[2];
    int error;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return errno;
    error = spawn(path, argv, ends[0], &job->pid);
    close(ends[0]);
    job->input = ends[1];
    if (error != 0) {
        close_input(job);
        return error;
    }
    job->ends = now_ms() + (int64_t)seconds * 1000;
    if (fcntl(job->input, F_SETFL, O_NONBLOCK) == 0)
        return 0;
    error = errno;
    end(job);
    close_input(job);
    return error;
}

/* As much as the pipe takes now; closes it behind the last byte, and when
 * nobody reads it any more. */
static void
feed(struct job *job, const struct mail_message *message, size_t *sent)
{
    ssize_t written =
        write(job->input, message->bytes + *sent, message->length - *sent);

    if (written < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (written > 0)
        *sent += (size_t)written;
    job->fed = *sent == message->length;
    if (written < 0 || job->fed)
        close_input(job);
}

/* Until it has ended, or its time: whether it has. */
static bool
attend(struct job *job, const struct mail_message *message)
{
    size_t sent = 0;

    while (!has_ended(job)) {
        struct pollfd input = {.fd = job->input, .events = POLLOUT};

        if (now_ms() >= job->ends)
            return false;
        if (poll(&input, 1, LOOK_MS) > 0)
            feed(job, message, &sent);
    }
    return true;
}

/* What it has ended with, of a program that has ended. */
static enum bwdir_status
outcome(struct mail_delivery *delivery, const char *path,
        const struct job *job, struct bwdir_detail *why)
{
    int status = 0;

    if (waitpid(job->pid, &status, WNOHANG) != job->pid)
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
    if (!job->fed)
        return mail_fail(why, BWDIR_UNAVAILABLE,
                         "%s: did not read the whole mail", path);
    return BWDIR_OK;
}

static enum bwdir_status
see_through(const struct mail_transport *transport,
            struct mail_delivery *delivery, struct job *job,
            struct bwdir_detail *why)
{
    bool ended = attend(job, delivery->message);

    /* Killed, it may have queued the mail before. */
    delivery->uncertain = job->fed;
    if (ended)
        return outcome(delivery, transport->sendmail, job, why);
    end(job);
    return mail_fail(why, BWDIR_UNAVAILABLE,
                     "%s: has not ended within %d seconds",
                     transport->sendmail, transport->sendmail_seconds);
}

static enum bwdir_status
run(const struct mail_transport *transport, struct mail_delivery *delivery,
    struct bwdir_detail *why)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct job job = {.input = -1};
    struct sigaction before;
    enum bwdir_status status;
    int error = start(transport->sendmail, delivery->message,
                      transport->sendmail_seconds, &job);

    if (error != 0)
        return mail_fail(why, BWDIR_UNAVAILABLE, "%s: %s", transport->sendmail,
                         strerror(error));
    sigaction(SIGPIPE, &ignore, &before);
    status = see_through(transport, delivery, &job, why);
    sigaction(SIGPIPE, &before, NULL);
    close_input(&job);
    return status;
}

enum bwdir_status
mail_to_sendmail(struct mail_transport *transport,
                 struct mail_delivery *delivery, struct bwdir_detail *why)
{
    enum bwdir_status status = mail_permit(delivery, why);

    return status != BWDIR_OK ? status : run(transport, delivery, why);
}
