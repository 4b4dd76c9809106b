/*
 * Sign-up codes inside the library: their one spelling.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_CODE_H
#define BWDIR_CODE_H

#include "bwdir.h"

/*
 * The password of a sign-up credential, "<CODE>.<phone>": the code's 20
 * characters in upper case without hyphens.  BWDIR_BAD_VALUE when CODE has
 * no code's shape or PHONE is not ten digits.
 */
enum bwdir_status bwdir_code_with_phone(const struct bwdir_secret *code,
                                        const char *phone,
                                        struct bwdir_secret **password);

/* "verification-" and the code's first group in lower case, and its NUL. */
#define BWDIR_CODE_GROUP 5
#define BWDIR_CREDENTIAL_PREFIX "verification-"
#define BWDIR_CREDENTIAL_SIZE                                                 \
    (sizeof BWDIR_CREDENTIAL_PREFIX + BWDIR_CODE_GROUP)

/*
 * The name of the credential for CODE, so that each code has an identity of
 * its own: who may read or replace the credential knows 25 bits of the code;
 * the other 75 are the secret.  BWDIR_BAD_VALUE when CODE has no code's
 * shape.
 */
enum bwdir_status bwdir_code_credential(const struct bwdir_secret *code,
                                        char name[BWDIR_CREDENTIAL_SIZE]);

#endif
