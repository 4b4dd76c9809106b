/*
 * Sign-up codes: their shape, their one spelling, their randomness.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libbwdir/code.h"

#define CODE "ABCDE-FGHJK-LMNPQ-RSTUV"

static void
test_new_is_printed_in_groups(void **state)
{
    struct bwdir_secret *code = NULL;
    const char *text;

    (void)state;
    assert_int_equal(bwdir_code_new(&code), BWDIR_OK);
    assert_int_equal(bwdir_secret_length(code), 23);
    text = bwdir_secret_bytes(code);
    for (size_t i = 0; i < 23; i++) {
        if (i % 6 == 5)
            assert_int_equal(text[i], '-');
        else
            assert_non_null(
                strchr("23456789ABCDEFGHJKLMNPQRSTUVWXYZ", text[i]));
    }
    assert_true(bwdir_code_has_shape(text, 23));
    bwdir_secret_free(&code);
}

/* Each of the 32 characters in each of the 20 places, about equally often. */
static void
test_new_uses_the_whole_alphabet(void **state)
{
    enum { ROUNDS = 3200 };
    static int seen[256];
    static int in_place[20][256];

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct bwdir_secret *code = NULL;
        size_t place = 0;

        assert_int_equal(bwdir_code_new(&code), BWDIR_OK);
        for (const char *c = bwdir_secret_bytes(code); *c; c++) {
            if (*c == '-')
                continue;
            seen[(unsigned char)*c]++;
            in_place[place++][(unsigned char)*c]++;
        }
        bwdir_secret_free(&code);
    }
    for (const char *c = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"; *c; c++) {
        /* 2000 expected, standard deviation 44; 100, 9.8. */
        assert_in_range(seen[(unsigned char)*c], 1650, 2350);
        for (int place = 0; place < 20; place++)
            assert_in_range(in_place[place][(unsigned char)*c], 25, 175);
    }
}

static void
test_has_shape(void **state)
{
    static const struct {
        const char *text;
        bool shape;
    } rows[] = {
        {CODE, true},
        {"abcde-fghjk-lmnpq-rstuv", true},
        {"ABCDEFGHJKLMNPQRSTUV", true},
        {"aBcDeFgHjKlMnPqRsTuV", true},
        {"23456789ABCDEFGHJKLM", true},
        {"-ABCDE--FGHJKLMNPQRSTUV-", true},
        {"A-B-C-D-E-F-G-H-J-K-L-M-N-P-Q-R-S-T-U-V-", true},
        {"A-B-C-D-E-F-G-H-J-K-L-M-N-P-Q-R-S-T-U-V--", false}, /* 41 */
        {"ABCDEFGHJKLMNPQRSTU", false},                       /* 19 */
        {"ABCDEFGHJKLMNPQRSTUVW", false},                     /* 21 */
        {"0BCDEFGHJKLMNPQRSTUV", false},
        {"1BCDEFGHJKLMNPQRSTUV", false},
        {"IBCDEFGHJKLMNPQRSTUV", false},
        {"OBCDEFGHJKLMNPQRSTUV", false},
        {"oBCDEFGHJKLMNPQRSTUV", false},
        {"iBCDEFGHJKLMNPQRSTUV", false},
        {"ABCDE FGHJK LMNPQ RSTUV", false},
        {" ABCDEFGHJKLMNPQRSTUV", false},
        {"ABCDEFGHJKLMNPQRSTUV\n", false},
        {"ABCDEFGHJKLMNPQRSTU\xc3\x9c", false},
        {"ABCDEFGHJKLMNPQRSTU_", false},
        {"", false},
        {"--------------------", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(
            bwdir_code_has_shape(rows[i].text, strlen(rows[i].text)),
            rows[i].shape);
    assert_false(bwdir_code_has_shape("ABCDEFGHJKLMNPQRST\0V", 20));
    assert_false(bwdir_code_has_shape(NULL, 0));
}

static enum bwdir_status
with_phone(const char *typed, const char *phone, char password[64])
{
    struct bwdir_secret *code = NULL;
    struct bwdir_secret *joined = NULL;
    enum bwdir_status status;

    assert_int_equal(bwdir_secret_new(typed, strlen(typed), &code), BWDIR_OK);
    status = bwdir_code_with_phone(code, phone, &joined);
    password[0] = '\0';
    if (status == BWDIR_OK) {
        assert_int_equal(bwdir_secret_length(joined), 31);
        strcpy(password, bwdir_secret_bytes(joined));
    } else {
        assert_null(joined);
    }
    bwdir_secret_free(&code);
    bwdir_secret_free(&joined);
    return status;
}

static void
test_with_phone_has_one_spelling(void **state)
{
    static const char *const spellings[] = {CODE, "abcdefghjklmnpqrstuv",
                                            "-aBcDe--FGHJK-lmnpqrstuv-"};
    char password[64];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(with_phone(spellings[i], "9195550142", password),
                         BWDIR_OK);
        assert_string_equal(password, "ABCDEFGHJKLMNPQRSTUV.9195550142");
    }
}

static void
test_with_phone_refuses(void **state)
{
    static const char *const phones[] = {
        "919-555-0142", "91955501420", "919555014",  "",
        "919555O142",   " 919555014",  "+919555014", "9195550142\n"};
    char password[64];

    (void)state;
    for (size_t i = 0; i < sizeof(phones) / sizeof(phones[0]); i++)
        assert_int_equal(with_phone(CODE, phones[i], password),
                         BWDIR_BAD_VALUE);
    assert_int_equal(with_phone(CODE, NULL, password), BWDIR_BAD_VALUE);
    assert_int_equal(with_phone("ABCDE", "9195550142", password),
                     BWDIR_BAD_VALUE);
    assert_int_equal(with_phone("", "9195550142", password), BWDIR_BAD_VALUE);
}

static enum bwdir_status
credential(const char *typed, char name[BWDIR_CREDENTIAL_SIZE])
{
    struct bwdir_secret *code = NULL;
    enum bwdir_status status;

    assert_int_equal(bwdir_secret_new(typed, strlen(typed), &code), BWDIR_OK);
    status = bwdir_code_credential(code, name);
    bwdir_secret_free(&code);
    return status;
}

static void
test_credential_is_named_after_the_first_group(void **state)
{
    static const char *const spellings[] = {CODE, "abcdefghjklmnpqrstuv",
                                            "-a-B-cDe--FGHJK-lmnpqrstuv-"};
    char name[BWDIR_CREDENTIAL_SIZE];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(credential(spellings[i], name), BWDIR_OK);
        assert_string_equal(name, "verification-abcde");
    }
    assert_int_equal(credential("23456-789AB-CDEFG-HJKLM", name), BWDIR_OK);
    assert_string_equal(name, "verification-23456");
}

static void
test_credential_refuses(void **state)
{
    char name[BWDIR_CREDENTIAL_SIZE];

    (void)state;
    assert_int_equal(credential("ABCDE", name), BWDIR_BAD_VALUE);
    assert_int_equal(credential("", name), BWDIR_BAD_VALUE);
    assert_int_equal(credential("*BCDEFGHJKLMNPQRSTUV", name),
                     BWDIR_BAD_VALUE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_is_printed_in_groups),
        cmocka_unit_test(test_new_uses_the_whole_alphabet),
        cmocka_unit_test(test_has_shape),
        cmocka_unit_test(test_with_phone_has_one_spelling),
        cmocka_unit_test(test_with_phone_refuses),
        cmocka_unit_test(test_credential_is_named_after_the_first_group),
        cmocka_unit_test(test_credential_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
