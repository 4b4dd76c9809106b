/*
 * Putting a deleted user back, from the file that was kept of him.
 *
 * A file without the password's hash, and that is what those keep who may not
 * read it, is put back as a new user is added: unverified, with a code to
 * come.  With the hash it is put back as it was, which the server lets only
 * those do who may store one.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "access.h"
#include "bwdir.h"
#include "detail.h"
#include "dir/entry.h"
#include "dir/ldif_read.h"
#include "directory.h"
#include "place.h"
#include "plan.h"
#include "shape.h"
#include "strlist.h"
#include "trusted.h"

#define FILE_MAX ((size_t)256 * 1024)

struct bwdir_backup {
    struct dir_records records;
    const struct dir_record *user; /* the others refer to him */
    char *name;
    char *base;
};

/* ---- reading ---- */

static const char *
text_of(const struct dir_record *record, const char *attribute)
{
    const struct dir_values *values = dir_record_values(record, attribute);

    return values != NULL && values->count == 1 ? values->values[0] : NULL;
}

static bool
text_is(const struct dir_record *record, const char *attribute,
        const char *wanted)
{
    const char *text = text_of(record, attribute);

    return text != NULL && strcmp(text, wanted) == 0;
}

/* The name of the entry at DN in PLACE; the caller's, NULL for another. */
static char *
name_in(const struct bwdir_backup *backup, enum bwdir_place place,
        const char *type, const char *dn)
{
    char *unit = bwdir_place_dn(backup->base, place, NULL);
    char *name = NULL;

    if (unit != NULL && dn != NULL)
        (void)dir_dn_child(dn, type, unit, &name);
    free(unit);
    return name;
}

static bool
take_user(struct bwdir_backup *backup, const struct dir_record *record)
{
    const struct dir_values *classes =
        dir_record_values(record, "objectClass");

    backup->user = record;
    backup->name = name_in(backup, BWDIR_PLACE_PEOPLE, "uid", record->dn);
    return text_is(record, "changetype", "add") && backup->name != NULL &&
           bwdir_shape_is_name(backup->name) &&
           text_is(record, "uid", backup->name) && classes != NULL &&
           bwdir_strings_have((const char *const *)classes->values, "bwUser");
}

/* Puts the user of the file, and nobody else, into an attribute of an account
 * or of another user. */
static bool
is_reference(const struct bwdir_backup *backup,
             const struct dir_record *record)
{
    bool admin = text_is(record, "add", "bwAccountAdmin");
    const char *attribute = admin ? "bwAccountAdmin" : "owner";
    const char *value = text_of(record, attribute);
    char *name =
        name_in(backup, admin ? BWDIR_PLACE_ACCOUNTS : BWDIR_PLACE_PEOPLE,
                admin ? "cn" : "uid", record->dn);
    bool is = name != NULL && record->count == 3 &&
              text_is(record, "changetype", "modify") &&
              text_is(record, "add", attribute) && value != NULL &&
              dir_dn_equal(value, backup->user->dn);

    free(name);
    return is;
}

static enum bwdir_status
check(struct bwdir_backup *backup, const char *path, struct bwdir_detail *why)
{
    for (size_t i = 0; i < backup->records.count; i++) {
        const struct dir_record *record = &backup->records.items[i];
        bool fit;

        if (backup->user == NULL && record->dn == NULL && record->count == 1 &&
            text_is(record, "version", "1"))
            continue;
        fit = backup->user == NULL ? take_user(backup, record)
                                   : is_reference(backup, record);
        if (!fit)
            return bwdir_fail(why, BWDIR_BAD_VALUE,
                              "%s: record %zu: not what bwdir-del keeps of a "
                              "user below %s",
                              path, i + 1, backup->base);
    }
    if (backup->user == NULL)
        return bwdir_fail(why, BWDIR_BAD_VALUE, "%s: no user in it", path);
    return BWDIR_OK;
}

static enum bwdir_status
read_file(const char *path, struct dir_records *records,
          struct bwdir_detail *why)
{
    char *text = calloc(1, FILE_MAX + 1);
    size_t length = 0;
    struct bwdir_detail what;
    enum bwdir_status status;
    int fd;

    if (text == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    status = bwdir_trusted_open(path, true, &fd, why);
    if (status == BWDIR_OK) {
        status = bwdir_trusted_read(fd, path, text, FILE_MAX, &length, why);
        close(fd);
    }
    if (status == BWDIR_OK && dir_ldif_read(text, records, &what) != BWDIR_OK)
        status = bwdir_fail(why, BWDIR_BAD_VALUE, "%s: %s", path, what.text);
    explicit_bzero(text, FILE_MAX);
    free(text);
    return status;
}

enum bwdir_status
bwdir_backup_load(struct bwdir_directory *directory, const char *path,
                  struct bwdir_backup **backup, struct bwdir_detail *why)
{
    struct bwdir_backup *made = calloc(1, sizeof *made);
    enum bwdir_status status = BWDIR_NO_MEMORY;

    *backup = made;
    if (made != NULL)
        made->base = strdup(directory->base);
    if (made == NULL || made->base == NULL)
        (void)bwdir_fail(why, status, "out of memory");
    else
        status = read_file(path, &made->records, why);
    if (status == BWDIR_OK)
        status = check(made, path, why);
    if (status != BWDIR_OK)
        bwdir_backup_free(backup);
    return status;
}

void
bwdir_backup_free(struct bwdir_backup **backup)
{
    if (*backup == NULL)
        return;
    dir_records_clear(&(*backup)->records);
    free((*backup)->name);
    free((*backup)->base);
    free(*backup);
    *backup = NULL;
}

const char *
bwdir_backup_name(const struct bwdir_backup *backup)
{
    return backup->name;
}

bool
bwdir_backup_has_password(const struct bwdir_backup *backup)
{
    return dir_record_values(backup->user, "userPassword") != NULL;
}

/* ---- as it was ---- */

static void
plan_attribute(struct bwdir_plan *plan, const struct dir_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        struct bwdir_secret *secret = NULL;

        if (strcasecmp(values->attribute, "userPassword") != 0) {
            bwdir_plan_value(plan, DIR_ADD_VALUE, values->attribute,
                             values->values[i]);
            continue;
        }
        if (bwdir_secret_new(values->values[i], strlen(values->values[i]),
                             &secret) == BWDIR_OK)
            bwdir_plan_secret(plan, DIR_ADD_VALUE, "userPassword", secret);
        else
            bwdir_plan_value(plan, DIR_ADD_VALUE, "userPassword", NULL);
        bwdir_secret_free(&secret);
    }
}

static enum bwdir_status
plan_whole(struct bwdir_directory *directory,
           const struct bwdir_backup *backup, struct bwdir_plan **plan,
           struct bwdir_detail *why)
{
    const struct dir_record *user = backup->user;
    struct bwdir_detail taken;
    enum bwdir_status status;

    status = bwdir_plan_new(bwdir_directory_purpose(directory, "restore user"),
                            plan);
    if (status != BWDIR_OK)
        return bwdir_fail(why, status, "out of memory");
    (void)bwdir_fail(&taken, BWDIR_EXISTS,
                     "user name \"%s\": there is such a user", backup->name);
    bwdir_plan_set_taken(*plan, taken.text);
    bwdir_plan_add(*plan, user->dn);
    for (size_t i = 0; i < user->count; i++)
        if (strcasecmp(user->attributes[i].attribute, "changetype") != 0)
            plan_attribute(*plan, &user->attributes[i]);
    return bwdir_plan_done(*plan);
}

/* ---- as a new user ---- */

/* Names behind DNs, without those that CHECK does not find. */
static char **
names_that_are_there(struct bwdir_directory *directory,
                     const struct bwdir_backup *backup, bool accounts,
                     const struct bwdir_restore_report *report)
{
    const struct dir_values *values =
        dir_record_values(backup->user, accounts ? "bwAccount" : "bwRole");
    char **names = bwdir_strings_new(values != NULL ? values->count : 0);
    size_t count = 0;

    for (size_t i = 0; names != NULL && values != NULL && i < values->count;
         i++) {
        struct bwdir_account *account = NULL;
        struct bwdir_role *role = NULL;
        struct bwdir_detail why = {""};
        enum bwdir_status status;
        char *name = name_in(
            backup, accounts ? BWDIR_PLACE_ACCOUNTS : BWDIR_PLACE_ROLES, "cn",
            values->values[i]);

        status = name == NULL ? BWDIR_NOT_FOUND
                 : accounts
                     ? bwdir_account_get(directory, name, &account, &why)
                     : bwdir_role_get(directory, name, &role, &why);
        bwdir_account_free(&account);
        bwdir_role_free(&role);
        if (status == BWDIR_OK) {
            names[count++] = name;
            continue;
        }
        report->left_out(accounts ? "account" : "role",
                         name != NULL ? name : values->values[i],
                         report->closure);
        free(name);
    }
    return names;
}

/* What the draft of a new user cannot say. */
static void
plan_more(struct bwdir_directory *directory, const struct bwdir_backup *backup,
          struct bwdir_plan *plan, const struct bwdir_restore_report *report)
{
    const char *end = text_of(backup->user, "pwdEndTime");
    const char *owner = text_of(backup->user, "owner");
    char *name = name_in(backup, BWDIR_PLACE_PEOPLE, "uid", owner);
    struct bwdir_user *other = NULL;

    if (name != NULL &&
        bwdir_user_get(directory, name, &other, NULL) != BWDIR_OK) {
        report->left_out("owner", name, report->closure);
        owner = NULL;
    }
    if (end != NULL || owner != NULL)
        bwdir_plan_modify(plan, backup->user->dn);
    if (end != NULL)
        bwdir_plan_value(plan, DIR_ADD_VALUE, "pwdEndTime", end);
    if (owner != NULL)
        bwdir_plan_value(plan, DIR_ADD_VALUE, "owner", owner);
    bwdir_user_free(&other);
    free(name);
}

static void
tell_of_others(const struct bwdir_backup *backup,
               const struct bwdir_restore_report *report)
{
    static const char *const known[] = {"changetype",
                                        "objectClass",
                                        "uid",
                                        "givenName",
                                        "sn",
                                        "cn",
                                        "mail",
                                        "bwWorkPhone",
                                        "bwAdministrationLevel",
                                        "bwVerificationState",
                                        "bwRole",
                                        "bwAccount",
                                        "pwdPolicySubentry",
                                        "pwdEndTime",
                                        "owner",
                                        NULL};
    const struct dir_record *user = backup->user;

    for (size_t i = 0; i < user->count; i++)
        if (!bwdir_strings_have(known, user->attributes[i].attribute))
            report->left_out("attribute", user->attributes[i].attribute,
                             report->closure);
}

static enum bwdir_status
plan_anew(struct bwdir_directory *directory, const struct bwdir_backup *backup,
          const struct bwdir_restore_report *report, struct bwdir_plan **plan,
          struct bwdir_detail *why)
{
    const struct dir_record *user = backup->user;
    char **roles = names_that_are_there(directory, backup, false, report);
    char **accounts = names_that_are_there(directory, backup, true, report);
    const struct bwdir_user_draft draft = {
        .name = backup->name,
        .first = text_of(user, "givenName"),
        .last = text_of(user, "sn"),
        .mail = text_of(user, "mail"),
        .phone = text_of(user, "bwWorkPhone"),
        .level = text_of(user, "bwAdministrationLevel"),
        .access = bwdir_access_from_dn(text_of(user, "pwdPolicySubentry"),
                                       backup->base),
        .roles = (const char *const *)roles,
        .accounts = (const char *const *)accounts,
    };
    enum bwdir_status status = BWDIR_BAD_VALUE;

    if (draft.first == NULL || draft.last == NULL || draft.mail == NULL ||
        draft.phone == NULL || draft.level == NULL)
        (void)bwdir_fail(why, status,
                         "user name \"%s\": the file lacks a name, the mail, "
                         "the phone or the level",
                         backup->name);
    else if (accounts != NULL && *accounts == NULL &&
             dir_record_values(user, "bwAccount") != NULL)
        status = bwdir_fail(why, BWDIR_NOT_PERMITTED,
                            "user name \"%s\": none of the user's accounts is "
                            "there, or you administer none of them",
                            backup->name);
    else
        status = bwdir_user_plan_add(directory, &draft, plan, why);
    if (status == BWDIR_OK) {
        plan_more(directory, backup, *plan, report);
        tell_of_others(backup, report);
        status = bwdir_plan_done(*plan);
    }
    bwdir_strings_free(&roles);
    bwdir_strings_free(&accounts);
    return status;
}

enum bwdir_status
bwdir_backup_plan(struct bwdir_directory *directory,
                  const struct bwdir_backup *backup,
                  const struct bwdir_restore_report *report,
                  struct bwdir_plan **plan, struct bwdir_detail *why)
{
    enum bwdir_status status;

    *plan = NULL;
    if (bwdir_backup_has_password(backup))
        status = plan_whole(directory, backup, plan, why);
    else
        status = plan_anew(directory, backup, report, plan, why);
    if (status != BWDIR_OK)
        bwdir_plan_free(plan);
    return status;
}

/* ---- what referred to him ---- */

enum bwdir_status
bwdir_backup_plan_reference(struct bwdir_directory *directory,
                            const struct bwdir_backup *backup, size_t number,
                            const char **entry, struct bwdir_plan **plan,
                            struct bwdir_detail *why)
{
    enum bwdir_status status;

    *plan = NULL;
    for (size_t i = 0; i < backup->records.count; i++) {
        const struct dir_record *record = &backup->records.items[i];
        const char *attribute = text_of(record, "add");

        /* Who is added anew is listed on his accounts already. */
        if (record == backup->user || attribute == NULL ||
            (strcmp(attribute, "owner") != 0 &&
             !bwdir_backup_has_password(backup)))
            continue;
        if (number-- > 0)
            continue;
        *entry = record->dn;
        status = bwdir_plan_new(
            bwdir_directory_purpose(directory, "restore reference"), plan);
        if (status != BWDIR_OK)
            return bwdir_fail(why, status, "out of memory");
        bwdir_plan_modify(*plan, record->dn);
        bwdir_plan_value(*plan, DIR_ADD_VALUE, attribute, backup->user->dn);
        return bwdir_plan_done(*plan);
    }
    return BWDIR_NOT_FOUND;
}
