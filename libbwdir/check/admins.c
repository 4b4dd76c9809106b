/*
 * Who administers what: level admin and the lists of the accounts are two
 * facts, and one without the other is what an addition leaves that was stopped
 * half way.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checkup.h"

#include <stdlib.h>
#include <time.h>

#include "../account.h"
#include "../detail.h"
#include "../dir/search.h"
#include "../strlist.h"

struct survey {
    struct check_list list;
    char **idle;    /* user names of who is disabled */
    char **leaders; /* of who has level admin */
    char **admins;  /* on any list */
    size_t accounts;
    enum bwdir_status status; /* of what was visited */
    struct bwdir_detail why;
};

static void
note(struct survey *survey, char ***names, const char *name)
{
    if (survey->status == BWDIR_OK &&
        !bwdir_strings_have((const char *const *)*names, name) &&
        !bwdir_strings_add(names, name))
        survey->status =
            bwdir_fail(&survey->why, BWDIR_NO_MEMORY, "out of memory");
}

static bool
look_at_user(const struct bwdir_user *user, const struct bwdir_detail *why,
             void *closure)
{
    struct survey *survey = closure;

    (void)why; /* told by check_user_entries() */
    check_list_step(&survey->list);
    if (user != NULL && bwdir_user_level(user) == BWDIR_LEVEL_ADMIN)
        note(survey, &survey->leaders, bwdir_user_name(user));
    if (user != NULL && !bwdir_user_acts(user, (int64_t)time(NULL)))
        note(survey, &survey->idle, bwdir_user_name(user));
    return survey->status == BWDIR_OK;
}

static void
tell_of_account(struct survey *survey, const char *number, const char *wrong)
{
    if (!check_list_tells(&survey->list))
        return;
    bwdir_checkup_remedy(survey->list.checkup,
                         "bwdir-account admins %s --add USERNAME", number);
    bwdir_checkup_warn(survey->list.checkup, "account %s: %s", number, wrong);
}

/* One that cannot be read may be what any user administers. */
static bool
look_at_account(const struct bwdir_account *account,
                const struct bwdir_detail *why, void *closure)
{
    struct survey *survey = closure;
    const char *const *name;
    bool acts = false;

    check_list_step(&survey->list);
    survey->accounts++;
    if (account == NULL) {
        survey->status = BWDIR_MALFORMED;
        survey->why = *why;
        return false;
    }
    for (name = bwdir_account_admins(account); *name != NULL; name++) {
        acts = acts ||
               !bwdir_strings_have((const char *const *)survey->idle, *name);
        note(survey, &survey->admins, *name);
    }
    if (!acts)
        tell_of_account(survey, bwdir_account_number(account),
                        *bwdir_account_admins(account) == NULL
                            ? "no admin"
                            : "no admin who is not disabled");
    return survey->status == BWDIR_OK;
}

static void
tell_of_leaders(struct survey *survey)
{
    for (char **name = survey->leaders; *name != NULL; name++) {
        if (bwdir_strings_have((const char *const *)survey->admins, *name) ||
            !check_list_tells(&survey->list))
            continue;
        bwdir_checkup_remedy(survey->list.checkup,
                             "bwdir-mod --level admin %s lists the user on "
                             "all of his accounts; or --level basic",
                             *name);
        bwdir_checkup_warn(survey->list.checkup,
                           "%s: level admin, and admin of no account", *name);
    }
}

static void
conclude(const struct survey *survey)
{
    if (check_list_is_well(&survey->list))
        bwdir_checkup_ok(survey->list.checkup,
                         "%zu accounts with an admin; nobody of level admin "
                         "without an account",
                         survey->accounts);
}

static void
look(struct survey *survey)
{
    struct bwdir_directory *directory = survey->list.checkup->directory;
    enum bwdir_status status;

    status = bwdir_user_list(directory, look_at_user, survey, &survey->why);
    if (status == BWDIR_OK && survey->status == BWDIR_OK)
        status = bwdir_account_list(directory, look_at_account, survey,
                                    &survey->why);
    if (status == BWDIR_OK && survey->status == BWDIR_OK)
        tell_of_leaders(survey);
    if (status == BWDIR_OK && survey->status == BWDIR_OK)
        conclude(survey);
    else
        check_not_looked(survey->list.checkup, survey->why.text);
}

void
check_user_admins(struct bwdir_checkup *checkup)
{
    struct survey survey = {.list = {.checkup = checkup,
                                     .connection = check_connection(checkup),
                                     .grade = BWDIR_GRADE_WARN}};
    char *self;

    if (survey.list.connection == NULL)
        return;
    self = bwdir_directory_self(checkup->directory);
    survey.idle = bwdir_strings_new(0);
    survey.leaders = bwdir_strings_new(0);
    survey.admins = bwdir_strings_new(0);
    if (self != NULL) {
        bwdir_checkup_remedy(checkup, CHECK_AS_ROOT);
        check_not_looked(checkup, "an account admin sees his own lists only");
    } else if (survey.idle == NULL || survey.leaders == NULL ||
               survey.admins == NULL) {
        check_not_looked(checkup, "out of memory");
    } else {
        look(&survey);
    }
    bwdir_strings_free(&survey.idle);
    bwdir_strings_free(&survey.leaders);
    bwdir_strings_free(&survey.admins);
    free(self);
}
