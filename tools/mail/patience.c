/*
 * When a run of bwdir-mail ends before everybody is served.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "patience.h"

#include <stddef.h>

const char *
mail_patience_note(struct mail_patience *patience, enum bwdir_status status,
                   bool answered)
{
    if (status == BWDIR_OK)
        patience->silent = patience->refused = 0;
    if (status == BWDIR_CONFIG)
        patience->over = true;
    if (status == BWDIR_REFUSED && ++patience->refused == MAIL_REFUSED_MAX) {
        patience->over = true;
        return "the mail server refuses everybody; the rest is left to the "
               "next run";
    }
    if (status == BWDIR_UNAVAILABLE && !answered &&
        ++patience->silent == MAIL_SILENT_MAX) {
        patience->over = true;
        return "the mail server does not serve; the rest is left to the next "
               "run";
    }
    return NULL;
}

bool
mail_patience_is_over(const struct mail_patience *patience, int64_t now)
{
    return patience->over || now - patience->began >= MAIL_RUN_SECONDS;
}
