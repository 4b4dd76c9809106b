/*
 * A verdict, encoded.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIRD_REPLY_H
#define BWDIRD_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "bwdir_signin.h"
#include "pam_bw/wire/wire.h"

/*
 * The frame for an answer in BUFFER, which holds BW_WIRE_REPLY_MAX bytes.
 * Facts go out only with BWDIR_OK and BWDIR_MUST_CHANGE, the message only
 * with BWDIR_REFUSED, the reason never; the kind of service only where the
 * request left it UNSAID, for older modules do not know that byte.  Returns
 * the size of the frame; 0 when it does not fit, for nothing is ever cut.
 */
size_t bwdird_reply_encode(const struct bwdir_answer *answer, bool unsaid,
                           void *buffer);

/* A reply without fields. */
struct bw_wire_reply bwdird_reply_bare(enum bwdir_status status);

/* True when SIZE bytes are one whole frame with a valid header. */
bool bwdird_reply_whole(const void *frame, size_t size);

#endif
