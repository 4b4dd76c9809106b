/*
 * The daemon's processes, sockets, deadlines and limits, with a double of
 * the library's sign-in (signin_double.c) in real forked workers.
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
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pam_bw/bwdird/clock.h"
#include "pam_bw/bwdird/server.h"

#define NO_ANSWER 1000 /* beside the statuses: closed without a reply */

static char directory[64];
static char path[96];
static char log_path[96];
static pid_t daemon_pid;

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

static int
dial(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    strcpy(address.sun_path, path);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

static void
start(unsigned workers, unsigned served_max)
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
        fd = dial();
        usleep(10 * 1000);
    }
    assert_true(fd >= 0);
    close(fd);
}

/* After each test, and the more so after one that failed. */
static int
tidy(void **state)
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

static void
stop(void)
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

/* Of a daemon that has one; who was killed may take a while to go. */
static pid_t
only_worker(void)
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

static unsigned
count_descriptors(void)
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

static bool
log_has(const char *text)
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

struct ask {
    enum bw_wire_kind kind;
    enum bw_wire_access access;
    const char *user;
    const char *password;
    uint32_t deadline_ms; /* 0: the usual */
};

static size_t
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

static int
send_ask(const struct ask *ask)
{
    uint8_t frame[BW_WIRE_REQUEST_MAX];
    size_t size = write_frame(ask, frame);
    int fd = dial();

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

/* The status, or NO_ANSWER; fields go to FIELDS if not NULL. */
static unsigned
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

static unsigned
put_question(const struct ask *ask)
{
    return read_answer(send_ask(ask), NULL);
}

static const struct ask dana = {BW_WIRE_AUTHENTICATE, BW_WIRE_API, "dana",
                                "right", 0};

static unsigned
ask_as(const char *user)
{
    struct ask ask = dana;

    ask.user = user;
    return put_question(&ask);
}

/* MS have passed since BEGAN, and not many more. */
static void
expect_near(int64_t began, int64_t ms)
{
    int64_t slack = getenv("TEST_MEMORY_TOOL") != NULL ? 1000 : 200;
    int64_t took = bwdird_now() - began;

    if (took < ms - 20 || took > ms + slack)
        fail_msg("took %ld ms, %ld wanted", (long)took, (long)ms);
}

/* ---- tests ---------------------------------------------------------------
 */

static void
test_run_answers(void **state)
{
    static uint8_t fields[BW_WIRE_REPLY_MAX];
    struct ask ask = dana;

    (void)state;
    start(2, 0);
    assert_int_equal(read_answer(send_ask(&dana), fields), BWDIR_OK);
    assert_memory_equal(fields,
                        "\x10\x05\x00"
                        "basic\x11\x10\x00ordering,porting",
                        27);
    ask.password = "wrong";
    assert_int_equal(put_question(&ask), BWDIR_BAD_CREDENTIALS);
    ask.user = "nobody";
    assert_int_equal(put_question(&ask), BWDIR_NO_SUCH_USER);
    ask.user = "dana";
    ask.kind = BW_WIRE_ACCOUNT;
    ask.password = NULL;
    assert_int_equal(put_question(&ask), BWDIR_OK);
    assert_true(log_has("event=authenticate user=dana service=test "
                        "access=api source=- uid="));
    assert_true(log_has("status=ok reason=\"password proven\" ms="));
    assert_true(log_has("status=bad-credentials reason=\"wrong password\""));
    assert_false(log_has("right"));
    stop();
}

static void
test_run_malformed_frames(void **state)
{
    uint8_t frame[BW_WIRE_REQUEST_MAX];
    size_t size = write_frame(&dana, frame), i;
    struct ask ask = dana;

    (void)state;
    start(1, 0);
    /* each byte of the header in turn; the user and source are free text */
    for (i = 0; i < 12; i++) {
        uint8_t kept = frame[i];
        int fd;

        if (i == 4 || i == 8) /* low bytes of length and deadline: fit */
            continue;
        fd = dial();
        frame[i] = 0xee;
        assert_int_equal(send(fd, frame, size, MSG_NOSIGNAL), size);
        assert_int_equal(read_answer(fd, NULL), BWDIR_UNAVAILABLE);
        frame[i] = kept;
    }
    assert_true(log_has("notice=malformed-frame detail="));
    ask.password = NULL;
    assert_int_equal(put_question(&ask), BWDIR_UNAVAILABLE);
    assert_true(log_has("reason=\"malformed frame: field missing\""));
    frame[sizeof(struct bw_wire_request)] = 200;
    {
        int fd = dial();

        assert_int_equal(send(fd, frame, size, MSG_NOSIGNAL), size);
        assert_int_equal(read_answer(fd, NULL), BWDIR_UNAVAILABLE);
    }
    assert_int_equal(put_question(&dana), BWDIR_OK);
    stop();
}

static void
test_run_bytes_behind_the_end(void **state)
{
    uint8_t frame[BW_WIRE_REQUEST_MAX] = {0};
    struct ask ask = dana;
    size_t size;
    int fd;

    (void)state;
    ask.user = "slow";
    start(1, 0);
    size = write_frame(&ask, frame);
    fd = dial();
    assert_int_equal(send(fd, frame, size + 1, MSG_NOSIGNAL), size + 1);
    assert_int_equal(read_answer(fd, NULL), NO_ANSWER);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    stop();
}

static void
test_run_frame_in_pieces(void **state)
{
    uint8_t frame[BW_WIRE_REQUEST_MAX];
    size_t size = write_frame(&dana, frame), i;
    int fd;

    (void)state;
    start(1, 0);
    fd = dial();
    for (i = 0; i < size; i++) {
        assert_int_equal(send(fd, frame + i, 1, MSG_NOSIGNAL), 1);
        usleep(1000);
    }
    assert_int_equal(read_answer(fd, NULL), BWDIR_OK);
    stop();
}

static void
test_run_slow_caller(void **state)
{
    uint8_t frame[BW_WIRE_REQUEST_MAX];
    size_t size = write_frame(&dana, frame);
    int64_t began;
    int fd;

    (void)state;
    start(1, 0);
    fd = dial();
    began = bwdird_now();
    assert_int_equal(send(fd, frame, size - 1, MSG_NOSIGNAL), size - 1);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    assert_int_equal(read_answer(fd, NULL), NO_ANSWER);
    expect_near(began, 500);
    assert_true(log_has("request not whole in time"));
    stop();
}

static void
test_run_idle_connections(void **state)
{
    int idle[200];
    size_t i;

    (void)state;
    start(1, 0);
    for (i = 0; i < 200; i++)
        assert_true((idle[i] = dial()) >= 0);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    for (i = 0; i < 200; i++)
        assert_int_equal(read_answer(idle[i], NULL), NO_ANSWER);
    stop();
}

static void
test_run_too_many_connections(void **state)
{
    static int idle[600];
    size_t i;

    (void)state;
    start(1, 0);
    for (i = 0; i < 600; i++)
        assert_true((idle[i] = dial()) >= 0);
    for (i = 0; i < 40 && !log_has("notice=too-many-connections"); i++)
        usleep(10 * 1000);
    assert_true(log_has("notice=too-many-connections"));
    for (i = 0; i < 600; i++)
        close(idle[i]);
    for (i = 0; i < 100 && put_question(&dana) != BWDIR_OK; i++)
        usleep(10 * 1000);
    assert_true(i < 100);
    stop();
}

static void
test_run_hung_worker_is_replaced(void **state)
{
    pid_t before, after;
    int64_t began;

    (void)state;
    start(1, 0);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    before = only_worker();
    began = bwdird_now();
    assert_int_equal(ask_as("hang"), BWDIR_UNAVAILABLE);
    expect_near(began, 1000);
    began = bwdird_now();
    assert_int_equal(put_question(&dana), BWDIR_OK);
    expect_near(began, 0);
    after = only_worker();
    assert_int_not_equal(before, after);
    assert_true(log_has("notice=worker-killed"));
    assert_true(log_has("user=hang service=- access=api"));
    stop();
}

static void
test_run_dashboard_deadline(void **state)
{
    struct ask ask = dana;
    int64_t began;

    (void)state;
    ask.access = BW_WIRE_DASHBOARD;
    ask.user = "hang";
    start(1, 0);
    began = bwdird_now();
    assert_int_equal(put_question(&ask), BWDIR_UNAVAILABLE);
    expect_near(began, 3000);
    stop();
}

/* A short deadline of the caller's is kept, and costs no worker. */
static void
test_run_short_deadline_kills_nobody(void **state)
{
    struct ask ask = dana;
    pid_t before, after;
    int64_t began;

    (void)state;
    ask.user = "slow";
    ask.deadline_ms = 50;
    start(1, 0);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    before = only_worker();
    began = bwdird_now();
    assert_int_equal(put_question(&ask), BWDIR_UNAVAILABLE);
    expect_near(began, 50);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    after = only_worker();
    assert_int_equal(before, after);
    assert_true(log_has("reason=\"no answer before the deadline\""));
    stop();
}

static void
test_run_queue(void **state)
{
    struct ask ask = dana;
    int64_t began;
    int fds[3];
    size_t i;

    (void)state;
    ask.user = "slow";
    start(1, 0);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    began = bwdird_now();
    for (i = 0; i < 3; i++)
        fds[i] = send_ask(&ask);
    for (i = 0; i < 3; i++)
        assert_int_equal(read_answer(fds[i], NULL), BWDIR_OK);
    expect_near(began, 900);
    stop();
}

static void
test_run_queue_deadline(void **state)
{
    struct ask hang = {BW_WIRE_AUTHENTICATE, BW_WIRE_DASHBOARD, "hang", "x",
                       0};
    int64_t began;
    int fd;

    (void)state;
    start(1, 0);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    fd = send_ask(&hang);
    usleep(50 * 1000);
    began = bwdird_now();
    assert_int_equal(put_question(&dana), BWDIR_UNAVAILABLE);
    expect_near(began, 1000);
    assert_true(log_has("reason=\"no worker free before the deadline\""));
    assert_int_equal(read_answer(fd, NULL), BWDIR_UNAVAILABLE);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    stop();
}

static void
test_run_caller_leaves(void **state)
{
    struct ask slow = dana;
    int turn;

    (void)state;
    slow.user = "slow";
    start(1, 0);
    /* one in work, four in the queue */
    for (turn = 0; turn < 5; turn++)
        close(send_ask(&slow));
    assert_int_equal(put_question(&dana), BWDIR_OK);
    stop();
}

static void
test_run_worker_crashes(void **state)
{
    int turn;

    (void)state;
    start(2, 0);
    for (turn = 0; turn < 4; turn++) {
        assert_int_equal(ask_as("crash"), BWDIR_UNAVAILABLE);
        assert_int_equal(put_question(&dana), BWDIR_OK);
    }
    assert_true(log_has("reason=\"worker died\""));
    assert_true(log_has("notice=worker-failed"));
    stop();
}

static void
test_run_untrue_answers(void **state)
{
    (void)state;
    start(1, 0);
    assert_int_equal(ask_as("liar"), BWDIR_UNAVAILABLE);
    assert_int_equal(ask_as("long"), BWDIR_UNAVAILABLE);
    assert_true(log_has("reason=\"answer too long for a frame\""));
    assert_int_equal(put_question(&dana), BWDIR_OK);
    stop();
}

static void
test_run_recycles_workers(void **state)
{
    pid_t before, after;
    int turn;

    (void)state;
    start(1, 5);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    before = only_worker();
    for (turn = 0; turn < 20; turn++)
        assert_int_equal(put_question(&dana), BWDIR_OK);
    after = only_worker();
    assert_int_not_equal(before, after);
    assert_false(log_has("worker-died"));
    stop();
}

static void
test_run_leaks_no_descriptor(void **state)
{
    unsigned before;
    int turn;

    (void)state;
    start(2, 0);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    before = count_descriptors();
    for (turn = 0; turn < 1000; turn++)
        assert_int_equal(put_question(&dana), BWDIR_OK);
    usleep(20 * 1000);
    assert_int_equal(count_descriptors(), before);
    stop();
}

static void
test_run_killed_daemon_leaves_no_worker(void **state)
{
    struct ask hang = dana;
    int status, turn, fd;
    pid_t worker;

    (void)state;
    hang.user = "hang";
    start(1, 0);
    assert_int_equal(put_question(&dana), BWDIR_OK);
    worker = only_worker();
    fd = send_ask(&hang);
    usleep(50 * 1000);
    /* the orphan must be ours to see it go */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    kill(daemon_pid, SIGKILL);
    waitpid(daemon_pid, &status, 0);
    daemon_pid = 0;
    for (turn = 0; turn < 100; turn++) {
        if (waitpid(worker, &status, WNOHANG) == worker)
            break;
        usleep(10 * 1000);
    }
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    assert_true(turn < 100);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_int_equal(read_answer(fd, NULL), NO_ANSWER);
    assert_int_equal(dial(), -1);
}

#define CASE(test) cmocka_unit_test_teardown(test, tidy)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_run_answers),
        CASE(test_run_malformed_frames),
        CASE(test_run_bytes_behind_the_end),
        CASE(test_run_frame_in_pieces),
        CASE(test_run_slow_caller),
        CASE(test_run_idle_connections),
        CASE(test_run_too_many_connections),
        CASE(test_run_hung_worker_is_replaced),
        CASE(test_run_dashboard_deadline),
        CASE(test_run_short_deadline_kills_nobody),
        CASE(test_run_queue),
        CASE(test_run_queue_deadline),
        CASE(test_run_caller_leaves),
        CASE(test_run_worker_crashes),
        CASE(test_run_untrue_answers),
        CASE(test_run_recycles_workers),
        CASE(test_run_leaks_no_descriptor),
        CASE(test_run_killed_daemon_leaves_no_worker),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
