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
#include "../dir/trial.h"
#include "../owed.h"
#include "../refusal.h"
#include "../unit.h"
#include "../user.h"

/* Users that are gone through. */
struct course {
    struct check_list list;
    bool stuck; /* what the check is about cannot be asked, says WHY */
    struct bwdir_detail why;
};

/* False: the check has told that it could not look. */
static bool
begin(struct course *course, struct bwdir_checkup *checkup,
      enum bwdir_grade grade)
{
    *course = (struct course){.list = {.checkup = checkup,
                                       .connection = check_connection(checkup),
                                       .grade = grade}};
    return course->list.connection != NULL;
}

static const char every_user[] = "(objectClass=bwUser)";

static void
conclude(const struct course *course, const char *well)
{
    if (check_list_is_well(&course->list))
        bwdir_checkup_ok(course->list.checkup, "%zu %s", course->list.seen,
                         well);
}

static enum bwdir_status
each_user(struct course *course, const char *filter,
          const char *const *attributes,
          bool (*visit)(const struct dir_entry *entry, void *closure),
          struct bwdir_detail *why)
{
    const struct bwdir_unit_search search = {
        course->list.checkup->base, BWDIR_PLACE_PEOPLE, filter, attributes};

    return bwdir_unit_all(course->list.connection, &search, visit, course,
                          why);
}

/* ---- entries ---- */

static void
judge_user(struct check_list *list, const struct bwdir_user *user,
           const struct bwdir_detail *why)
{
    if (user == NULL && check_list_tells(list)) {
        bwdir_checkup_remedy(list->checkup,
                             "ldapmodify the entry until it is right, or "
                             "ldapdelete -r it; it is passed over till then");
        bwdir_checkup_fail(list->checkup, "%s", why->text);
    } else if (user != NULL && bwdir_user_access(user) == 0 &&
               check_list_tells(list)) {
        bwdir_checkup_remedy(list->checkup,
                             "ldapmodify: pwdPolicySubentry of uid=%s: "
                             "cn=dashboard, cn=api or cn=dashboard-api under "
                             "ou=access,%s",
                             bwdir_user_name(user), list->checkup->base);
        bwdir_checkup_fail(list->checkup,
                           "%s: pwdPolicySubentry names no access method: "
                           "refused everywhere",
                           bwdir_user_name(user));
    }
}

static bool
judge_entry(const struct dir_entry *entry, void *closure)
{
    struct check_list *list = &((struct course *)closure)->list;
    struct bwdir_detail why = {""};
    struct bwdir_user *user;

    check_list_step(list);
    (void)bwdir_user_map(entry, list->checkup->directory, &user, &why);
    judge_user(list, user, &why);
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
    struct bwdir_detail why = {""};
    struct course course;

    if (!begin(&course, checkup, BWDIR_GRADE_FAIL))
        return;
    if (each_user(&course, every_user, attributes, judge_entry, &why) !=
        BWDIR_OK)
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

    if (dir_try_modify(course->list.connection, dn, count_passwords, steps,
                       &trial, &course->why) != BWDIR_OK)
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

    check_list_step(&course->list);
    if (!has_two(course, dir_entry_dn(entry), &two)) {
        course->stuck = true;
        return false;
    }
    if (two && check_list_tells(&course->list)) {
        bwdir_checkup_remedy(course->list.checkup,
                             "ldappasswd(1) leaves one; find out who wrote "
                             "the other, with the Relax control");
        bwdir_checkup_fail(course->list.checkup,
                           "%s: two passwords in one entry",
                           dir_entry_dn(entry));
    }
    return true;
}

void
check_user_passwords(struct bwdir_checkup *checkup)
{
    static const char *const none[] = {"1.1", NULL};
    struct course course;
    enum bwdir_status status;

    if (!begin(&course, checkup, BWDIR_GRADE_FAIL))
        return;
    status =
        each_user(&course, every_user, none, judge_passwords, &course.why);
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

    check_list_step(&holders->course.list);
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
            !check_list_tells(&holders->course.list))
            continue;
        bwdir_checkup_remedy(holders->course.list.checkup,
                             "ldapdelete all but the newest of what stands "
                             "below it: each code is valid by itself");
        bwdir_checkup_fail(holders->course.list.checkup,
                           "%s: more than one sign-up credential", dn);
    }
    conclude(&holders->course,
             "sign-up credentials to be seen, no two of one user");
}

void
check_user_credentials(struct bwdir_checkup *checkup)
{
    static const char *const none[] = {"1.1", NULL};
    struct holders holders = {.dns = NULL};
    struct dir_search search = {.scope = DIR_SCOPE_SUBTREE,
                                .filter = "(objectClass=bwVerification)",
                                .attributes = none};
    struct bwdir_detail why = {""};
    enum bwdir_status status = BWDIR_NO_MEMORY;
    char *people;

    if (!begin(&holders.course, checkup, BWDIR_GRADE_FAIL))
        return;
    people = bwdir_place_dn(checkup->base, BWDIR_PLACE_PEOPLE, NULL);
    search.base = people;
    if (people != NULL)
        status = dir_search_all(holders.course.list.connection, &search,
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

/* ---- mail ---- */

/* What the server that refused ADDRESS said, or NULL. */
static const char *
refusal_of(const char *const *values, const char *address)
{
    for (; *values != NULL; values++)
        if (bwdir_refusal_is_of(*values, address))
            return strchr(bwdir_refusal_words(*values), ' ') + 1;
    return NULL;
}

static bool
judge_mail(const struct dir_entry *entry, void *closure)
{
    struct check_list *list = &((struct course *)closure)->list;
    const char *name = NULL, *address = NULL, *words;
    const char *const *values;

    check_list_step(list);
    if (dir_entry_at_most_one(entry, "uid", &name, NULL) != BWDIR_OK ||
        dir_entry_at_most_one(entry, "mail", &address, NULL) != BWDIR_OK ||
        dir_entry_all(entry, "bwMailRefused", &values, NULL) != BWDIR_OK ||
        name == NULL || address == NULL)
        return true; /* told by check_user_entries() */
    words = refusal_of(values, address);
    if (words == NULL || !check_list_tells(list))
        return true;
    bwdir_checkup_remedy(list->checkup,
                         "bwdir-mod --mail ADDRESS %s; or, when the mail "
                         "server is mended, bwdir-mail --again",
                         name);
    bwdir_checkup_warn(list->checkup, "%s: mail to %s was refused: %s", name,
                       address, words);
    return true;
}

/* The admins of his accounts were mailed; who is his own only admin was not.
 */
void
check_user_mail(struct bwdir_checkup *checkup)
{
    static const char *const attributes[] = {"uid", "mail", "bwMailRefused",
                                             NULL};
    struct bwdir_detail why = {""};
    struct course course;

    if (!begin(&course, checkup, BWDIR_GRADE_WARN))
        return;
    if (each_user(&course, "(bwMailRefused=*)", attributes, judge_mail,
                  &why) != BWDIR_OK)
        check_not_looked(checkup, why.text);
    else if (check_list_is_well(&course.list))
        bwdir_checkup_ok(
            checkup, "no address to be seen that a mail server has refused");
}
