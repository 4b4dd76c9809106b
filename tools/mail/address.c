/*
 * Which mail addresses are written to: plain ones only.  Everything that
 * needs quoting in a header, an envelope or an argument list stays outside.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <string.h>

#include "compose.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define ATEXT LETTERS DIGITS "!#$%&'*+-/=?^_`{|}~" /* RFC 5322 3.2.3 */
#define HOST LETTERS DIGITS "-"

#define LOCAL_MAX 64 /* RFC 5321 4.5.3.1 */
#define ADDRESS_MAX 254
#define LABEL_MAX 63

/* LENGTH bytes of WORDS made of ALPHABET with single dots between them. */
static bool
dotted(const char *words, size_t length, const char *alphabet, size_t longest)
{
    const char *end = words + length;

    for (;;) {
        size_t word = strspn(words, alphabet);

        if (word == 0 || word > longest)
            return false;
        words += word;
        if (words >= end)
            return words == end;
        if (*words != '.')
            return false;
        words++;
    }
}

bool
mail_address_is_plain(const char *address)
{
    const char *at = strchr(address, '@');
    size_t local;

    if (at == NULL || strlen(address) > ADDRESS_MAX || address[0] == '-')
        return false;
    local = (size_t)(at - address);
    return local <= LOCAL_MAX && dotted(address, local, ATEXT, LOCAL_MAX) &&
           dotted(at + 1, strlen(at + 1), HOST, LABEL_MAX);
}
