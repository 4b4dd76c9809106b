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
#include "record.h"
#include "strlist.h"
#include "unit.h"

struct bwdir_account {
    char *number;
    char *label;
    char **products;
    char **admins; /* user names */
};

static const char *const attributes[] = {"cn", "displayName", "bwProduct",
                                         "bwAccountAdmin", NULL};
static const struct bwdir_record_kind kind = {
    BWDIR_PLACE_ACCOUNTS, "bwAccountRecord", "cn", attributes};

/* Who is no entry of ou=people administers nothing, and is left out. */
static enum bwdir_status
map_admins(const struct dir_entry *entry, const char *base, char ***admins,
           struct bwdir_detail *why)
{
    char *people = bwdir_place_dn(base, BWDIR_PLACE_PEOPLE, NULL);
    const char *const *dns;
    enum bwdir_status status;
    size_t count = 0;

    *admins = bwdir_strings_new(dir_entry_count(entry, "bwAccountAdmin"));
    status = dir_entry_all(entry, "bwAccountAdmin", &dns, why);
    if (*admins == NULL || people == NULL)
        status = bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    for (; status == BWDIR_OK && *dns != NULL; dns++) {
        status = dir_dn_child(*dns, "uid", people, &(*admins)[count]);
        if (status == BWDIR_OK)
            count++;
        else if (status == BWDIR_MALFORMED)
            status = BWDIR_OK;
    }
    free(people);
    return status;
}

static enum bwdir_status
map(const struct dir_entry *entry, const char *base,
    struct bwdir_account **account, struct bwdir_detail *why)
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
            bwdir_record_text(entry, "displayName", true, &made->label, why);
    if (status == BWDIR_OK)
        status = map_admins(entry, base, &made->admins, why);
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
        status = map(entry, directory->base, account, why);
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

struct listing {
    const char *base;
    bool (*visit)(const struct bwdir_account *account,
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
    struct bwdir_account *account;
    bool more = false;

    listing->status = map(entry, listing->base, &account, &why);
    if (listing->status == BWDIR_MALFORMED)
        listing->status = BWDIR_OK;
    if (listing->status == BWDIR_OK)
        more = listing->visit(account, &why, listing->closure);
    else
        (void)bwdir_fail(listing->why, listing->status, "%s", why.text);
    bwdir_account_free(&account);
    return more;
}

enum bwdir_status
bwdir_account_list(struct bwdir_directory *directory,
                   bool (*visit)(const struct bwdir_account *account,
                                 const struct bwdir_detail *why,
                                 void *closure),
                   void *closure, struct bwdir_detail *why)
{
    struct listing listing = {directory->base, visit, closure, why, BWDIR_OK};
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
    free((*account)->label);
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

const char *
bwdir_account_label(const struct bwdir_account *account)
{
    return account->label;
}

const char *const *
bwdir_account_admins(const struct bwdir_account *account)
{
    return (const char *const *)account->admins;
}

bool
bwdir_account_has_admin(const struct bwdir_account *account, const char *name)
{
    return bwdir_strings_have(bwdir_account_admins(account), name);
}

struct noting {
    char ***numbers;
    struct bwdir_detail *why;
    enum bwdir_status status;
};

static bool
note_number(const struct dir_entry *entry, void *closure)
{
    struct noting *noting = closure;
    const char *number;

    noting->status = dir_entry_one(entry, "cn", &number, noting->why);
    if (noting->status == BWDIR_OK &&
        !bwdir_strings_add(noting->numbers, number))
        noting->status =
            bwdir_fail(noting->why, BWDIR_NO_MEMORY, "out of memory");
    return noting->status == BWDIR_OK;
}

enum bwdir_status
bwdir_account_administered(struct bwdir_directory *directory,
                           const char *user_dn, char ***numbers,
                           struct bwdir_detail *why)
{
    static const char *const number_only[] = {"cn", NULL};
    char *filter = dir_filter(
        "(&(objectClass=bwAccountRecord)(bwAccountAdmin=%s))", user_dn);
    const struct bwdir_unit_search search = {
        directory->base, BWDIR_PLACE_ACCOUNTS, filter, number_only};
    struct noting noting = {numbers, why, BWDIR_OK};
    enum bwdir_status status = BWDIR_NO_MEMORY;

    *numbers = bwdir_strings_new(0);
    if (*numbers == NULL)
        (void)bwdir_fail(why, status, "out of memory");
    else
        status = bwdir_unit_all(bwdir_directory_ready(directory), &search,
                                note_number, &noting, why);
    free(filter);
    return status != BWDIR_OK ? status : noting.status;
}
