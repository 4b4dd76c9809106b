/*
 * The shapes of what people type: user names, phones, sign-up codes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "shape.h"

#include <string.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

bool
bwdir_shape_is_name(const char *name)
{
    return strspn(name, LOWER) >= 1 && strlen(name) <= BWDIR_SHAPE_NAME_MAX &&
           name[strspn(name, LOWER DIGITS "._-")] == '\0';
}

bool
bwdir_shape_is_phone(const char *phone)
{
    return strspn(phone, DIGITS) == BWDIR_SHAPE_PHONE_DIGITS &&
           phone[BWDIR_SHAPE_PHONE_DIGITS] == '\0';
}

char
bwdir_shape_code_character(char typed)
{
    static const char alphabet[] = BWDIR_SHAPE_CODE_ALPHABET;
    char capital = typed;

    if (typed >= 'a' && typed <= 'z')
        capital = (char)(typed - 'a' + 'A');
    if (capital == '\0' || strchr(alphabet, capital) == NULL)
        return '\0';
    return capital;
}

bool
bwdir_shape_is_code(const char *text, size_t length)
{
    size_t count = 0;

    if (length > (size_t)2 * BWDIR_SHAPE_CODE_CHARS)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '-')
            continue;
        if (bwdir_shape_code_character(text[i]) == '\0')
            return false;
        count++;
    }
    return count == BWDIR_SHAPE_CODE_CHARS;
}
