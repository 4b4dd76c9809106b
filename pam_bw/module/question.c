/*
 * A question to bwdird as a frame: who, where from, which service, what it
 * demands, which secret.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/question.h"

#include <arpa/inet.h>
#include <string.h>

#define PASSWORD_MAX 512

/* No user can have this name: what a name that cannot exist is asked as. */
#define NOBODY "?"

bool
pambw_password_fits(const char *password)
{
    return password[0] != '\0' && strlen(password) <= PASSWORD_MAX;
}

/* A numeric PAM_RHOST; a name proves nothing and is not sent. */
static void
put_source(pam_handle_t *handle, uint8_t *source)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255};
    const void *item = NULL;
    struct in6_addr six;
    struct in_addr four;

    if (pam_get_item(handle, PAM_RHOST, &item) != PAM_SUCCESS || item == NULL)
        return;
    if (inet_pton(AF_INET6, item, &six) == 1) {
        memcpy(source, &six, sizeof(six));
    } else if (inet_pton(AF_INET, item, &four) == 1) {
        memcpy(source, mapped, sizeof(mapped));
        memcpy(source + sizeof(mapped), &four, sizeof(four));
    }
}

static void
put_text(struct bw_wire_writer *writer, enum bw_wire_tag tag, const char *text)
{
    bw_wire_put(writer, tag, text, strlen(text));
}

static void
put_password(struct bw_wire_writer *writer, const char *password)
{
    put_text(writer, BW_WIRE_PASSWORD,
             pambw_password_fits(password) ? password : "");
}

static void
put_fields(struct bw_wire_writer *writer, const struct pambw *call,
           const struct pambw_question *question)
{
    const struct pambw_options *options = &call->options;

    put_text(writer, BW_WIRE_SERVICE, call->service);
    for (size_t i = 0; i < options->requirement_count; i++)
        put_text(writer, options->requirements[i].tag,
                 options->requirements[i].list);
    if (question->password != NULL)
        put_password(writer, question->password);
    if (question->new_password != NULL)
        put_text(writer, BW_WIRE_NEW_PASSWORD, question->new_password);
    if (question->code != NULL)
        put_text(writer, BW_WIRE_CODE, question->code);
    if (question->phone != NULL)
        put_text(writer, BW_WIRE_PHONE, question->phone);
}

size_t
pambw_question_write(const struct pambw *call,
                     const struct pambw_question *question, void *buffer,
                     size_t size)
{
    struct bw_wire_request header = {
        .version = BW_WIRE_VERSION,
        .kind = (uint8_t)question->kind,
        .access = (uint8_t)call->options.access,
        .deadline_ms = bw_wire_deadline_ms(call->options.access),
    };
    struct bw_wire_writer writer;
    const char *user = call->user;

    if (user[0] == '\0' || strlen(user) > sizeof(header.user))
        user = NOBODY;
    memcpy(header.user, user, strlen(user));
    put_source(call->handle, header.source);
    bw_wire_start(&writer, buffer, size, sizeof(header));
    put_fields(&writer, call, question);
    if (writer.overflow)
        return 0;
    header.length = (uint32_t)(writer.used - sizeof(header));
    memcpy(buffer, &header, sizeof(header));
    return writer.used;
}
