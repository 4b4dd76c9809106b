/*
 * Hashes: the form that slapd's argon2 module reads, with the numbers that
 * configure.ac holds.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sodium.h>
#include <stdio.h>

#include "libbwdir/hash.h"

static struct bwdir_secret *
secret_of(const char *text)
{
    struct bwdir_secret *secret = NULL;

    assert_int_equal(bwdir_secret_new(text, strlen(text), &secret), BWDIR_OK);
    return secret;
}

static void
assert_verifies(const char *hash, const char *text, bool verifies)
{
    assert_int_equal(strncmp(hash, "{ARGON2}", 8), 0);
    assert_int_equal(crypto_pwhash_str_verify(hash + 8, text, strlen(text)),
                     verifies ? 0 : -1);
}

static void
test_hash_password(void **state)
{
    struct bwdir_secret *secret = secret_of("correct horse");
    char first[BWDIR_HASH_SIZE];
    char second[BWDIR_HASH_SIZE];
    char start[64];

    (void)state;
    assert_int_equal(bwdir_hash_password(secret, first), BWDIR_OK);
    assert_int_equal(bwdir_hash_password(secret, second), BWDIR_OK);
    snprintf(start, sizeof(start), "{ARGON2}$argon2id$v=19$m=%d,t=%d,p=1$",
             ARGON2_MEMORY_KIB, ARGON2_PASSES);
    assert_int_equal(strncmp(first, start, strlen(start)), 0);
    assert_string_not_equal(first, second); /* the salt */
    assert_verifies(first, "correct horse", true);
    assert_verifies(first, "correct Horse", false);
    bwdir_secret_free(&secret);
}

static void
test_hash_code(void **state)
{
    const char *text = "ABCDEFGHJKLMNPQRSTUV.9195550142";
    struct bwdir_secret *secret = secret_of(text);
    const char *start = "{ARGON2}$argon2id$v=19$m=8,t=1,p=1$";
    char hash[BWDIR_HASH_SIZE];

    (void)state;
    assert_int_equal(bwdir_hash_code(secret, hash), BWDIR_OK);
    assert_int_equal(strncmp(hash, start, strlen(start)), 0);
    assert_verifies(hash, text, true);
    assert_verifies(hash, "ABCDEFGHJKLMNPQRSTUV.9195550143", false);
    bwdir_secret_free(&secret);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash_password),
        cmocka_unit_test(test_hash_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
