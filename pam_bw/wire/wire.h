/*
 * The frames that travel between pam_bw.so and bwdird over a Unix stream
 * socket.  One request, one reply, then the connection is closed; a caller
 * who closes or shuts down his end before the reply wants none.  This file is
 * compiled into both ends and needs libc only.
 *
 * A frame is a header of fixed size, all integers in host byte order (both
 * ends are on one machine), followed by `length` bytes of fields.  A field is
 * one byte of tag, two bytes of length, then that many bytes, not
 * terminated.  A reader never looks behind `length`; a frame with a field
 * that would reach behind it, with bytes left over, with an unknown tag or
 * with a tag repeated that may stand once, is malformed as a whole.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_WIRE_H
#define BW_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BW_WIRE_VERSION 1
#define BW_WIRE_REQUEST_MAX 4096 /* header and fields */
#define BW_WIRE_REPLY_MAX 65536
#define BW_WIRE_USER_SIZE 32
#define BW_WIRE_SOURCE_SIZE 16

enum bw_wire_kind {
    BW_WIRE_AUTHENTICATE = 1,
    BW_WIRE_ACCOUNT = 2,
    BW_WIRE_CHANGE = 3,
    BW_WIRE_REDEEM = 4
};

/*
 * Same numbers as enum bwdir_access_kind.  Unsaid: the module has no access=
 * argument, so the daemon looks the service up in the directory.
 */
enum bw_wire_access {
    BW_WIRE_UNSAID = 0,
    BW_WIRE_DASHBOARD = 1,
    BW_WIRE_API = 2
};

/* What the daemon's parent looks at; nothing in it is of variable size. */
struct bw_wire_request {
    uint8_t version;
    uint8_t kind;         /* enum bw_wire_kind */
    uint8_t access;       /* enum bw_wire_access */
    uint8_t reserved;     /* 0 */
    uint32_t length;      /* bytes of fields that follow */
    uint32_t deadline_ms; /* how long the caller will wait, 1 … 3000 */
    /* User name, padded with NUL; 32 bytes need no NUL. */
    char user[BW_WIRE_USER_SIZE];
    /* Numeric PAM_RHOST as an IPv6 address (IPv4 mapped); zeros = none. */
    uint8_t source[BW_WIRE_SOURCE_SIZE];
};

struct bw_wire_reply {
    uint8_t version;
    /* Answers BW_WIRE_UNSAID: the kind of service that was decided for.  0
     * in every other reply, and where it is not known. */
    uint8_t access;
    uint8_t reserved[2]; /* 0 */
    uint32_t length;
    uint32_t status;   /* enum bwdir_status */
    int32_t days_left; /* -1: no warning is due */
};

_Static_assert(sizeof(struct bw_wire_request) == 60, "no padding");
_Static_assert(sizeof(struct bw_wire_reply) == 16, "no padding");

enum bw_wire_tag {
    /* requests */
    BW_WIRE_SERVICE = 1,  /* PAM service name, once, required */
    BW_WIRE_PASSWORD = 2, /* authenticate; change: the old one */
    BW_WIRE_NEW_PASSWORD = 3,
    BW_WIRE_CODE = 4,
    BW_WIRE_PHONE = 5,
    BW_WIRE_REQUIRE_ROLE = 6, /* comma list; these three may repeat */
    BW_WIRE_REQUIRE_ACCOUNT = 7,
    BW_WIRE_REQUIRE_LEVEL = 8,
    /* replies, each at most once */
    BW_WIRE_LEVEL = 16,
    BW_WIRE_ROLES = 17,
    BW_WIRE_ACCOUNTS = 18,
    BW_WIRE_ACCESS = 19,
    BW_WIRE_MESSAGE = 20 /* for the person: why a new password was refused */
};

/* A frame being written into a buffer of the caller. */
struct bw_wire_writer {
    uint8_t *buffer;
    size_t size; /* of the buffer: the most the frame may be */
    size_t used;
    bool overflow; /* set by the first field that did not fit */
};

/* Starts a frame with room for a header of HEADER_SIZE bytes. */
void bw_wire_start(struct bw_wire_writer *writer, void *buffer, size_t size,
                   size_t header_size);

/*
 * Appends one field; on overflow nothing is written, the flag is set and the
 * writer takes no further field: the frame is not to be sent.
 */
void bw_wire_put(struct bw_wire_writer *writer, enum bw_wire_tag tag,
                 const void *bytes, size_t length);

/* One field of a frame, pointing into the caller's buffer. */
struct bw_wire_field {
    enum bw_wire_tag tag;
    const char *bytes; /* not terminated */
    size_t length;
};

/* Fields left to read; set next and left, and the rest to 0. */
struct bw_wire_reader {
    const uint8_t *next;
    size_t left;
    uint32_t seen; /* tags met so far, one bit each */
};

/*
 * Takes the next field.  1: FIELD is filled; 0: no field is left; -1: the
 * frame is malformed (a field too long, an unknown tag, a tag doubled that
 * may stand once) and nothing of it may be used.  Whether the tag may stand
 * in this kind of frame is for the caller to ask.
 */
int bw_wire_next(struct bw_wire_reader *reader, struct bw_wire_field *field);

/*
 * Header checks: version, kind, access, reserved bytes, length within the
 * limit, deadline in range, and no byte after a NUL of the user name; of a
 * reply also a known status and a number of days that is not below -1.
 */
bool bw_wire_request_valid(const struct bw_wire_request *request);
bool bw_wire_reply_valid(const struct bw_wire_reply *reply);

/* Deadlines by kind of service, in milliseconds; unsaid: as dashboard. */
uint32_t bw_wire_deadline_ms(enum bw_wire_access access);

#endif
