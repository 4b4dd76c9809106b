/*
 * A stand-in for bwdird.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "tests/unit/fake_bwdird.h"

#include "pam_bw/wire/wire.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void
check(int result, const char *what)
{
    if (result < 0) {
        perror(what);
        abort();
    }
}

static void
serve_for_ever(int listener, void (*serve)(int fd, const void *closure),
               const void *closure)
{
    int fd;

    for (;;) {
        fd = accept(listener, NULL, NULL);
        check(fd, "accept");
        serve(fd, closure);
        (void)close(fd);
    }
}

static void
child(const struct fake_bwdird *fake, uid_t uid, int ready,
      void (*serve)(int fd, const void *closure), const void *closure)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (uid != 0)
        check(setuid(uid), "setuid");
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    check(listener, "socket");
    strcpy(address.sun_path, fake->path);
    check(bind(listener, (const struct sockaddr *)&address, sizeof(address)),
          "bind");
    check(listen(listener, serve == NULL ? 0 : 16), "listen");
    check((int)write(ready, "", 1), "write");
    if (serve == NULL)
        for (;;)
            (void)pause();
    serve_for_ever(listener, serve, closure);
}

void
fake_bwdird_start(struct fake_bwdird *fake, uid_t uid,
                  void (*serve)(int fd, const void *closure),
                  const void *closure)
{
    int ready[2];
    ssize_t got;
    char byte;

    strcpy(fake->directory, "/tmp/bwf.XXXXXX");
    if (mkdtemp(fake->directory) == NULL)
        abort();
    if (uid != 0)
        check(chmod(fake->directory, 0777), "chmod");
    (void)snprintf(fake->path, sizeof(fake->path), "%s/s", fake->directory);
    check(pipe(ready), "pipe");
    fake->pid = fork();
    check(fake->pid, "fork");
    if (fake->pid == 0)
        child(fake, uid, ready[1], serve, closure);
    do
        got = read(ready[0], &byte, 1);
    while (got < 0 && errno == EINTR); /* a test may have set a timer */
    check((int)got - 1, "child");
    (void)close(ready[0]);
    (void)close(ready[1]);
}

void
fake_bwdird_stop(struct fake_bwdird *fake)
{
    (void)kill(fake->pid, SIGKILL);
    (void)waitpid(fake->pid, NULL, 0);
    (void)unlink(fake->path);
    (void)rmdir(fake->directory);
}

void
fake_take_request(int fd)
{
    struct bw_wire_request header;
    char fields[BW_WIRE_REQUEST_MAX];

    if (recv(fd, &header, sizeof(header), MSG_WAITALL) != sizeof(header) ||
        recv(fd, fields, header.length, MSG_WAITALL) != header.length)
        (void)fprintf(stderr, "fake bwdird: request cut short\n");
}

void
fake_answer(int fd, const void *closure)
{
    struct bw_wire_reply reply = {.version = BW_WIRE_VERSION, .days_left = -1};

    memcpy(&reply.status, closure, sizeof(reply.status));
    fake_take_request(fd);
    (void)send(fd, &reply, sizeof(reply), MSG_NOSIGNAL);
}
