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

#endif
