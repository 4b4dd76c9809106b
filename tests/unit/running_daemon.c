/*
 * A daemon that runs in a process of its own, and its callers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pam_bw/bwdird/clock.h"
#include "pam_bw/bwdird/server.h"
#include "running_daemon.h"

static char directory[64];
static char path[96];
static char log_path[96];
pid_t daemon_pid;

/* ---- the daemon ----------------------------------------------------------
 */

static void
be_daemon(unsigned workers, unsigned served_max)
{
    struct bwdird_listener listener;
    struct bwdird_log log;
    struct bwdir_detail why;
    const struct bwdird_server_setup setup = {
        .listener = &listener,
        .log = &log,
        .workers = workers,
        .served_max = served_max,
    };
    bool ran;

    prctl(PR_SET_PDEATHSIG, SIGKILL); /* when a test fails */
    signal(SIGPIPE, SIG_IGN);
    if (!bwdird_log_open(&log, log_path) ||
        bwdird_listener_make(&listener, path, (gid_t)-1, &why) != BWDIR_OK)
        _exit(99);
    ran = bwdird_server_run(&setup);
    bwdird_log_close(&log);
    exit(ran ? 0 : 98);
}

int
daemon_dial(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    strcpy(address.sun_path, path);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

void
daemon_start(unsigned workers, unsigned served_max)
{
    int fd = -1, turn;

    strcpy(directory, "/tmp/server.XXXXXX");
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof(path), "%s/s", directory);
    snprintf(log_path, sizeof(log_path), "%s/log", directory);
    fflush(NULL);
    daemon_pid = fork();
    assert_true(daemon_pid >= 0);
    if (daemon_pid == 0)
        be_daemon(workers, served_max);
    for (turn = 0; turn < 500 && fd < 0; turn++) {
        fd = daemon_dial();
        usleep(10 * 1000);
    }
    assert_true(fd >= 0);
    close(fd);
}

int
daemon_tidy(void **state)
{
    (void)state;
    if (daemon_pid > 0) {
        kill(daemon_pid, SIGKILL);
        waitpid(daemon_pid, NULL, 0);
    }
    daemon_pid = 0;
    unlink(log_path);
    unlink(path);
    rmdir(directory);
    return 0;
}

void
daemon_stop(void)
{
    int status = -1;

    kill(daemon_pid, SIGTERM);
    assert_int_equal(waitpid(daemon_pid, &status, 0), daemon_pid);
    daemon_pid = 0;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(access(path, F_OK), -1);
}

/* The daemon's children; the first goes to *FIRST. */
static unsigned
count_workers(pid_t parent, pid_t *first)
{
    char name[64], line[256];
    unsigned count = 0;
    long child;
    FILE *file;
    int used, offset = 0;

    snprintf(name, sizeof(name), "/proc/%ld/task/%ld/children", (long)parent,
             (long)parent);
    file = fopen(name, "r");
    if (file == NULL)
        return 0;
    if (fgets(line, sizeof(line), file) == NULL)
        line[0] = '\0';
    fclose(file);
    while (sscanf(line + offset, "%ld%n", &child, &used) == 1) {
        if (count++ == 0 && first != NULL)
            *first = (pid_t)child;
        offset += used;
    }
    return count;
}

pid_t
daemon_worker(void)
{
    pid_t worker = 0;
    int turn;

    for (turn = 0; turn < 300; turn++) {
        if (count_workers(daemon_pid, &worker) == 1)
            return worker;
        usleep(10 * 1000);
    }
    fail_msg("%u workers", count_workers(daemon_pid, NULL));
    return 0;
}

unsigned
daemon_descriptors(void)
{
    char name[64];
    unsigned count = 0;
    DIR *stream;

    snprintf(name, sizeof(name), "/proc/%ld/fd", (long)daemon_pid);
    stream = opendir(name);
    assert_non_null(stream);
    while (readdir(stream) != NULL)
        count++;
    closedir(stream);
    return count;
}

bool
daemon_log_has(const char *text)
{
    static char content[1 << 20];
    FILE *file = fopen(log_path, "r");
    size_t length;

    assert_non_null(file);
    length = fread(content, 1, sizeof(content) - 1, file);
    content[length] = '\0';
    fclose(file);
    return strstr(content, text) != NULL;
}

/* ---- the caller ----------------------------------------------------------
 */

size_t
write_frame(const struct ask *ask, uint8_t *frame)
{
    struct bw_wire_request header = {
        .version = BW_WIRE_VERSION,
        .kind = (uint8_t)ask->kind,
        .access = (uint8_t)ask->access,
        .deadline_ms = ask->deadline_ms,
    };
    struct bw_wire_writer writer;

    if (header.deadline_ms == 0)
        header.deadline_ms = bw_wire_deadline_ms(ask->access);
    memcpy(header.user, ask->user, strlen(ask->user));
    bw_wire_start(&writer, frame, BW_WIRE_REQUEST_MAX, sizeof(header));
    bw_wire_put(&writer, BW_WIRE_SERVICE, "test", 4);
    if (ask->password != NULL)
        bw_wire_put(&writer, BW_WIRE_PASSWORD, ask->password,
                    strlen(ask->password));
    header.length = (uint32_t)(writer.used - sizeof(header));
    memcpy(frame, &header, sizeof(header));
    return writer.used;
}

int
send_ask(const struct ask *ask)
{
    uint8_t frame[BW_WIRE_REQUEST_MAX];
    size_t size = write_frame(ask, frame);
    int fd = daemon_dial();

    assert_true(fd >= 0);
    assert_int_equal(send(fd, frame, size, MSG_NOSIGNAL), size);
    return fd;
}

static bool
receive(int fd, void *bytes, size_t size)
{
    char *next = bytes;

    while (size > 0) {
        ssize_t got = recv(fd, next, size, 0);

        if (got <= 0)
            return false;
        next += got;
        size -= (size_t)got;
    }
    return true;
}

unsigned
read_answer(int fd, uint8_t *fields)
{
    static uint8_t place[BW_WIRE_REPLY_MAX];
    struct bw_wire_reply reply;
    unsigned status = NO_ANSWER;
    char more;

    if (receive(fd, &reply, sizeof(reply))) {
        assert_true(bw_wire_reply_valid(&reply));
        assert_true(receive(fd, fields ? fields : place, reply.length));
        assert_false(receive(fd, &more, 1));
        status = reply.status;
    }
    close(fd);
    return status;
}

unsigned
put_question(const struct ask *ask)
{
    return read_answer(send_ask(ask), NULL);
}

const struct ask dana = {BW_WIRE_AUTHENTICATE, BW_WIRE_API, "dana", "right",
                         0};

unsigned
ask_as(const char *user)
{
    struct ask ask = dana;

    ask.user = user;
    return put_question(&ask);
}

void
expect_near(int64_t began, int64_t ms)
{
    int64_t slack = getenv("TEST_MEMORY_TOOL") != NULL ? 1000 : 200;
    int64_t took = bwdird_now() - began;

    if (took < ms - 20 || took > ms + slack)
        fail_msg("took %ld ms, %ld wanted", (long)took, (long)ms);
}
