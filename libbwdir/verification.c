/*
 * The sign-up credential: an entry below the user whose password is the
 * mailed code and the user's phone.  Who binds as it may verify the user,
 * once; the server enforces expiry, lock-out, rights and single use.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "verification.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "code.h"
#include "decoy.h"
#include "detail.h"
#include "dir/modify.h"
#include "dir/search.h"
#include "directory.h"
#include "gtime.h"
#include "hash.h"
#include "place.h"
#include "plan.h"
#include "shape.h"
#include "user.h"

/* ---- issuing ---- */

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

static bool
plan_removal(const struct dir_entry *entry, void *closure)
{
    bwdir_plan_delete_if_there(closure, dir_entry_dn(entry));
    return true;
}

enum bwdir_status
bwdir_verification_plan_removals(struct bwdir_directory *directory,
                                 const struct bwdir_user *user,
                                 struct bwdir_plan *plan,
                                 struct bwdir_detail *why)
{
    static const char *const attributes[] = {"1.1", NULL};
    struct dir_search search = {user->standing.dn, DIR_SCOPE_ONE,
                                "(objectClass=bwVerification)", attributes};

    return dir_search_all(bwdir_directory_ready(directory), &search,
                          plan_removal, plan, why);
}

static enum bwdir_status
begin(const struct bwdir_directory *directory, const char *what,
      struct bwdir_plan **plan, struct bwdir_detail *why)
{
    enum bwdir_status status =
        bwdir_plan_new(bwdir_directory_purpose(directory, what), plan);

    return status == BWDIR_OK
               ? status
               : bwdir_fail(why, status, "%s", bwdir_strerror(status));
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

/* Where the credential for CODE stands; the caller's to free(3). */
static enum bwdir_status
find_place(const struct bwdir_user *user, const struct bwdir_secret *code,
           char **dn, struct bwdir_detail *why)
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
    status = begin(directory, "issue sign-up code", plan, why);
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
    status = find_place(user, code, &dn, why);
    if (status == BWDIR_OK)
        status = begin(directory, "revoke sign-up code", plan, why);
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
    status = find_place(user, code, &dn, why);
    if (status == BWDIR_OK)
        status = begin(directory, "mark mail delivered", plan, why);
    if (status == BWDIR_OK) {
        bwdir_plan_modify(*plan, dn);
        bwdir_plan_value(*plan, DIR_REPLACE, "bwDelivered", now);
        status = bwdir_plan_finish(status, plan, why);
    }
    free(dn);
    return status;
}

enum bwdir_status
bwdir_verification_plan_void(struct bwdir_directory *directory,
                             const struct bwdir_user *user,
                             struct bwdir_plan **plan,
                             struct bwdir_detail *why)
{
    enum bwdir_status status;

    *plan = NULL;
    status = begin(directory, "take void codes away", plan, why);
    if (status == BWDIR_OK)
        status = bwdir_verification_plan_removals(directory, user, *plan, why);
    if (status == BWDIR_OK)
        status = bwdir_plan_finish(status, plan, why);
    if (status != BWDIR_OK || bwdir_plan_is_empty(*plan))
        bwdir_plan_free(plan);
    return status;
}

/* One's own code, and the others that several have sent at once. */
struct rivals {
    const char *own;
    char created[BWDIR_GTIME_SIZE]; /* own */
    bool overtaken;                 /* a later one has gone out too */
    struct bwdir_plan *plan;
};

/* The same for all who look: by the server's time, then by name. */
static bool
judge_rival(const struct dir_entry *entry, void *closure)
{
    struct rivals *rivals = closure;
    const char *dn = dir_entry_dn(entry);
    const char *created = "";
    int order;

    if (strcasecmp(dn, rivals->own) == 0)
        return true;
    (void)dir_entry_at_most_one(entry, "createTimestamp", &created, NULL);
    order = strcmp(created == NULL ? "" : created, rivals->created);
    if (order == 0)
        order = strcasecmp(dn, rivals->own);
    if (order < 0)
        bwdir_plan_delete_if_there(rivals->plan, dn);
    else
        rivals->overtaken |= dir_entry_count(entry, "bwDelivered") > 0;
    return true;
}

static enum bwdir_status
judge_rivals(struct bwdir_directory *directory, const struct bwdir_user *user,
             struct rivals *rivals, struct bwdir_detail *why)
{
    static const char *const attributes[] = {"createTimestamp", "bwDelivered",
                                             NULL};
    struct dir_search own = {rivals->own, DIR_SCOPE_BASE,
                             "(objectClass=bwVerification)", attributes};
    struct dir_search all = {user->standing.dn, DIR_SCOPE_ONE,
                             "(objectClass=bwVerification)", attributes};
    const char *created = NULL;
    struct dir_entry *entry;
    enum bwdir_status status;

    status =
        dir_search_one(bwdir_directory_ready(directory), &own, &entry, why);
    if (status == BWDIR_OK)
        status = dir_entry_one(entry, "createTimestamp", &created, why);
    if (status == BWDIR_OK)
        snprintf(rivals->created, sizeof rivals->created, "%s", created);
    dir_entry_free(&entry);
    if (status == BWDIR_OK)
        status = dir_search_all(bwdir_directory_ready(directory), &all,
                                judge_rival, rivals, why);
    if (rivals->overtaken)
        bwdir_plan_delete_if_there(rivals->plan, rivals->own);
    return status;
}

enum bwdir_status
bwdir_verification_plan_single(struct bwdir_directory *directory,
                               const struct bwdir_user *user,
                               const struct bwdir_secret *code,
                               bool *overtaken, struct bwdir_plan **plan,
                               struct bwdir_detail *why)
{
    struct rivals rivals = {.overtaken = false};
    enum bwdir_status status;
    char *dn;

    *plan = NULL;
    status = find_place(user, code, &dn, why);
    if (status == BWDIR_OK)
        status = begin(directory, "leave one code", plan, why);
    if (status == BWDIR_OK) {
        rivals.own = dn;
        rivals.plan = *plan;
        status = judge_rivals(directory, user, &rivals, why);
        status = bwdir_plan_finish(status, plan, why);
    }
    *overtaken = status == BWDIR_NOT_FOUND || rivals.overtaken;
    if (status != BWDIR_OK || bwdir_plan_is_empty(*plan))
        bwdir_plan_free(plan);
    free(dn);
    return status;
}

/* ---- redeeming ---- */

struct bwdir_verification {
    struct dir_servers *servers;
    struct dir_servers *owned;         /* those of a tool */
    struct bwdir_identity identity;    /* the credential */
    struct dir_connection *connection; /* bound as it */
    char *user_dn;
    bool sets_password;
};

static enum bwdir_status
not_proven(struct bwdir_detail *why)
{
    return bwdir_fail(why, BWDIR_BAD_CREDENTIALS,
                      "code or phone is not right, or the code is no longer "
                      "valid; ask your account administrator for a new one");
}

/*
 * Binds as the credential; every refusal looks the same, and because a code
 * whose first group names no credential costs the server no hash, each is
 * followed by the decoy's.
 */
static enum bwdir_status
prove(struct bwdir_verification *verification,
      const struct bwdir_proving *proving, struct bwdir_detail *why)
{
    struct dir_bind_result ignored;
    enum bwdir_status status;

    verification->servers = proving->servers;
    if (proving->uri != NULL)
        status = bwdir_server_connect(proving->servers, proving->uri, NULL,
                                      proving->deadline,
                                      &verification->connection, why);
    else
        status =
            bwdir_servers_connect(proving->servers, NULL, proving->deadline,
                                  &verification->connection, why);
    if (status != BWDIR_OK)
        return status;
    status =
        dir_bind_simple(verification->connection, verification->identity.dn,
                        verification->identity.password, &ignored, why);
    if (status != BWDIR_BAD_CREDENTIALS)
        return status;
    status =
        bwdir_decoy_bind(verification->connection, proving->decoy_dn, why);
    return status == BWDIR_OK ? not_proven(why) : status;
}

/* What the credential says about itself. */
static enum bwdir_status
read_flag(struct bwdir_verification *verification, struct bwdir_detail *why)
{
    static const char *const attributes[] = {"bwSetsPassword", NULL};
    struct dir_search search = {verification->identity.dn, DIR_SCOPE_BASE,
                                "(objectClass=bwVerification)", attributes};
    struct dir_entry *entry;
    const char *flag;
    enum bwdir_status status;

    status = dir_search_one(verification->connection, &search, &entry, why);
    if (status == BWDIR_OK)
        status = dir_entry_one(entry, "bwSetsPassword", &flag, why);
    if (status == BWDIR_OK)
        verification->sets_password = strcmp(flag, "TRUE") == 0;
    dir_entry_free(&entry);
    return status == BWDIR_NOT_FOUND ? not_proven(why) : status;
}

static enum bwdir_status
open_proven(struct bwdir_verification *verification,
            const struct bwdir_proving *proving, const char *name,
            const char *credential, const struct bwdir_secret *password,
            struct bwdir_detail *why)
{
    enum bwdir_status status;
    char *dn = NULL;

    verification->user_dn =
        bwdir_place_dn(proving->base, BWDIR_PLACE_PEOPLE, name);
    if (verification->user_dn != NULL)
        dn = bwdir_place_verification(verification->user_dn, credential);
    if (dn == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    status = bwdir_identity_set(&verification->identity, dn, password, why);
    free(dn);
    if (status == BWDIR_OK)
        status = prove(verification, proving, why);
    if (status == BWDIR_OK)
        status = read_flag(verification, why);
    return status;
}

enum bwdir_status
bwdir_verification_open_at(const struct bwdir_proving *proving,
                           const char *name, const struct bwdir_secret *code,
                           const char *phone,
                           struct bwdir_verification **verification,
                           struct bwdir_detail *why)
{
    char credential[BWDIR_CREDENTIAL_SIZE];
    struct bwdir_secret *password;
    enum bwdir_status status;

    *verification = NULL;
    if (!bwdir_shape_is_name(name))
        return not_proven(why);
    if (!bwdir_shape_is_phone(phone))
        return bwdir_field_check("phone", phone, why);
    status = bwdir_code_with_phone(code, phone, &password);
    if (status == BWDIR_OK)
        status = bwdir_code_credential(code, credential);
    if (status != BWDIR_OK)
        return bwdir_fail(why, status,
                          "code: %d letters and digits wanted, as mailed, "
                          "for example in the form XXXXX-XXXXX-XXXXX-XXXXX",
                          BWDIR_CODE_CHARS);
    *verification = calloc(1, sizeof **verification);
    if (*verification == NULL)
        status = bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    else
        status = open_proven(*verification, proving, name, credential,
                             password, why);
    bwdir_secret_free(&password);
    if (status != BWDIR_OK)
        bwdir_verification_free(verification);
    return status;
}

enum bwdir_status
bwdir_verification_open(const struct bwdir_config *config, const char *name,
                        const struct bwdir_secret *code, const char *phone,
                        struct bwdir_verification **verification,
                        struct bwdir_detail *why)
{
    struct bwdir_proving proving = {
        .base = bwdir_config_text(config, "base"),
        .decoy_dn = bwdir_config_text(config, "bwdird.decoy-dn"),
        .deadline = dir_now() + BWDIR_OPERATION_MS};
    enum bwdir_status status;

    *verification = NULL;
    status = bwdir_servers_load(config, &proving.servers, why);
    if (status == BWDIR_OK)
        status = bwdir_verification_open_at(&proving, name, code, phone,
                                            verification, why);
    if (status == BWDIR_OK)
        (*verification)->owned = proving.servers;
    else
        dir_servers_free(&proving.servers);
    return status;
}

bool
bwdir_verification_sets_password(const struct bwdir_verification *verification)
{
    return verification->sets_password;
}

static enum bwdir_status
check_password(const struct bwdir_verification *verification,
               const struct bwdir_secret *password, struct bwdir_detail *why)
{
    if (verification->sets_password && password == NULL)
        return bwdir_fail(why, BWDIR_NEED_PASSWORD,
                          "a new password is needed");
    if (!verification->sets_password && password != NULL)
        return bwdir_fail(why, BWDIR_BAD_VALUE,
                          "this code does not set a password");
    return password != NULL ? bwdir_password_check(password, why) : BWDIR_OK;
}

enum bwdir_status
bwdir_verification_redeem_until(struct bwdir_verification *verification,
                                const struct bwdir_secret *password,
                                int64_t deadline, struct bwdir_detail *why)
{
    const struct dir_change changes[] = {
        {DIR_DELETE_VALUE, "bwVerificationState", "unverified", NULL},
        {DIR_ADD_VALUE, "bwVerificationState", "verified", NULL},
        {DIR_REPLACE, "userPassword", NULL, password}};
    enum bwdir_status status;

    status = check_password(verification, password, why);
    if (status != BWDIR_OK)
        return status;
    do {
        dir_set_deadline(verification->connection, deadline);
        status = dir_modify(verification->connection, verification->user_dn,
                            changes, password != NULL ? 3 : 2, why);
    } while (bwdir_may_move(status, verification->connection) &&
             bwdir_servers_move(verification->servers, &verification->identity,
                                deadline,
                                &verification->connection) == BWDIR_OK);
    if (status == BWDIR_NOT_PERMITTED || status == BWDIR_NOT_FOUND)
        return not_proven(why);
    if (status != BWDIR_OK)
        return status;
    /* Once the user is verified the credential can do nothing more, so a
     * failure to delete it loses nothing. */
    (void)dir_delete(verification->connection, verification->identity.dn,
                     NULL);
    return BWDIR_OK;
}

enum bwdir_status
bwdir_verification_redeem(struct bwdir_verification *verification,
                          const struct bwdir_secret *password,
                          struct bwdir_detail *why)
{
    return bwdir_verification_redeem_until(
        verification, password, dir_now() + BWDIR_OPERATION_MS, why);
}

void
bwdir_verification_free(struct bwdir_verification **verification)
{
    if (*verification == NULL)
        return;
    dir_close(&(*verification)->connection);
    dir_servers_free(&(*verification)->owned);
    bwdir_identity_clear(&(*verification)->identity);
    free((*verification)->user_dn);
    free(*verification);
    *verification = NULL;
}
