/*
 * Accounts: the customers whose numbers and products users work on.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "account.h"

#include <stdlib.h>

#include "detail.h"
#include "directory.h"
#include "place.h"
#include "plan.h"
#include "record.h"
#include "strlist.h"

struct bwdir_account {
    char *number;
    char **products;
    char **admins; /* DNs */
};

static const char *const attributes[] = {"cn", "bwProduct", "bwAccountAdmin",
                                         NULL};
static const struct bwdir_record_kind kind = {
    BWDIR_PLACE_ACCOUNTS, "bwAccountRecord", "cn", attributes};

static enum bwdir_status
map(const struct dir_entry *entry, struct bwdir_account **account,
    struct bwdir_detail *why)
{
    struct bwdir_account *made = calloc(1, sizeof *made);
    enum bwdir_status status;

    *account = made;
    if (made == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    status = bwdir_record_text(entry, "cn", false, &made->number, why);
    if (status == BWDIR_OK)
        status = bwdir_record_texts(entry, "bwProduct", &made->products, why);
    if (status == BWDIR_OK)
        status =
            bwdir_record_texts(entry, "bwAccountAdmin", &made->admins, why);
    if (status != BWDIR_OK)
        bwdir_account_free(account);
    return status;
}

enum bwdir_status
bwdir_account_get(struct bwdir_directory *directory, const char *number,
                  struct bwdir_account **account, struct bwdir_detail *why)
{
    struct dir_entry *entry;
    enum bwdir_status status;

    *account = NULL;
    status = bwdir_record_get(directory, &kind, number, &entry, why);
    if (status == BWDIR_OK)
        status = map(entry, account, why);
    dir_entry_free(&entry);
    if (status == BWDIR_NOT_FOUND)
        return bwdir_account_not_yours(number, status, why);
    return status;
}

enum bwdir_status
bwdir_account_not_yours(const char *number, enum bwdir_status status,
                        struct bwdir_detail *why)
{
    return bwdir_fail(why, status,
                      "account \"%.64s\": no such account, or you do not "
                      "administer it",
                      number);
}

enum bwdir_status
bwdir_account_plan_add(struct bwdir_directory *directory, const char *number,
                       struct bwdir_plan **plan, struct bwdir_detail *why)
{
    struct bwdir_account *account;
    enum bwdir_status status = bwdir_field_check("account", number, why);
    char *dn;

    *plan = NULL;
    if (status != BWDIR_OK)
        return status;
    status = bwdir_account_get(directory, number, &account, why);
    bwdir_account_free(&account);
    if (status == BWDIR_OK)
        return bwdir_fail(why, BWDIR_EXISTS, "account \"%s\": there is one",
                          number);
    if (status == BWDIR_NOT_FOUND)
        status = bwdir_plan_new(
            bwdir_directory_purpose(directory, "add account"), plan);
    if (status != BWDIR_OK)
        return status;
    dn = bwdir_place_dn(directory->base, BWDIR_PLACE_ACCOUNTS, number);
    bwdir_plan_add(*plan, dn);
    bwdir_plan_value(*plan, DIR_ADD_VALUE, "objectClass", "bwAccountRecord");
    bwdir_plan_value(*plan, DIR_ADD_VALUE, "cn", number);
    free(dn);
    return bwdir_plan_done(*plan);
}

struct listing {
    bool (*visit)(const struct bwdir_account *account, void *closure);
    void *closure;
    struct bwdir_detail *why;
    enum bwdir_status status;
};

static bool
visit_entry(const struct dir_entry *entry, void *closure)
{
    struct listing *listing = closure;
    struct bwdir_account *account;
    bool more = false;

    listing->status = map(entry, &account, listing->why);
    if (listing->status == BWDIR_OK)
        more = listing->visit(account, listing->closure);
    bwdir_account_free(&account);
    return more;
}

enum bwdir_status
bwdir_account_list(struct bwdir_directory *directory,
                   bool (*visit)(const struct bwdir_account *account,
                                 void *closure),
                   void *closure, struct bwdir_detail *why)
{
    struct listing listing = {visit, closure, why, BWDIR_OK};
    enum bwdir_status status;

    status = bwdir_record_list(directory, &kind, visit_entry, &listing, why);
    return status != BWDIR_OK ? status : listing.status;
}

void
bwdir_account_free(struct bwdir_account **account)
{
    if (*account == NULL)
        return;
    free((*account)->number);
    bwdir_strings_free(&(*account)->products);
    bwdir_strings_free(&(*account)->admins);
    free(*account);
    *account = NULL;
}

const char *
bwdir_account_number(const struct bwdir_account *account)
{
    return account->number;
}

const char *const *
bwdir_account_products(const struct bwdir_account *account)
{
    return (const char *const *)account->products;
}

bool
bwdir_account_has_admin(const struct bwdir_account *account, const char *dn)
{
    for (char **admin = account->admins; *admin != NULL; admin++)
        if (dir_dn_equal(*admin, dn))
            return true;
    return false;
}
