/*
 * The frame codec: what is written is read back, and nothing malformed is
 * read at all.
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

#include "bwdir_status.h"
#include "pam_bw/wire/wire.h"

#define HEADER sizeof(struct bw_wire_request)

static struct bw_wire_reader
reader_of(const uint8_t *bytes, size_t length)
{
    struct bw_wire_reader reader = {.next = bytes, .left = length};

    return reader;
}

/* How many fields there are, or -1 for a malformed frame. */
static int
count_fields(const uint8_t *bytes, size_t length)
{
    struct bw_wire_reader reader = reader_of(bytes, length);
    struct bw_wire_field field;
    int count = 0, more;

    while ((more = bw_wire_next(&reader, &field)) == 1)
        count++;
    return more < 0 ? -1 : count;
}

static size_t
sample(uint8_t *buffer, size_t size)
{
    struct bw_wire_writer writer;

    bw_wire_start(&writer, buffer, size, 0);
    bw_wire_put(&writer, BW_WIRE_SERVICE, "sshd", 4);
    bw_wire_put(&writer, BW_WIRE_PASSWORD, "a\0b", 3);
    bw_wire_put(&writer, BW_WIRE_REQUIRE_ROLE, "ordering", 8);
    bw_wire_put(&writer, BW_WIRE_REQUIRE_ROLE, "porting", 7);
    bw_wire_put(&writer, BW_WIRE_NEW_PASSWORD, NULL, 0);
    assert_false(writer.overflow);
    return writer.used;
}

static void
expect_field(struct bw_wire_reader *reader, enum bw_wire_tag tag,
             const char *bytes, size_t length)
{
    struct bw_wire_field field;

    assert_int_equal(bw_wire_next(reader, &field), 1);
    assert_int_equal(field.tag, tag);
    assert_int_equal(field.length, length);
    assert_memory_equal(field.bytes, bytes, length);
}

static void
test_next_round_trip(void **state)
{
    uint8_t buffer[256];
    struct bw_wire_reader reader;
    struct bw_wire_field field;

    (void)state;
    reader = reader_of(buffer, sample(buffer, sizeof(buffer)));
    expect_field(&reader, BW_WIRE_SERVICE, "sshd", 4);
    expect_field(&reader, BW_WIRE_PASSWORD, "a\0b", 3);
    expect_field(&reader, BW_WIRE_REQUIRE_ROLE, "ordering", 8);
    expect_field(&reader, BW_WIRE_REQUIRE_ROLE, "porting", 7);
    expect_field(&reader, BW_WIRE_NEW_PASSWORD, "", 0);
    assert_int_equal(bw_wire_next(&reader, &field), 0);
    assert_int_equal(bw_wire_next(&reader, &field), 0);
}

/* A cut at the end of a field leaves fewer fields; every other cut is
 * malformed.  The copy is as short as the cut, so that a sanitizer sees a
 * read behind it. */
static void
test_next_every_truncation(void **state)
{
    const size_t ends[] = {0, 7, 13, 24, 34, 37};
    uint8_t buffer[256];
    size_t length = sample(buffer, sizeof(buffer)), cut, i;

    (void)state;
    assert_int_equal(length, 37);
    for (cut = 0; cut <= length; cut++) {
        uint8_t *copy = malloc(cut > 0 ? cut : 1);
        int expected = -1;

        assert_non_null(copy);
        memcpy(copy, buffer, cut);
        for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
            if (ends[i] == cut)
                expected = (int)i;
        assert_int_equal(count_fields(copy, cut), expected);
        free(copy);
    }
}

static void
test_next_unknown_tags(void **state)
{
    unsigned tag;

    (void)state;
    for (tag = 0; tag < 256; tag++) {
        uint8_t frame[3] = {(uint8_t)tag, 0, 0};
        bool known = (tag >= 1 && tag <= 8) || (tag >= 16 && tag <= 20);

        assert_int_equal(count_fields(frame, sizeof(frame)), known ? 1 : -1);
    }
}

static void
test_next_doubled_tags(void **state)
{
    unsigned tag;

    (void)state;
    for (tag = 1; tag <= 20; tag++) {
        uint8_t frame[6] = {(uint8_t)tag, 0, 0, (uint8_t)tag, 0, 0};
        bool repeats = tag >= 6 && tag <= 8;

        assert_int_equal(count_fields(frame, sizeof(frame)), repeats ? 2 : -1);
    }
}

static void
test_next_doubled_not_adjacent(void **state)
{
    uint8_t frame[9] = {2, 0, 0, 1, 0, 0, 2, 0, 0};

    (void)state;
    assert_int_equal(count_fields(frame, 6), 2);
    assert_int_equal(count_fields(frame, 9), -1);
}

static void
test_next_length_behind_end(void **state)
{
    uint8_t frame[8] = {1, 0, 0, 'x', 'x', 'x', 'x', 'x'};
    unsigned length;

    (void)state;
    for (length = 0; length <= 65535; length++) {
        uint16_t prefix = (uint16_t)length;

        memcpy(frame + 1, &prefix, sizeof(prefix));
        assert_int_equal(count_fields(frame, sizeof(frame)),
                         length == 5 ? 1 : -1);
    }
}

static void
test_put_overflow(void **state)
{
    uint8_t buffer[HEADER + 8];
    struct bw_wire_writer writer;

    (void)state;
    memset(buffer, 0xaa, sizeof(buffer));
    bw_wire_start(&writer, buffer, sizeof(buffer), HEADER);
    assert_int_equal(writer.used, HEADER);
    bw_wire_put(&writer, BW_WIRE_SERVICE, "123456", 6);
    assert_true(writer.overflow);
    assert_int_equal(writer.used, HEADER);
    assert_int_equal(buffer[HEADER], 0xaa);
    bw_wire_put(&writer, BW_WIRE_SERVICE, "1", 1);
    assert_int_equal(writer.used, HEADER);
    assert_true(writer.overflow);

    bw_wire_start(&writer, buffer, sizeof(buffer), HEADER);
    bw_wire_put(&writer, BW_WIRE_SERVICE, "12345", 5);
    assert_false(writer.overflow);
    assert_int_equal(writer.used, sizeof(buffer));
    bw_wire_put(&writer, BW_WIRE_PHONE, NULL, 0);
    assert_true(writer.overflow);
}

static void
test_put_length_over_16_bits(void **state)
{
    size_t size = 70000;
    uint8_t *buffer = calloc(1, size), *value = calloc(1, size);
    struct bw_wire_writer writer;

    (void)state;
    assert_non_null(buffer);
    assert_non_null(value);
    bw_wire_start(&writer, buffer, size, 0);
    bw_wire_put(&writer, BW_WIRE_ROLES, value, 65536);
    assert_true(writer.overflow);
    bw_wire_start(&writer, buffer, size, 0);
    bw_wire_put(&writer, BW_WIRE_ROLES, value, 65535);
    assert_false(writer.overflow);
    assert_int_equal(writer.used, 65538);
    bw_wire_put(&writer, BW_WIRE_ROLES, value, SIZE_MAX);
    assert_true(writer.overflow);
    free(buffer);
    free(value);
}

static void
test_start_buffer_too_small(void **state)
{
    uint8_t buffer[HEADER - 1];
    struct bw_wire_writer writer;

    (void)state;
    bw_wire_start(&writer, buffer, sizeof(buffer), HEADER);
    assert_true(writer.overflow);
    assert_int_equal(writer.used, 0);
}

static struct bw_wire_request
good_request(void)
{
    struct bw_wire_request request = {
        .version = BW_WIRE_VERSION,
        .kind = BW_WIRE_AUTHENTICATE,
        .access = BW_WIRE_API,
        .deadline_ms = 1000,
        .user = "dana",
    };

    return request;
}

static void
test_request_valid_limits(void **state)
{
    struct bw_wire_request request = good_request();

    (void)state;
    assert_true(bw_wire_request_valid(&request));
    request.length = BW_WIRE_REQUEST_MAX - HEADER;
    assert_true(bw_wire_request_valid(&request));
    request.length++;
    assert_false(bw_wire_request_valid(&request));
    request.length = UINT32_MAX;
    assert_false(bw_wire_request_valid(&request));

    request = good_request();
    request.deadline_ms = 0;
    assert_false(bw_wire_request_valid(&request));
    request.deadline_ms = 1;
    assert_true(bw_wire_request_valid(&request));
    request.deadline_ms = 3000;
    assert_true(bw_wire_request_valid(&request));
    request.deadline_ms = 3001;
    assert_false(bw_wire_request_valid(&request));
}

/* Every value of the four leading bytes. */
static void
test_request_valid_bytes(void **state)
{
    unsigned value;

    (void)state;
    for (value = 0; value < 256; value++) {
        struct bw_wire_request request = good_request();

        request.version = (uint8_t)value;
        assert_int_equal(bw_wire_request_valid(&request), value == 1);
        request = good_request();
        request.kind = (uint8_t)value;
        assert_int_equal(bw_wire_request_valid(&request),
                         value >= 1 && value <= 4);
        request = good_request();
        request.access = (uint8_t)value;
        assert_int_equal(bw_wire_request_valid(&request), value <= 2);
        request = good_request();
        request.reserved = (uint8_t)value;
        assert_int_equal(bw_wire_request_valid(&request), value == 0);
    }
}

static void
test_request_valid_user(void **state)
{
    struct bw_wire_request request = good_request();

    (void)state;
    memset(request.user, 'a', sizeof(request.user));
    assert_true(bw_wire_request_valid(&request));
    request.user[4] = '\0';
    assert_false(bw_wire_request_valid(&request));
    memset(request.user, 0, sizeof(request.user));
    assert_true(bw_wire_request_valid(&request));
    request.user[sizeof(request.user) - 1] = 'x';
    assert_false(bw_wire_request_valid(&request));
}

static void
test_reply_valid_table(void **state)
{
    struct bw_wire_reply good = {.version = 1, .days_left = -1}, reply = good;
    size_t i;

    (void)state;
    assert_true(bw_wire_reply_valid(&reply));
    reply.version = 2;
    assert_false(bw_wire_reply_valid(&reply));
    for (i = 0; i < sizeof(reply.reserved); i++) {
        reply = good;
        reply.reserved[i] = 1;
        assert_false(bw_wire_reply_valid(&reply));
    }
    for (i = 0; i < 256; i++) {
        reply = good;
        reply.access = (uint8_t)i;
        assert_int_equal(bw_wire_reply_valid(&reply), i <= 2);
    }
    reply = good;
    reply.length = BW_WIRE_REPLY_MAX - sizeof(reply);
    assert_true(bw_wire_reply_valid(&reply));
    reply.length++;
    assert_false(bw_wire_reply_valid(&reply));
    reply = good;
    reply.status = BWDIR_STATUS_LAST;
    assert_true(bw_wire_reply_valid(&reply));
    reply.status++;
    assert_false(bw_wire_reply_valid(&reply));
    reply = good;
    reply.days_left = -2;
    assert_false(bw_wire_reply_valid(&reply));
}

static void
test_deadline_ms_by_access(void **state)
{
    (void)state;
    assert_int_equal(bw_wire_deadline_ms(BW_WIRE_DASHBOARD), 3000);
    assert_int_equal(bw_wire_deadline_ms(BW_WIRE_API), 1000);
    assert_int_equal(bw_wire_deadline_ms(BW_WIRE_UNSAID), 3000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_next_round_trip),
        cmocka_unit_test(test_next_every_truncation),
        cmocka_unit_test(test_next_unknown_tags),
        cmocka_unit_test(test_next_doubled_tags),
        cmocka_unit_test(test_next_doubled_not_adjacent),
        cmocka_unit_test(test_next_length_behind_end),
        cmocka_unit_test(test_put_overflow),
        cmocka_unit_test(test_put_length_over_16_bits),
        cmocka_unit_test(test_start_buffer_too_small),
        cmocka_unit_test(test_request_valid_limits),
        cmocka_unit_test(test_request_valid_bytes),
        cmocka_unit_test(test_request_valid_user),
        cmocka_unit_test(test_reply_valid_table),
        cmocka_unit_test(test_deadline_ms_by_access),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
