/*
 * What may stand in a mail: UTF-8 (RFC 3629) without control characters,
 * which could end a header, steer a terminal or hide a line.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "template.h"

/* Bytes of the character that starts with LEAD; 0 when none starts so. */
static size_t
character_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead <= 0xdf)
        return 2;
    if (lead >= 0xe0 && lead <= 0xef)
        return 3;
    if (lead >= 0xf0 && lead <= 0xf4)
        return 4;
    return 0;
}

/* Overlong forms, surrogates and what lies behind U+10FFFF show in the
 * second byte (RFC 3629, section 4); C1 controls are U+0080 to U+009F. */
static bool
second_byte_fits(unsigned char lead, unsigned char second)
{
    switch (lead) {
    case 0xc2:
        return second >= 0xa0;
    case 0xe0:
        return second >= 0xa0;
    case 0xed:
        return second <= 0x9f;
    case 0xf0:
        return second >= 0x90;
    case 0xf4:
        return second <= 0x8f;
    default:
        return true;
    }
}

static bool
control(unsigned char byte, bool lines)
{
    return (byte < 0x20 && !(lines && byte == '\n')) || byte == 0x7f;
}

bool
mail_text_is_clean(const char *text, bool lines)
{
    const unsigned char *at = (const unsigned char *)text;

    while (*at != '\0') {
        size_t length = character_length(*at);

        if (length == 0 || control(*at, lines))
            return false;
        if (length > 1 && !second_byte_fits(at[0], at[1]))
            return false;
        for (size_t i = 1; i < length; i++)
            if ((at[i] & 0xc0) != 0x80)
                return false;
        at += length;
    }
    return true;
}
