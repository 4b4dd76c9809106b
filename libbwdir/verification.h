/*
 * The sign-up credential from the inside: where and until when.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_VERIFICATION_H
#define BWDIR_VERIFICATION_H

#include "bwdir.h"
#include "dir/servers.h"
#include "plan.h"

/* Adds to PLAN that whatever sign-up credential stands below USER goes. */
enum bwdir_status bwdir_verification_plan_removals(
    struct bwdir_directory *directory, const struct bwdir_user *user,
    struct bwdir_plan *plan, struct bwdir_detail *why);

/* Where and until when a credential is tried. */
struct bwdir_proving {
    const char *base;
    const char *decoy_dn;
    struct dir_servers *servers; /* must outlive the verification */
    const char *uri;             /* of them; NULL: the first that serves */
    int64_t deadline;
};

/* As bwdir_verification_open(). */
enum bwdir_status bwdir_verification_open_at(
    const struct bwdir_proving *proving, const char *name,
    const struct bwdir_secret *code, const char *phone,
    struct bwdir_verification **verification, struct bwdir_detail *why);

/* As bwdir_verification_redeem(), but done by DEADLINE. */
enum bwdir_status
bwdir_verification_redeem_until(struct bwdir_verification *verification,
                                const struct bwdir_secret *password,
                                int64_t deadline, struct bwdir_detail *why);

#endif
