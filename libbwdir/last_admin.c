/*
 * Whether an account keeps an admin who can act when one leaves.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "account.h"
#include "detail.h"
#include "dir/search.h"
#include "place.h"
#include "strlist.h"
#include "supposed.h"
#include "user.h"
#include "user_change.h"

/* So many of those who stay are named in the condition of a request: an
 * account may have hundreds, and each is looked up by itself. */
#define ENOUGH 8

/* Who is on the list of an account beside the one who leaves. */
struct others {
    char **acting; /* user names, as many as are wanted */
    bool any;      /* there are others, acting or not */
    bool leaving;  /* he is on the list himself */
};

bool
bwdir_user_acts(const struct bwdir_user *user, int64_t when)
{
    struct bwdir_condition condition;

    bwdir_user_condition(user, when, &condition);
    return (condition.is & BWDIR_IS_DISABLED) == 0;
}

/* Nobody can ask who is not there or cannot be read. */
static enum bwdir_status
look_at(struct bwdir_directory *directory, const char *name, int64_t when,
        bool *acts, struct bwdir_detail *why)
{
    struct bwdir_user *user;
    enum bwdir_status status = bwdir_user_get(directory, name, &user, why);

    *acts = status == BWDIR_OK &&
            bwdir_supposed_acts(directory, user->standing.dn, when,
                                bwdir_user_acts(user, when));
    bwdir_user_free(&user);
    return status == BWDIR_NO_SUCH_USER || status == BWDIR_MALFORMED ? BWDIR_OK
                                                                     : status;
}

/* The names on the list, the caller's with any status. */
static enum bwdir_status
get_list(struct bwdir_directory *directory, const char *number, char ***names,
         struct bwdir_detail *why)
{
    struct bwdir_account *account;
    enum bwdir_status status;
    bool whole = true;

    *names = NULL;
    status = bwdir_account_get(directory, number, &account, why);
    if (status != BWDIR_OK)
        return status;
    for (const char *const *name = bwdir_account_admins(account);
         whole && *name != NULL; name++)
        whole = bwdir_strings_add(names, *name);
    bwdir_account_free(&account);
    if (whole && bwdir_supposed_admins(directory, number, names))
        return BWDIR_OK;
    return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
}

/* Of WANTED who can act; OTHERS is to be cleared, with any status. */
static enum bwdir_status
find_others(struct bwdir_directory *directory, const char *number,
            const char *leaving, int64_t when, size_t wanted,
            struct others *others, struct bwdir_detail *why)
{
    char **names;
    enum bwdir_status status = get_list(directory, number, &names, why);
    size_t found = 0;

    *others = (struct others){NULL, false, bwdir_change_has(names, leaving)};
    for (char **name = names;
         status == BWDIR_OK && found < wanted && name != NULL && *name != NULL;
         name++) {
        bool acts = false;

        if (strcmp(*name, leaving) == 0)
            continue;
        others->any = true;
        status = look_at(directory, *name, when, &acts, why);
        if (acts && !bwdir_strings_add(&others->acting, *name))
            status = bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
        found += acts;
    }
    bwdir_strings_free(&names);
    return status;
}

static enum bwdir_status
refuse(const char *number, const char *name, const struct others *others,
       struct bwdir_detail *why)
{
    if (others->any && others->acting == NULL)
        return bwdir_fail(why, BWDIR_BAD_VALUE,
                          "account \"%s\": its admins other than \"%s\" are "
                          "disabled; name another first, or give --force",
                          number, name);
    return bwdir_fail(why, BWDIR_BAD_VALUE,
                      "account \"%s\": \"%s\" is its only admin; name another "
                      "first, or give --force",
                      number, name);
}

enum bwdir_status
bwdir_account_can_lose(struct bwdir_directory *directory, const char *number,
                       const char *name, int64_t when,
                       struct bwdir_detail *why)
{
    struct others others;
    enum bwdir_status status =
        find_others(directory, number, name, when, 1, &others, why);

    if (status == BWDIR_OK && others.leaving && others.acting == NULL)
        status = refuse(number, name, &others, why);
    bwdir_strings_free(&others.acting);
    return status;
}

/* What the entry meets while one of NAMES is on its list; NULL when out of
 * memory. */
static char *
one_of_filter(const char *base, char *const *names)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    bool whole = out != NULL;

    if (out == NULL)
        return NULL;
    fputs("(|", out);
    for (; whole && names != NULL && *names != NULL; names++) {
        char *dn = bwdir_place_dn(base, BWDIR_PLACE_PEOPLE, *names);
        char *one = dn == NULL ? NULL : dir_filter("(bwAccountAdmin=%s)", dn);

        whole = one != NULL;
        if (whole)
            fputs(one, out);
        free(one);
        free(dn);
    }
    fputc(')', out);
    if (fclose(out) == 0 && whole)
        return text;
    free(text);
    return NULL;
}

enum bwdir_status
bwdir_account_keep_admin(struct bwdir_directory *directory, const char *number,
                         const char *name, struct bwdir_plan *plan,
                         struct bwdir_detail *why)
{
    struct others others;
    struct bwdir_detail unmet;
    enum bwdir_status status;
    char *filter;

    status = find_others(directory, number, name, (int64_t)time(NULL), ENOUGH,
                         &others, why);
    if (status == BWDIR_OK) {
        filter = one_of_filter(directory->base, others.acting);
        (void)refuse(number, name, &others, &unmet);
        if (filter != NULL)
            bwdir_plan_only_if(plan, filter, unmet.text);
        else
            status = bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
        free(filter);
    }
    bwdir_strings_free(&others.acting);
    return status;
}

enum bwdir_status
bwdir_user_can_leave(struct bwdir_directory *directory,
                     const struct bwdir_user *user, int64_t when,
                     struct bwdir_detail *why)
{
    int64_t now = (int64_t)time(NULL);
    char **numbers = NULL;
    enum bwdir_status status;

    status = bwdir_account_administered(directory, user->standing.dn, &numbers,
                                        why);
    for (char **n = numbers; status == BWDIR_OK && *n != NULL; n++)
        status = bwdir_account_can_lose(directory, *n, user->standing.name,
                                        when > now ? when : now, why);
    bwdir_strings_free(&numbers);
    return status;
}
