/*
 * The module in its host: what a process that loads it must not notice.  The
 * built pam_bw.so runs under the real libpam against a stand-in for bwdird.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "bwdir_status.h"
#include "tests/unit/fake_bwdird.h"
#include "tests/unit/pam_handle.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static struct fake_bwdird fake;
static const struct fake_bwdird *daemon_used = &fake;
static const uint32_t verdict = BWDIR_OK;

static int
setup(void **state)
{
    (void)state;
    fake_bwdird_start(&fake, 0, fake_answer, &verdict);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    fake_bwdird_stop(&fake);
    return 0;
}

static void
start(struct test_pam *pam)
{
    char stack[1024];
    static const char line[] = "required " MODULE " access=api socket=";

    (void)snprintf(stack, sizeof(stack),
                   "auth %s%s\naccount %s%s\npassword %s%s\nsession %s%s\n",
                   line, daemon_used->path, line, daemon_used->path, line,
                   daemon_used->path, line, daemon_used->path);
    test_pam_start(pam, stack, "dana", "a right password");
}

/* A whole sign-in; the worst code of all calls. */
static int
sign_in(void)
{
    struct test_pam pam;
    int code;

    start(&pam);
    code = pam_authenticate(pam.handle, 0);
    if (code == PAM_SUCCESS)
        code = pam_acct_mgmt(pam.handle, 0);
    if (code == PAM_SUCCESS)
        code = pam_setcred(pam.handle, PAM_ESTABLISH_CRED);
    if (code == PAM_SUCCESS)
        code = pam_open_session(pam.handle, 0);
    if (code == PAM_SUCCESS)
        code = pam_close_session(pam.handle, 0);
    test_pam_end(&pam);
    return code;
}

/* The descriptors of this process, as a sum that tells sets apart. */
static unsigned long
descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    struct dirent *entry;
    unsigned long sum = 0;

    while ((entry = readdir(directory)) != NULL)
        if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(directory))
            sum += 1000003ul * (unsigned long)atoi(entry->d_name) + 1;
    (void)closedir(directory);
    return sum;
}

static void
test_host_076_descriptors_unchanged(void **state)
{
    unsigned long before = descriptors();

    (void)state;
    assert_int_equal(sign_in(), PAM_SUCCESS);
    assert_int_equal(descriptors(), before);
}

/* Runs sign_in() in a child after PREPARE; its code. */
static int
sign_in_in_child(void (*prepare)(void))
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        prepare();
        _exit(sign_in());
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void
close_standard(void)
{
    (void)close(0);
    (void)close(1);
    (void)close(2);
}

static void
test_host_074_standard_descriptors_closed(void **state)
{
    (void)state;
    assert_int_equal(sign_in_in_child(close_standard), PAM_SUCCESS);
}

static void
open_many(void)
{
    const struct rlimit limit = {4096, 4096};

    (void)setrlimit(RLIMIT_NOFILE, &limit);
    for (int i = 0; i < 2000; i++)
        if (open("/dev/null", O_RDONLY) < 0)
            _exit(99);
}

static void
test_host_075_descriptor_above_1024(void **state)
{
    (void)state;
    assert_int_equal(sign_in_in_child(open_many), PAM_SUCCESS);
}

static void
test_host_072_signals_unchanged(void **state)
{
    static struct sigaction before[32], after[32];
    sigset_t mask_before, mask_after;

    (void)state;
    for (int i = 1; i < 32; i++)
        (void)sigaction(i, NULL, &before[i]);
    (void)sigprocmask(SIG_SETMASK, NULL, &mask_before);
    assert_int_equal(sign_in(), PAM_SUCCESS);
    for (int i = 1; i < 32; i++)
        (void)sigaction(i, NULL, &after[i]);
    (void)sigprocmask(SIG_SETMASK, NULL, &mask_after);
    for (int i = 1; i < 32; i++) {
        assert_ptr_equal(before[i].sa_handler, after[i].sa_handler);
        assert_int_equal(before[i].sa_flags, after[i].sa_flags);
        assert_int_equal(sigismember(&mask_before, i),
                         sigismember(&mask_after, i));
    }
}

/* Signs in at a daemon that does SERVE. */
static int
sign_in_at(void (*serve)(int fd, const void *closure))
{
    struct fake_bwdird other;
    int code;

    fake_bwdird_start(&other, 0, serve, &verdict);
    daemon_used = &other;
    code = sign_in();
    daemon_used = &fake;
    fake_bwdird_stop(&other);
    return code;
}

static void
hang_up(int fd, const void *closure)
{
    (void)fd, (void)closure;
}

/* SIGPIPE would end the host: its disposition is the default. */
static void
test_host_036_daemon_hangs_up(void **state)
{
    struct sigaction action;
    sigset_t pending;

    (void)state;
    assert_int_equal(sigaction(SIGPIPE, NULL, &action), 0);
    assert_true(action.sa_handler == SIG_DFL);
    for (int i = 0; i < 20; i++)
        assert_int_equal(sign_in_at(hang_up), PAM_AUTHINFO_UNAVAIL);
    assert_int_equal(sigpending(&pending), 0);
    assert_false(sigismember(&pending, SIGPIPE));
}

static void
answer_slowly(int fd, const void *closure)
{
    (void)usleep(200 * 1000);
    fake_answer(fd, closure);
}

static void
never_answer(int fd, const void *closure)
{
    (void)fd, (void)closure;
    (void)sleep(5);
}

static volatile sig_atomic_t alarms;

static void
on_alarm(int number)
{
    (void)number;
    alarms++;
}

/* A host whose timer fires each millisecond, without SA_RESTART. */
static void
test_host_072_timer(void **state)
{
    const struct sigaction action = {.sa_handler = on_alarm};
    const struct itimerval often = {{0, 1000}, {0, 1000}};
    const struct itimerval never = {{0, 0}, {0, 0}};
    unsigned long before = descriptors();
    struct timespec began, ended;

    (void)state;
    /* It stays: one more alarm may be on its way at the end. */
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    assert_int_equal(sign_in_at(answer_slowly), PAM_SUCCESS);
    (void)clock_gettime(CLOCK_MONOTONIC, &began);
    assert_int_equal(sign_in_at(never_answer), PAM_AUTHINFO_UNAVAIL);
    (void)clock_gettime(CLOCK_MONOTONIC, &ended);
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    assert_true(alarms > 100);
    assert_int_equal(descriptors(), before);
    /* An API service: 1 s, and 0.1 s for the daemon's own word. */
    assert_true(ended.tv_sec - began.tv_sec <= 2);
}

/* The module's code, or libpam's where it wants a descriptor for audit(8). */
static bool
is_away(int code)
{
    return code == PAM_AUTHINFO_UNAVAIL || code == PAM_SYSTEM_ERR;
}

/* A host that has no descriptor left, and then has again. */
static void
use_up_descriptors(void)
{
    struct rlimit limit;
    struct test_pam pam;
    int duplicates[64];
    int count = 0;

    start(&pam);
    /* libpam loads the module at the first call. */
    if (pam_setcred(pam.handle, PAM_ESTABLISH_CRED) != PAM_SUCCESS)
        _exit(99);
    (void)getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = 64;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    while (count < 64 && (duplicates[count] = dup(fileno(stdout))) >= 0)
        count++;
    if (!is_away(pam_authenticate(pam.handle, 0)) ||
        !is_away(pam_acct_mgmt(pam.handle, 0)) ||
        !is_away(pam_chauthtok(pam.handle, 0)))
        _exit(98);
    if (dup(fileno(stdout)) >= 0)
        _exit(97);
    while (count > 0)
        (void)close(duplicates[--count]);
    if (pam_authenticate(pam.handle, 0) != PAM_SUCCESS)
        _exit(96);
    test_pam_end(&pam);
}

static void
test_host_076_no_descriptor_left(void **state)
{
    (void)state;
    assert_int_equal(sign_in_in_child(use_up_descriptors), PAM_SUCCESS);
}

static void *
in_thread(void *closure)
{
    *(int *)closure = sign_in();
    return NULL;
}

/* libpam itself takes most of it. */
static void
test_host_078_small_stack(void **state)
{
    pthread_attr_t attributes;
    pthread_t thread;
    int code = -1;

    (void)state;
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstacksize(&attributes, 65536), 0);
    assert_int_equal(pthread_create(&thread, &attributes, in_thread, &code),
                     0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(code, PAM_SUCCESS);
    (void)pthread_attr_destroy(&attributes);
}

#define THREADS 64

static void
test_host_070_threads(void **state)
{
    pthread_t threads[THREADS];
    int codes[THREADS];

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, in_thread, &codes[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(codes[i], PAM_SUCCESS);
    }
}

static long
resident_pages(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long size, resident = -1;

    if (file == NULL || fscanf(file, "%ld %ld", &size, &resident) != 2)
        resident = -1;
    if (file != NULL)
        (void)fclose(file);
    return resident;
}

/* libpam loads and unloads the module in each transaction. */
static void
test_host_069_load_cycles_leak_nothing(void **state)
{
    unsigned long before;
    long pages;

    (void)state;
    for (int i = 0; i < 50; i++)
        assert_int_equal(sign_in(), PAM_SUCCESS);
    before = descriptors();
    pages = resident_pages();
    for (int i = 0; i < 500; i++)
        assert_int_equal(sign_in(), PAM_SUCCESS);
    assert_int_equal(descriptors(), before);
    /* A memory tool keeps its own books in our pages, and counts itself. */
    if (getenv("TEST_MEMORY_TOOL") == NULL)
        assert_true(resident_pages() - pages <= 64);
}

/* The host forks between the calls; both sides go on. */
static void
test_host_071_fork_between_calls(void **state)
{
    struct test_pam pam;
    int status = -1;
    pid_t pid;

    (void)state;
    start(&pam);
    assert_int_equal(pam_authenticate(pam.handle, 0), PAM_SUCCESS);
    pid = fork();
    if (pid == 0)
        _exit(pam_acct_mgmt(pam.handle, 0) == PAM_SUCCESS
                  ? pam_authenticate(pam.handle, 0)
                  : 98);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), PAM_SUCCESS);
    assert_int_equal(pam_acct_mgmt(pam.handle, 0), PAM_SUCCESS);
    assert_int_equal(pam_chauthtok(pam.handle, 0), PAM_SUCCESS);
    test_pam_end(&pam);
}

/* The host has set a conversation without a function. */
static void
test_host_066_no_conversation(void **state)
{
    static const struct pam_conv none = {NULL, NULL};
    struct test_pam pam;

    (void)state;
    start(&pam);
    assert_int_equal(pam_set_item(pam.handle, PAM_CONV, &none), PAM_SUCCESS);
    assert_int_equal(pam_authenticate(pam.handle, 0), PAM_CONV_ERR);
    assert_int_equal(pam_chauthtok(pam.handle, 0), PAM_CONV_ERR);
    test_pam_end(&pam);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_host_076_descriptors_unchanged),
        cmocka_unit_test(test_host_074_standard_descriptors_closed),
        cmocka_unit_test(test_host_075_descriptor_above_1024),
        cmocka_unit_test(test_host_076_no_descriptor_left),
        cmocka_unit_test(test_host_036_daemon_hangs_up),
        cmocka_unit_test(test_host_072_signals_unchanged),
        cmocka_unit_test(test_host_072_timer),
        cmocka_unit_test(test_host_078_small_stack),
        cmocka_unit_test(test_host_070_threads),
        cmocka_unit_test(test_host_069_load_cycles_leak_nothing),
        cmocka_unit_test(test_host_071_fork_between_calls),
        cmocka_unit_test(test_host_066_no_conversation),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
