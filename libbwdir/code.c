/*
 * Sign-up codes: 100 random bits in 20 characters, five bits each.  The
 * alphabet is base32 without look-alikes: digits and capital letters less
 * 0 and O, 1 and I.  It is printed in capitals with hyphens and read in
 * either case, with hyphens anywhere.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "code.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

#include "secret.h"
#include "shape.h"

static const char alphabet[] = BWDIR_SHAPE_CODE_ALPHABET;

_Static_assert(sizeof(alphabet) == 32 + 1, "five bits a character");
_Static_assert(BWDIR_CODE_CHARS * 5 == 100, "100 bits");
_Static_assert(BWDIR_CODE_CHARS == BWDIR_SHAPE_CODE_CHARS, "one length");
_Static_assert(BWDIR_PHONE_DIGITS == BWDIR_SHAPE_PHONE_DIGITS, "one length");

#define PRINTED_CHARS                                                         \
    (BWDIR_CODE_CHARS + BWDIR_CODE_CHARS / BWDIR_CODE_GROUP - 1)

enum bwdir_status
bwdir_code_new(struct bwdir_secret **code)
{
    enum bwdir_status status = bwdir_secret_alloc(PRINTED_CHARS, code);
    unsigned char random[BWDIR_CODE_CHARS];
    char *out;

    if (status != BWDIR_OK)
        return status;
    out = bwdir_secret_buffer(*code);
    randombytes_buf(random, sizeof(random));
    for (size_t i = 0; i < sizeof(random); i++) {
        if (i > 0 && i % BWDIR_CODE_GROUP == 0)
            *out++ = '-';
        *out++ = alphabet[random[i] % 32];
    }
    sodium_memzero(random, sizeof(random));
    return BWDIR_OK;
}

bool
bwdir_code_has_shape(const char *text, size_t length)
{
    return text != NULL && bwdir_shape_is_code(text, length);
}

enum bwdir_status
bwdir_code_with_phone(const struct bwdir_secret *code, const char *phone,
                      struct bwdir_secret **password)
{
    const char *typed = bwdir_secret_bytes(code);
    size_t length = bwdir_secret_length(code);
    enum bwdir_status status;
    char *out;

    *password = NULL;
    if (!bwdir_code_has_shape(typed, length) || phone == NULL ||
        !bwdir_shape_is_phone(phone))
        return BWDIR_BAD_VALUE;
    status = bwdir_secret_alloc(BWDIR_CODE_CHARS + 1 + BWDIR_PHONE_DIGITS,
                                password);
    if (status != BWDIR_OK)
        return status;
    out = bwdir_secret_buffer(*password);
    for (size_t i = 0; i < length; i++)
        if (typed[i] != '-')
            *out++ = bwdir_shape_code_character(typed[i]);
    *out++ = '.';
    memcpy(out, phone, BWDIR_PHONE_DIGITS);
    return BWDIR_OK;
}

enum bwdir_status
bwdir_code_credential(const struct bwdir_secret *code,
                      char name[BWDIR_CREDENTIAL_SIZE])
{
    const char *typed = bwdir_secret_bytes(code);
    char *out = stpcpy(name, BWDIR_CREDENTIAL_PREFIX);
    char *end = out + BWDIR_CODE_GROUP;

    *out = '\0';
    if (!bwdir_code_has_shape(typed, bwdir_secret_length(code)))
        return BWDIR_BAD_VALUE;
    for (; out < end; typed++)
        if (*typed != '-')
            *out++ = (char)tolower(
                (unsigned char)bwdir_shape_code_character(*typed));
    *out = '\0';
    return BWDIR_OK;
}
