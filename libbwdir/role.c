/*
 * Roles: the keywords that say what a user may do in the applications.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bwdir.h"
#include "detail.h"
#include "record.h"

struct bwdir_role {
    char *keyword;
    char *label;
    char *description;
    char *product;
};

static const char *const attributes[] = {"cn", "displayName", "description",
                                         "bwRequiredProduct", NULL};
static const struct bwdir_record_kind kind = {
    BWDIR_PLACE_ROLES, "bwRoleRecord", "cn", attributes};

static enum bwdir_status
map(const struct dir_entry *entry, struct bwdir_role **role,
    struct bwdir_detail *why)
{
    struct bwdir_role *made = calloc(1, sizeof *made);
    enum bwdir_status status;

    *role = made;
    if (made == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    status = bwdir_record_text(entry, "cn", false, &made->keyword, why);
    if (status == BWDIR_OK)
        status =
            bwdir_record_text(entry, "displayName", false, &made->label, why);
    if (status == BWDIR_OK)
        status = bwdir_record_text(entry, "description", false,
                                   &made->description, why);
    if (status == BWDIR_OK)
        status = bwdir_record_text(entry, "bwRequiredProduct", true,
                                   &made->product, why);
    if (status != BWDIR_OK)
        bwdir_role_free(role);
    return status;
}

static enum bwdir_status unknown_role(struct bwdir_directory *directory,
                                      const char *keyword,
                                      struct bwdir_detail *why);

enum bwdir_status
bwdir_role_get(struct bwdir_directory *directory, const char *keyword,
               struct bwdir_role **role, struct bwdir_detail *why)
{
    struct dir_entry *entry;
    enum bwdir_status status;

    *role = NULL;
    status = bwdir_record_get(directory, &kind, keyword, &entry, why);
    if (status == BWDIR_OK)
        status = map(entry, role, why);
    dir_entry_free(&entry);
    return status == BWDIR_NOT_FOUND ? unknown_role(directory, keyword, why)
                                     : status;
}

struct listing {
    bool (*visit)(const struct bwdir_role *role,
                  const struct bwdir_detail *why, void *closure);
    void *closure;
    struct bwdir_detail *why;
    enum bwdir_status status;
};

static bool
visit_entry(const struct dir_entry *entry, void *closure)
{
    struct listing *listing = closure;
    struct bwdir_detail why = {""};
    struct bwdir_role *role;
    bool more = false;

    listing->status = map(entry, &role, &why);
    if (listing->status == BWDIR_MALFORMED)
        listing->status = BWDIR_OK;
    if (listing->status == BWDIR_OK)
        more = listing->visit(role, &why, listing->closure);
    else
        (void)bwdir_fail(listing->why, listing->status, "%s", why.text);
    bwdir_role_free(&role);
    return more;
}

enum bwdir_status
bwdir_role_list(struct bwdir_directory *directory,
                bool (*visit)(const struct bwdir_role *role,
                              const struct bwdir_detail *why, void *closure),
                void *closure, struct bwdir_detail *why)
{
    struct listing listing = {visit, closure, why, BWDIR_OK};
    enum bwdir_status status;

    status = bwdir_record_list(directory, &kind, visit_entry, &listing, why);
    return status != BWDIR_OK ? status : listing.status;
}

/* Collects the keywords for the message about an unknown role. */
static bool
append_keyword(const struct bwdir_role *role, const struct bwdir_detail *why,
               void *closure)
{
    struct bwdir_detail *known = closure;
    size_t used = strlen(known->text);

    (void)why;
    if (role == NULL)
        return true;
    snprintf(known->text + used, sizeof known->text - used, "%s%s",
             used > 0 ? ", " : "", role->keyword);
    return true;
}

static enum bwdir_status
unknown_role(struct bwdir_directory *directory, const char *keyword,
             struct bwdir_detail *why)
{
    struct bwdir_detail known = {""};
    enum bwdir_status status;

    status = bwdir_role_list(directory, append_keyword, &known, why);
    if (status != BWDIR_OK)
        return status;
    return bwdir_fail(why, BWDIR_NOT_FOUND, "role \"%.64s\": one of %s wanted",
                      keyword, known.text);
}

void
bwdir_role_free(struct bwdir_role **role)
{
    if (*role == NULL)
        return;
    free((*role)->keyword);
    free((*role)->label);
    free((*role)->description);
    free((*role)->product);
    free(*role);
    *role = NULL;
}

const char *
bwdir_role_keyword(const struct bwdir_role *role)
{
    return role->keyword;
}

const char *
bwdir_role_label(const struct bwdir_role *role)
{
    return role->label;
}

const char *
bwdir_role_description(const struct bwdir_role *role)
{
    return role->description;
}

const char *
bwdir_role_product(const struct bwdir_role *role)
{
    return role->product;
}
