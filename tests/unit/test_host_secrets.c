/*
 * What a host still knows of a password after pam_end() (row 90 of the
 * catalogue): nothing.  The built pam_bw.so under the real libpam; all memory
 * of the process that can be written to is searched.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "bwdir_status.h"
#include "tests/unit/fake_bwdird.h"
#include "tests/unit/pam_handle.h"

#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define KEY 0x5a
#define LENGTH 24
#define WINDOW ((size_t)1 << 16)
#define REGION_MAX ((uintptr_t)64 << 20) /* a sanitizer's own are larger */

/* The password, so written that this is no copy of it. */
static const unsigned char hidden[LENGTH] = {
    0x17, 0x3b, 0x28, 0x31, 0x3f, 0x28, 0x77, 0x32, 0x35, 0x29, 0x2e, 0x77,
    0x37, 0x3f, 0x37, 0x35, 0x28, 0x23, 0x77, 0x6b, 0x68, 0x69, 0x6e, 0x6f};

static bool
is_here(const unsigned char *place)
{
    size_t i = 0;

    while (i < LENGTH && (place[i] ^ KEY) == hidden[i])
        i++;
    return i == LENGTH;
}

/* Read as another process would, for a memory tool minds what we look at. */
static size_t
copies_in_region(int memory, uintptr_t from, uintptr_t to,
                 unsigned char *window)
{
    size_t count = 0;

    while (from + LENGTH <= to) {
        size_t length = to - from < WINDOW ? to - from : WINDOW;
        ssize_t got = pread(memory, window, length, (off_t)from);

        if (got < LENGTH)
            break;
        for (size_t i = 0; i + LENGTH <= (size_t)got; i++)
            count += is_here(&window[i]);
        from += (uintptr_t)got - LENGTH + 1;
    }
    return count;
}

/* In all memory of our own that can be written to; the window is shared. */
static size_t
copies(void)
{
    unsigned char *window = mmap(NULL, WINDOW, PROT_READ | PROT_WRITE,
                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    FILE *maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY);
    char line[512], rights[8];
    uintptr_t from, to;
    size_t count = 0;

    assert_non_null(maps);
    assert_true(memory >= 0 && window != MAP_FAILED);
    while (fgets(line, sizeof(line), maps) != NULL)
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %7s", &from, &to,
                   rights) == 3 &&
            strncmp(rights, "rw", 2) == 0 && rights[3] == 'p' &&
            to - from <= REGION_MAX)
            count += copies_in_region(memory, from, to, window);
    (void)fclose(maps);
    (void)close(memory);
    (void)munmap(window, WINDOW);
    return count;
}

static size_t seen_while_typed;

static int
converse(int count, const struct pam_message **messages,
         struct pam_response **responses, void *closure)
{
    (void)closure;
    *responses = calloc((size_t)count, sizeof(**responses));
    for (int i = 0; i < count; i++) {
        char *typed = calloc(1, LENGTH + 1);

        for (size_t at = 0; at < LENGTH; at++)
            typed[at] = (char)(hidden[at] ^ KEY);
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF)
            (*responses)[i].resp = typed;
        else
            free(typed);
    }
    seen_while_typed = copies();
    return PAM_SUCCESS;
}

/* One transaction at a daemon that answers STATUS; true when WANTED. */
static void
transact(int (*call)(pam_handle_t *pam, int flags), uint32_t status,
         int wanted)
{
    static const char line[] = "required " MODULE " access=api socket=";
    struct fake_bwdird fake;
    struct test_pam pam;
    char stack[512];

    fake_bwdird_start(&fake, 0, fake_answer, &status);
    (void)snprintf(stack, sizeof(stack), "auth %s%s\npassword %s%s\n", line,
                   fake.path, line, fake.path);
    test_pam_start(&pam, stack, "dana", "");
    pam.conversation.conv = converse;
    assert_int_equal(pam_set_item(pam.handle, PAM_CONV, &pam.conversation),
                     PAM_SUCCESS);
    seen_while_typed = 0;
    assert_int_equal(call(pam.handle, 0), wanted);
    test_pam_end(&pam);
    fake_bwdird_stop(&fake);
    /* The search finds what is there, and then nothing. */
    assert_true(seen_while_typed > 0);
    assert_int_equal(copies(), 0);
}

static void
test_secrets_090_authenticate(void **state)
{
    (void)state;
    transact(pam_authenticate, BWDIR_OK, PAM_SUCCESS);
    transact(pam_authenticate, BWDIR_BAD_CREDENTIALS, PAM_AUTH_ERR);
    transact(pam_authenticate, BWDIR_UNAVAILABLE, PAM_AUTHINFO_UNAVAIL);
}

static void
test_secrets_090_change(void **state)
{
    (void)state;
    transact(pam_chauthtok, BWDIR_OK, PAM_SUCCESS);
    transact(pam_chauthtok, BWDIR_BAD_CREDENTIALS, PAM_AUTH_ERR);
    transact(pam_chauthtok, BWDIR_UNAVAILABLE, PAM_AUTHINFO_UNAVAIL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secrets_090_authenticate),
        cmocka_unit_test(test_secrets_090_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
