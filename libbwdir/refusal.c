/*
 * What mail servers have refused for good: values of bwMailRefused.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "refusal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "detail.h"
#include "directory.h"
#include "plan.h"
#include "unit.h"
#include "user.h"

const char *
bwdir_refusal_words(const char *value)
{
    const char *blank = strchr(value, ' ');

    return blank == NULL || strchr(blank + 1, ' ') == NULL ? NULL : blank + 1;
}

bool
bwdir_refusal_is_of(const char *value, const char *address)
{
    const char *words = bwdir_refusal_words(value);
    size_t length = strlen(address);

    return words != NULL && strncasecmp(words, address, length) == 0 &&
           words[length] == ' ';
}

static bool
newest(const struct dir_entry *entry, void *closure)
{
    const char *const *values;
    char **refusal = closure;
    const char *last = NULL;
    const char *words;
    size_t length;

    if (dir_entry_all(entry, "bwMailRefused", &values, NULL) != BWDIR_OK)
        return false;
    for (; *values != NULL; values++)
        if (last == NULL || strcmp(*values, last) > 0)
            last = *values;
    words = last == NULL ? NULL : bwdir_refusal_words(last);
    if (words == NULL)
        return false;
    length = strcspn(words, " ");
    if (asprintf(refusal, "%.*s: %s", (int)length, words, words + length + 1) <
        0)
        *refusal = NULL;
    return false;
}

enum bwdir_status
bwdir_outbox_refusal(struct bwdir_directory *directory, const char *name,
                     char **refusal, struct bwdir_detail *why)
{
    static const char *const attributes[] = {"bwMailRefused", NULL};
    char *dn = bwdir_place_dn(directory->base, BWDIR_PLACE_PEOPLE, name);
    struct dir_search search = {dn, DIR_SCOPE_BASE, "(bwMailRefused=*)",
                                attributes};
    enum bwdir_status status;

    *refusal = NULL;
    if (dn == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    status = dir_search_some(bwdir_directory_ready(directory), &search, 1,
                             newest, refusal, why);
    free(dn);
    if (status == BWDIR_OK && *refusal == NULL)
        return bwdir_fail(why, BWDIR_NOT_FOUND, "%s: no mail was refused",
                          name);
    return status;
}

struct look {
    const char *address;
    bool *refused;
};

static bool
look_at_refusals(const struct dir_entry *entry, void *closure)
{
    const struct look *look = closure;
    const char *value;
    size_t length;

    for (size_t i = 0;
         (value = dir_entry_bytes(entry, "bwMailRefused", i, &length)) != NULL;
         i++)
        *look->refused |= bwdir_refusal_is_of(value, look->address);
    return false;
}

enum bwdir_status
bwdir_refusal_look(struct bwdir_directory *directory,
                   const struct bwdir_user *user, const char *address,
                   bool *refused, struct bwdir_detail *why)
{
    static const char *const attributes[] = {"bwMailRefused", NULL};
    const struct dir_search search = {user->standing.dn, DIR_SCOPE_BASE,
                                      "(bwMailRefused=*)", attributes};
    struct look look = {address, refused};

    *refused = false;
    return dir_search_some(bwdir_directory_ready(directory), &search, 1,
                           look_at_refusals, &look, why);
}

struct forgetting {
    struct bwdir_directory *directory;
    long count;
    enum bwdir_status status;
    struct bwdir_detail *why;
};

static bool
forget(const struct dir_entry *entry, void *closure)
{
    struct forgetting *forgetting = closure;
    struct bwdir_directory *directory = forgetting->directory;
    struct bwdir_plan *plan = NULL;

    forgetting->status = bwdir_plan_new(
        bwdir_directory_purpose(directory, "forget refused mail"), &plan);
    if (forgetting->status != BWDIR_OK)
        return false;
    bwdir_plan_modify(plan, dir_entry_dn(entry));
    bwdir_plan_remove(plan, "bwMailRefused");
    forgetting->status = bwdir_plan_apply(directory, plan, forgetting->why);
    bwdir_plan_free(&plan);
    if (forgetting->status == BWDIR_NOT_FOUND) /* gone meanwhile */
        forgetting->status = BWDIR_OK;
    forgetting->count += forgetting->status == BWDIR_OK;
    return forgetting->status == BWDIR_OK;
}

enum bwdir_status
bwdir_outbox_forget_refusals(struct bwdir_directory *directory, long *count,
                             struct bwdir_detail *why)
{
    static const char *const attributes[] = {"1.1", NULL};
    const struct bwdir_unit_search search = {
        directory->base, BWDIR_PLACE_PEOPLE, "(bwMailRefused=*)", attributes};
    struct forgetting forgetting = {directory, 0, BWDIR_OK, why};
    enum bwdir_status status;

    status = bwdir_unit_all(bwdir_directory_ready(directory), &search, forget,
                            &forgetting, why);
    *count = forgetting.count;
    return status != BWDIR_OK ? status : forgetting.status;
}
