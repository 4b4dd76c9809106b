/*
 * Encoding verdicts: facts only with a success, the reason never, nothing
 * cut.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pam_bw/bwdird/reply.h"

static uint8_t frame[BW_WIRE_REPLY_MAX];
static char roles[70000];
static char accounts[] = "5500001,5500002";

static struct bwdir_answer
answer_with(enum bwdir_status status)
{
    struct bwdir_answer answer = {
        .status = status,
        .days_left = 10,
        .reason = "SECRET-REASON",
        .message = "too short",
        .level = "basic",
        .access = "dashboard",
        .roles = roles,
        .accounts = accounts,
    };

    strcpy(roles, "ordering");
    return answer;
}

/* The tags of the frame as bits. */
static unsigned
tags_of(size_t size)
{
    struct bw_wire_reader reader = {
        .next = frame + sizeof(struct bw_wire_reply),
        .left = size - sizeof(struct bw_wire_reply)};
    struct bw_wire_field field;
    unsigned tags = 0;
    int more;

    while ((more = bw_wire_next(&reader, &field)) == 1)
        tags |= 1u << field.tag;
    assert_int_equal(more, 0);
    return tags;
}

static void
test_encode_every_status(void **state)
{
    unsigned value;

    (void)state;
    for (value = 0; value <= BWDIR_STATUS_LAST; value++) {
        enum bwdir_status status = (enum bwdir_status)value;
        struct bwdir_answer answer = answer_with(status);
        size_t size = bwdird_reply_encode(&answer, false, frame);
        unsigned wanted = 0;
        struct bw_wire_reply header;

        if (status == BWDIR_OK || status == BWDIR_MUST_CHANGE)
            wanted = 0xf0000;
        if (status == BWDIR_REFUSED)
            wanted = 0x100000;
        memcpy(&header, frame, sizeof(header));
        assert_true(bwdird_reply_whole(frame, size));
        assert_int_equal(header.status, value);
        assert_int_equal(header.days_left, status == BWDIR_OK ? 10 : -1);
        assert_int_equal(tags_of(size), wanted);
        assert_null(memmem(frame, size, "SECRET", 6));
    }
}

static void
test_encode_without_facts(void **state)
{
    struct bwdir_answer answer = answer_with(BWDIR_OK);
    size_t size;

    (void)state;
    answer.roles = NULL;
    size = bwdird_reply_encode(&answer, false, frame);
    assert_int_equal(size, sizeof(struct bw_wire_reply));
}

static void
test_encode_never_cuts(void **state)
{
    struct bwdir_answer answer = answer_with(BWDIR_OK);

    (void)state;
    memset(roles, 'r', sizeof(roles) - 1);
    assert_int_equal(bwdird_reply_encode(&answer, false, frame), 0);
    roles[65000] = '\0';
    assert_true(bwdird_reply_encode(&answer, false, frame) > 65000);
}

static void
test_whole_lengths(void **state)
{
    struct bw_wire_reply bare = bwdird_reply_bare(BWDIR_UNAVAILABLE);
    size_t size;

    (void)state;
    memset(frame, 0, sizeof(frame));
    memcpy(frame, &bare, sizeof(bare));
    for (size = 0; size < 100; size++)
        assert_int_equal(bwdird_reply_whole(frame, size),
                         size == sizeof(bare));
    bare.length = BW_WIRE_REPLY_MAX - sizeof(bare);
    memcpy(frame, &bare, sizeof(bare));
    assert_true(bwdird_reply_whole(frame, BW_WIRE_REPLY_MAX));
    assert_false(bwdird_reply_whole(frame, BW_WIRE_REPLY_MAX - 1));
    bare.status = BWDIR_STATUS_LAST + 1;
    memcpy(frame, &bare, sizeof(bare));
    assert_false(bwdird_reply_whole(frame, BW_WIRE_REPLY_MAX));
}

/* Modules that said the kind of service may be older than that byte. */
static void
test_encode_kind_of_service_where_unsaid(void **state)
{
    struct bwdir_answer answer = answer_with(BWDIR_BAD_CREDENTIALS);
    struct bw_wire_reply header;

    (void)state;
    answer.service_access = BWDIR_ACCESS_API;
    assert_int_equal(bwdird_reply_encode(&answer, false, frame),
                     sizeof(header));
    memcpy(&header, frame, sizeof(header));
    assert_int_equal(header.access, BW_WIRE_UNSAID);
    assert_int_equal(bwdird_reply_encode(&answer, true, frame),
                     sizeof(header));
    memcpy(&header, frame, sizeof(header));
    assert_int_equal(header.access, BW_WIRE_API);
    assert_true(bwdird_reply_whole(frame, sizeof(header)));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encode_kind_of_service_where_unsaid),
        cmocka_unit_test(test_encode_every_status),
        cmocka_unit_test(test_encode_without_facts),
        cmocka_unit_test(test_encode_never_cuts),
        cmocka_unit_test(test_whole_lengths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
