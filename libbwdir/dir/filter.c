/*
 * Search filters: values go in escaped, whatever they hold (RFC 4515
 * section 3).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "search.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static bool
is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte <= 0x7e && strchr("*()\\", byte) == NULL;
}

static char *
put_escaped(char *out, const char *value)
{
    static const char digits[] = "0123456789abcdef";

    for (; *value != '\0'; value++) {
        unsigned char byte = (unsigned char)*value;

        if (is_plain(byte)) {
            *out++ = *value;
            continue;
        }
        *out++ = '\\';
        *out++ = digits[byte >> 4];
        *out++ = digits[byte & 15];
    }
    return out;
}

/* Room for the format with every byte of every value escaped. */
static size_t
worst_size(const char *format, va_list values)
{
    size_t size = strlen(format) + 1;

    for (const char *c = format; (c = strstr(c, "%s")) != NULL; c += 2)
        size += 3 * strlen(va_arg(values, const char *));
    return size;
}

char *
dir_filter(const char *format, ...)
{
    va_list values;
    char *filter;
    char *out;

    va_start(values, format);
    filter = malloc(worst_size(format, values));
    va_end(values);
    if (filter == NULL)
        return NULL;
    out = filter;
    va_start(values, format);
    for (; *format != '\0'; format++) {
        if (strncmp(format, "%s", 2) == 0) {
            out = put_escaped(out, va_arg(values, const char *));
            format++;
        } else {
            *out++ = *format;
        }
    }
    va_end(values);
    *out = '\0';
    return filter;
}
