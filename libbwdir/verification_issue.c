/*
 * Issuing a sign-up credential: an entry below the user whose password is the
 * mailed code and the user's phone.  Who binds as it may verify the user, once
 * (verification_redeem.c); the server enforces expiry, lock-out, rights and
 * single use.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "code.h"
#include "detail.h"
#include "directory.h"
#include "gtime.h"
#include "hash.h"
#include "place.h"
#include "user.h"
#include "verification_impl.h"

enum bwdir_status
bwdir_verification_begin(const struct bwdir_directory *directory,
                         const char *what, struct bwdir_plan **plan,
                         struct bwdir_detail *why)
{
    enum bwdir_status status =
        bwdir_plan_new(bwdir_directory_purpose(directory, what), plan);

    return status == BWDIR_OK
               ? status
               : bwdir_fail(why, status, "%s", bwdir_strerror(status));
}

enum bwdir_status
bwdir_verification_place(const struct bwdir_user *user,
                         const struct bwdir_secret *code, char **dn,
                         struct bwdir_detail *why)
{
    char name[BWDIR_CREDENTIAL_SIZE];
    enum bwdir_status status = bwdir_code_credential(code, name);

    *dn = status == BWDIR_OK
              ? bwdir_place_verification(user->standing.dn, name)
              : NULL;
    if (status == BWDIR_OK && *dn == NULL)
        status = BWDIR_NO_MEMORY;
    return status == BWDIR_OK
               ? status
               : bwdir_fail(why, status, "%s", bwdir_strerror(status));
}

/* The hash under which the server keeps "<code>.<phone>". */
static enum bwdir_status
hash_code(const struct bwdir_secret *code, const char *phone,
          struct bwdir_secret **hash)
{
    struct bwdir_secret *password;
    char text[BWDIR_HASH_SIZE];
    enum bwdir_status status;

    *hash = NULL;
    status = bwdir_code_with_phone(code, phone, &password);
    if (status != BWDIR_OK)
        return status;
    status = bwdir_hash_code(password, text);
    bwdir_secret_free(&password);
    if (status == BWDIR_OK)
        status = bwdir_secret_new(text, strlen(text), hash);
    explicit_bzero(text, sizeof text);
    return status;
}

/* What the mail that a code goes with says about it. */
static bool
sets_password(enum bwdir_mail mail)
{
    return mail == BWDIR_MAIL_SIGN_UP || mail == BWDIR_MAIL_RESET;
}

static void
plan_credential(const struct bwdir_directory *dir,
                const struct bwdir_user *user, const char *name,
                enum bwdir_mail mail, const struct bwdir_secret *hash,
                struct bwdir_plan *plan)
{
    char *dn = bwdir_place_verification(user->standing.dn, name);
    char *policy =
        bwdir_place_dn(dir->base, BWDIR_PLACE_ACCESS,
                       mail == BWDIR_MAIL_RESET ? "reset" : "verification");
    char end[BWDIR_GTIME_SIZE];
    const struct {
        const char *attribute, *value;
    } values[] = {{"objectClass", "bwVerification"},
                  {"cn", name},
                  {"mail", user->mail},
                  {"bwWorkPhone", user->phone},
                  {"bwSetsPassword", sets_password(mail) ? "TRUE" : "FALSE"},
                  {"pwdPolicySubentry", policy},
                  {"description", bwdir_mail_word(mail)}};

    bwdir_plan_add(plan, dn);
    /* It ends with its user. */
    if (user->facts.ends && bwdir_gtime_format(user->facts.end, end))
        bwdir_plan_value(plan, DIR_ADD_VALUE, "pwdEndTime", end);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        bwdir_plan_value(plan, DIR_ADD_VALUE, values[i].attribute,
                         values[i].value);
    bwdir_plan_secret(plan, DIR_ADD_VALUE, "userPassword", hash);
    free(policy);
    free(dn);
}

enum bwdir_status
bwdir_verification_plan_issue(struct bwdir_directory *directory,
                              const struct bwdir_user *user,
                              const struct bwdir_secret *code,
                              enum bwdir_mail mail, struct bwdir_plan **plan,
                              struct bwdir_detail *why)
{
    char name[BWDIR_CREDENTIAL_SIZE];
    struct bwdir_secret *hash = NULL;
    enum bwdir_status status;

    *plan = NULL;
    status = bwdir_code_credential(code, name);
    if (status == BWDIR_OK)
        status = hash_code(code, user->phone, &hash);
    if (status != BWDIR_OK)
        return bwdir_fail(why, status, "%s", bwdir_strerror(status));
    status =
        bwdir_verification_begin(directory, "issue sign-up code", plan, why);
    if (status == BWDIR_OK) {
        plan_credential(directory, user, name, mail, hash, *plan);
        status = bwdir_plan_finish(status, plan, why);
    }
    bwdir_secret_free(&hash);
    return status;
}

enum bwdir_status
bwdir_verification_plan_revoke(struct bwdir_directory *directory,
                               const struct bwdir_user *user,
                               const struct bwdir_secret *code,
                               struct bwdir_plan **plan,
                               struct bwdir_detail *why)
{
    enum bwdir_status status;
    char *dn;

    *plan = NULL;
    status = bwdir_verification_place(user, code, &dn, why);
    if (status == BWDIR_OK)
        status = bwdir_verification_begin(directory, "revoke sign-up code",
                                          plan, why);
    if (status == BWDIR_OK) {
        bwdir_plan_delete_if_there(*plan, dn);
        status = bwdir_plan_finish(status, plan, why);
    }
    free(dn);
    return status;
}

enum bwdir_status
bwdir_verification_plan_delivered(struct bwdir_directory *directory,
                                  const struct bwdir_user *user,
                                  const struct bwdir_secret *code,
                                  struct bwdir_plan **plan,
                                  struct bwdir_detail *why)
{
    char now[BWDIR_GTIME_SIZE];
    enum bwdir_status status;
    char *dn;

    *plan = NULL;
    if (!bwdir_gtime_format((int64_t)time(NULL), now))
        return bwdir_fail(why, BWDIR_INTERNAL, "no such time");
    status = bwdir_verification_place(user, code, &dn, why);
    if (status == BWDIR_OK)
        status = bwdir_verification_begin(directory, "mark mail delivered",
                                          plan, why);
    if (status == BWDIR_OK) {
        bwdir_plan_modify(*plan, dn);
        bwdir_plan_value(*plan, DIR_REPLACE, "bwDelivered", now);
        status = bwdir_plan_finish(status, plan, why);
    }
    free(dn);
    return status;
}
