/*
 * Decoding requests.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "question.h"

#define BIT(tag) (1u << (tag))
#define REQUIRE_BITS                                                          \
    (BIT(BW_WIRE_REQUIRE_ROLE) | BIT(BW_WIRE_REQUIRE_ACCOUNT) |               \
     BIT(BW_WIRE_REQUIRE_LEVEL))

/* The fields that must and that may stand in a request of each kind. */
static const struct {
    unsigned must;
    unsigned may;
} shape[] = {
    [BW_WIRE_AUTHENTICATE] = {BIT(BW_WIRE_SERVICE) | BIT(BW_WIRE_PASSWORD),
                              REQUIRE_BITS},
    [BW_WIRE_ACCOUNT] = {BIT(BW_WIRE_SERVICE), REQUIRE_BITS},
    [BW_WIRE_CHANGE] = {BIT(BW_WIRE_SERVICE) | BIT(BW_WIRE_PASSWORD),
                        REQUIRE_BITS | BIT(BW_WIRE_NEW_PASSWORD)},
    [BW_WIRE_REDEEM] = {BIT(BW_WIRE_SERVICE) | BIT(BW_WIRE_CODE) |
                            BIT(BW_WIRE_PHONE),
                        REQUIRE_BITS | BIT(BW_WIRE_NEW_PASSWORD)},
};

/* A terminated copy; false for a value that is empty or holds a NUL.  There
 * is room for every field: its head was longer than the terminator. */
static bool
take_text(struct bwdird_question *question, const struct bw_wire_field *field,
          const char **text)
{
    char *copy = question->text + question->text_used;

    if (field->length == 0 || memchr(field->bytes, '\0', field->length) ||
        field->length >= sizeof(question->text) - question->text_used)
        return false;
    memcpy(copy, field->bytes, field->length);
    copy[field->length] = '\0';
    question->text_used += field->length + 1;
    *text = copy;
    return true;
}

static bool
take_required(struct bwdird_question *question,
              const struct bw_wire_field *field, const char **list)
{
    size_t count = 0;

    while (list[count] != NULL)
        count++;
    return count < BWDIRD_REQUIRE_MAX &&
           take_text(question, field, &list[count]);
}

static bool
take_secret(const struct bw_wire_field *field, struct bwdir_secret **secret)
{
    return bwdir_secret_new(field->bytes, field->length, secret) == BWDIR_OK;
}

static bool
take(struct bwdird_question *question, const struct bw_wire_field *field)
{
    switch (field->tag) {
    case BW_WIRE_SERVICE:
        return field->length <= BWDIRD_SERVICE_NAME_MAX &&
               take_text(question, field, &question->service_name);
    case BW_WIRE_PASSWORD:
        return take_secret(field, &question->password);
    case BW_WIRE_NEW_PASSWORD:
        return take_secret(field, &question->new_password);
    case BW_WIRE_CODE:
        return take_secret(field, &question->code);
    case BW_WIRE_PHONE:
        return take_text(question, field, &question->phone);
    case BW_WIRE_REQUIRE_ROLE:
        return take_required(question, field, question->role);
    case BW_WIRE_REQUIRE_ACCOUNT:
        return take_required(question, field, question->account);
    case BW_WIRE_REQUIRE_LEVEL:
        return take_required(question, field, question->level);
    case BW_WIRE_LEVEL:
    case BW_WIRE_ROLES:
    case BW_WIRE_ACCOUNTS:
    case BW_WIRE_ACCESS:
    case BW_WIRE_MESSAGE:
        break;
    }
    return false;
}

static bool
take_all(struct bwdird_question *question, struct bw_wire_reader *reader,
         const char **why)
{
    unsigned may = shape[question->kind].must | shape[question->kind].may;
    struct bw_wire_field field;
    int more;

    while ((more = bw_wire_next(reader, &field)) == 1) {
        *why = "malformed frame: field not of this kind";
        if (!(may & BIT(field.tag)))
            return false;
        *why = "malformed frame: field not fit";
        if (!take(question, &field))
            return false;
    }
    *why = "malformed frame: fields broken";
    return more == 0;
}

static void
fill_service(struct bwdird_question *question, unsigned access)
{
    question->service.access = (enum bwdir_access_kind)access;
    question->service.require_role = question->role;
    question->service.require_account = question->account;
    question->service.require_level = question->level;
}

bool
bwdird_question_decode(struct bwdird_question *question,
                       const struct bw_wire_request *header,
                       const void *fields, const char **why)
{
    struct bw_wire_reader reader = {.next = fields, .left = header->length};
    unsigned must;

    memset(question, 0, sizeof(*question));
    question->kind = (enum bw_wire_kind)header->kind;
    memcpy(question->user, header->user, sizeof(header->user));
    fill_service(question, header->access);
    if (!take_all(question, &reader, why))
        return false;
    *why = "malformed frame: field missing";
    must = shape[question->kind].must;
    if ((reader.seen & must) != must)
        return false;
    question->service.name = question->service_name;
    *why = NULL;
    return true;
}

void
bwdird_question_clear(struct bwdird_question *question)
{
    bwdir_secret_free(&question->password);
    bwdir_secret_free(&question->new_password);
    bwdir_secret_free(&question->code);
    explicit_bzero(question, sizeof(*question));
}
