/*
 * Making the listening socket: what is replaced, what is left alone, and
 * where it may stand.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "pam_bw/bwdird/listener.h"

#define NOBODY ((gid_t)-1)

static char directory[64];
static char path[96];

static int
setup(void **state)
{
    (void)state;
    strcpy(directory, "/tmp/listen.XXXXXX");
    if (mkdtemp(directory) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/s", directory);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    chmod(directory, 0700);
    unlink(path);
    return rmdir(directory);
}

static enum bwdir_status
make(struct bwdird_listener *listener, struct bwdir_detail *why)
{
    return bwdird_listener_make(listener, path, NOBODY, why);
}

static int
try_connect(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    strcpy(address.sun_path, path);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

static void
test_make_mode_and_removal(void **state)
{
    struct bwdird_listener listener;
    struct bwdir_detail why = {""};
    struct stat status;
    int fd;

    (void)state;
    assert_int_equal(make(&listener, &why), BWDIR_OK);
    assert_int_equal(lstat(path, &status), 0);
    assert_true(S_ISSOCK(status.st_mode));
    assert_int_equal(status.st_mode & 0777, 0660);
    fd = try_connect();
    assert_true(fd >= 0);
    close(fd);
    bwdird_listener_close(&listener);
    assert_int_equal(lstat(path, &status), -1);
}

static void
test_make_replaces_stale(void **state)
{
    struct bwdird_listener listener, second;
    struct bwdir_detail why = {""};

    (void)state;
    assert_int_equal(make(&listener, &why), BWDIR_OK);
    close(listener.fd); /* as after kill -9 */
    assert_int_equal(make(&second, &why), BWDIR_OK);
    listener.fd = -1;
    bwdird_listener_close(&listener); /* not ours any more: left alone */
    assert_int_equal(access(path, F_OK), 0);
    bwdird_listener_close(&second);
}

static void
test_make_refuses_when_answered(void **state)
{
    struct bwdird_listener listener, second;
    struct bwdir_detail why = {""};
    int fd;

    (void)state;
    assert_int_equal(make(&listener, &why), BWDIR_OK);
    assert_int_equal(make(&second, &why), BWDIR_EXISTS);
    bwdird_listener_close(&second);
    fd = try_connect();
    assert_true(fd >= 0);
    close(fd);
    bwdird_listener_close(&listener);
}

static void
test_make_leaves_other_files_alone(void **state)
{
    struct bwdird_listener listener;
    struct bwdir_detail why = {""};
    int fd = open(path, O_CREAT | O_WRONLY, 0600);

    (void)state;
    close(fd);
    assert_int_equal(make(&listener, &why), BWDIR_CONFIG);
    assert_non_null(strstr(why.text, path));
    bwdird_listener_close(&listener);
    assert_int_equal(access(path, F_OK), 0);
}

static void
test_make_untrusted_directory(void **state)
{
    static const mode_t modes[] = {0720, 0702, 0777, 01777};
    struct bwdird_listener listener;
    struct bwdir_detail why;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        chmod(directory, modes[i]);
        assert_int_equal(make(&listener, &why), BWDIR_CONFIG);
        assert_int_equal(access(path, F_OK), -1);
        bwdird_listener_close(&listener);
    }
    if (geteuid() != 0)
        return;
    chmod(directory, 0755);
    assert_int_equal(chown(directory, 65534, 0), 0);
    assert_int_equal(make(&listener, &why), BWDIR_CONFIG);
    bwdird_listener_close(&listener);
}

static void
test_make_directory_is_a_link(void **state)
{
    char link[96], inside[128];
    struct bwdird_listener listener;
    struct bwdir_detail why;

    (void)state;
    snprintf(link, sizeof(link), "%s.link", directory);
    snprintf(inside, sizeof(inside), "%s/s", link);
    assert_int_equal(symlink(directory, link), 0);
    assert_int_equal(bwdird_listener_make(&listener, inside, NOBODY, &why),
                     BWDIR_CONFIG);
    bwdird_listener_close(&listener);
    unlink(link);
}

static void
test_make_missing_directory(void **state)
{
    char inner[96], inside[128];
    struct bwdird_listener listener;
    struct bwdir_detail why;
    struct stat status;

    (void)state;
    snprintf(inner, sizeof(inner), "%s/run", directory);
    snprintf(inside, sizeof(inside), "%s/s", inner);
    assert_int_equal(bwdird_listener_make(&listener, inside, NOBODY, &why),
                     BWDIR_OK);
    assert_int_equal(lstat(inner, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0755);
    bwdird_listener_close(&listener);
    rmdir(inner);
}

static void
test_make_path_not_fit(void **state)
{
    char longest[128];
    struct bwdird_listener listener;
    struct bwdir_detail why;

    (void)state;
    memset(longest, 'x', sizeof(longest));
    longest[0] = '/';
    longest[108] = '\0';
    assert_int_equal(bwdird_listener_make(&listener, longest, NOBODY, &why),
                     BWDIR_CONFIG);
    bwdird_listener_close(&listener);
    assert_int_equal(bwdird_listener_make(&listener, "s", NOBODY, &why),
                     BWDIR_CONFIG);
    bwdird_listener_close(&listener);
}

static void
test_handed_variables(void **state)
{
    char pid[32];

    (void)state;
    snprintf(pid, sizeof(pid), "%ld", (long)getpid());
    unsetenv("LISTEN_PID");
    setenv("LISTEN_FDS", "1", 1);
    assert_int_equal(bwdird_listener_handed(), 0);
    setenv("LISTEN_PID", "1", 1);
    assert_int_equal(bwdird_listener_handed(), 0);
    setenv("LISTEN_PID", pid, 1);
    assert_int_equal(bwdird_listener_handed(), 1);
    setenv("LISTEN_FDS", "2", 1);
    assert_int_equal(bwdird_listener_handed(), 2);
    setenv("LISTEN_FDS", "1x", 1);
    assert_int_equal(bwdird_listener_handed(), 0);
    setenv("LISTEN_FDS", "-1", 1);
    assert_int_equal(bwdird_listener_handed(), 0);
    unsetenv("LISTEN_FDS");
    assert_int_equal(bwdird_listener_handed(), 0);
    unsetenv("LISTEN_PID");
}

/* Descriptor 3 is put back in the end: it may be the test harness's. */
static void
test_adopt_checks_descriptor(void **state)
{
    int saved = fcntl(3, F_DUPFD_CLOEXEC, 100);
    struct bwdird_listener listener, made;
    struct bwdir_detail why;
    int pair[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(dup2(pair[0], 3), 3);
    assert_int_equal(bwdird_listener_adopt(&listener, &why), BWDIR_CONFIG);
    assert_int_equal(make(&made, &why), BWDIR_OK);
    assert_int_equal(dup2(made.fd, 3), 3);
    assert_int_equal(bwdird_listener_adopt(&listener, &why), BWDIR_OK);
    assert_int_equal(fcntl(3, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    bwdird_listener_close(&listener);
    assert_int_equal(bwdird_listener_adopt(&listener, &why), BWDIR_CONFIG);
    bwdird_listener_close(&made);
    close(pair[0]);
    close(pair[1]);
    if (saved >= 0) {
        dup2(saved, 3);
        close(saved);
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_make_mode_and_removal),
        CASE(test_make_replaces_stale),
        CASE(test_make_refuses_when_answered),
        CASE(test_make_leaves_other_files_alone),
        CASE(test_make_untrusted_directory),
        CASE(test_make_directory_is_a_link),
        CASE(test_make_missing_directory),
        CASE(test_make_path_not_fit),
        CASE(test_handed_variables),
        CASE(test_adopt_checks_descriptor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
