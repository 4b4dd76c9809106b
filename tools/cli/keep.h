/*
 * A text that must not be lost, in a file of its own.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_KEEP_H
#define BW_CLI_KEEP_H

#include <stdbool.h>

#include "report.h"

/*
 * Writes TEXT to a new file of DIR, mode 0600, NAME and the time in its name;
 * when this returns true both file and name are on the disk.  DIR must belong
 * to root or the effective user and be closed to other writers; its last part
 * is made when it is missing.  *PATH is the caller's to free(3).  False, and
 * no file is left, with the reason reported.
 */
bool cli_keep(struct cli_report *report, const char *dir, const char *name,
              const char *text, char **path);

/* Calls VISIT with the path of each file in DIR whose name begins as those of
 * NAME do, the newest first, until it returns false. */
void cli_kept_each(const char *dir, const char *name,
                   bool (*visit)(const char *path, void *closure),
                   void *closure);

#endif
