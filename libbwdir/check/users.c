/*
 * The users: entries that sign-in refuses because they cannot be what they
 * say, and what only somebody with the Relax control can have written.  Read
 * in pages and forgotten one by one.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checkup.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../detail.h"
#include "../dir/search.h"
#include "../dir/trial.h"
#include "../owed.h"
#include "../place.h"
#include "../user.h"

/* One broken import must not fill the screen. */
#define TOLD_MAX 20
/* A long list: whoever watches is told now and then. */
#define ALIVE_EVERY 256

/* A list of entries that is being gone through. */
struct course {
    struct bwdir_checkup *checkup;
    struct dir_connection *connection;
    size_t seen;
    size_t wrong;
    bool stuck; /* what the check is about cannot be asked, says WHY */
    struct bwdir_detail why;
};

static void
step(struct course *course)
{
    if (course->seen++ % ALIVE_EVERY == 0)
        dir_set_deadline(course->connection, check_deadline(course->checkup));
}

/* True when one more is to be told. */
static bool
one_more(struct course *course)
{
    return ++course->wrong <= TOLD_MAX;
}

static void
conclude(struct course *course, const char *well)
{
    if (course->wrong > TOLD_MAX) {
        bwdir_checkup_remedy(course->checkup,
                             "mend those that are named and run bwdir-check "
                             "again");
        bwdir_checkup_fail(course->checkup, "%zu more of them",
                           course->wrong - TOLD_MAX);
    } else if (course->wrong == 0) {
        bwdir_checkup_ok(course->checkup, "%zu %s", course->seen, well);
    }
}

static enum bwdir_status
each_user(struct course *course, const char *const *attributes,
          bool (*visit)(const struct dir_entry *entry, void *closure),
          struct bwdir_detail *why)
{
    char *people =
        bwdir_place_dn(course->checkup->base, BWDIR_PLACE_PEOPLE, NULL);
    const struct dir_search search = {people, DIR_SCOPE_ONE,
                                      "(objectClass=bwUser)", attributes};
    enum bwdir_status status = BWDIR_NO_MEMORY;

    if (people != NULL)
        status =
            dir_search_all(course->connection, &search, visit, course, why);
    free(people);
    return status;
}

/* ---- entries ---- */

static void
judge_user(struct course *course, const struct bwdir_user *user,
           const struct bwdir_detail *why)
{
    if (user == NULL && one_more(course)) {
        bwdir_checkup_remedy(course->checkup,
                             "ldapmodify the entry until it is right, or "
                             "ldapdelete -r it; it is passed over till then");
        bwdir_checkup_fail(course->checkup, "%s", why->text);
    } else if (user != NULL && bwdir_user_access(user) == 0 &&
               one_more(course)) {
        bwdir_checkup_remedy(course->checkup,
                             "ldapmodify: pwdPolicySubentry of uid=%s: "
                             "cn=dashboard, cn=api or cn=dashboard-api under "
                             "ou=access,%s",
                             bwdir_user_name(user), course->checkup->base);
        bwdir_checkup_fail(course->checkup,
                           "%s: pwdPolicySubentry names no access method: "
                           "refused everywhere",
                           bwdir_user_name(user));
    }
}

static bool
judge_entry(const struct dir_entry *entry, void *closure)
{
    struct course *course = closure;
    struct bwdir_detail why = {""};
    struct bwdir_user *user;

    step(course);
    (void)bwdir_user_map(entry, course->checkup->directory, &user, &why);
    judge_user(course, user, &why);
    bwdir_user_free(&user);
    return true;
}

/* Asks for all that any tool asks for: what is too much for one of them is
 * too much. */
void
check_user_entries(struct bwdir_checkup *checkup)
{
    static const char *const attributes[] = {
        BWDIR_USER_ATTRIBUTES, BWDIR_OWED_ATTRIBUTES, "bwMailReminder", NULL};
    struct course course = {.checkup = checkup,
                            .connection = check_connection(checkup)};
    struct bwdir_detail why = {""};

    if (course.connection == NULL)
        return;
    if (each_user(&course, attributes, judge_entry, &why) != BWDIR_OK)
        check_not_looked(checkup, why.text);
    else
        conclude(&course, "users to be seen, each what it has to be");
}

/* ---- passwords ---- */

/*
 * Nobody reads passwords, so they are counted by the server.  Of a Modify
 * slapo-constraint first counts what there would be, of every attribute that
 * has a limit, and names the first step if that is too much; then it looks at
 * values, and refuses the last step.  So it names userPassword where there is
 * one too many, else bwVerificationState, and the Modify is refused in any
 * case: overlays and access rules behind it, and the entry, are not reached,
 * and no such password could be taken away.
 */
static const struct dir_change count_passwords[] = {
    {DIR_DELETE_VALUE, "userPassword", "bwdir-check counts", NULL},
    {DIR_ADD_VALUE, "userPassword", "bwdir-check counts again", NULL},
    /* The other limits of overlays.ldif, so that they are not exceeded. */
    {DIR_REPLACE, "mail", "counting@example.com", NULL},
    {DIR_REPLACE, "givenName", "counting", NULL},
    {DIR_REPLACE, "sn", "counting", NULL},
    {DIR_REPLACE, "bwVerificationState", "counting", NULL},
};

/* False when the server does not count. */
static bool
has_two(struct course *course, const char *dn, bool *two)
{
    const size_t steps = sizeof count_passwords / sizeof *count_passwords;
    enum dir_trial trial;

    if (dir_try_modify(course->connection, dn, count_passwords, steps, &trial,
                       &course->why) != BWDIR_OK)
        return false;
    *two = strstr(course->why.text, "constraint on userPassword") != NULL;
    return trial == DIR_TRIAL_UNKNOWN &&
           (*two || strstr(course->why.text,
                           "constraint on bwVerificationState") != NULL);
}

static bool
judge_passwords(const struct dir_entry *entry, void *closure)
{
    struct course *course = closure;
    bool two = false;

    step(course);
    if (!has_two(course, dir_entry_dn(entry), &two)) {
        course->stuck = true;
        return false;
    }
    if (two && one_more(course)) {
        bwdir_checkup_remedy(course->checkup,
                             "ldappasswd(1) leaves one; find out who wrote "
                             "the other, with the Relax control");
        bwdir_checkup_fail(course->checkup, "%s: two passwords in one entry",
                           dir_entry_dn(entry));
    }
    return true;
}

void
check_user_passwords(struct bwdir_checkup *checkup)
{
    static const char *const none[] = {"1.1", NULL};
    struct course course = {.checkup = checkup,
                            .connection = check_connection(checkup)};
    enum bwdir_status status;

    if (course.connection == NULL)
        return;
    status = each_user(&course, none, judge_passwords, &course.why);
    if (course.stuck || status != BWDIR_OK) {
        bwdir_checkup_remedy(checkup, "see server overlays: it takes "
                                      "slapo-constraint as shipped");
        check_not_looked(checkup, course.why.text[0] != '\0'
                                      ? course.why.text
                                      : "the server does not count them");
    } else {
        conclude(&course, "users to be seen, none with two passwords");
    }
}

/* ---- sign-up credentials ---- */

/* The users that have one; few, for they stand only while a sign-up is under
 * way. */
struct holders {
    struct course course;
    char **dns;
    size_t count;
    size_t size;
    bool failed;
};

static bool
keep(struct holders *holders, const char *dn)
{
    if (holders->count == holders->size) {
        size_t size = holders->size == 0 ? 64 : 2 * holders->size;
        char **larger = reallocarray(holders->dns, size, sizeof *larger);

        if (larger == NULL)
            return false;
        holders->dns = larger;
        holders->size = size;
    }
    holders->dns[holders->count] = strdup(dn);
    return holders->dns[holders->count++] != NULL;
}

static bool
note_credential(const struct dir_entry *entry, void *closure)
{
    struct holders *holders = closure;
    const char *user = strchr(dir_entry_dn(entry), ',');

    step(&holders->course);
    holders->failed = user == NULL || !keep(holders, user + 1);
    return !holders->failed;
}

static int
compare(const void *a, const void *b)
{
    return strcasecmp(*(char *const *)a, *(char *const *)b);
}

static void
judge_credentials(struct holders *holders)
{
    if (holders->count > 1)
        qsort(holders->dns, holders->count, sizeof *holders->dns, compare);
    for (size_t i = 1; i < holders->count; i++) {
        const char *dn = holders->dns[i];

        if (strcasecmp(dn, holders->dns[i - 1]) != 0 ||
            (i > 1 && strcasecmp(dn, holders->dns[i - 2]) == 0) ||
            !one_more(&holders->course))
            continue;
        bwdir_checkup_remedy(holders->course.checkup,
                             "ldapdelete all but the newest of what stands "
                             "below it: each code is valid by itself");
        bwdir_checkup_fail(holders->course.checkup,
                           "%s: more than one sign-up credential", dn);
    }
    conclude(&holders->course,
             "sign-up credentials to be seen, no two of one user");
}

void
check_user_credentials(struct bwdir_checkup *checkup)
{
    static const char *const none[] = {"1.1", NULL};
    struct holders holders = {
        .course = {.checkup = checkup,
                   .connection = check_connection(checkup)}};
    struct dir_search search = {.scope = DIR_SCOPE_SUBTREE,
                                .filter = "(objectClass=bwVerification)",
                                .attributes = none};
    struct bwdir_detail why = {""};
    enum bwdir_status status = BWDIR_NO_MEMORY;
    char *people;

    if (holders.course.connection == NULL)
        return;
    people = bwdir_place_dn(checkup->base, BWDIR_PLACE_PEOPLE, NULL);
    search.base = people;
    if (people != NULL)
        status = dir_search_all(holders.course.connection, &search,
                                note_credential, &holders, &why);
    if (holders.failed)
        status = bwdir_fail(&why, BWDIR_NO_MEMORY, "out of memory");
    if (status == BWDIR_OK)
        judge_credentials(&holders);
    else
        check_not_looked(checkup, why.text);
    for (size_t i = 0; i < holders.count; i++)
        free(holders.dns[i]);
    free(holders.dns);
    free(people);
}
