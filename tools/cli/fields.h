/*
 * What describes a user, field by field: checking what was given, asking for
 * what was not.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_FIELDS_H
#define BW_CLI_FIELDS_H

#include "options.h"

/* Checks every field that was given and reports each that is not fit.  False
 * when one is. */
bool cli_fields_check(const struct cli_options *options,
                      struct cli_report *report);

/* Reports each required field that was not given, with the option that gives
 * it.  False when one is missing. */
bool cli_fields_complete(const struct cli_options *options,
                         struct cli_report *report);

/*
 * What somebody else knows about an answer that is well formed: FIELD is
 * "name", "account" or another of bwdir_field_check(), VALUE one value of it.
 * False, with WHY for the person, when it will not do.
 */
struct cli_probe {
    bool (*fits)(const char *field, const char *value,
                 struct bwdir_detail *why, void *closure);
    void *closure;
};

/*
 * Asks on the terminal for each field that was not given, and again until the
 * answer is fit; roles and accounts only when something required was missing
 * too.  False when the input ended before that.
 * PROBE may be NULL.
 */
bool cli_fields_ask(struct cli_options *options, struct cli_report *report,
                    const struct cli_probe *probe);

/* The bitwise or of enum bwdir_access_kind for names that were checked. */
unsigned cli_fields_access(const struct cli_list *names);

#endif
