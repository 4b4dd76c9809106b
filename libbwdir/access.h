/*
 * Access methods: the record that says both where a user may sign in and how
 * long a password lasts.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_ACCESS_H
#define BWDIR_ACCESS_H

#include "bwdir.h"
#include "dir/search.h"

/* The numbers of a record that the decision looks at, in seconds. */
struct bwdir_policy {
    int64_t max_age;        /* 0: passwords do not age */
    int64_t expire_warning; /* 0: no warning */
    int64_t grace_limit;    /* binds after expiry */
    int64_t lockout;        /* after too many guesses; 0: for good */
};

/*
 * The set behind a user's pwdPolicySubentry; DN NULL is the default,
 * dashboard; a DN that names no known record is 0: allowed nowhere.
 */
unsigned bwdir_access_from_dn(const char *dn, const char *base);

/*
 * Reads the record of an access method.  BWDIR_MALFORMED when it is missing,
 * when its bwAllows does not say what its name says, or when a number is not
 * one: who asks has to refuse then.
 */
enum bwdir_status bwdir_policy_read(struct dir_connection *connection,
                                    const char *base, unsigned access,
                                    struct bwdir_policy *policy,
                                    struct bwdir_detail *why);

/* The records of all access methods, each read once; zeroed at first. */
struct bwdir_policies {
    struct {
        bool asked;
        bool known; /* false: malformed, or not to be seen */
        struct bwdir_policy policy;
    } of[(BWDIR_ACCESS_DASHBOARD | BWDIR_ACCESS_API) + 1];
};

/*
 * The record of ACCESS, read at the first call for it; *policy NULL when it
 * is not known, or ACCESS names none.
 */
enum bwdir_status bwdir_policies_get(struct bwdir_policies *policies,
                                     struct dir_connection *connection,
                                     const char *base, unsigned access,
                                     const struct bwdir_policy **policy,
                                     struct bwdir_detail *why);

#endif
