/*
 * The layer between libldap and TLS, which sees the stream as messages.
 * libldap knows one answer to a message that is too long: it closes the
 * connection.  But how long an entry is, is for its owner to say, and he is
 * not to stop a list, a mail or a sign-in for everybody else.  So an entry
 * beyond the limit is taken off the stream, and a short one with the same DN
 * stands in its place, which says so.
 *
 * Messages up to the limit pass as they are.  Whatever else is too long, or
 * is no message, ends the connection.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "connection_impl.h"

#include <errno.h>
#include <string.h>

/*
 * So much can be read without reading beyond the message: a header of two
 * bytes, a message id of three, an operation that is empty.  It always holds
 * the whole header of a message.
 */
#define LEAST_MESSAGE 7

/* Lengths of more octets are refused, as libldap does. */
#define LENGTH_OCTETS_MAX 4

enum { HEADER, TOO_LONG, DRAIN, PASS };

/* An element as its header tells (RFC 4511 section 5.1: of definite length);
 * all tags of LDAP are one byte. */
struct element {
    unsigned char tag;
    size_t at; /* of its content, in what was read */
    size_t length;
};

/* The results below are those of a layer's read: 0 or less where the layer
 * beneath has nothing, with errno as it has left it; what was read is kept. */

static ber_slen_t
refuse(struct dir_framing *framing, const char *reason)
{
    framing->trouble = reason;
    errno = EBADMSG;
    return -1;
}

/* Reads on until WANTED bytes of the message are there. */
static ber_slen_t
fill(Sockbuf_IO_Desc *layer, size_t wanted)
{
    struct dir_framing *framing = layer->sbiod_pvt;
    ber_slen_t got;

    if (wanted > sizeof framing->bytes)
        return refuse(framing, "a malformed message");
    while (framing->have < wanted) {
        got = LBER_SBIOD_READ_NEXT(layer, framing->bytes + framing->have,
                                   wanted - framing->have);
        if (got <= 0)
            return got;
        framing->have += (size_t)got;
    }
    return 1;
}

static ber_slen_t
read_element(Sockbuf_IO_Desc *layer, size_t at, struct element *element)
{
    struct dir_framing *framing = layer->sbiod_pvt;
    const unsigned char *header = framing->bytes + at;
    size_t octets = 0;
    ber_slen_t result = fill(layer, at + 2);

    if (result <= 0)
        return result;
    if ((header[1] & 0x80) != 0)
        octets = header[1] & 0x7f;
    if (header[1] == 0x80 || octets > LENGTH_OCTETS_MAX)
        return refuse(framing, "a malformed message");
    result = fill(layer, at + 2 + octets);
    if (result <= 0)
        return result;
    *element = (struct element){.tag = header[0], .at = at + 2 + octets};
    if (octets == 0)
        element->length = header[1];
    for (size_t i = 0; i < octets; i++)
        element->length = element->length << 8 | header[2 + i];
    return 1;
}

static ber_slen_t
begin(Sockbuf_IO_Desc *layer)
{
    struct dir_framing *framing = layer->sbiod_pvt;
    struct element message;
    ber_slen_t result = fill(layer, LEAST_MESSAGE);

    if (result > 0)
        result = read_element(layer, 0, &message);
    if (result <= 0)
        return result;
    if (message.tag != LBER_SEQUENCE ||
        message.at + message.length < LEAST_MESSAGE)
        return refuse(framing, "a malformed message");
    framing->length = message.at + message.length;
    framing->content = message.at;
    framing->phase = message.length > DIR_MESSAGE_MAX ? TOO_LONG : PASS;
    framing->left = framing->length - framing->have;
    return 1;
}

/* ---- a message that is too long ----------------------------------------- */

/* An entry without attributes, but for the one that says why. */
static ber_slen_t
write_instead(struct dir_framing *framing, ber_int_t id, struct berval *dn)
{
    BerElement *ber = ber_alloc_t(LBER_USE_DER);
    struct berval entry = {0, NULL};
    bool written;

    written = ber != NULL &&
              ber_printf(ber, "{it{O{{s[]}}}}", id, LDAP_RES_SEARCH_ENTRY, dn,
                         DIR_TOO_LONG) != -1 &&
              ber_flatten2(ber, &entry, 0) == 0 &&
              entry.bv_len <= sizeof framing->bytes;
    if (written) {
        memcpy(framing->bytes, entry.bv_val, entry.bv_len);
        framing->have = entry.bv_len;
    }
    ber_free(ber, 1);
    return written ? 1 : refuse(framing, "out of memory");
}

/* From 0 to 2^31 - 1 (RFC 4511 section 4.1.1.1). */
static ber_slen_t
read_id(Sockbuf_IO_Desc *layer, struct element *element, ber_int_t *id)
{
    struct dir_framing *framing = layer->sbiod_pvt;
    const unsigned char *octets = NULL;
    ber_slen_t result = read_element(layer, framing->content, element);

    if (result > 0 && (element->tag != LBER_INTEGER || element->length < 1 ||
                       element->length > sizeof *id))
        return refuse(framing, "a malformed message");
    if (result > 0)
        result = fill(layer, element->at + element->length);
    if (result <= 0)
        return result;
    octets = framing->bytes + element->at;
    if (octets[0] >= 0x80)
        return refuse(framing, "a malformed message");
    *id = 0;
    for (size_t i = 0; i < element->length; i++)
        *id = *id << 8 | octets[i];
    return 1;
}

static bool
holds(const struct element *outer, const struct element *inner)
{
    return inner->at + inner->length <= outer->at + outer->length;
}

/* The name that an entry begins with (RFC 4511 section 4.5.2). */
static ber_slen_t
read_name(Sockbuf_IO_Desc *layer, size_t at, struct element *name)
{
    struct dir_framing *framing = layer->sbiod_pvt;
    const struct element message = {.length = framing->length};
    struct element entry;
    ber_slen_t result = read_element(layer, at, &entry);

    if (result > 0 && entry.tag != LDAP_RES_SEARCH_ENTRY)
        return refuse(framing, "a message " DIR_TOO_LONG_WORDS);
    if (result > 0)
        result = read_element(layer, entry.at, name);
    if (result > 0 &&
        (name->tag != LBER_OCTETSTRING || name->length > DIR_DN_MAX ||
         !holds(&entry, name) || !holds(&message, &entry)))
        return refuse(framing, "a malformed message");
    return result > 0 ? fill(layer, name->at + name->length) : result;
}

static ber_slen_t
replace(Sockbuf_IO_Desc *layer)
{
    struct dir_framing *framing = layer->sbiod_pvt;
    struct element first, name;
    struct berval dn;
    ber_int_t id;
    ber_slen_t result = read_id(layer, &first, &id);

    if (result > 0)
        result = read_name(layer, first.at + first.length, &name);
    if (result <= 0)
        return result;
    dn = (struct berval){name.length, (char *)framing->bytes + name.at};
    framing->left = framing->length - framing->have;
    framing->phase = DRAIN;
    return write_instead(framing, id, &dn);
}

static ber_slen_t
drain(Sockbuf_IO_Desc *layer)
{
    struct dir_framing *framing = layer->sbiod_pvt;
    char scratch[4096];

    while (framing->left > 0) {
        size_t size =
            framing->left < sizeof scratch ? framing->left : sizeof scratch;
        ber_slen_t got = LBER_SBIOD_READ_NEXT(layer, scratch, size);

        if (got <= 0)
            return got;
        framing->left -= (size_t)got;
    }
    framing->phase = PASS;
    return 1;
}

/* ---- the layer ---------------------------------------------------------- */

/* What was read first, then the rest; 0 at the end of the message. */
static ber_slen_t
pass(Sockbuf_IO_Desc *layer, void *bytes, size_t length)
{
    struct dir_framing *framing = layer->sbiod_pvt;
    size_t held = framing->have - framing->given;
    ber_slen_t got;

    if (held > 0) {
        if (length > held)
            length = held;
        memcpy(bytes, framing->bytes + framing->given, length);
        framing->given += length;
        return (ber_slen_t)length;
    }
    got = LBER_SBIOD_READ_NEXT(
        layer, bytes, length < framing->left ? length : framing->left);
    if (got > 0)
        framing->left -= (size_t)got;
    return got;
}

static bool
is_over(const struct dir_framing *framing)
{
    return framing->phase == PASS && framing->given == framing->have &&
           framing->left == 0;
}

static ber_slen_t
layer_read(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t length)
{
    struct dir_framing *framing = layer->sbiod_pvt;
    ber_slen_t result = 1;

    if (is_over(framing)) {
        framing->phase = HEADER;
        framing->have = framing->given = 0;
    }
    if (framing->phase == HEADER)
        result = begin(layer);
    if (result > 0 && framing->phase == TOO_LONG)
        result = replace(layer);
    if (result > 0 && framing->phase == DRAIN)
        result = drain(layer);
    return result > 0 ? pass(layer, bytes, length) : result;
}

static ber_slen_t
layer_write(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t length)
{
    return LBER_SBIOD_WRITE_NEXT(layer, bytes, length);
}

static int
layer_setup(Sockbuf_IO_Desc *layer, void *framing)
{
    layer->sbiod_pvt = framing;
    return 0;
}

static int
layer_control(Sockbuf_IO_Desc *layer, int option, void *argument)
{
    const struct dir_framing *framing = layer->sbiod_pvt;

    if (option == LBER_SB_OPT_DATA_READY && framing->phase == PASS &&
        framing->given < framing->have)
        return 1;
    return LBER_SBIOD_CTRL_NEXT(layer, option, argument);
}

static Sockbuf_IO layer_functions = {
    .sbi_setup = layer_setup,
    .sbi_ctrl = layer_control,
    .sbi_read = layer_read,
    .sbi_write = layer_write,
};

bool
dir_framing_attach(struct dir_framing *framing, Sockbuf *buffer)
{
    *framing = (struct dir_framing){.phase = HEADER};
    return ber_sockbuf_add_io(buffer, &layer_functions,
                              LBER_SBIOD_LEVEL_APPLICATION, framing) == 0;
}
