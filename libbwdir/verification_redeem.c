/*
 * Redeeming a sign-up code: who holds it binds as the sign-up credential,
 * verifies the user, and where it says so sets his password.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "code.h"
#include "decoy.h"
#include "detail.h"
#include "dir/modify.h"
#include "dir/search.h"
#include "directory.h"
#include "place.h"
#include "shape.h"
#include "verification.h"

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
