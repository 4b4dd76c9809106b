/*
 * Who is to be reminded, and owing the mail.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <string.h>
#include <time.h>

#include "detail.h"
#include "directory.h"
#include "notice.h"
#include "plan.h"
#include "reminder.h"
#include "unit.h"
#include "user.h"

/* The reminder with what its Modify has to replace. */
struct owing {
    struct bwdir_reminder reminder; /* first: found again from its address */
    const char *mark;               /* bwMailReminder, or NULL */
};

struct listing {
    struct bwdir_directory *directory;
    int64_t when;
    int64_t now;
    bool (*visit)(const struct bwdir_reminder *reminder,
                  const struct bwdir_detail *why, void *closure);
    void *closure;
};

static bool
show(const struct listing *listing, const struct dir_entry *entry,
     const struct bwdir_user *user)
{
    const struct bwdir_facts *facts = &user->facts;
    struct bwdir_detail none = {""};
    struct owing owing = {.reminder.user = user};

    owing.reminder.days = bwdir_reminder_at(facts, listing->when);
    if (owing.reminder.days == BWDIR_REMINDER_NONE ||
        dir_entry_at_most_one(entry, "bwMailReminder", &owing.mark, NULL) !=
            BWDIR_OK)
        return true;
    owing.reminder.expiry = facts->changed + facts->policy.max_age;
    owing.reminder.is_new = bwdir_reminder_is_new(facts, owing.reminder.days,
                                                  owing.mark, listing->now);
    return listing->visit(&owing.reminder, &none, listing->closure);
}

static bool
visit_entry(const struct dir_entry *entry, void *closure)
{
    const struct listing *listing = closure;
    struct bwdir_detail why = {""};
    struct bwdir_user *user;
    bool more;

    if (bwdir_user_map(entry, listing->directory, &user, &why) == BWDIR_OK)
        more = show(listing, entry, user);
    else
        more = listing->visit(NULL, &why, listing->closure);
    bwdir_user_free(&user);
    return more;
}

enum bwdir_status
bwdir_reminder_list(struct bwdir_directory *directory, int64_t when,
                    bool (*visit)(const struct bwdir_reminder *reminder,
                                  const struct bwdir_detail *why,
                                  void *closure),
                    void *closure, struct bwdir_detail *why)
{
    static const char *const attributes[] = {BWDIR_USER_ATTRIBUTES,
                                             "bwMailReminder", NULL};
    struct listing listing = {directory, when, (int64_t)time(NULL), visit,
                              closure};
    const struct bwdir_unit_search search = {
        directory->base, BWDIR_PLACE_PEOPLE, "(objectClass=bwUser)",
        attributes};

    return bwdir_unit_all(bwdir_directory_ready(directory), &search,
                          visit_entry, &listing, why);
}

/* A value that was read is replaced, or the first one added: either works for
 * one of two who do it at once. */
static void
plan_owing(struct bwdir_plan *plan, const struct owing *owing,
           const char *mark)
{
    bwdir_plan_modify(plan, owing->reminder.user->standing.dn);
    if (owing->mark != NULL)
        bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwMailReminder",
                         owing->mark);
    bwdir_plan_value(plan, DIR_ADD_VALUE, "bwMailReminder", mark);
    bwdir_notice_owe(plan,
                     owing->reminder.days == BWDIR_REMINDER_EXPIRED
                         ? BWDIR_MAIL_PASSWORD_EXPIRED
                         : BWDIR_MAIL_PASSWORD_EXPIRING,
                     NULL);
}

enum bwdir_status
bwdir_reminder_owe(struct bwdir_directory *directory,
                   const struct bwdir_reminder *reminder,
                   struct bwdir_detail *why)
{
    const struct owing *owing = (const struct owing *)(const void *)reminder;
    char mark[BWDIR_REMINDER_SIZE];
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status;

    if (!reminder->is_new ||
        !bwdir_reminder_mark(&reminder->user->facts, reminder->days, mark))
        return bwdir_fail(why, BWDIR_NOT_FOUND, "%s: was reminded before",
                          reminder->user->standing.name);
    status = bwdir_plan_new(bwdir_directory_purpose(directory, "owe reminder"),
                            &plan);
    if (status != BWDIR_OK)
        return bwdir_fail(why, status, "%s", bwdir_strerror(status));
    plan_owing(plan, owing, mark);
    status = bwdir_plan_apply(directory, plan, why);
    bwdir_plan_free(&plan);
    if (status == BWDIR_BAD_VALUE)
        status = BWDIR_NOT_FOUND;
    return status;
}
