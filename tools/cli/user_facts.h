/*
 * A user as members of the JSON object, the same for every tool.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_USER_FACTS_H
#define BW_CLI_USER_FACTS_H

#include <bwdir.h>

#include "report.h"

/* Into the row that is open, else into the object.  What does not apply to
 * the user is null. */
void cli_user_facts(struct cli_report *report, const struct bwdir_user *user,
                    const struct bwdir_condition *condition);

/* Two lines on what an unverified user NAME is waited for, and what an admin
 * can do; the first begins with LABEL. */
void cli_user_say_waiting(struct cli_report *report, const char *label,
                          const char *name);

/* The words of a condition, with BETWEEN between them; the caller's. */
char *cli_condition_words(unsigned is, const char *between);

#endif
