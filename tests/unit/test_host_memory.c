/*
 * A host that runs out of memory (row 77 of the catalogue): the built
 * pam_bw.so under the real libpam, in a process in which the Nth allocation
 * fails, for every N until none does.  Whoever asks for it, the module, libpam
 * or libc: nobody is let in by it, nothing is done by halves, and nothing is
 * left behind.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "bwdir_status.h"
#include "pam_bw/wire/wire.h"
#include "tests/unit/fake_bwdird.h"
#include "tests/unit/pam_handle.h"

#include <dirent.h>
#include <dlfcn.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- the heap of this process ------------------------------------------- */

static long countdown; /* the allocation that fails; 0: none */
static bool failed;    /* it has been asked for */
static long live;      /* blocks that were not given back */

/* dlsym(3) may want memory before it has found any. */
static char early[4096];
static size_t early_used;

static void *
next(const char *name)
{
    static bool looking;
    void *function;

    if (looking)
        return NULL;
    looking = true;
    function = dlsym(RTLD_NEXT, name);
    looking = false;
    return function;
}

static void *
take_early(size_t size)
{
    void *block = early + early_used;

    early_used += (size + 15) & ~(size_t)15;
    return early_used <= sizeof(early) ? block : NULL;
}

static bool
is_early(const void *block)
{
    return (const char *)block >= early &&
           (const char *)block < early + sizeof(early);
}

static bool
is_to_fail(void)
{
    if (countdown == 0 || --countdown > 0)
        return false;
    failed = true;
    return true;
}

#define HEAP __attribute__((visibility("default")))

HEAP void *
malloc(size_t size)
{
    static void *(*real)(size_t);
    void *block;

    if (real == NULL && (real = (void *(*)(size_t))next("malloc")) == NULL)
        return take_early(size);
    if (is_to_fail())
        return NULL;
    block = real(size);
    live += block != NULL;
    return block;
}

HEAP void *
calloc(size_t count, size_t size)
{
    static void *(*real)(size_t, size_t);
    void *block;

    if (real == NULL &&
        (real = (void *(*)(size_t, size_t))next("calloc")) == NULL)
        return take_early(count * size);
    if (is_to_fail())
        return NULL;
    block = real(count, size);
    live += block != NULL;
    return block;
}

HEAP void *
realloc(void *old, size_t size)
{
    static void *(*real)(void *, size_t);
    void *block;

    if (real == NULL &&
        (real = (void *(*)(void *, size_t))next("realloc")) == NULL)
        return NULL;
    if (is_to_fail())
        return NULL;
    block = real(old, size);
    live += old == NULL && block != NULL;
    return block;
}

/* These two too, for a sanitizer has its own, which would take none of the
 * above. */
HEAP char *
strndup(const char *text, size_t most)
{
    size_t length = strnlen(text, most);
    char *copy = malloc(length + 1);

    if (copy == NULL)
        return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

HEAP char *
strdup(const char *text)
{
    return strndup(text, strlen(text));
}

HEAP void
free(void *block)
{
    static void (*real)(void *);

    if (block == NULL || is_early(block))
        return;
    if (real == NULL && (real = (void (*)(void *))next("free")) == NULL)
        return;
    live--;
    real(block);
}

/* ---- the daemon and the person ------------------------------------------ */

struct told {
    uint32_t status;
};

static void
answer(int fd, const void *closure)
{
    const struct told *told = closure;
    uint8_t frame[512];
    struct bw_wire_writer writer;
    struct bw_wire_reply reply = {
        .version = BW_WIRE_VERSION, .status = told->status, .days_left = -1};

    fake_take_request(fd);
    bw_wire_start(&writer, frame, sizeof(frame), sizeof(reply));
    if (told->status == BWDIR_OK) {
        bw_wire_put(&writer, BW_WIRE_LEVEL, "basic", 5);
        bw_wire_put(&writer, BW_WIRE_ROLES, "ordering,porting", 16);
        bw_wire_put(&writer, BW_WIRE_ACCOUNTS, "5500001", 7);
        bw_wire_put(&writer, BW_WIRE_ACCESS, "dashboard", 9);
    }
    reply.length = (uint32_t)(writer.used - sizeof(reply));
    memcpy(frame, &reply, sizeof(reply));
    (void)send(fd, frame, writer.used, MSG_NOSIGNAL);
}

/* The host's own memory never fails. */
static int
converse(int count, const struct pam_message **messages,
         struct pam_response **responses, void *closure)
{
    const char *typed = closure;
    long kept = countdown;

    countdown = 0;
    *responses = calloc((size_t)count, sizeof(**responses));
    for (int i = 0; i < count; i++)
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_ON)
            (*responses)[i].resp = strdup("9195550103");
        else if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
            (*responses)[i].resp = strdup(typed);
    countdown = kept;
    return PAM_SUCCESS;
}

static struct fake_bwdird fake;

static void
start(struct test_pam *pam, const char *typed)
{
    static const char line[] = "required " MODULE " access=dashboard socket=";
    char stack[1024];

    (void)snprintf(stack, sizeof(stack),
                   "auth %s%s\naccount %s%s\npassword %s%s\n", line, fake.path,
                   line, fake.path, line, fake.path);
    test_pam_start(pam, stack, "dana", typed);
    pam->conversation.conv = converse;
    (void)pam_set_item(pam->handle, PAM_CONV, &pam->conversation);
}

static size_t
descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    size_t count = 0;

    while (readdir(directory) != NULL)
        count++;
    (void)closedir(directory);
    return count;
}

/* ---- what is called ----------------------------------------------------- */

static int
sign_in(pam_handle_t *pam)
{
    int code = pam_authenticate(pam, 0);

    return code == PAM_SUCCESS ? pam_acct_mgmt(pam, 0) : code;
}

static int
account(pam_handle_t *pam)
{
    return pam_acct_mgmt(pam, 0);
}

static int
change(pam_handle_t *pam)
{
    return pam_chauthtok(pam, 0);
}

struct trial {
    int (*call)(pam_handle_t *pam);
    const char *typed;
    bool environment; /* is to be there after a success */
};

/* All that the session is told, or nothing was granted. */
static void
assert_environment(pam_handle_t *pam)
{
    assert_string_equal(pam_getenv(pam, "BWDIR_LEVEL"), "basic");
    assert_string_equal(pam_getenv(pam, "BWDIR_ROLES"), "ordering,porting");
    assert_string_equal(pam_getenv(pam, "BWDIR_ACCOUNTS"), "5500001");
    assert_string_equal(pam_getenv(pam, "BWDIR_ACCESS"), "dashboard");
}

/* The Nth allocation of the call fails; the call's code, and how many blocks
 * are left behind. */
static int
try_with(const struct trial *trial, long n, long *left)
{
    long before = live;
    struct test_pam pam;
    int code;

    start(&pam, trial->typed);
    failed = false;
    countdown = n;
    code = trial->call(pam.handle);
    countdown = 0;
    if (code == PAM_SUCCESS && trial->environment)
        assert_environment(pam.handle);
    test_pam_end(&pam);
    *left = live - before;
    return code;
}

/* Every N until no allocation fails; how many there were. */
static long
try_all(const struct trial *trial, uint32_t status, int wanted)
{
    const struct told told = {status};
    long n = 1, left;
    size_t open;
    int code;

    fake_bwdird_start(&fake, 0, answer, &told);
    /* What libc and libpam keep for later: the log's connection, the zone. */
    for (int i = 0; i < 3; i++)
        (void)try_with(trial, i, &left);
    open = descriptors();
    for (;; n++) {
        code = try_with(trial, n, &left);
        assert_int_equal(left, 0);
        assert_int_equal(descriptors(), open);
        if (!failed)
            break;
        /* Either it was of no importance, or it is an honest refusal. */
        if (code != wanted)
            assert_int_not_equal(code, PAM_SUCCESS);
        assert_true(code != PAM_IGNORE && code != PAM_NEW_AUTHTOK_REQD);
    }
    assert_int_equal(code, wanted);
    fake_bwdird_stop(&fake);
    return n - 1;
}

static const struct trial trials[] = {
    {sign_in, "a right password", true},
    {account, "", true},
    {change, "a new and better one", false},
    {sign_in, "ABCDE-FGHJK-LMNPQ-RSTUV", false}, /* a sign-up code */
};

static void
test_host_077_granted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(trials) / sizeof(trials[0]); i++)
        assert_true(try_all(&trials[i], BWDIR_OK, PAM_SUCCESS) > 1);
}

static void
test_host_077_refused(void **state)
{
    (void)state;
    assert_true(try_all(&trials[0], BWDIR_BAD_CREDENTIALS, PAM_AUTH_ERR) > 1);
    assert_true(try_all(&trials[1], BWDIR_DISABLED, PAM_ACCT_EXPIRED) > 1);
    assert_true(try_all(&trials[2], BWDIR_BAD_CREDENTIALS, PAM_AUTH_ERR) > 1);
    assert_true(try_all(&trials[3], BWDIR_BAD_CREDENTIALS, PAM_AUTH_ERR) > 1);
}

static void
test_host_077_daemon_away(void **state)
{
    (void)state;
    assert_true(try_all(&trials[0], BWDIR_UNAVAILABLE, PAM_AUTHINFO_UNAVAIL) >
                3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_host_077_granted),
        cmocka_unit_test(test_host_077_refused),
        cmocka_unit_test(test_host_077_daemon_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
