/*
 * How the files of mail/ say what went wrong.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
copy_escaped(struct bwdir_detail *why, const char *from)
{
    size_t used = 0;

    for (; *from != '\0' && used + 5 < sizeof why->text; from++) {
        unsigned char byte = (unsigned char)*from;

        if (byte >= 0x20 && byte <= 0x7e)
            why->text[used++] = (char)byte;
        else
            used += (size_t)snprintf(why->text + used, 5, "\\x%02x", byte);
    }
    why->text[used] = '\0';
}

enum bwdir_status
mail_fail(struct bwdir_detail *why, enum bwdir_status status,
          const char *format, ...)
{
    char text[sizeof why->text];
    va_list args;

    if (why == NULL)
        return status;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    copy_escaped(why, text);
    return status;
}
