/*
 * Password hashes by libsodium, in the form that slapd's argon2 module
 * verifies: "{ARGON2}" and the PHC string.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "hash.h"

#include <sodium.h>
#include <string.h>

#define SCHEME "{ARGON2}"

_Static_assert(sizeof(SCHEME) - 1 + crypto_pwhash_STRBYTES <= BWDIR_HASH_SIZE,
               "scheme and PHC string fit");

/* What a hash costs the one who makes it, and the one who guesses. */
struct cost {
    unsigned long long passes;
    size_t memory; /* bytes */
};

static const struct cost password_cost = {ARGON2_PASSES,
                                          (size_t)ARGON2_MEMORY_KIB * 1024};
static const struct cost code_cost = {crypto_pwhash_argon2id_OPSLIMIT_MIN,
                                      crypto_pwhash_argon2id_MEMLIMIT_MIN};

static enum bwdir_status
make(const struct bwdir_secret *secret, struct cost cost,
     char hash[BWDIR_HASH_SIZE])
{
    const size_t scheme = sizeof(SCHEME) - 1;

    memset(hash, 0, BWDIR_HASH_SIZE);
    /* It fails only for want of memory. */
    if (crypto_pwhash_str_alg(hash + scheme, bwdir_secret_bytes(secret),
                              bwdir_secret_length(secret), cost.passes,
                              cost.memory,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
        memset(hash, 0, BWDIR_HASH_SIZE);
        return BWDIR_NO_MEMORY;
    }
    memcpy(hash, SCHEME, scheme);
    return BWDIR_OK;
}

enum bwdir_status
bwdir_hash_password(const struct bwdir_secret *password,
                    char hash[BWDIR_HASH_SIZE])
{
    return make(password, password_cost, hash);
}

enum bwdir_status
bwdir_hash_code(const struct bwdir_secret *code_and_phone,
                char hash[BWDIR_HASH_SIZE])
{
    return make(code_and_phone, code_cost, hash);
}

void
bwdir_hash_digest(const char *const *texts, char digest[BWDIR_DIGEST_SIZE])
{
    unsigned char bytes[(BWDIR_DIGEST_SIZE - 1) / 2];
    crypto_generichash_state state;

    /* None of these can fail with a length that is allowed. */
    (void)crypto_generichash_init(&state, NULL, 0, sizeof bytes);
    for (; *texts != NULL; texts++)
        (void)crypto_generichash_update(&state, (const unsigned char *)*texts,
                                        strlen(*texts) + 1);
    (void)crypto_generichash_final(&state, bytes, sizeof bytes);
    (void)sodium_bin2hex(digest, BWDIR_DIGEST_SIZE, bytes, sizeof bytes);
}
