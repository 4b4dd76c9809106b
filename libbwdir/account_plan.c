/*
 * Plans for accounts: a new one, its name, its products.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "detail.h"
#include "place.h"
#include "plan.h"
#include "strlist.h"

static const char *const none[] = {NULL};

static const char *const *
list(const char *const *given)
{
    return given != NULL ? given : none;
}

/* The fields by themselves. */
static enum bwdir_status
check(const char *number, const char *label, const char *const *products,
      struct bwdir_detail *why)
{
    enum bwdir_status status = bwdir_field_check("account", number, why);

    if (status == BWDIR_OK && label != NULL)
        status = bwdir_field_check("display-name", label, why);
    for (products = list(products); status == BWDIR_OK && *products != NULL;
         products++)
        status = bwdir_field_check("product", *products, why);
    return status;
}

static enum bwdir_status
begin(struct bwdir_directory *directory, const char *number, const char *what,
      struct bwdir_plan **plan, char **dn)
{
    struct bwdir_detail text;
    enum bwdir_status status;

    *dn = bwdir_place_dn(directory->base, BWDIR_PLACE_ACCOUNTS, number);
    status = bwdir_plan_new(bwdir_directory_purpose(directory, what), plan);
    if (status != BWDIR_OK)
        return status;
    (void)bwdir_fail(&text, BWDIR_NOT_PERMITTED,
                     "account \"%s\": not permitted; accounts and their "
                     "products are the operators' to change",
                     number);
    bwdir_plan_set_refusal(*plan, text.text);
    (void)bwdir_fail(&text, BWDIR_EXISTS, "account \"%s\": exists already",
                     number);
    bwdir_plan_set_taken(*plan, text.text);
    return BWDIR_OK;
}

enum bwdir_status
bwdir_account_plan_add(struct bwdir_directory *directory, const char *number,
                       const char *label, const char *const *products,
                       struct bwdir_plan **plan, struct bwdir_detail *why)
{
    enum bwdir_status status;
    struct bwdir_account *there;
    char *dn;

    *plan = NULL;
    status = check(number, label, products, why);
    if (status != BWDIR_OK)
        return status;
    status = bwdir_account_get(directory, number, &there, why);
    bwdir_account_free(&there);
    if (status == BWDIR_OK || status == BWDIR_MALFORMED)
        return bwdir_fail(why, BWDIR_EXISTS, "account \"%s\": exists already",
                          number);
    if (status != BWDIR_NOT_FOUND)
        return status;
    status = begin(directory, number, "add account", plan, &dn);
    if (status == BWDIR_OK) {
        bwdir_plan_add(*plan, dn);
        bwdir_plan_value(*plan, DIR_ADD_VALUE, "objectClass",
                         "bwAccountRecord");
        bwdir_plan_value(*plan, DIR_ADD_VALUE, "cn", number);
        if (label != NULL)
            bwdir_plan_value(*plan, DIR_ADD_VALUE, "displayName", label);
        for (products = list(products); *products != NULL; products++)
            bwdir_plan_value(*plan, DIR_ADD_VALUE, "bwProduct", *products);
    }
    free(dn);
    return bwdir_plan_finish(status, plan, why);
}

/* Those of NAMES of which it is not so already, each once. */
static void
put_products(struct bwdir_plan *plan, enum dir_change_kind kind,
             const struct bwdir_account *account, const char *const *names)
{
    const char *const *active = bwdir_account_products(account);

    for (size_t i = 0; names[i] != NULL; i++) {
        bool repeated = false;

        for (size_t j = 0; j < i; j++)
            repeated = repeated || strcmp(names[i], names[j]) == 0;
        if (!repeated &&
            bwdir_strings_have(active, names[i]) == (kind == DIR_DELETE_VALUE))
            bwdir_plan_value(plan, kind, "bwProduct", names[i]);
    }
}

/* Whether one of NAMES is in the list, or is not. */
static bool
any(const char *const *names, const char *const *active, bool there)
{
    for (; *names != NULL; names++)
        if (bwdir_strings_have(active, *names) == there)
            return true;
    return false;
}

enum bwdir_status
bwdir_account_plan_products(struct bwdir_directory *directory,
                            const struct bwdir_account *account,
                            const char *const *add, const char *const *remove,
                            struct bwdir_plan **plan, struct bwdir_detail *why)
{
    const char *number = bwdir_account_number(account);
    const char *const *active = bwdir_account_products(account);
    enum bwdir_status status;
    char *dn;

    *plan = NULL;
    status = check(number, NULL, add, why);
    if (status == BWDIR_OK)
        status = check(number, NULL, remove, why);
    if (status != BWDIR_OK)
        return status;
    for (const char *const *name = list(add); *name != NULL; name++)
        if (bwdir_strings_have(list(remove), *name))
            return bwdir_fail(why, BWDIR_BAD_VALUE,
                              "product \"%s\": both to be added and to be "
                              "removed",
                              *name);
    if (!any(list(add), active, false) && !any(list(remove), active, true))
        return BWDIR_OK;
    status = begin(directory, number, "change products", plan, &dn);
    if (status == BWDIR_OK) {
        bwdir_plan_modify(*plan, dn);
        bwdir_plan_may_be_done(*plan);
        put_products(*plan, DIR_DELETE_VALUE, account, list(remove));
        put_products(*plan, DIR_ADD_VALUE, account, list(add));
    }
    free(dn);
    return bwdir_plan_finish(status, plan, why);
}
