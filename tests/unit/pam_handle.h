/*
 * A PAM handle on the real libpam with a configuration directory of its own,
 * for unit tests of the module.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TEST_PAM_HANDLE_H
#define TEST_PAM_HANDLE_H

#include <security/pam_appl.h>

struct test_pam {
    pam_handle_t *handle;
    struct pam_conv conversation;
    char directory[32];
    char file[48];
};

/*
 * Starts a transaction of service "unit" for USER.  STACK is the content of
 * the service's file.  The conversation answers every prompt with ANSWER,
 * which must outlive it.
 */
void test_pam_start(struct test_pam *pam, const char *stack, const char *user,
                    const char *answer);
void test_pam_end(struct test_pam *pam);

#endif
