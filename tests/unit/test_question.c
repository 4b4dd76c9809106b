/*
 * Decoding requests: which fields each kind must and may have, and that a
 * frame with anything else is refused as a whole.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pam_bw/bwdird/question.h"

/* A request being made up. */
struct draft {
    struct bw_wire_request header;
    struct bw_wire_writer writer;
    uint8_t fields[BW_WIRE_REQUEST_MAX];
};

static void
begin(struct draft *draft, enum bw_wire_kind kind)
{
    memset(draft, 0, sizeof(*draft));
    draft->header.version = BW_WIRE_VERSION;
    draft->header.kind = (uint8_t)kind;
    draft->header.access = BW_WIRE_API;
    draft->header.deadline_ms = 1000;
    memcpy(draft->header.user, "dana", 4);
    bw_wire_start(&draft->writer, draft->fields, sizeof(draft->fields), 0);
}

static void
add(struct draft *draft, enum bw_wire_tag tag, const char *text)
{
    bw_wire_put(&draft->writer, tag, text, strlen(text));
}

/* NULL when it decodes, otherwise why not. */
static const char *
decode(struct draft *draft, struct bwdird_question *question)
{
    const char *why = "?";
    bool decoded;

    assert_false(draft->writer.overflow);
    draft->header.length = (uint32_t)draft->writer.used;
    decoded =
        bwdird_question_decode(question, &draft->header, draft->fields, &why);
    assert_int_equal(decoded, why == NULL);
    return why;
}

static const char *
verdict(struct draft *draft)
{
    static struct bwdird_question question;
    const char *why = decode(draft, &question);

    bwdird_question_clear(&question);
    return why;
}

static void
test_decode_authenticate(void **state)
{
    static struct bwdird_question question;
    struct draft draft;

    (void)state;
    begin(&draft, BW_WIRE_AUTHENTICATE);
    bw_wire_put(&draft.writer, BW_WIRE_PASSWORD, "p\0q", 3);
    add(&draft, BW_WIRE_SERVICE, "sshd");
    add(&draft, BW_WIRE_REQUIRE_ROLE, "ordering,porting");
    add(&draft, BW_WIRE_REQUIRE_ROLE, "reporting");
    add(&draft, BW_WIRE_REQUIRE_LEVEL, "admin");
    assert_null(decode(&draft, &question));
    assert_string_equal(question.user, "dana");
    assert_string_equal(question.service_name, "sshd");
    assert_int_equal(question.service.access, BWDIR_ACCESS_API);
    assert_int_equal(bwdir_secret_length(question.password), 3);
    assert_memory_equal(bwdir_secret_bytes(question.password), "p\0q", 3);
    assert_null(question.new_password);
    assert_string_equal(question.service.require_role[0], "ordering,porting");
    assert_string_equal(question.service.require_role[1], "reporting");
    assert_null(question.service.require_role[2]);
    assert_null(question.service.require_account[0]);
    assert_string_equal(question.service.require_level[0], "admin");
    bwdird_question_clear(&question);
    assert_null(question.password);
}

static void
test_decode_user_of_full_length(void **state)
{
    static struct bwdird_question question;
    struct draft draft;

    (void)state;
    begin(&draft, BW_WIRE_ACCOUNT);
    memset(draft.header.user, 'u', sizeof(draft.header.user));
    add(&draft, BW_WIRE_SERVICE, "sshd");
    assert_null(decode(&draft, &question));
    assert_int_equal(strlen(question.user), 32);
    bwdird_question_clear(&question);
}

static void
test_decode_empty_password_is_for_the_library(void **state)
{
    static struct bwdird_question question;
    struct draft draft;

    (void)state;
    begin(&draft, BW_WIRE_AUTHENTICATE);
    add(&draft, BW_WIRE_SERVICE, "sshd");
    add(&draft, BW_WIRE_PASSWORD, "");
    assert_null(decode(&draft, &question));
    assert_non_null(question.password);
    assert_int_equal(bwdir_secret_length(question.password), 0);
    bwdird_question_clear(&question);
}

/* One field of each tag on top of what the kind must have. */
static void
test_decode_every_tag_in_every_kind(void **state)
{
    /* may stand, beside what must: a bit for each tag 1 to 8 */
    static const struct {
        enum bw_wire_kind kind;
        unsigned must;
        unsigned may;
    } table[] = {
        {BW_WIRE_AUTHENTICATE, 0x006, 0x1c0},
        {BW_WIRE_ACCOUNT, 0x002, 0x1c0},
        {BW_WIRE_CHANGE, 0x006, 0x1c8},
        {BW_WIRE_REDEEM, 0x032, 0x1c8},
    };
    struct draft draft;
    unsigned tag, other;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        for (tag = 1; tag <= 20; tag++) {
            bool may = table[i].may & (1u << tag);

            begin(&draft, table[i].kind);
            for (other = 1; other <= 8; other++)
                if (table[i].must & (1u << other))
                    add(&draft, (enum bw_wire_tag)other, "x");
            assert_null(verdict(&draft));
            add(&draft, (enum bw_wire_tag)tag, "x");
            if (may)
                assert_null(verdict(&draft));
            else
                assert_non_null(verdict(&draft));
        }
        for (tag = 1; tag <= 8; tag++) {
            if (!(table[i].must & (1u << tag)))
                continue;
            begin(&draft, table[i].kind);
            for (other = 1; other <= 8; other++)
                if (other != tag && table[i].must & (1u << other))
                    add(&draft, (enum bw_wire_tag)other, "x");
            assert_string_equal(verdict(&draft),
                                "malformed frame: field missing");
        }
    }
}

static void
test_decode_text_with_nul_or_empty(void **state)
{
    static const enum bw_wire_tag tags[] = {
        BW_WIRE_SERVICE, BW_WIRE_PHONE, BW_WIRE_REQUIRE_ROLE,
        BW_WIRE_REQUIRE_ACCOUNT, BW_WIRE_REQUIRE_LEVEL};
    struct draft draft;
    size_t i, length;

    (void)state;
    for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
        for (length = 0; length <= 3; length++) {
            begin(&draft, BW_WIRE_REDEEM);
            bw_wire_put(&draft.writer, tags[i], "a\0b", length);
            if (length != 1)
                assert_string_equal(verdict(&draft),
                                    "malformed frame: field not fit");
        }
}

static void
test_decode_service_name_limit(void **state)
{
    char name[257];
    struct draft draft;
    size_t length;

    (void)state;
    for (length = 254; length <= 256; length++) {
        memset(name, 'n', length);
        name[length] = '\0';
        begin(&draft, BW_WIRE_ACCOUNT);
        add(&draft, BW_WIRE_SERVICE, name);
        if (length <= BWDIRD_SERVICE_NAME_MAX)
            assert_null(verdict(&draft));
        else
            assert_non_null(verdict(&draft));
    }
}

static void
test_decode_too_many_requirements(void **state)
{
    struct draft draft;
    int count;

    (void)state;
    begin(&draft, BW_WIRE_ACCOUNT);
    add(&draft, BW_WIRE_SERVICE, "sshd");
    for (count = 0; count < BWDIRD_REQUIRE_MAX; count++)
        add(&draft, BW_WIRE_REQUIRE_ACCOUNT, "5500001");
    assert_null(verdict(&draft));
    add(&draft, BW_WIRE_REQUIRE_ACCOUNT, "5500001");
    assert_non_null(verdict(&draft));
}

/* The longest frame there can be: its strings and their ends still fit. */
static void
test_decode_longest_frame(void **state)
{
    static struct bwdird_question question;
    static char list[4096];
    char name[256];
    struct draft draft;
    size_t room;

    (void)state;
    memset(name, 'n', sizeof(name));
    name[255] = '\0';
    begin(&draft, BW_WIRE_ACCOUNT);
    add(&draft, BW_WIRE_SERVICE, name);
    room = BW_WIRE_REQUEST_MAX - sizeof(draft.header) - draft.writer.used - 3;
    memset(list, 'r', room);
    list[room] = '\0';
    add(&draft, BW_WIRE_REQUIRE_ROLE, list);
    assert_null(decode(&draft, &question));
    assert_int_equal(strlen(question.role[0]), room);
    bwdird_question_clear(&question);
}

static void
test_decode_every_truncation(void **state)
{
    static struct draft draft, cut;
    size_t length;

    (void)state;
    begin(&draft, BW_WIRE_CHANGE);
    add(&draft, BW_WIRE_SERVICE, "sshd");
    add(&draft, BW_WIRE_PASSWORD, "old password");
    add(&draft, BW_WIRE_NEW_PASSWORD, "new password");
    for (length = 0; length < draft.writer.used; length++) {
        cut = draft;
        cut.writer.used = length;
        /* a cut just behind the old password is a whole frame */
        if (length == 22)
            assert_null(verdict(&cut));
        else
            assert_non_null(verdict(&cut));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode_authenticate),
        cmocka_unit_test(test_decode_user_of_full_length),
        cmocka_unit_test(test_decode_empty_password_is_for_the_library),
        cmocka_unit_test(test_decode_every_tag_in_every_kind),
        cmocka_unit_test(test_decode_text_with_nul_or_empty),
        cmocka_unit_test(test_decode_service_name_limit),
        cmocka_unit_test(test_decode_too_many_requirements),
        cmocka_unit_test(test_decode_longest_frame),
        cmocka_unit_test(test_decode_every_truncation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
