/*
 * The password-policy response control (draft-behera-ldap-password-policy-10
 * section 6.2), read strictly: what does not parse to its last byte is not
 * believed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DIR_PPOLICY_H
#define BWDIR_DIR_PPOLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The errors of the draft; their numbers are those on the wire. */
enum dir_policy_error {
    DIR_POLICY_NONE = -1,
    DIR_POLICY_EXPIRED = 0,
    DIR_POLICY_LOCKED = 1,
    DIR_POLICY_CHANGE_AFTER_RESET = 2,
    DIR_POLICY_CHANGE_NOT_ALLOWED = 3,
    DIR_POLICY_OLD_PASSWORD_WANTED = 4,
    DIR_POLICY_QUALITY = 5,
    DIR_POLICY_TOO_SHORT = 6,
    DIR_POLICY_TOO_YOUNG = 7,
    DIR_POLICY_IN_HISTORY = 8,
    DIR_POLICY_TOO_LONG = 9 /* OpenLDAP's addition */
};

struct dir_policy {
    enum dir_policy_error error;
    int grace_left;       /* -1: not said */
    int64_t seconds_left; /* -1: not said */
};

#define DIR_POLICY_SILENT ((struct dir_policy){DIR_POLICY_NONE, -1, -1})

/* False, and *policy silent, when VALUE is not exactly such a control's. */
bool dir_policy_parse(const void *value, size_t length,
                      struct dir_policy *policy);

/* Why a new password was refused, for a person; NULL when the error is none
 * of a change of password. */
const char *dir_policy_words(enum dir_policy_error error);

#endif
