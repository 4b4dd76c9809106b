/*
 * What may stand in a mail: UTF-8 (RFC 3629) without control characters,
 * which could end a header, steer a terminal or hide a line.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "template.h"

#include <glib.h>

bool
mail_text_is_clean(const char *text, bool lines)
{
    if (!g_utf8_validate(text, -1, NULL))
        return false;
    for (; *text != '\0'; text = g_utf8_next_char(text))
        if (g_unichar_iscntrl(g_utf8_get_char(text)) &&
            !(lines && *text == '\n'))
            return false;
    return true;
}
