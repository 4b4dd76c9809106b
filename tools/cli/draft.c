/*
 * The user that the command line describes, as a draft.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "draft.h"

#include <string.h>

#include "fields.h"

void
cli_draft_fill(const struct cli_options *options,
               const struct bwdir_secret *password,
               struct bwdir_user_draft *draft)
{
    *draft = (struct bwdir_user_draft){
        .name = options->user,
        .first = options->first,
        .last = options->last,
        .mail = options->mail,
        .phone = options->phone,
        .level = options->level,
        .access = cli_fields_access(&options->access),
        .roles = cli_list_items(&options->roles),
        .accounts = cli_list_items(&options->accounts),
        .password = password,
        .owner = options->owner,
    };
}

/* A draft with fewer roles and accounts, and what was said so far. */
struct trial {
    struct bwdir_directory *directory;
    struct cli_report *report;
    struct bwdir_user_draft draft;
    struct cli_list said;
};

/* Reports WHY unless it was said before. */
static void
say(struct trial *trial, enum bwdir_status status,
    const struct bwdir_detail *why)
{
    const char *text =
        why->text[0] != '\0' ? why->text : bwdir_strerror(status);

    for (size_t i = 0; i < trial->said.count; i++)
        if (strcmp(trial->said.items[i], text) == 0)
            return;
    cli_list_add(&trial->said, text);
    cli_error(trial->report, "%s", text);
}

/* Whether the draft as it is now makes a plan. */
static bool
passes(struct trial *trial)
{
    struct bwdir_detail why = {""};
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status =
        bwdir_user_plan_add(trial->directory, &trial->draft, &plan, &why);

    bwdir_plan_free(&plan);
    if (status != BWDIR_OK)
        say(trial, status, &why);
    return status == BWDIR_OK;
}

/*
 * Each account by itself, then each role with the accounts that passed.  When
 * none passed, an administrator's roles cannot be judged: he must have one.
 */
static void
report_all(struct trial *trial, const struct bwdir_user_draft *whole)
{
    struct cli_list good = {NULL, 0};
    const char *one[2] = {NULL, NULL};

    trial->draft = *whole;
    trial->draft.roles = NULL;
    trial->draft.accounts = one;
    for (const char *const *a = whole->accounts; *a != NULL; a++) {
        one[0] = *a;
        if (passes(trial))
            cli_list_add(&good, *a);
    }
    trial->draft.accounts = cli_list_items(&good);
    trial->draft.roles = one;
    for (const char *const *r = whole->roles;
         *r != NULL && (good.count > 0 || strcmp(whole->level, "basic") == 0);
         r++) {
        one[0] = *r;
        (void)passes(trial);
    }
    cli_list_clear(&good);
}

void
cli_draft_report(struct bwdir_directory *directory,
                 const struct bwdir_user_draft *draft,
                 enum bwdir_status status, const struct bwdir_detail *why,
                 struct cli_report *report)
{
    struct trial trial = {.directory = directory, .report = report};

    say(&trial, status, why);
    if (status == BWDIR_BAD_VALUE || status == BWDIR_NOT_PERMITTED)
        report_all(&trial, draft);
    cli_list_clear(&trial.said);
}
