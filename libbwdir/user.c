/*
 * Users as those who may read the whole entry see them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "user.h"

#include <stdlib.h>
#include <string.h>

#include "detail.h"
#include "record.h"
#include "shape.h"
#include "unit.h"

const char *const bwdir_user_attributes[] = {BWDIR_USER_ATTRIBUTES, NULL};
static const struct bwdir_record_kind kind = {BWDIR_PLACE_PEOPLE, "bwUser",
                                              "uid", bwdir_user_attributes};

/* A phone that is not ten digits gets no code, so it is malformed. */
static enum bwdir_status
map_phone(const struct dir_entry *entry, struct bwdir_user *user,
          struct bwdir_detail *why)
{
    enum bwdir_status status;

    status = bwdir_record_text(entry, "bwWorkPhone", false, &user->phone, why);
    if (status == BWDIR_OK && !bwdir_shape_is_phone(user->phone))
        status = bwdir_fail(why, BWDIR_MALFORMED,
                            "%s: bwWorkPhone \"%s\": ten digits wanted",
                            dir_entry_dn(entry), user->phone);
    return status;
}

/* The other user name of the same person; absent as a rule. */
static enum bwdir_status
map_owner(const struct dir_entry *entry, const char *base,
          struct bwdir_user *user, struct bwdir_detail *why)
{
    char *people = bwdir_place_dn(base, BWDIR_PLACE_PEOPLE, NULL);
    const char *dn;
    enum bwdir_status status;

    status = dir_entry_at_most_one(entry, "owner", &dn, why);
    if (people == NULL)
        status = bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    if (status == BWDIR_OK && dn != NULL) {
        status = dir_dn_child(dn, "uid", people, &user->owner);
        if (status == BWDIR_MALFORMED)
            status = bwdir_fail(why, status, "%s: owner \"%s\" is no user",
                                dir_entry_dn(entry), dn);
    }
    free(people);
    return status;
}

static enum bwdir_status
map_into(const struct dir_entry *entry, const char *base,
         struct bwdir_user *user, struct bwdir_detail *why)
{
    enum bwdir_status status;

    status = bwdir_standing_map(entry, base, &user->standing, why);
    if (status == BWDIR_OK)
        status =
            bwdir_record_text(entry, "givenName", false, &user->first, why);
    if (status == BWDIR_OK)
        status = bwdir_record_text(entry, "sn", false, &user->last, why);
    if (status == BWDIR_OK)
        status = bwdir_record_text(entry, "mail", false, &user->mail, why);
    if (status == BWDIR_OK)
        status = map_phone(entry, user, why);
    if (status == BWDIR_OK)
        status = map_owner(entry, base, user, why);
    if (status == BWDIR_OK)
        bwdir_facts_map(entry, &user->standing, &user->facts);
    return status;
}

/* A record that is not known leaves facts that nothing is decided by. */
static enum bwdir_status
take_policy(struct bwdir_directory *directory, struct bwdir_user *user,
            struct bwdir_detail *why)
{
    const struct bwdir_policy *policy;
    enum bwdir_status status;

    status = bwdir_policies_get(&directory->policies, directory->connection,
                                directory->base, user->standing.access,
                                &policy, why);
    if (policy != NULL)
        user->facts.policy = *policy;
    else
        user->facts.sound = false;
    return status;
}

enum bwdir_status
bwdir_user_map(const struct dir_entry *entry,
               struct bwdir_directory *directory, struct bwdir_user **user,
               struct bwdir_detail *why)
{
    enum bwdir_status status;

    *user = calloc(1, sizeof **user);
    if (*user == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    status = map_into(entry, directory->base, *user, why);
    if (status == BWDIR_OK)
        status = take_policy(directory, *user, why);
    if (status != BWDIR_OK)
        bwdir_user_free(user);
    return status;
}

enum bwdir_status
bwdir_user_get(struct bwdir_directory *directory, const char *name,
               struct bwdir_user **user, struct bwdir_detail *why)
{
    struct dir_entry *entry = NULL;
    enum bwdir_status status = BWDIR_NOT_FOUND;

    *user = NULL;
    if (bwdir_shape_is_name(name))
        status = bwdir_record_get(directory, &kind, name, &entry, why);
    if (status == BWDIR_OK)
        status = bwdir_user_map(entry, directory, user, why);
    /* The directory compares names without regard to case; we do not. */
    if (status == BWDIR_OK && strcmp((*user)->standing.name, name) != 0) {
        bwdir_user_free(user);
        status = BWDIR_NOT_FOUND;
    }
    dir_entry_free(&entry);
    if (status == BWDIR_NOT_FOUND)
        return bwdir_fail(why, BWDIR_NO_SUCH_USER,
                          "user name \"%s\": no such user, or you may not "
                          "see it",
                          name);
    return status;
}

char *
bwdir_directory_self(const struct bwdir_directory *directory)
{
    const char *whoami = bwdir_directory_whoami(directory);
    char *people = bwdir_place_dn(directory->base, BWDIR_PLACE_PEOPLE, NULL);
    char *name = NULL;

    if (people != NULL && strncmp(whoami, "dn:", 3) == 0)
        (void)dir_dn_child(whoami + 3, "uid", people, &name);
    free(people);
    return name;
}

char *
bwdir_user_dn(const struct bwdir_config *config, const char *base,
              const char *name)
{
    if (!bwdir_shape_is_name(name))
        return NULL;
    return bwdir_place_dn(base != NULL ? base
                                       : bwdir_config_text(config, "base"),
                          BWDIR_PLACE_PEOPLE, name);
}

struct taken {
    const char *but; /* user name that does not count, or NULL */
    bool *taken;
};

static bool
look_whose(const struct dir_entry *entry, void *closure)
{
    const struct taken *taken = closure;
    const char *name;

    *taken->taken = taken->but == NULL ||
                    dir_entry_one(entry, "uid", &name, NULL) != BWDIR_OK ||
                    strcmp(name, taken->but) != 0;
    return !*taken->taken;
}

enum bwdir_status
bwdir_user_mail_taken(struct bwdir_directory *directory, const char *mail,
                      const char *but, bool *taken, struct bwdir_detail *why)
{
    static const char *const name_only[] = {"uid", NULL};
    char *filter = dir_filter("(&(objectClass=bwUser)(mail=%s))", mail);
    const struct bwdir_unit_search search = {
        directory->base, BWDIR_PLACE_PEOPLE, filter, name_only};
    struct taken found = {but, taken};
    enum bwdir_status status;

    *taken = false;
    status = bwdir_unit_all(bwdir_directory_ready(directory), &search,
                            look_whose, &found, why);
    free(filter);
    return status;
}

void
bwdir_user_free(struct bwdir_user **user)
{
    if (*user == NULL)
        return;
    bwdir_standing_clear(&(*user)->standing);
    free((*user)->owner);
    free((*user)->first);
    free((*user)->last);
    free((*user)->mail);
    free((*user)->phone);
    free(*user);
    *user = NULL;
}

const char *
bwdir_user_name(const struct bwdir_user *user)
{
    return user->standing.name;
}

const char *
bwdir_user_first(const struct bwdir_user *user)
{
    return user->first;
}

const char *
bwdir_user_last(const struct bwdir_user *user)
{
    return user->last;
}

const char *
bwdir_user_mail(const struct bwdir_user *user)
{
    return user->mail;
}

const char *
bwdir_user_phone(const struct bwdir_user *user)
{
    return user->phone;
}

const char *
bwdir_user_owner(const struct bwdir_user *user)
{
    return user->owner;
}

enum bwdir_level
bwdir_user_level(const struct bwdir_user *user)
{
    return user->standing.level;
}

enum bwdir_state
bwdir_user_state(const struct bwdir_user *user)
{
    return user->standing.state;
}

unsigned
bwdir_user_access(const struct bwdir_user *user)
{
    return user->standing.access;
}

const char *const *
bwdir_user_roles(const struct bwdir_user *user)
{
    return (const char *const *)user->standing.roles;
}

const char *const *
bwdir_user_accounts(const struct bwdir_user *user)
{
    return (const char *const *)user->standing.accounts;
}

struct owned {
    void (*visit)(const char *owned, void *closure);
    void *closure;
};

static bool
visit_owned(const struct dir_entry *entry, void *closure)
{
    const struct owned *owned = closure;
    const char *name;

    if (dir_entry_one(entry, "uid", &name, NULL) == BWDIR_OK)
        owned->visit(name, owned->closure);
    return true;
}

enum bwdir_status
bwdir_user_each_owned(struct bwdir_directory *directory, const char *name,
                      void (*visit)(const char *owned, void *closure),
                      void *closure, struct bwdir_detail *why)
{
    static const char *const name_only[] = {"uid", NULL};
    char *owner = bwdir_place_dn(directory->base, BWDIR_PLACE_PEOPLE, name);
    char *filter =
        owner == NULL ? NULL
                      : dir_filter("(&(objectClass=bwUser)(owner=%s))", owner);
    const struct bwdir_unit_search search = {
        directory->base, BWDIR_PLACE_PEOPLE, filter, name_only};
    struct owned owned = {visit, closure};
    enum bwdir_status status;

    status = bwdir_unit_all(bwdir_directory_ready(directory), &search,
                            visit_owned, &owned, why);
    free(filter);
    free(owner);
    return status;
}
