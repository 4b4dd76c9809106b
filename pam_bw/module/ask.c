/*
 * One question to bwdird, one answer.  Everything that is not an answer in
 * form, in time and from the right peer is BWDIR_UNAVAILABLE.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/ask.h"

#include "pam_bw/module/channel.h"

#include <errno.h>
#include <security/pam_ext.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

/*
 * The daemon answers "unavailable" by itself at the deadline; this is how
 * much later the module gives up on it.
 */
#define GRACE_MS 100

static bool
is_printable(const struct bw_wire_field *field)
{
    for (size_t i = 0; i < field->length; i++)
        if (field->bytes[i] < 0x20 || field->bytes[i] > 0x7e)
            return false;
    return true;
}

static struct pambw_text *
text_of(struct pambw_answer *answer, enum bw_wire_tag tag)
{
    switch ((unsigned)tag) {
    case BW_WIRE_LEVEL:
        return &answer->level;
    case BW_WIRE_ROLES:
        return &answer->roles;
    case BW_WIRE_ACCOUNTS:
        return &answer->accounts;
    case BW_WIRE_ACCESS:
        return &answer->access;
    case BW_WIRE_MESSAGE:
        return &answer->message;
    default:
        return NULL;
    }
}

static enum pambw_fault
read_fields(struct pambw_answer *answer, size_t length)
{
    struct bw_wire_reader reader = {.next = (const uint8_t *)answer->fields,
                                    .left = length};
    struct bw_wire_field field;
    struct pambw_text *text;
    int more;

    while ((more = bw_wire_next(&reader, &field)) > 0) {
        text = text_of(answer, field.tag);
        if (text == NULL || text->bytes != NULL || !is_printable(&field))
            return PAMBW_GARBAGE;
        *text = (struct pambw_text){field.bytes, field.length};
    }
    return more == 0 ? PAMBW_NO_FAULT : PAMBW_GARBAGE;
}

static enum pambw_fault
receive(const struct pambw_channel *channel, struct pambw_answer *answer)
{
    struct bw_wire_reply reply;
    enum pambw_fault fault;

    fault = pambw_channel_receive(channel, &reply, sizeof(reply));
    if (fault != PAMBW_NO_FAULT)
        return fault;
    if (!bw_wire_reply_valid(&reply))
        return PAMBW_GARBAGE;
    if (reply.length > 0) {
        answer->fields = malloc(reply.length);
        if (answer->fields == NULL)
            return PAMBW_NO_MEMORY;
        fault = pambw_channel_receive(channel, answer->fields, reply.length);
        if (fault == PAMBW_NO_FAULT)
            fault = read_fields(answer, reply.length);
    }
    if (fault == PAMBW_NO_FAULT) {
        answer->days_left = reply.days_left;
        answer->access_told = (enum bw_wire_access)reply.access;
        answer->status = (enum bwdir_status)reply.status;
    }
    return fault;
}

/* The module's own log lines: what the daemon cannot know. */
static void
report(const struct pambw *call, enum pambw_fault fault, uid_t peer)
{
    const char *path = call->options.socket;
    const char *user = bwdir_shape_is_name(call->user) ? call->user : "?";

    switch (fault) {
    case PAMBW_UNREACHABLE:
        pam_syslog(call->handle, LOG_ERR, "user=%.32s: bwdird at %s: %m", user,
                   path);
        break;
    case PAMBW_STRANGER:
        pam_syslog(call->handle, LOG_CRIT,
                   "user=%.32s: peer at %s refused: its uid is %u", user, path,
                   (unsigned)peer);
        break;
    case PAMBW_LATE:
        pam_syslog(call->handle, LOG_ERR,
                   "user=%.32s: bwdird at %s: no answer in time", user, path);
        break;
    case PAMBW_CLOSED:
        pam_syslog(call->handle, LOG_ERR,
                   "user=%.32s: bwdird at %s: connection lost", user, path);
        break;
    case PAMBW_GARBAGE:
        pam_syslog(call->handle, LOG_ERR,
                   "user=%.32s: bwdird at %s: malformed reply", user, path);
        break;
    case PAMBW_NO_MEMORY:
        pam_syslog(call->handle, LOG_ERR, "out of memory");
        break;
    case PAMBW_NO_FAULT:
        break;
    }
}

static void
exchange(const struct pambw *call, const void *frame, size_t length,
         struct pambw_answer *answer)
{
    struct pambw_channel channel = {.fd = -1};
    enum pambw_fault fault;

    channel.deadline = pambw_clock_ms() + GRACE_MS +
                       bw_wire_deadline_ms(call->options.access);
    fault = pambw_channel_open(&channel, call->options.socket);
    if (fault == PAMBW_NO_FAULT)
        fault = pambw_channel_send(&channel, frame, length);
    if (fault == PAMBW_NO_FAULT)
        fault = receive(&channel, answer);
    report(call, fault, channel.peer);
    pambw_channel_close(&channel);
    if (fault == PAMBW_NO_MEMORY)
        answer->status = BWDIR_NO_MEMORY;
}

/* Whether STATUS says something about the user rather than about us. */
static bool
is_about_user(enum bwdir_status status)
{
    return status != BWDIR_UNAVAILABLE && status != BWDIR_CONFIG &&
           status != BWDIR_INTERNAL && status != BWDIR_NO_MEMORY;
}

/*
 * Whatever the daemon made of a stand-in: a name that cannot exist is unknown
 * and a password that cannot be right is wrong.
 */
static enum bwdir_status
without_stand_ins(const struct pambw *call,
                  const struct pambw_question *question,
                  enum bwdir_status status)
{
    if (!is_about_user(status))
        return status;
    if (!bwdir_shape_is_name(call->user))
        return BWDIR_NO_SUCH_USER;
    if (question->password != NULL &&
        !pambw_password_fits(question->password) &&
        status != BWDIR_NO_SUCH_USER)
        return BWDIR_BAD_CREDENTIALS;
    return status;
}

enum bwdir_status
pambw_ask(const struct pambw *call, const struct pambw_question *question,
          struct pambw_answer *answer)
{
    uint8_t frame[BW_WIRE_REQUEST_MAX];
    size_t length;

    *answer =
        (struct pambw_answer){.status = BWDIR_UNAVAILABLE, .days_left = -1};
    length = pambw_question_write(call, question, frame, sizeof(frame));
    if (length > 0) {
        exchange(call, frame, length, answer);
    } else {
        pam_syslog(call->handle, LOG_ERR, "service name too long");
        answer->status = BWDIR_CONFIG;
    }
    explicit_bzero(frame, sizeof(frame));
    answer->status = without_stand_ins(call, question, answer->status);
    if (call->options.debug)
        pam_syslog(call->handle, LOG_DEBUG, "question %d: status %d",
                   (int)question->kind, (int)answer->status);
    return answer->status;
}

void
pambw_answer_clear(struct pambw_answer *answer)
{
    free(answer->fields);
    *answer =
        (struct pambw_answer){.status = BWDIR_UNAVAILABLE, .days_left = -1};
}
