/*
 * Encoding replies.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "reply.h"

static void
put(struct bw_wire_writer *writer, enum bw_wire_tag tag, const char *text)
{
    bw_wire_put(writer, tag, text, strlen(text));
}

static void
put_facts(struct bw_wire_writer *writer, const struct bwdir_answer *answer)
{
    put(writer, BW_WIRE_LEVEL, answer->level);
    put(writer, BW_WIRE_ROLES, answer->roles);
    put(writer, BW_WIRE_ACCOUNTS, answer->accounts);
    put(writer, BW_WIRE_ACCESS, answer->access);
}

static bool
has_facts(const struct bwdir_answer *answer)
{
    return (answer->status == BWDIR_OK ||
            answer->status == BWDIR_MUST_CHANGE) &&
           answer->roles != NULL && answer->accounts != NULL;
}

struct bw_wire_reply
bwdird_reply_bare(enum bwdir_status status)
{
    struct bw_wire_reply reply = {
        .version = BW_WIRE_VERSION,
        .status = (uint32_t)status,
        .days_left = -1,
    };

    return reply;
}

size_t
bwdird_reply_encode(const struct bwdir_answer *answer, bool unsaid,
                    void *buffer)
{
    struct bw_wire_reply reply = bwdird_reply_bare(answer->status);
    struct bw_wire_writer writer;

    bw_wire_start(&writer, buffer, BW_WIRE_REPLY_MAX, sizeof(reply));
    if (has_facts(answer))
        put_facts(&writer, answer);
    if (answer->status == BWDIR_REFUSED && answer->message[0] != '\0')
        put(&writer, BW_WIRE_MESSAGE, answer->message);
    if (writer.overflow)
        return 0;
    if (answer->status == BWDIR_OK && answer->days_left >= 0)
        reply.days_left = answer->days_left;
    if (unsaid)
        reply.access = (uint8_t)answer->service_access;
    reply.length = (uint32_t)(writer.used - sizeof(reply));
    memcpy(buffer, &reply, sizeof(reply));
    return writer.used;
}

bool
bwdird_reply_whole(const void *frame, size_t size)
{
    struct bw_wire_reply reply;

    if (size < sizeof(reply) || size > BW_WIRE_REPLY_MAX)
        return false;
    memcpy(&reply, frame, sizeof(reply));
    return bw_wire_reply_valid(&reply) && reply.length == size - sizeof(reply);
}
