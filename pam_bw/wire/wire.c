/*
 * Writing and reading the frames of wire.h.  Compiled into a PAM module, so
 * it needs libc only, allocates nothing and keeps no state of its own.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "bwdir_status.h"
#include "wire.h"

#define FIELD_HEAD 3 /* tag and length */
#define FIELD_MAX 65535

void
bw_wire_start(struct bw_wire_writer *writer, void *buffer, size_t size,
              size_t header_size)
{
    writer->buffer = buffer;
    writer->size = size;
    writer->overflow = header_size > size;
    writer->used = writer->overflow ? 0 : header_size;
    if (writer->used > 0)
        memset(buffer, 0, writer->used);
}

void
bw_wire_put(struct bw_wire_writer *writer, enum bw_wire_tag tag,
            const void *bytes, size_t length)
{
    size_t room = writer->size - writer->used;
    uint8_t *next = writer->buffer + writer->used;
    uint16_t prefix;

    if (writer->overflow || length > FIELD_MAX || room < FIELD_HEAD ||
        length > room - FIELD_HEAD) {
        writer->overflow = true;
        return;
    }
    prefix = (uint16_t)length;
    next[0] = (uint8_t)tag;
    memcpy(next + 1, &prefix, sizeof(prefix));
    if (length > 0)
        memcpy(next + FIELD_HEAD, bytes, length);
    writer->used += FIELD_HEAD + length;
}

static bool
in_request(enum bw_wire_tag tag)
{
    return tag >= BW_WIRE_SERVICE && tag <= BW_WIRE_REQUIRE_LEVEL;
}

static bool
in_reply(enum bw_wire_tag tag)
{
    return tag >= BW_WIRE_LEVEL && tag <= BW_WIRE_MESSAGE;
}

static bool
repeats(enum bw_wire_tag tag)
{
    return tag >= BW_WIRE_REQUIRE_ROLE && tag <= BW_WIRE_REQUIRE_LEVEL;
}

static bool
tag_fits(const struct bw_wire_reader *reader, enum bw_wire_tag tag)
{
    if (!in_request(tag) && !in_reply(tag))
        return false;
    return repeats(tag) || !(reader->seen & (1u << tag));
}

int
bw_wire_next(struct bw_wire_reader *reader, struct bw_wire_field *field)
{
    enum bw_wire_tag tag;
    uint16_t length;

    if (reader->left == 0)
        return 0;
    if (reader->left < FIELD_HEAD)
        return -1;
    tag = (enum bw_wire_tag)reader->next[0];
    memcpy(&length, reader->next + 1, sizeof(length));
    if (length > reader->left - FIELD_HEAD || !tag_fits(reader, tag))
        return -1;
    field->tag = tag;
    field->bytes = (const char *)reader->next + FIELD_HEAD;
    field->length = length;
    reader->seen |= 1u << tag;
    reader->next += FIELD_HEAD + length;
    reader->left -= FIELD_HEAD + (size_t)length;
    return 1;
}

/* Nothing but NUL may follow the first NUL of a padded name. */
static bool
padding_clean(const char *name, size_t size)
{
    size_t i = strnlen(name, size);

    for (; i < size; i++)
        if (name[i] != '\0')
            return false;
    return true;
}

bool
bw_wire_request_valid(const struct bw_wire_request *request)
{
    return request->version == BW_WIRE_VERSION &&
           request->kind >= BW_WIRE_AUTHENTICATE &&
           request->kind <= BW_WIRE_REDEEM && request->access <= BW_WIRE_API &&
           request->reserved == 0 &&
           request->length <= BW_WIRE_REQUEST_MAX - sizeof(*request) &&
           request->deadline_ms >= 1 &&
           request->deadline_ms <= bw_wire_deadline_ms(BW_WIRE_DASHBOARD) &&
           padding_clean(request->user, sizeof(request->user));
}

bool
bw_wire_reply_valid(const struct bw_wire_reply *reply)
{
    return reply->version == BW_WIRE_VERSION && reply->access <= BW_WIRE_API &&
           reply->reserved[0] == 0 && reply->reserved[1] == 0 &&
           reply->length <= BW_WIRE_REPLY_MAX - sizeof(*reply) &&
           reply->status <= BWDIR_STATUS_LAST && reply->days_left >= -1;
}

uint32_t
bw_wire_deadline_ms(enum bw_wire_access access)
{
    return access == BW_WIRE_API ? 1000 : 3000;
}
