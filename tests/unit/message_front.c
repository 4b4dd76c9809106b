/*
 * Messages that are longer than what is written of them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libbwdir/dir/connection_impl.h"
#include "message_front.h"

unsigned char front[FRONT_MAX];
size_t front_length;

void
put(const void *bytes, size_t length)
{
    assert_true(front_length + length <= sizeof front);
    memcpy(front + front_length, bytes, length);
    front_length += length;
}

void
put_header(unsigned char tag, size_t length, size_t octets)
{
    unsigned char header[16] = {tag, (unsigned char)(0x80 | octets)};

    for (size_t i = 0; i < octets; i++)
        header[2 + i] = (unsigned char)(i + sizeof length < octets
                                            ? 0
                                            : length >> 8 * (octets - 1 - i));
    put(header, 2 + octets);
}

void
put_long(size_t content, unsigned char operation, size_t name)
{
    static const char spaces[DIR_DN_MAX + 1];

    put_header(LBER_SEQUENCE, content, 4);
    put("\x02\x04\x01\x02\x03\x04", 6);
    put_header(operation, content - 6 - 5, 3);
    if (name == strlen(FRONT_DN)) {
        put("\x04\x09" FRONT_DN, 2 + strlen(FRONT_DN));
    } else {
        put_header(LBER_OCTETSTRING, name, 2);
        put(spaces, name);
    }
}
