/*
 * A request, decoded: the fields of a frame turned into what the library
 * asks for.  Strict: a frame that is not exactly as wire.h says is refused
 * as a whole.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIRD_QUESTION_H
#define BWDIRD_QUESTION_H

#include <stdbool.h>
#include <stddef.h>

#include "bwdir_signin.h"
#include "pam_bw/wire/wire.h"

#define BWDIRD_REQUIRE_MAX 16 /* fields of each of the three kinds */
#define BWDIRD_SERVICE_NAME_MAX 255

struct bwdird_question {
    enum bw_wire_kind kind;
    char user[BW_WIRE_USER_SIZE + 1];
    const char *service_name; /* NULL until it has been read */
    const char *phone;
    struct bwdir_secret *password;
    struct bwdir_secret *new_password;
    struct bwdir_secret *code;
    struct bwdir_service service; /* points to the arrays below */

    const char *role[BWDIRD_REQUIRE_MAX + 1];
    const char *account[BWDIRD_REQUIRE_MAX + 1];
    const char *level[BWDIRD_REQUIRE_MAX + 1];
    char text[BW_WIRE_REQUEST_MAX]; /* every string above, terminated */
    size_t text_used;
};

/*
 * HEADER has passed bw_wire_request_valid().  Secrets are copied out of
 * FIELDS, which is the caller's to wipe.  False for a malformed frame, with
 * fixed words in WHY; QUESTION is to be cleared either way.
 */
bool bwdird_question_decode(struct bwdird_question *question,
                            const struct bw_wire_request *header,
                            const void *fields, const char **why);
void bwdird_question_clear(struct bwdird_question *question);

#endif
