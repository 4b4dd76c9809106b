/*
 * When a run of bwdir-mail ends before everybody is served, and leaves the
 * rest to the next one.  Pure: the clock is the caller's.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_MAIL_PATIENCE_H
#define BW_MAIL_PATIENCE_H

#include <bwdir.h>

/* So long a run takes, and so many failures of the mail server in a row. */
#define MAIL_RUN_SECONDS 600
#define MAIL_SILENT_MAX 3   /* no answer */
#define MAIL_REFUSED_MAX 10 /* nobody is taken any more */

struct mail_patience {
    int64_t began; /* by any clock that goes on evenly */
    int silent;
    int refused;
    bool over;
};

/* One mail has ended with STATUS; ANSWERED: the mail server said so.  Words
 * for a person when that ends the run and he would not know why, else NULL. */
const char *mail_patience_note(struct mail_patience *patience,
                               enum bwdir_status status, bool answered);

bool mail_patience_is_over(const struct mail_patience *patience, int64_t now);

#endif
