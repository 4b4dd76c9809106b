/*
 * Filling in a struct bwdir_detail: one bounded sentence, fit to be logged or
 * shown whatever bytes went into it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "detail.h"

#include <stdarg.h>
#include <stdio.h>

/* Copies RAW into TEXT; what does not fit whole is left out. */
static void
copy_printable(struct bwdir_detail *why, const char *raw)
{
    size_t used = 0;

    for (; *raw != '\0'; raw++) {
        unsigned char byte = (unsigned char)*raw;
        bool plain = byte >= 0x20 && byte <= 0x7e;

        if (used + (plain ? 1 : 4) >= sizeof(why->text))
            break;
        if (plain)
            why->text[used++] = *raw;
        else
            used += (size_t)snprintf(
                &why->text[used], sizeof(why->text) - used, "\\x%02x", byte);
    }
    why->text[used] = '\0';
}

enum bwdir_status
bwdir_fail(struct bwdir_detail *why, enum bwdir_status status,
           const char *format, ...)
{
    /* Of its own, so that an argument may be why->text itself. */
    char raw[sizeof(why->text)];
    va_list arguments;
    int length;

    if (why == NULL)
        return status;
    va_start(arguments, format);
    length = vsnprintf(raw, sizeof(raw), format, arguments);
    va_end(arguments);
    copy_printable(why, length < 0 ? bwdir_strerror(status) : raw);
    return status;
}
