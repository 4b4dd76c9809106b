/*
 * The verdict kept in the PAM handle.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/handle.h"

#include <stdlib.h>
#include <string.h>

#define NAME "pam_bw verdict"
#define KEY_MAX (BW_WIRE_REQUEST_MAX + 128)

struct record {
    struct pambw_kept kept;
    size_t length;
    uint8_t key[];
};

/*
 * The account question as it would be sent, without the source, which no
 * verdict depends on, and then where to; it has no secret.  0 when there is
 * no such question.
 */
static size_t
write_key(const struct pambw *call, uint8_t key[KEY_MAX])
{
    static const struct pambw_question account = {.kind = BW_WIRE_ACCOUNT};
    size_t socket = strlen(call->options.socket);
    size_t length =
        pambw_question_write(call, &account, key, BW_WIRE_REQUEST_MAX);

    if (length == 0 || socket > KEY_MAX - BW_WIRE_REQUEST_MAX ||
        !bwdir_shape_is_name(call->user))
        return 0;
    memset(key + offsetof(struct bw_wire_request, source), 0,
           BW_WIRE_SOURCE_SIZE);
    memcpy(key + length, call->options.socket, socket);
    return length + socket;
}

static void
cleanup(pam_handle_t *handle, void *data, int status)
{
    struct record *record = data;

    (void)handle, (void)status;
    if (record != NULL)
        explicit_bzero(record, sizeof(*record) + record->length);
    free(record);
}

int
pambw_handle_keep(const struct pambw *call, struct pambw_kept kept)
{
    uint8_t key[KEY_MAX];
    size_t length = write_key(call, key);
    struct record *record;
    int code;

    if (length == 0)
        return PAM_SERVICE_ERR;
    record = malloc(sizeof(*record) + length);
    if (record == NULL)
        return PAM_BUF_ERR;
    record->kept = kept;
    record->length = length;
    memcpy(record->key, key, length);
    code = pam_set_data(call->handle, NAME, record, cleanup);
    if (code != PAM_SUCCESS)
        cleanup(call->handle, record, code);
    return code;
}

bool
pambw_handle_recall(const struct pambw *call, struct pambw_kept *kept)
{
    uint8_t key[KEY_MAX];
    size_t length = write_key(call, key);
    const struct record *record;
    const void *data = NULL;

    if (pam_get_data(call->handle, NAME, &data) != PAM_SUCCESS || data == NULL)
        return false;
    record = data;
    if (length == 0 || record->length != length ||
        memcmp(record->key, key, length) != 0)
        return false;
    *kept = record->kept;
    return true;
}

void
pambw_handle_forget(const struct pambw *call)
{
    const void *data = NULL;

    if (pam_get_data(call->handle, NAME, &data) == PAM_SUCCESS && data != NULL)
        (void)pam_set_data(call->handle, NAME, NULL, cleanup);
}
