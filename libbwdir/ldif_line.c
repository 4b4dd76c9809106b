/*
 * Lines of LDIF (RFC 2849).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "ldif_line.h"

#include <stdbool.h>
#include <string.h>

/* SAFE-STRING of the RFC, and no blank at the end (its note 8). */
static bool
is_safe(const char *value, size_t length)
{
    if (length == 0)
        return true;
    if (strchr(" :<", value[0]) != NULL || value[length - 1] == ' ')
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)value[i] >= 0x80 || value[i] == '\n' ||
            value[i] == '\r' || value[i] == '\0')
            return false;
    return true;
}

/* RFC 4648 section 4. */
static void
print_base64(FILE *out, const unsigned char *bytes, size_t length)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < length; i += 3) {
        size_t have = length - i < 3 ? length - i : 3;
        unsigned long group = (unsigned long)bytes[i] << 16;

        if (have > 1)
            group |= (unsigned long)bytes[i + 1] << 8;
        if (have > 2)
            group |= bytes[i + 2];
        fputc(alphabet[group >> 18], out);
        fputc(alphabet[group >> 12 & 63], out);
        fputc(have > 1 ? alphabet[group >> 6 & 63] : '=', out);
        fputc(have > 2 ? alphabet[group & 63] : '=', out);
    }
}

void
bwdir_ldif_bytes(FILE *out, const char *attribute, const char *value,
                 size_t length)
{
    if (is_safe(value, length)) {
        fprintf(out, "%s: %s\n", attribute, value);
        return;
    }
    fprintf(out, "%s:: ", attribute);
    print_base64(out, (const unsigned char *)value, length);
    fputc('\n', out);
}

void
bwdir_ldif_line(FILE *out, const char *attribute, const char *value)
{
    bwdir_ldif_bytes(out, attribute, value, strlen(value));
}

void
bwdir_ldif_comment(FILE *out, const char *label, const char *text)
{
    fprintf(out, "# %s: ", label);
    for (; *text != '\0'; text++) {
        if (*text >= 0x20 && *text < 0x7f)
            fputc(*text, out);
        else
            fprintf(out, "\\x%02x", (unsigned char)*text);
    }
    fputc('\n', out);
}
