/*
 * The sign-up credential from the inside: where and until when.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_VERIFICATION_H
#define BWDIR_VERIFICATION_H

#include "bwdir.h"

/* As bwdir_verification_open(), but done by DEADLINE. */
enum bwdir_status bwdir_verification_open_until(
    const struct bwdir_config *config, const char *name,
    const struct bwdir_secret *code, const char *phone, int64_t deadline,
    struct bwdir_verification **verification, struct bwdir_detail *why);

/* As bwdir_verification_redeem(), but done by DEADLINE. */
enum bwdir_status
bwdir_verification_redeem_until(struct bwdir_verification *verification,
                                const struct bwdir_secret *password,
                                int64_t deadline, struct bwdir_detail *why);

#endif
