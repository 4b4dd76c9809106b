/*
 * The work of a wrong password where there is none to be compared.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "decoy.h"

#include "detail.h"
#include "secret.h"

#define NOISE_BYTES 24

enum bwdir_status
bwdir_decoy_bind(struct dir_connection *connection, const char *decoy_dn,
                 struct bwdir_detail *why)
{
    struct dir_bind_result ignored;
    struct bwdir_secret *noise;
    enum bwdir_status status;

    status = bwdir_secret_random(NOISE_BYTES, &noise);
    if (status != BWDIR_OK)
        return bwdir_fail(why, status, "%s", bwdir_strerror(status));
    status = dir_bind_simple(connection, decoy_dn, noise, &ignored, why);
    bwdir_secret_free(&noise);
    return status == BWDIR_UNAVAILABLE ? status : BWDIR_OK;
}
