/*
 * What goes together in a user: roles with level and with the products of the
 * accounts.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "grant.h"

#include <string.h>

#include "detail.h"
#include "strlist.h"

enum bwdir_status
bwdir_grant_account(struct bwdir_grant *grant, const char *number,
                    struct bwdir_account **account, struct bwdir_detail *why)
{
    const char *const *products;
    enum bwdir_status status;

    status = bwdir_account_get(grant->dir, number, account, why);
    if (status != BWDIR_OK)
        return status == BWDIR_NOT_FOUND ? BWDIR_NOT_PERMITTED : status;
    products = bwdir_account_products(*account);
    for (; *products != NULL; products++)
        if (!bwdir_strings_add(&grant->products, *products))
            return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    return BWDIR_OK;
}

static bool
has_product(const struct bwdir_grant *grant, const char *product)
{
    return grant->products != NULL &&
           bwdir_strings_have((const char *const *)grant->products, product);
}

enum bwdir_status
bwdir_grant_role(const struct bwdir_grant *grant, const char *keyword,
                 struct bwdir_detail *why)
{
    struct bwdir_role *role;
    enum bwdir_status status;
    const char *product;

    if (strcmp(keyword, BWDIR_ADMIN_ROLE) == 0 &&
        grant->level != BWDIR_LEVEL_ADMIN)
        return bwdir_fail(why, BWDIR_BAD_VALUE,
                          "role \"" BWDIR_ADMIN_ROLE
                          "\": only for users of level admin; leave it out or "
                          "choose --level admin");
    status = bwdir_role_get(grant->dir, keyword, &role, why);
    if (status != BWDIR_OK)
        return status == BWDIR_NOT_FOUND ? BWDIR_BAD_VALUE : status;
    product = bwdir_role_product(role);
    if (product != NULL && !has_product(grant, product))
        status = bwdir_fail(why, BWDIR_BAD_VALUE,
                            "role \"%s\": an account with the product %s "
                            "wanted",
                            keyword, product);
    bwdir_role_free(&role);
    return status;
}

void
bwdir_grant_clear(struct bwdir_grant *grant)
{
    bwdir_strings_free(&grant->products);
}
