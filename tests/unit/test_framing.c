/*
 * Messages on the stream: what is within the limit passes as it is, in
 * whatever pieces it comes; an entry beyond it is replaced; all else ends.
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

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "fake_ldap.h"
#include "libbwdir/dir/connection_impl.h"
#include "message_front.h"

/* The layer beneath: FRONT, then zeros up to LENGTH. */
struct stream {
    const unsigned char *front;
    size_t front_length;
    size_t length;
    size_t at;
    size_t cut;   /* nothing goes across this place */
    size_t chunk; /* at most so many bytes at once */
    bool pauses;  /* now and then there is nothing yet */
    bool paused;
};

static ber_slen_t
stream_read(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t length)
{
    struct stream *stream = layer->sbiod_pvt;
    size_t end = stream->at < stream->cut ? stream->cut : stream->length;
    unsigned char *to = bytes;

    stream->paused = stream->pauses && !stream->paused;
    if (stream->paused) {
        errno = EWOULDBLOCK;
        return 0;
    }
    if (length > end - stream->at)
        length = end - stream->at;
    if (length > stream->chunk)
        length = stream->chunk;
    errno = length > 0 ? 0 : ECONNRESET;
    for (size_t i = 0; i < length; i++, stream->at++)
        to[i] =
            stream->at < stream->front_length ? stream->front[stream->at] : 0;
    return length > 0 ? (ber_slen_t)length : -1;
}

static ber_slen_t
stream_write(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t length)
{
    (void)layer;
    (void)bytes;
    (void)length;
    return -1;
}

static int
stream_setup(Sockbuf_IO_Desc *layer, void *stream)
{
    layer->sbiod_pvt = stream;
    return 0;
}

static Sockbuf_IO stream_functions = {.sbi_setup = stream_setup,
                                      .sbi_read = stream_read,
                                      .sbi_write = stream_write};

static Sockbuf *
framed(struct stream *stream, struct dir_framing *framing)
{
    Sockbuf *buffer = ber_sockbuf_alloc();

    assert_non_null(buffer);
    assert_int_equal(ber_sockbuf_add_io(buffer, &stream_functions,
                                        LBER_SBIOD_LEVEL_PROVIDER, stream),
                     0);
    assert_true(dir_framing_attach(framing, buffer));
    return buffer;
}

/* The next message, as libldap takes it off; NULL when there is none. */
static BerElement *
next(Sockbuf *buffer, ber_len_t *length)
{
    BerElement *message = ber_alloc_t(LBER_USE_DER);
    ber_tag_t tag;

    assert_non_null(message);
    do {
        errno = 0;
        tag = ber_get_next(buffer, length, message);
    } while (tag == LBER_DEFAULT && errno == EWOULDBLOCK);
    if (tag == LBER_SEQUENCE)
        return message;
    assert_int_equal(tag, LBER_DEFAULT);
    ber_free(message, 1);
    return NULL;
}

static void
put_done(unsigned char id)
{
    struct fake_bytes done =
        fake_result(id, FAKE_SEARCH_DONE, 0, FAKE_NONE, FAKE_NONE);

    put(done.at, done.length);
}

static void
assert_replaced(Sockbuf *buffer, size_t name)
{
    struct berval dn, attribute;
    ber_len_t length;
    ber_int_t id;
    BerElement *message = next(buffer, &length);

    assert_non_null(message);
    assert_true(length < name + 100);
    assert_int_not_equal(ber_scanf(message, "i{m{{m", &id, &dn, &attribute),
                         LBER_ERROR);
    assert_int_equal(id, 0x01020304);
    assert_int_equal(dn.bv_len, name);
    assert_string_equal(attribute.bv_val, DIR_TOO_LONG);
    ber_free(message, 1);
}

static void
assert_passes(Sockbuf *buffer, ber_len_t wanted)
{
    ber_len_t length;
    BerElement *message = next(buffer, &length);

    assert_non_null(message);
    assert_int_equal(length, wanted);
    ber_free(message, 1);
}

/* An entry that is too long between two short messages. */
static struct stream
three_messages(size_t content)
{
    struct stream stream = {.front = front, .chunk = SIZE_MAX};

    front_length = 0;
    put_done(1);
    put_long(content, FRONT_ENTRY, strlen(FRONT_DN));
    stream.front_length = front_length;
    stream.length = 14 + 6 + content;
    return stream;
}

static void
test_read_in_pieces(void **state)
{
    static struct dir_framing framing;

    (void)state;
    for (size_t cut = 1; cut <= 14 + 6 + 6 + 5 + 11 + 2; cut++) {
        for (int pauses = 0; pauses < 2; pauses++) {
            struct stream stream = three_messages(DIR_MESSAGE_MAX + 1);
            Sockbuf *buffer = framed(&stream, &framing);

            stream.cut = cut;
            stream.pauses = pauses;
            assert_passes(buffer, 12);
            assert_true(stream.at == 14); /* and not beyond it */
            assert_replaced(buffer, strlen(FRONT_DN));
            assert_true(stream.at == stream.length);
            ber_sockbuf_free(buffer);
        }
    }
}

static void
test_read_byte_by_byte(void **state)
{
    static struct dir_framing framing;
    struct stream stream = three_messages(DIR_MESSAGE_MAX + 1);
    Sockbuf *buffer = framed(&stream, &framing);

    (void)state;
    stream.chunk = 1;
    assert_passes(buffer, 12);
    assert_true(stream.at == 14);
    assert_replaced(buffer, strlen(FRONT_DN));
    assert_null(next(buffer, &(ber_len_t){0}));
    assert_null(framing.trouble); /* the stream has ended */
    ber_sockbuf_free(buffer);
}

/* What passes is what was sent. */
static void
test_read_limit(void **state)
{
    static struct dir_framing framing;
    struct stream stream = three_messages(DIR_MESSAGE_MAX);
    Sockbuf *buffer = framed(&stream, &framing);
    BerElement *message;
    struct berval content = {0, NULL};
    ber_len_t length;

    (void)state;
    assert_passes(buffer, 12);
    message = next(buffer, &length);
    assert_non_null(message);
    assert_int_equal(length, DIR_MESSAGE_MAX);
    assert_int_equal(ber_peek_element(message, &content), LBER_INTEGER);
    assert_memory_equal(content.bv_val - 2, front + 14 + 6,
                        front_length - 14 - 6);
    ber_free(message, 1);
    ber_sockbuf_free(buffer);
}

static void
test_read_two_in_a_row(void **state)
{
    static struct dir_framing framing;
    struct stream stream = {.front = front, .chunk = SIZE_MAX};
    Sockbuf *buffer;
    unsigned char *both = calloc(2, DIR_MESSAGE_MAX + 8);

    (void)state;
    assert_non_null(both);
    front_length = 0;
    put_long(DIR_MESSAGE_MAX + 2, FRONT_ENTRY, strlen(FRONT_DN));
    for (size_t i = 0; i < 2; i++)
        memcpy(both + i * (DIR_MESSAGE_MAX + 8), front, front_length);
    stream.front = both;
    stream.front_length = stream.length = 2 * (DIR_MESSAGE_MAX + 8);
    buffer = framed(&stream, &framing);
    assert_replaced(buffer, strlen(FRONT_DN));
    assert_replaced(buffer, strlen(FRONT_DN));
    assert_true(stream.at == stream.length);
    ber_sockbuf_free(buffer);
    free(both);
}

static long
resident(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss;
}

static void
test_read_in_bounded_memory(void **state)
{
    const size_t lengths[] = {20UL << 20, 0x7fffffff, 0x80000000, UINT32_MAX};
    static struct dir_framing framing;

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct stream stream = {.front = front, .chunk = 512};
        Sockbuf *buffer = framed(&stream, &framing);
        long before = resident();

        front_length = 0;
        put_header(LBER_SEQUENCE, lengths[i], 4);
        put("\x02\x04\x01\x02\x03\x04", 6);
        put_header(FRONT_ENTRY, lengths[i] - 6 - 6, 4);
        put("\x04\x09" FRONT_DN, 2 + strlen(FRONT_DN));
        stream.front_length = front_length;
        stream.length = 20UL << 20;
        if (i == 0) {
            stream.length += 6;
            assert_replaced(buffer, strlen(FRONT_DN));
        } else {
            assert_null(next(buffer, &(ber_len_t){0}));
        }
        assert_true(stream.at == stream.length);
        if (getenv("TEST_MEMORY_TOOL") == NULL)
            assert_true(resident() - before < 1024);
        ber_sockbuf_free(buffer);
    }
}

/* Why the layer ended at the message that was put last. */
static const char *
trouble(size_t zeros)
{
    static struct dir_framing framing;
    struct stream stream = {.front = front,
                            .front_length = front_length,
                            .length = front_length + zeros,
                            .chunk = SIZE_MAX};
    Sockbuf *buffer = framed(&stream, &framing);

    assert_null(next(buffer, &(ber_len_t){0}));
    /* At once, not at the end of it. */
    assert_true(stream.at <= front_length + 128);
    ber_sockbuf_free(buffer);
    return framing.trouble;
}

static void
test_read_impossible_headers(void **state)
{
    static const char *const headers[] = {
        "\x30\x80\x02\x01\x01\x64\x00", /* indefinite */
        "\x30\x85\x00\x00\x00\x00\x05", /* five octets */
        "\x30\x88\x80\x00\x00\x00\x00", /* 2^63 */
        "\x30\x88\xff\xff\xff\xff\xff", /* 2^64 and less */
        "\x30\xff\x00\x00\x00\x00\x00", /* a reserved form */
        "\x30\x00\x30\x00\x30\x00\x30", /* shorter than any message */
        "\x30\x04\x02\x01\x01\x64\x30", /* the same */
        "\x31\x05\x02\x01\x01\x64\x00", /* no sequence */
        "\x04\x05\x02\x01\x01\x64\x00", /* no sequence */
        "HTTP/1.",
    };

    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        front_length = 0;
        put(headers[i], 7);
        assert_string_equal(trouble(4096), "a malformed message");
    }
}

static void
test_read_impossible_entries(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } contents[] = {
        {"\x04\x01\x01\x64", 4},                          /* no id */
        {"\x02\x00\x64\x83\x10\x00\x00", 7},              /* no id */
        {"\x02\x05\x00\x00\x00\x00\x01\x64\x83\x10", 10}, /* too long */
        {"\x02\x01\xff\x64\x83\x10\x00\x00\x04\x01", 10}, /* negative */
        {"\x02\x80\x01\x64\x83\x10\x00\x00\x04\x01", 10}, /* indefinite */
        {"\x02\x01\x01\x64\x80\x04\x01\x61\x30\x80", 10}, /* the entry */
        {"\x02\x01\x01\x64\x83\xff\xff\xff\x04\x01", 10}, /* beyond */
        {"\x02\x01\x01\x64\x83\x10\x00\x00\x30\x01", 10}, /* no FRONT_DN */
        {"\x02\x01\x01\x64\x83\x10\x00\x00\x04\x80", 10}, /* of the FRONT_DN */
        {"\x02\x01\x01\x64\x01\x04\x01\x61\x61\x61", 10}, /* FRONT_DN beyond */
    };

    (void)state;
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        front_length = 0;
        put_header(LBER_SEQUENCE, 0x200000, 3);
        put(contents[i].bytes, contents[i].length);
        assert_string_equal(trouble(4096), "a malformed message");
    }
}

static void
test_read_names(void **state)
{
    static struct dir_framing framing;
    struct stream stream = {.front = front, .chunk = SIZE_MAX};
    Sockbuf *buffer;

    (void)state;
    front_length = 0;
    put_long(DIR_MESSAGE_MAX + 1, FRONT_ENTRY, DIR_DN_MAX);
    stream.front_length = front_length;
    stream.length = DIR_MESSAGE_MAX + 1 + 6;
    buffer = framed(&stream, &framing);
    assert_replaced(buffer, DIR_DN_MAX);
    ber_sockbuf_free(buffer);
    front_length = 0;
    put_long(DIR_MESSAGE_MAX + 1, FRONT_ENTRY, DIR_DN_MAX + 1);
    front_length = 64; /* it is not even looked at */
    assert_string_equal(trouble(4096), "a malformed message");
}

/* Only entries are replaced. */
static void
test_read_other_messages(void **state)
{
    const unsigned char operations[] = {0x61, 0x65, 0x67, 0x73, 0x78, 0x79};

    (void)state;
    for (size_t i = 0; i < sizeof operations; i++) {
        front_length = 0;
        put_long(DIR_MESSAGE_MAX + 1, operations[i], strlen(FRONT_DN));
        assert_string_equal(trouble(4096), "a message longer than 256 KiB");
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_in_pieces),
        cmocka_unit_test(test_read_byte_by_byte),
        cmocka_unit_test(test_read_limit),
        cmocka_unit_test(test_read_two_in_a_row),
        cmocka_unit_test(test_read_in_bounded_memory),
        cmocka_unit_test(test_read_impossible_headers),
        cmocka_unit_test(test_read_impossible_entries),
        cmocka_unit_test(test_read_names),
        cmocka_unit_test(test_read_other_messages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
