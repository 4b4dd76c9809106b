/*
 * The frames that the module sends (pam_bw/module/question.c; the daemon has
 * a file of that name too).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/question.h"
#include "tests/unit/pam_handle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct test_pam pam;

static int
setup(void **state)
{
    (void)state;
    test_pam_start(&pam, "auth required pam_deny.so\n", "dana", "");
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    test_pam_end(&pam);
    return 0;
}

static struct pambw
dana(void)
{
    return (struct pambw){
        .handle = pam.handle,
        .user = "dana",
        .service = "sshd",
        .options = {.access = BW_WIRE_DASHBOARD, .socket = "/s"}};
}

/* A frame and the value of the one field of each tag in it. */
struct frame {
    uint8_t bytes[BW_WIRE_REQUEST_MAX];
    size_t length;
    struct bw_wire_request header;
    struct bw_wire_field fields[16];
};

static void
write_frame(struct frame *frame, const struct pambw *call,
            const struct pambw_question *question)
{
    struct bw_wire_reader reader;
    struct bw_wire_field field;

    memset(frame, 0, sizeof(*frame));
    frame->length = pambw_question_write(call, question, frame->bytes,
                                         sizeof(frame->bytes));
    assert_true(frame->length >= sizeof(frame->header));
    memcpy(&frame->header, frame->bytes, sizeof(frame->header));
    assert_true(bw_wire_request_valid(&frame->header));
    assert_int_equal(frame->header.length,
                     frame->length - sizeof(frame->header));
    memset(&reader, 0, sizeof(reader));
    reader.next = frame->bytes + sizeof(frame->header);
    reader.left = frame->header.length;
    while (bw_wire_next(&reader, &field) == 1)
        frame->fields[field.tag] = field;
    assert_int_equal(reader.left, 0);
}

static void
assert_field(const struct frame *frame, enum bw_wire_tag tag,
             const char *value)
{
    assert_non_null(frame->fields[tag].bytes);
    assert_int_equal(frame->fields[tag].length, strlen(value));
    assert_memory_equal(frame->fields[tag].bytes, value, strlen(value));
}

static void
test_question_write_authenticate(void **state)
{
    struct pambw_question question = {.kind = BW_WIRE_AUTHENTICATE,
                                      .password = "open"};
    struct pambw call = dana();
    struct frame frame;

    (void)state;
    call.options.requirements[0] =
        (struct pambw_requirement){BW_WIRE_REQUIRE_ROLE, "porting,ordering"};
    call.options.requirement_count = 1;
    write_frame(&frame, &call, &question);
    assert_int_equal(frame.header.kind, BW_WIRE_AUTHENTICATE);
    assert_int_equal(frame.header.access, BW_WIRE_DASHBOARD);
    assert_int_equal(frame.header.deadline_ms, 3000);
    assert_string_equal(frame.header.user, "dana");
    assert_field(&frame, BW_WIRE_SERVICE, "sshd");
    assert_field(&frame, BW_WIRE_PASSWORD, "open");
    assert_field(&frame, BW_WIRE_REQUIRE_ROLE, "porting,ordering");
    assert_null(frame.fields[BW_WIRE_NEW_PASSWORD].bytes);
}

static void
test_question_write_account_api(void **state)
{
    struct pambw_question question = {.kind = BW_WIRE_ACCOUNT};
    struct pambw call = dana();
    struct frame frame;

    (void)state;
    call.options.access = BW_WIRE_API;
    write_frame(&frame, &call, &question);
    assert_int_equal(frame.header.access, BW_WIRE_API);
    assert_int_equal(frame.header.deadline_ms, 1000);
    assert_null(frame.fields[BW_WIRE_PASSWORD].bytes);
}

/* THREATS 4: what cannot be right is not shown to anybody. */
static void
test_question_write_004_stand_in(void **state)
{
    static char text[4097];
    struct pambw_question question = {.kind = BW_WIRE_AUTHENTICATE,
                                      .password = text};
    struct pambw call = dana();
    struct frame frame;

    (void)state;
    memset(text, 'x', sizeof(text));
    text[512] = '\0';
    write_frame(&frame, &call, &question);
    assert_field(&frame, BW_WIRE_PASSWORD, text);
    text[512] = 'x';
    text[513] = '\0';
    write_frame(&frame, &call, &question);
    assert_field(&frame, BW_WIRE_PASSWORD, "");
    text[513] = 'x';
    text[4096] = '\0';
    write_frame(&frame, &call, &question);
    assert_field(&frame, BW_WIRE_PASSWORD, "");
}

/* THREATS 14, 15 */
static void
test_question_write_014_user_names(void **state)
{
    struct pambw_question question = {.kind = BW_WIRE_ACCOUNT};
    struct pambw call = dana();
    struct frame frame;

    (void)state;
    call.user = "a2345678901234567890123456789012";
    write_frame(&frame, &call, &question);
    assert_memory_equal(frame.header.user, call.user, BW_WIRE_USER_SIZE);
    call.user = "a23456789012345678901234567890123";
    write_frame(&frame, &call, &question);
    assert_string_equal(frame.header.user, "?");
    call.user = "";
    write_frame(&frame, &call, &question);
    assert_string_equal(frame.header.user, "?");
    call.user = "dana)(uid=*";
    write_frame(&frame, &call, &question);
    assert_string_equal(frame.header.user, "dana)(uid=*");
}

static void
assert_source(const char *rhost, const uint8_t expected[16])
{
    struct pambw_question question = {.kind = BW_WIRE_ACCOUNT};
    struct pambw call = dana();
    struct frame frame;

    assert_int_equal(pam_set_item(pam.handle, PAM_RHOST, rhost), PAM_SUCCESS);
    write_frame(&frame, &call, &question);
    assert_memory_equal(frame.header.source, expected, 16);
}

static void
test_question_write_source(void **state)
{
    static const uint8_t none[16] = {0};
    static const uint8_t four[16] = {0, 0, 0,    0,    0,   0, 0, 0,
                                     0, 0, 0xff, 0xff, 192, 0, 2, 7};
    static const uint8_t six[16] = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0,
                                    0,    0, 0,   0,    0, 0, 0, 1};

    (void)state;
    assert_source("192.0.2.7", four);
    assert_source("::ffff:192.0.2.7", four);
    assert_source("2001:db8::1", six);
    assert_source("gateway.example.com", none);
    assert_source("192.0.2.7.evil.example.com", none);
    assert_source("", none);
    assert_source(NULL, none);
}

static void
test_question_write_overflow(void **state)
{
    struct pambw_question question = {.kind = BW_WIRE_ACCOUNT};
    struct pambw call = dana();
    static uint8_t buffer[BW_WIRE_REQUEST_MAX];
    static char service[5000];

    (void)state;
    memset(service, 's', sizeof(service));
    service[sizeof(service) - 1] = '\0';
    call.service = service;
    assert_int_equal(
        pambw_question_write(&call, &question, buffer, sizeof(buffer)), 0);
}

/* The fullest frame that the arguments allow has room. */
static void
test_question_write_largest(void **state)
{
    char list[PAMBW_LIST_MAX + 1], password[513];
    struct pambw_question question = {.kind = BW_WIRE_CHANGE,
                                      .password = password,
                                      .new_password = password};
    struct pambw call = dana();
    struct frame frame;

    (void)state;
    memset(list, '1', sizeof(list));
    list[PAMBW_LIST_MAX] = '\0';
    memset(password, 'p', sizeof(password));
    password[512] = '\0';
    for (size_t i = 0; i < PAMBW_REQUIREMENTS_MAX; i++)
        call.options.requirements[i] =
            (struct pambw_requirement){BW_WIRE_REQUIRE_ACCOUNT, list};
    call.options.requirement_count = PAMBW_REQUIREMENTS_MAX;
    write_frame(&frame, &call, &question);
    assert_field(&frame, BW_WIRE_NEW_PASSWORD, password);
}

static void
test_user_fits(void **state)
{
    (void)state;
    assert_true(bwdir_shape_is_name("a"));
    assert_true(bwdir_shape_is_name("dana"));
    assert_true(bwdir_shape_is_name("a.b_c-9"));
    assert_true(bwdir_shape_is_name("a2345678901234567890123456789012"));
    assert_false(bwdir_shape_is_name("a23456789012345678901234567890123"));
    assert_false(bwdir_shape_is_name(""));
    assert_false(bwdir_shape_is_name("DANA"));
    assert_false(bwdir_shape_is_name("dAna"));
    assert_false(bwdir_shape_is_name("9a"));
    assert_false(bwdir_shape_is_name("_a"));
    assert_false(bwdir_shape_is_name("-a"));
    assert_false(bwdir_shape_is_name(".."));
    assert_false(bwdir_shape_is_name("dana "));
    assert_false(bwdir_shape_is_name("da/na"));
    assert_false(bwdir_shape_is_name("dan\xc3\xa4"));
    assert_false(bwdir_shape_is_name("dana)(uid=*"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_question_write_authenticate),
        cmocka_unit_test(test_question_write_account_api),
        cmocka_unit_test(test_question_write_004_stand_in),
        cmocka_unit_test(test_question_write_014_user_names),
        cmocka_unit_test(test_question_write_source),
        cmocka_unit_test(test_question_write_overflow),
        cmocka_unit_test(test_question_write_largest),
        cmocka_unit_test(test_user_fits),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
