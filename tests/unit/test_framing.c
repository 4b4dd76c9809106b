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
#include "libbwdir/dir/search.h"

#define DN "cn=a,dc=x"
#define ENTRY 0x64

/* ---- the layer above a stream of bytes ---------------------------------- */

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

/* A stream of the messages that are put behind each other. */
static unsigned char front[16384];
static size_t front_length;

static void
put(const void *bytes, size_t length)
{
    assert_true(front_length + length <= sizeof front);
    memcpy(front + front_length, bytes, length);
    front_length += length;
}

/* The header of an element, its length in as many octets as asked for. */
static void
put_header(unsigned char tag, size_t length, size_t octets)
{
    unsigned char header[16] = {tag, (unsigned char)(0x80 | octets)};

    for (size_t i = 0; i < octets; i++)
        header[2 + i] = (unsigned char)(i + sizeof length < octets
                                            ? 0
                                            : length >> 8 * (octets - 1 - i));
    put(header, 2 + octets);
}

static void
put_done(unsigned char id)
{
    struct fake_bytes done =
        fake_result(id, FAKE_SEARCH_DONE, 0, FAKE_NONE, FAKE_NONE);

    put(done.at, done.length);
}

/*
 * The beginning of a message whose content has CONTENT bytes: OPERATION and a
 * name of NAME bytes, with a message id of four.  What follows the name is the
 * stream's zeros.
 */
static void
put_long(size_t content, unsigned char operation, size_t name)
{
    static const char spaces[DIR_DN_MAX + 1];

    put_header(LBER_SEQUENCE, content, 4);
    put("\x02\x04\x01\x02\x03\x04", 6);
    put_header(operation, content - 6 - 5, 3);
    if (name == strlen(DN)) {
        put("\x04\x09" DN, 2 + strlen(DN));
    } else {
        put_header(LBER_OCTETSTRING, name, 2);
        put(spaces, name);
    }
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
    put_long(content, ENTRY, strlen(DN));
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
            assert_replaced(buffer, strlen(DN));
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
    assert_replaced(buffer, strlen(DN));
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
    put_long(DIR_MESSAGE_MAX + 2, ENTRY, strlen(DN));
    for (size_t i = 0; i < 2; i++)
        memcpy(both + i * (DIR_MESSAGE_MAX + 8), front, front_length);
    stream.front = both;
    stream.front_length = stream.length = 2 * (DIR_MESSAGE_MAX + 8);
    buffer = framed(&stream, &framing);
    assert_replaced(buffer, strlen(DN));
    assert_replaced(buffer, strlen(DN));
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
        put_header(ENTRY, lengths[i] - 6 - 6, 4);
        put("\x04\x09" DN, 2 + strlen(DN));
        stream.front_length = front_length;
        stream.length = 20UL << 20;
        if (i == 0) {
            stream.length += 6;
            assert_replaced(buffer, strlen(DN));
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
        {"\x02\x01\x01\x64\x83\x10\x00\x00\x30\x01", 10}, /* no DN */
        {"\x02\x01\x01\x64\x83\x10\x00\x00\x04\x80", 10}, /* of the DN */
        {"\x02\x01\x01\x64\x01\x04\x01\x61\x61\x61", 10}, /* DN beyond */
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
    put_long(DIR_MESSAGE_MAX + 1, ENTRY, DIR_DN_MAX);
    stream.front_length = front_length;
    stream.length = DIR_MESSAGE_MAX + 1 + 6;
    buffer = framed(&stream, &framing);
    assert_replaced(buffer, DIR_DN_MAX);
    ber_sockbuf_free(buffer);
    front_length = 0;
    put_long(DIR_MESSAGE_MAX + 1, ENTRY, DIR_DN_MAX + 1);
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
        put_long(DIR_MESSAGE_MAX + 1, operations[i], strlen(DN));
        assert_string_equal(trouble(4096), "a message longer than 256 KiB");
    }
}

/* ---- a connection ------------------------------------------------------- */

static int64_t
patience(void)
{
    return getenv("TEST_MEMORY_TOOL") == NULL ? 600 : 4000;
}

static struct dir_connection *
connected(const struct fake_ldap *server)
{
    struct dir_target target = {fake_ldap_uri(server), NULL,
                                dir_now() + patience()};
    struct dir_connection *connection;

    assert_int_equal(dir_connect(&target, &connection, NULL), BWDIR_OK);
    return connection;
}

static const char *const attributes[] = {"cn", NULL};
static const struct dir_search search = {"dc=x", DIR_SCOPE_ONE, "(cn=*)",
                                         attributes};

/* An entry whose content has LENGTH bytes, in one value; the caller's. */
static unsigned char *
make_entry(int id, size_t length, size_t *size)
{
    BerElement *ber = ber_alloc_t(LBER_USE_DER);
    struct berval whole;
    unsigned char *bytes;
    char *value = calloc(1, length);
    size_t spare = 0;

    assert_non_null(value);
    /* First as an empty one, which tells what is around the value. */
    for (int pass = 0; pass < 2; pass++) {
        ber_free(ber, 1);
        ber = ber_alloc_t(LBER_USE_DER);
        assert_non_null(ber);
        memset(value, 'v', length - spare);
        assert_int_not_equal(ber_printf(ber, "{it{s{{s[o]}}}}", id,
                                        (ber_tag_t)ENTRY, DN, "cn", value,
                                        (ber_len_t)(length - spare)),
                             -1);
        assert_int_equal(ber_flatten2(ber, &whole, 0), 0);
        if (pass == 0)
            spare = whole.bv_len - length - 2 - (whole.bv_val[1] & 0x7f);
    }
    bytes = malloc(whole.bv_len);
    assert_non_null(bytes);
    memcpy(bytes, whole.bv_val, whole.bv_len);
    *size = whole.bv_len;
    ber_free(ber, 1);
    free(value);
    return bytes;
}

/* What a visitor has seen. */
struct seen {
    int good;
    int spoilt;
};

static bool
see(const struct dir_entry *entry, void *closure)
{
    struct seen *seen = closure;
    struct bwdir_detail why = {""};
    const char *value;

    assert_string_equal(dir_entry_dn(entry), DN);
    if (dir_entry_check(entry, &why) == BWDIR_OK) {
        seen->good++;
        assert_int_equal(dir_entry_one(entry, "cn", &value, &why), BWDIR_OK);
        return true;
    }
    seen->spoilt++;
    assert_string_equal(why.text, "entry " DN ": longer than 256 KiB");
    assert_int_equal(dir_entry_one(entry, "cn", &value, NULL),
                     BWDIR_MALFORMED);
    assert_int_equal(dir_entry_at_most_one(entry, "cn", &value, NULL),
                     BWDIR_MALFORMED);
    assert_int_equal(dir_entry_count(entry, "cn"), 0);
    return true;
}

/* An entry of LENGTH between two short ones, and the search after it. */
static struct seen
seen_of(size_t length)
{
    struct fake_bytes a = fake_entry(1, DN, "cn", "a");
    struct fake_bytes done =
        fake_result(1, FAKE_SEARCH_DONE, 0, FAKE_NONE, FAKE_NONE);
    struct fake_bytes b = fake_entry(2, DN, "cn", "b");
    struct fake_bytes end =
        fake_result(2, FAKE_SEARCH_DONE, 0, FAKE_NONE, FAKE_NONE);
    size_t size;
    unsigned char *entry = make_entry(1, length, &size);
    const struct fake_step script[] = {
        {FAKE_READ, NULL, 0},     FAKE_STEP(a), {FAKE_SEND, entry, size},
        {FAKE_SEND, entry, size}, FAKE_STEP(a), FAKE_STEP(done),
        {FAKE_READ, NULL, 0},     FAKE_STEP(b), FAKE_STEP(end),
        {FAKE_END, NULL, 0}};
    struct fake_ldap *server = fake_ldap_start("ldapi", script);
    struct dir_connection *connection = connected(server);
    struct dir_entry *one = NULL;
    struct seen seen = {0, 0};

    assert_int_equal(dir_search_some(connection, &search, 9, see, &seen, NULL),
                     BWDIR_OK);
    assert_int_equal(dir_search_one(connection, &search, &one, NULL),
                     BWDIR_OK);
    dir_entry_free(&one);
    dir_close(&connection);
    fake_ldap_stop(server);
    free(entry);
    return seen;
}

static void
test_search_goes_on(void **state)
{
    struct seen seen;

    (void)state;
    seen = seen_of(DIR_MESSAGE_MAX);
    assert_int_equal(seen.good, 4);
    assert_int_equal(seen.spoilt, 0);
    seen = seen_of(DIR_MESSAGE_MAX + 1);
    assert_int_equal(seen.good, 2);
    assert_int_equal(seen.spoilt, 2);
    seen = seen_of(20UL << 20);
    assert_int_equal(seen.spoilt, 2);
}

/* dir_search_one() against an answer of up to two parts. */
static enum bwdir_status
one_of(const void *bytes, size_t length, struct fake_bytes rest,
       struct bwdir_detail *why)
{
    const struct fake_step script[] = {
        {FAKE_READ, NULL, 0},
        {FAKE_SEND, bytes, length},
        FAKE_STEP(rest),
        {rest.length > 0 ? FAKE_END : FAKE_CLOSE, NULL, 0}};
    struct fake_ldap *server = fake_ldap_start("ldapi", script);
    struct dir_connection *connection = connected(server);
    struct dir_entry *entry = NULL;
    int64_t begun = dir_now();
    enum bwdir_status status =
        dir_search_one(connection, &search, &entry, why);

    assert_null(entry);
    assert_true(dir_now() - begun <= 2 * patience());
    assert_int_equal(dir_is_open(connection), status == BWDIR_MALFORMED);
    dir_close(&connection);
    fake_ldap_stop(server);
    return status;
}

static void
test_search_one_too_long(void **state)
{
    struct fake_bytes done =
        fake_result(1, FAKE_SEARCH_DONE, 0, FAKE_NONE, FAKE_NONE);
    struct bwdir_detail why = {""};
    size_t size;
    unsigned char *entry = make_entry(1, DIR_MESSAGE_MAX + 1, &size);

    (void)state;
    assert_int_equal(one_of(entry, size, done, &why), BWDIR_MALFORMED);
    assert_string_equal(why.text, "entry " DN ": longer than 256 KiB");
    /* The server goes away in the middle, at the last byte, in the DN. */
    assert_int_equal(one_of(entry, size / 2, FAKE_NONE, &why),
                     BWDIR_UNAVAILABLE);
    assert_non_null(strstr(why.text, "the connection is lost"));
    assert_int_equal(one_of(entry, size - 1, FAKE_NONE, &why),
                     BWDIR_UNAVAILABLE);
    assert_int_equal(one_of(entry, 20, FAKE_NONE, &why), BWDIR_UNAVAILABLE);
    free(entry);
}

/* More is announced than comes: the deadline ends it. */
static void
test_search_one_never_ends(void **state)
{
    struct fake_bytes some = fake_entry(1, DN, "cn", "a");
    struct bwdir_detail why = {""};

    (void)state;
    front_length = 0;
    put_header(LBER_SEQUENCE, 0x80000000, 4);
    put("\x02\x01\x01", 3);
    put_header(ENTRY, 0x80000000 - 3 - 6, 4);
    put("\x04\x09" DN, 2 + strlen(DN));
    assert_int_equal(one_of(front, front_length, some, &why),
                     BWDIR_UNAVAILABLE);
    assert_non_null(strstr(why.text, "no answer within the deadline"));
}

static void
test_search_one_says_why(void **state)
{
    struct bwdir_detail why = {""};

    (void)state;
    front_length = 0;
    put_long(DIR_MESSAGE_MAX + 1, FAKE_SEARCH_DONE, strlen(DN));
    assert_int_equal(one_of(front, front_length, FAKE_NONE, &why),
                     BWDIR_UNAVAILABLE);
    assert_non_null(strstr(why.text, ": a message longer than 256 KiB"));
    assert_int_equal(
        one_of("\x30\x80\x02\x01\x01\x64\x00", 7, FAKE_NONE, &why),
        BWDIR_UNAVAILABLE);
    assert_non_null(strstr(why.text, ": a malformed message"));
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
        cmocka_unit_test(test_search_goes_on),
        cmocka_unit_test(test_search_one_too_long),
        cmocka_unit_test(test_search_one_never_ends),
        cmocka_unit_test(test_search_one_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
