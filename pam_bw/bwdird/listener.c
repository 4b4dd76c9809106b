/*
 * Making, taking over and serving the listening socket.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "clock.h"
#include "listener.h"
#include "peer.h"

#define HANDED_FD 3 /* SD_LISTEN_FDS_START */
#define BACKLOG 512
#define ACCEPTS 64 /* in one turn of the loop */
#define PAUSE_MS 100

static enum bwdir_status
fault(struct bwdir_detail *why, enum bwdir_status status, const char *path,
      const char *what)
{
    snprintf(why->text, sizeof(why->text), "%.200s: %s", path, what);
    return status;
}

static long
number_from(const char *variable)
{
    const char *text = getenv(variable);
    char *end = NULL;
    long number;

    if (text == NULL || *text == '\0')
        return -1;
    errno = 0;
    number = strtol(text, &end, 10);
    return errno == 0 && *end == '\0' ? number : -1;
}

int
bwdird_listener_handed(void)
{
    long count = number_from("LISTEN_FDS");

    if (number_from("LISTEN_PID") != (long)getpid() || count < 0)
        return 0;
    return count < 1024 ? (int)count : 1024;
}

static bool
socket_option_is(int fd, int option, int wanted)
{
    int value = -1;
    socklen_t size = sizeof(value);

    return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 &&
           value == wanted;
}

enum bwdir_status
bwdird_listener_adopt(struct bwdird_listener *listener,
                      struct bwdir_detail *why)
{
    int flags = fcntl(HANDED_FD, F_GETFL);

    memset(listener, 0, sizeof(*listener));
    listener->fd = HANDED_FD;
    if (flags < 0 || !socket_option_is(HANDED_FD, SO_DOMAIN, AF_UNIX) ||
        !socket_option_is(HANDED_FD, SO_TYPE, SOCK_STREAM) ||
        !socket_option_is(HANDED_FD, SO_ACCEPTCONN, 1) ||
        fcntl(HANDED_FD, F_SETFD, FD_CLOEXEC) != 0 ||
        fcntl(HANDED_FD, F_SETFL, flags | O_NONBLOCK) != 0)
        return fault(why, BWDIR_CONFIG, "LISTEN_FDS",
                     "descriptor 3 is no listening Unix stream socket");
    return BWDIR_OK;
}

/* The directory of PATH; made when missing. */
static enum bwdir_status
check_directory(const char *path, struct bwdir_detail *why)
{
    char directory[sizeof(((struct sockaddr_un *)0)->sun_path)];
    const char *slash = strrchr(path, '/');
    struct stat status;
    mode_t mask;

    snprintf(directory, sizeof(directory), "%.*s",
             slash > path ? (int)(slash - path) : 1, path);
    mask = umask(022);
    if (mkdir(directory, 0755) != 0 && errno != EEXIST) {
        umask(mask);
        return fault(why, BWDIR_CONFIG, directory, strerror(errno));
    }
    umask(mask);
    if (lstat(directory, &status) != 0)
        return fault(why, BWDIR_CONFIG, directory, strerror(errno));
    if (!S_ISDIR(status.st_mode) ||
        (status.st_uid != 0 && status.st_uid != geteuid()) ||
        (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return fault(why, BWDIR_CONFIG, directory,
                     "must be a directory of root or the daemon's user, not "
                     "writable by others");
    return BWDIR_OK;
}

static enum bwdir_status
make_address(const char *path, struct sockaddr_un *address,
             struct bwdir_detail *why)
{
    memset(address, 0, sizeof(*address));
    address->sun_family = AF_UNIX;
    if (path[0] != '/')
        return fault(why, BWDIR_CONFIG, path,
                     "bwdird.socket: an absolute path wanted");
    if (strlen(path) >= sizeof(address->sun_path))
        return fault(why, BWDIR_CONFIG, path,
                     "bwdird.socket: at most 107 bytes wanted");
    memcpy(address->sun_path, path, strlen(path));
    return BWDIR_OK;
}

/* True when somebody answers, or might. */
static bool
somebody_answers(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool refused;

    if (fd < 0)
        return true;
    refused =
        connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 &&
        errno == ECONNREFUSED;
    close(fd);
    return !refused;
}

static enum bwdir_status
remove_stale(const struct sockaddr_un *address, struct bwdir_detail *why)
{
    const char *path = address->sun_path;
    struct stat status;

    if (lstat(path, &status) != 0)
        return errno == ENOENT
                   ? BWDIR_OK
                   : fault(why, BWDIR_CONFIG, path, strerror(errno));
    if (!S_ISSOCK(status.st_mode))
        return fault(why, BWDIR_CONFIG, path,
                     "is there and is no socket; left alone");
    if (somebody_answers(address))
        return fault(why, BWDIR_EXISTS, path, "another daemon answers here");
    if (unlink(path) != 0)
        return fault(why, BWDIR_CONFIG, path, strerror(errno));
    return BWDIR_OK;
}

/* The file appears with its final mode: nobody can slip in before. */
static bool
bind_and_listen(struct bwdird_listener *listener,
                const struct sockaddr_un *address, gid_t group)
{
    const char *path = address->sun_path;
    mode_t mask = umask(0117);
    struct stat status;
    bool bound = bind(listener->fd, (const struct sockaddr *)address,
                      sizeof(*address)) == 0;

    umask(mask);
    if (!bound ||
        (group != (gid_t)-1 && lchown(path, (uid_t)-1, group) != 0) ||
        lstat(path, &status) != 0)
        return false;
    listener->device = status.st_dev;
    listener->inode = status.st_ino;
    listener->changed = status.st_ctim;
    return listen(listener->fd, BACKLOG) == 0;
}

enum bwdir_status
bwdird_listener_make(struct bwdird_listener *listener, const char *path,
                     gid_t group, struct bwdir_detail *why)
{
    struct sockaddr_un address;
    enum bwdir_status status;

    memset(listener, 0, sizeof(*listener));
    listener->fd = -1;
    if ((status = make_address(path, &address, why)) != BWDIR_OK ||
        (status = check_directory(path, why)) != BWDIR_OK ||
        (status = remove_stale(&address, why)) != BWDIR_OK)
        return status;
    listener->fd =
        socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener->fd < 0 || !bind_and_listen(listener, &address, group))
        return fault(why, BWDIR_CONFIG, path, strerror(errno));
    listener->path = path;
    return BWDIR_OK;
}

/* Out of descriptors or memory: the waiting connection would wake us again
 * and again. */
static void
pause_accepting(struct bwdird_listener *listener)
{
    const struct timeval span = bwdird_span(PAUSE_MS);

    bwdird_log_notice(listener->log, LOG_ERR, "cannot-accept", "%s",
                      strerror(errno));
    if (event_add(listener->resume, &span) == 0)
        event_del(listener->readable);
}

static void
on_resume(evutil_socket_t fd, short what, void *closure)
{
    struct bwdird_listener *listener = closure;

    (void)fd;
    (void)what;
    if (event_add(listener->readable, NULL) != 0)
        pause_accepting(listener);
}

static bool
must_pause(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS ||
           error == ENOMEM;
}

/* False when nothing is left to accept for now. */
static bool
accept_one(struct bwdird_listener *listener)
{
    uid_t uid;
    int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    if (fd < 0) {
        if (must_pause(errno))
            pause_accepting(listener);
        return errno == ECONNABORTED || errno == EINTR;
    }
    if (bwdird_peer_read(fd, &uid))
        bwdird_clients_admit(listener->clients, fd, uid);
    else
        close(fd);
    return true;
}

static void
on_connection(evutil_socket_t fd, short what, void *closure)
{
    int turns = ACCEPTS;

    (void)fd;
    (void)what;
    while (turns-- > 0 && accept_one(closure))
        continue;
}

bool
bwdird_listener_start(struct bwdird_listener *listener,
                      struct event_base *base, struct bwdird_clients *clients,
                      struct bwdird_log *log)
{
    listener->clients = clients;
    listener->log = log;
    listener->readable = event_new(base, listener->fd, EV_READ | EV_PERSIST,
                                   on_connection, listener);
    listener->resume = evtimer_new(base, on_resume, listener);
    return listener->readable != NULL && listener->resume != NULL &&
           event_add(listener->readable, NULL) == 0;
}

static bool
still_ours(const struct bwdird_listener *listener)
{
    struct stat status;

    return listener->path != NULL && lstat(listener->path, &status) == 0 &&
           status.st_dev == listener->device &&
           status.st_ino == listener->inode &&
           status.st_ctim.tv_sec == listener->changed.tv_sec &&
           status.st_ctim.tv_nsec == listener->changed.tv_nsec;
}

void
bwdird_listener_close(struct bwdird_listener *listener)
{
    if (listener->readable != NULL)
        event_free(listener->readable);
    if (listener->resume != NULL)
        event_free(listener->resume);
    /* In vain after a change of user; the next start removes it then. */
    if (still_ours(listener))
        unlink(listener->path);
    if (listener->fd >= 0)
        close(listener->fd);
    memset(listener, 0, sizeof(*listener));
    listener->fd = -1;
}
