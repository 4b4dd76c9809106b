/*
 * Lists of users: what the server can filter it filters, the rest is asked of
 * each user.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"
#include "unit.h"
#include "user.h"

static bool
is_empty(const char *const *list)
{
    return list == NULL || *list == NULL;
}

/* Writes one part of a filter; NULL, which is a lack of memory, shows in the
 * end because the stream is marked. */
static void
put(FILE *out, char *part, bool *complete)
{
    if (part == NULL)
        *complete = false;
    else
        fputs(part, out);
    free(part);
}

/* A user name with '*' in it: each other part is a value of its own. */
static void
put_name(FILE *out, const char *pattern, bool *complete)
{
    char *copy = strdup(pattern), *rest = copy;
    const char *part;

    fputs("(uid=", out);
    if (copy == NULL)
        *complete = false;
    for (bool first = true; (part = strsep(&rest, "*")) != NULL;
         first = false) {
        if (!first)
            fputc('*', out);
        put(out, dir_filter("%s", part), complete);
    }
    fputc(')', out);
    free(copy);
}

static void
put_names(FILE *out, const char *const *names, bool *complete)
{
    if (is_empty(names))
        return;
    fputs("(|", out);
    for (; *names != NULL; names++)
        put_name(out, *names, complete);
    fputc(')', out);
}

/* Any of the records of PLACE with these names. */
static void
put_references(FILE *out, const struct bwdir_directory *dir,
               const char *attribute, enum bwdir_place place,
               const char *const *names, bool *complete)
{
    if (is_empty(names))
        return;
    fputs("(|", out);
    for (; *names != NULL; names++) {
        char *dn = bwdir_place_dn(dir->base, place, *names);

        put(out, dn != NULL ? dir_filter("(%s=%s)", attribute, dn) : NULL,
            complete);
        /* Who has none has the default. */
        if (place == BWDIR_PLACE_ACCESS && strcmp(*names, "dashboard") == 0)
            fputs("(!(pwdPolicySubentry=*))", out);
        free(dn);
    }
    fputc(')', out);
}

/* What an entry must have for a word to be true of it; words without such an
 * attribute are asked of every user. */
static void
put_conditions(FILE *out, unsigned wanted)
{
    static const struct {
        unsigned word;
        const char *filter;
    } needs[] = {{BWDIR_IS_VERIFIED, "(bwVerificationState=verified)"},
                 {BWDIR_IS_UNVERIFIED, "(bwVerificationState=unverified)"},
                 {BWDIR_IS_DISABLED, "(pwdEndTime=*)(pwdAccountLockedTime=*)"},
                 {BWDIR_IS_LOCKED, "(pwdAccountLockedTime=*)"},
                 {BWDIR_IS_TO_CHANGE, "(pwdReset=TRUE)"}};
    unsigned known = 0;

    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        known |= needs[i].word;
    if (wanted == 0 || (wanted & ~known) != 0)
        return;
    fputs("(|", out);
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if ((wanted & needs[i].word) != 0)
            fputs(needs[i].filter, out);
    fputc(')', out);
}

/* The caller's to free(3); NULL when out of memory. */
static char *
make_filter(const struct bwdir_directory *dir,
            const struct bwdir_user_query *query)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    bool complete = true;

    if (out == NULL)
        return NULL;
    fputs("(&(objectClass=bwUser)", out);
    put_names(out, query->names, &complete);
    put_references(out, dir, "bwRole", BWDIR_PLACE_ROLES, query->roles,
                   &complete);
    put_references(out, dir, "bwAccount", BWDIR_PLACE_ACCOUNTS,
                   query->accounts, &complete);
    put_references(out, dir, "pwdPolicySubentry", BWDIR_PLACE_ACCESS,
                   query->access, &complete);
    if (query->level != NULL)
        put(out, dir_filter("(bwAdministrationLevel=%s)", query->level),
            &complete);
    put_conditions(out, query->conditions);
    fputc(')', out);
    if (fclose(out) != 0 || !complete) {
        free(text);
        return NULL;
    }
    return text;
}

struct listing {
    struct bwdir_directory *directory;
    const struct bwdir_user_query *query;
    bool (*visit)(const struct bwdir_user *user,
                  const struct bwdir_detail *why, void *closure);
    void *closure;
};

/* The part that the server cannot answer. */
static bool
is_wanted(const struct bwdir_user_query *query, const struct bwdir_user *user)
{
    struct bwdir_condition condition;

    if (query->conditions == 0 && query->expiring_within == 0)
        return true;
    bwdir_user_condition(user, query->when, &condition);
    if (query->conditions != 0 && (condition.is & query->conditions) == 0)
        return false;
    return query->expiring_within == 0 ||
           (condition.days_left > 0 &&
            condition.days_left <= query->expiring_within);
}

static bool
visit_entry(const struct dir_entry *entry, void *closure)
{
    struct listing *listing = closure;
    struct bwdir_detail why = {""};
    struct bwdir_user *user;
    bool more = true;

    (void)bwdir_user_map(entry, listing->directory, &user, &why);
    if (user == NULL || is_wanted(listing->query, user))
        more = listing->visit(user, &why, listing->closure);
    bwdir_user_free(&user);
    return more;
}

/* Before the list, so that no other search comes in between. */
static enum bwdir_status
read_policies(struct bwdir_directory *directory, struct bwdir_detail *why)
{
    const unsigned both = BWDIR_ACCESS_DASHBOARD | BWDIR_ACCESS_API;
    const struct bwdir_policy *policy;
    enum bwdir_status status = BWDIR_OK;

    for (unsigned access = 1; status == BWDIR_OK && access <= both; access++)
        status = bwdir_policies_get(&directory->policies,
                                    bwdir_directory_ready(directory),
                                    directory->base, access, &policy, why);
    return status;
}

enum bwdir_status
bwdir_user_search(struct bwdir_directory *directory,
                  const struct bwdir_user_query *query,
                  bool (*visit)(const struct bwdir_user *user,
                                const struct bwdir_detail *why, void *closure),
                  void *closure, struct bwdir_detail *why)
{
    struct listing listing = {directory, query, visit, closure};
    char *filter = make_filter(directory, query);
    const struct bwdir_unit_search search = {
        directory->base, BWDIR_PLACE_PEOPLE, filter, bwdir_user_attributes};
    enum bwdir_status status = read_policies(directory, why);

    if (status == BWDIR_OK)
        status = bwdir_unit_all(bwdir_directory_ready(directory), &search,
                                visit_entry, &listing, why);
    free(filter);
    return status;
}

enum bwdir_status
bwdir_user_list(struct bwdir_directory *directory,
                bool (*visit)(const struct bwdir_user *user,
                              const struct bwdir_detail *why, void *closure),
                void *closure, struct bwdir_detail *why)
{
    const struct bwdir_user_query everybody = {0};

    return bwdir_user_search(directory, &everybody, visit, closure, why);
}
