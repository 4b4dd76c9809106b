/*
 * Text of the directory on a terminal: what it may show and how wide it is.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "text.h"

#include <err.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <wchar.h>
#include <wctype.h>

/* Format characters that show nothing and change what is around them. */
static const struct {
    wchar_t first, last;
} invisible[] = {
    {0x00ad, 0x00ad}, {0x061c, 0x061c},   {0x180e, 0x180e}, {0x200b, 0x200b},
    {0x200e, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x206f}, {0xfeff, 0xfeff},
    {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
};

/* The tools know no locale but this one; glibc and musl always have it. */
static locale_t
utf8(void)
{
    static locale_t locale;

    if (locale == (locale_t)0)
        locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    return locale;
}

/* Length of the character at TEXT when it may be shown, else 0. */
static size_t
shown_length(const char *text, wchar_t *character)
{
    mbstate_t state;
    size_t length;

    memset(&state, 0, sizeof state);
    length = mbrtowc(character, text, strlen(text), &state);
    if (length == 0 || length > strlen(text) ||
        iswprint((wint_t)*character) == 0)
        return 0;
    for (size_t i = 0; i < sizeof invisible / sizeof *invisible; i++)
        if (*character >= invisible[i].first &&
            *character <= invisible[i].last)
            return 0;
    return length;
}

static char *
escape(const char *text, bool ascii)
{
    char *copy = malloc(4 * strlen(text) + 1);
    char *at = copy;

    if (copy == NULL)
        errx(EX_OSERR, "out of memory");
    while (*text != '\0') {
        wchar_t character;
        size_t length = shown_length(text, &character);

        if (length == 0 || (ascii && length > 1)) {
            at += sprintf(at, "\\x%02x", (unsigned char)*text++);
            continue;
        }
        at = mempcpy(at, text, length);
        text += length;
    }
    *at = '\0';
    return copy;
}

char *
cli_text_shown(const char *text)
{
    locale_t before = utf8() != (locale_t)0 ? uselocale(utf8()) : (locale_t)0;
    char *copy = escape(text, false);

    if (before != (locale_t)0)
        uselocale(before);
    return copy;
}

char *
cli_text_ascii(const char *text)
{
    return escape(text, true);
}

size_t
cli_text_width(const char *shown)
{
    locale_t before = utf8() != (locale_t)0 ? uselocale(utf8()) : (locale_t)0;
    size_t width = 0;

    while (*shown != '\0') {
        wchar_t character;
        size_t length = shown_length(shown, &character);
        int columns = length > 0 ? wcwidth(character) : 1;

        width += columns > 0 ? (size_t)columns : 0;
        shown += length > 0 ? length : 1;
    }
    if (before != (locale_t)0)
        uselocale(before);
    return width;
}
