/*
 * Taking a user away, and what has to be kept to put him back: his entry, and
 * what refers to him.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "account.h"
#include "bwdir.h"
#include "detail.h"
#include "directory.h"
#include "grant.h"
#include "ldif_line.h"
#include "notice.h"
#include "owed.h"
#include "plan.h"
#include "strlist.h"
#include "unit.h"
#include "user.h"
#include "verification.h"

/* Where others may refer to a user. */
static const struct reference {
    enum bwdir_place place;
    const char *attribute;
} as_admin = {BWDIR_PLACE_ACCOUNTS, "bwAccountAdmin"},
  as_owner = {BWDIR_PLACE_PEOPLE, "owner"};

/* What is done about each reference to a user. */
struct work {
    const struct reference *reference;
    const char *dn; /* of the user */
    struct bwdir_plan *plan;
    FILE *out;
};

static enum bwdir_status
each_reference(struct bwdir_directory *directory,
               const struct reference *reference,
               bool (*visit)(const struct dir_entry *entry, void *closure),
               struct work *work, struct bwdir_detail *why)
{
    static const char *const none[] = {"1.1", NULL};
    char *filter = dir_filter("(%s=%s)", reference->attribute, work->dn);
    const struct bwdir_unit_search search = {directory->base, reference->place,
                                             filter, none};
    enum bwdir_status status;

    work->reference = reference;
    status = bwdir_unit_all(bwdir_directory_ready(directory), &search, visit,
                            work, why);
    free(filter);
    return status;
}

/* ---- the plan ---- */

/* Off the lists; none of them is to be left without an admin unless FORCE. */
static enum bwdir_status
plan_lists(struct bwdir_directory *directory, const struct bwdir_user *user,
           bool force, struct bwdir_plan *plan, struct bwdir_detail *why)
{
    const struct bwdir_standing *standing = &user->standing;
    char **numbers = NULL;
    enum bwdir_status status;

    status =
        bwdir_account_administered(directory, standing->dn, &numbers, why);
    for (char **n = numbers; status == BWDIR_OK && *n != NULL; n++) {
        char *dn = bwdir_place_dn(directory->base, as_admin.place, *n);

        bwdir_plan_modify(plan, dn);
        bwdir_plan_value(plan, DIR_DELETE_VALUE, as_admin.attribute,
                         standing->dn);
        if (!force)
            status = bwdir_account_keep_admin(directory, *n, standing->name,
                                              plan, why);
        free(dn);
    }
    bwdir_strings_free(&numbers);
    return status;
}

/* An owner has no rights by being one: where that is not ours to change, it is
 * left to slapo-refint, and to who administers the entry. */
static bool
plan_owned(const struct dir_entry *entry, void *closure)
{
    const struct work *work = closure;
    const char *dn = dir_entry_dn(entry);
    struct bwdir_detail left;

    bwdir_plan_modify(work->plan, dn);
    bwdir_plan_value(work->plan, DIR_DELETE_VALUE, work->reference->attribute,
                     work->dn);
    (void)bwdir_fail(&left, BWDIR_OK,
                     "%s: names the deleted user as owner and is not yours to "
                     "change; the server takes that away",
                     dn);
    bwdir_plan_may_be_left(work->plan, left.text);
    return true;
}

/* The role goes first: while he has it nobody may take him off an account. */
static void
plan_role(const struct bwdir_directory *directory,
          const struct bwdir_user *user, struct bwdir_plan *plan)
{
    char *role;

    if (!bwdir_strings_have((const char *const *)user->standing.roles,
                            BWDIR_ADMIN_ROLE))
        return;
    role =
        bwdir_place_dn(directory->base, BWDIR_PLACE_ROLES, BWDIR_ADMIN_ROLE);
    bwdir_plan_modify(plan, user->standing.dn);
    bwdir_plan_value(plan, DIR_DELETE_VALUE, "bwRole", role);
    free(role);
}

static enum bwdir_status
plan_steps(struct bwdir_directory *directory, const struct bwdir_user *user,
           bool force, struct bwdir_plan *plan, struct bwdir_detail *why)
{
    struct work work = {.plan = plan, .dn = user->standing.dn};
    enum bwdir_status status;

    plan_role(directory, user, plan);
    status = plan_lists(directory, user, force, plan, why);
    if (status == BWDIR_OK)
        status = each_reference(directory, &as_owner, plan_owned, &work, why);
    if (status == BWDIR_OK)
        status = bwdir_verification_plan_removals(directory, user, plan, why);
    bwdir_plan_delete(plan, user->standing.dn);
    return status == BWDIR_OK ? bwdir_plan_done(plan) : status;
}

enum bwdir_status
bwdir_user_plan_delete(struct bwdir_directory *directory,
                       const struct bwdir_user *user, bool force,
                       struct bwdir_plan **plan, struct bwdir_detail *why)
{
    struct bwdir_detail refusal;
    enum bwdir_status status;

    *plan = NULL;
    status = bwdir_user_check_administered(directory, user, why);
    if (status == BWDIR_OK && !force)
        status = bwdir_user_can_leave(directory, user, 0, why);
    if (status != BWDIR_OK)
        return status;
    status = bwdir_plan_new(bwdir_directory_purpose(directory, "delete user"),
                            plan);
    if (status != BWDIR_OK)
        return bwdir_fail(why, status, "%s", bwdir_strerror(status));
    bwdir_user_refusal(user, &refusal);
    bwdir_plan_set_refusal(*plan, refusal.text);
    bwdir_plan_set_entry(*plan, user->standing.dn);
    status = plan_steps(directory, user, force, *plan, why);
    if (status != BWDIR_OK)
        bwdir_plan_free(plan);
    return status;
}

/* ---- what is kept ---- */

/* Marks of mail are about a moment that is over, but for what is owed. */
static bool
is_kept(const char *attribute)
{
    return strcasecmp(attribute, "bwMailOwed") == 0 ||
           strncasecmp(attribute, "bwMail", strlen("bwMail")) != 0;
}

/* slapd's argon2 module stores a NUL and a stray byte behind a hash, which it
 * reads as a C string. */
static size_t
meant_length(const char *attribute, const char *value, size_t length)
{
    return strcasecmp(attribute, "userPassword") == 0 ? strlen(value) : length;
}

/* What holds a NUL (a picture, say) stands in a comment: a person can put it
 * back. */
static void
write_attribute(FILE *out, const struct dir_entry *entry,
                const char *attribute)
{
    const char *value;
    size_t length = 0;

    if (strcasecmp(attribute, "pwdAccountLockedTime") == 0 &&
        !dir_entry_has(entry, attribute, BWDIR_LOCKED_FOR_GOOD))
        return; /* it ends by itself */

    for (size_t i = 0;
         (value = dir_entry_bytes(entry, attribute, i, &length)) != NULL;
         i++) {
        size_t kept = meant_length(attribute, value, length);

        if (strlen(value) != kept)
            fputc('#', out);
        bwdir_ldif_bytes(out, attribute, value, kept);
    }
}

static void
write_entry(FILE *out, const struct dir_entry *entry)
{
    const char *attribute;

    fputc('\n', out);
    bwdir_ldif_line(out, "dn", dir_entry_dn(entry));
    fputs("changetype: add\n", out);
    for (size_t i = 0; (attribute = dir_entry_attribute(entry, i)) != NULL;
         i++)
        if (is_kept(attribute))
            write_attribute(out, entry, attribute);
}

static bool
is_owed(const struct dir_entry *entry, enum bwdir_mail code)
{
    const char *value;
    size_t length;

    for (size_t i = 0;
         (value = dir_entry_bytes(entry, "bwMailOwed", i, &length)) != NULL;
         i++)
        if (bwdir_notice_is_met(value, code))
            return true;
    return false;
}

/* A code that has gone out is not kept, but that it is owed again, unless it
 * is so by the state. */
static enum bwdir_status
write_owed_code(struct bwdir_directory *directory,
                const struct bwdir_user *user, const struct dir_entry *entry,
                FILE *out, struct bwdir_detail *why)
{
    char id[BWDIR_NOTICE_ID_SIZE];
    char value[sizeof "sign-up-confirm " + sizeof id];
    enum bwdir_mail mail;
    enum bwdir_status status;

    if (user->standing.state == BWDIR_STATE_VERIFIED)
        return BWDIR_OK;
    status = bwdir_outbox_code(directory, user, &mail, why);
    if (status != BWDIR_OK || mail == bwdir_owed_first_code(user) ||
        is_owed(entry, mail))
        return status;
    if (!bwdir_notice_id((int64_t)time(NULL), id))
        return bwdir_fail(why, BWDIR_INTERNAL, "no time or no randomness");
    snprintf(value, sizeof value, "%s %s", bwdir_mail_word(mail), id);
    bwdir_ldif_line(out, "bwMailOwed", value);
    return BWDIR_OK;
}

static bool
write_reference(const struct dir_entry *entry, void *closure)
{
    const struct work *work = closure;

    fputc('\n', work->out);
    bwdir_ldif_line(work->out, "dn", dir_entry_dn(entry));
    fprintf(work->out, "changetype: modify\nadd: %s\n",
            work->reference->attribute);
    bwdir_ldif_line(work->out, work->reference->attribute, work->dn);
    fputs("-\n", work->out);
    return true;
}

static enum bwdir_status
write_all(struct bwdir_directory *directory, const struct bwdir_user *user,
          FILE *out, bool *with_password, struct bwdir_detail *why)
{
    static const char *const everything[] = {
        "*",          "pwdPolicySubentry",    "pwdStartTime",
        "pwdEndTime", "pwdAccountLockedTime", "pwdReset",
        NULL};
    struct dir_search search = {user->standing.dn, DIR_SCOPE_BASE,
                                "(objectClass=bwUser)", everything};
    struct work work = {.out = out, .dn = user->standing.dn};
    struct dir_entry *entry;
    enum bwdir_status status;

    status =
        dir_search_one(bwdir_directory_ready(directory), &search, &entry, why);
    if (status == BWDIR_OK) {
        *with_password = dir_entry_count(entry, "userPassword") > 0;
        write_entry(out, entry);
        status = write_owed_code(directory, user, entry, out, why);
    }
    if (status == BWDIR_OK)
        status =
            each_reference(directory, &as_admin, write_reference, &work, why);
    if (status == BWDIR_OK)
        status =
            each_reference(directory, &as_owner, write_reference, &work, why);
    dir_entry_free(&entry);
    return status;
}

enum bwdir_status
bwdir_user_backup(struct bwdir_directory *directory,
                  const struct bwdir_user *user, char **ldif,
                  bool *with_password, struct bwdir_detail *why)
{
    struct bwdir_purpose purpose =
        bwdir_directory_purpose(directory, "delete user");
    struct bwdir_line head;
    enum bwdir_status status;
    size_t size;
    FILE *out = open_memstream(ldif, &size);

    *with_password = false;
    if (out == NULL) {
        *ldif = NULL;
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    }
    fputs("version: 1\n", out);
    bwdir_line_start(&head);
    bwdir_purpose_line(&purpose, user->standing.dn, &head);
    fprintf(out, "# %s\n", head.text);
    status = write_all(directory, user, out, with_password, why);
    if (fclose(out) != 0 && status == BWDIR_OK)
        status = bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    if (status != BWDIR_OK) {
        free(*ldif);
        *ldif = NULL;
    }
    return status;
}
