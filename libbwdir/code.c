/*
 * Sign-up codes: 100 random bits in 20 characters, five bits each.  The
 * alphabet is base32 without look-alikes: digits and capital letters less
 * 0 and O, 1 and I.  It is printed in capitals with hyphens and read in
 * either case, with hyphens anywhere.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "code.h"

#include <sodium.h>
#include <string.h>

#include "secret.h"

static const char alphabet[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

_Static_assert(sizeof(alphabet) == 32 + 1, "five bits a character");
_Static_assert(BWDIR_CODE_CHARS * 5 == 100, "100 bits");

#define GROUP 5
#define PRINTED_CHARS (BWDIR_CODE_CHARS + BWDIR_CODE_CHARS / GROUP - 1)
#define TYPED_MAX (2 * BWDIR_CODE_CHARS) /* a hyphen after each character */

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
        if (i > 0 && i % GROUP == 0)
            *out++ = '-';
        *out++ = alphabet[random[i] % 32];
    }
    sodium_memzero(random, sizeof(random));
    return BWDIR_OK;
}

/* The character as it is printed; '\0' when it is not of the alphabet. */
static char
canonical(char typed)
{
    char capital = typed;

    if (typed >= 'a' && typed <= 'z')
        capital = (char)(typed - 'a' + 'A');
    if (capital == '\0' || strchr(alphabet, capital) == NULL)
        return '\0';
    return capital;
}

bool
bwdir_code_has_shape(const char *text, size_t length)
{
    size_t count = 0;

    if (text == NULL || length > TYPED_MAX)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '-')
            continue;
        if (canonical(text[i]) == '\0')
            return false;
        count++;
    }
    return count == BWDIR_CODE_CHARS;
}

static bool
is_phone(const char *phone)
{
    return phone != NULL && strlen(phone) == BWDIR_PHONE_DIGITS &&
           strspn(phone, "0123456789") == BWDIR_PHONE_DIGITS;
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
    if (!bwdir_code_has_shape(typed, length) || !is_phone(phone))
        return BWDIR_BAD_VALUE;
    status = bwdir_secret_alloc(BWDIR_CODE_CHARS + 1 + BWDIR_PHONE_DIGITS,
                                password);
    if (status != BWDIR_OK)
        return status;
    out = bwdir_secret_buffer(*password);
    for (size_t i = 0; i < length; i++)
        if (typed[i] != '-')
            *out++ = canonical(typed[i]);
    *out++ = '.';
    memcpy(out, phone, BWDIR_PHONE_DIGITS);
    return BWDIR_OK;
}
