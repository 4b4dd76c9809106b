/*
 * Secrets in libsodium's guarded memory: behind a guard page, locked, left
 * out of core files, wiped when freed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "secret.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detail.h"
#include "trusted.h"

struct bwdir_secret {
    size_t length;
    char *bytes; /* length + 1 of them; from sodium_malloc(3) */
};

enum bwdir_status
bwdir_secret_alloc(size_t length, struct bwdir_secret **secret)
{
    struct bwdir_secret *made;

    *secret = NULL;
    /* Idempotent and thread-safe; libsodium wants it before all else. */
    if (sodium_init() < 0)
        return BWDIR_INTERNAL;
    if (length == SIZE_MAX)
        return BWDIR_NO_MEMORY;
    made = malloc(sizeof(*made));
    if (made == NULL)
        return BWDIR_NO_MEMORY;
    made->length = length;
    made->bytes = sodium_malloc(length + 1);
    if (made->bytes == NULL) {
        free(made);
        return BWDIR_NO_MEMORY;
    }
    sodium_memzero(made->bytes, length + 1);
    *secret = made;
    return BWDIR_OK;
}

char *
bwdir_secret_buffer(struct bwdir_secret *secret)
{
    return secret->bytes;
}

enum bwdir_status
bwdir_secret_new(const void *bytes, size_t length,
                 struct bwdir_secret **secret)
{
    enum bwdir_status status = bwdir_secret_alloc(length, secret);

    if (status == BWDIR_OK && length > 0)
        memcpy((*secret)->bytes, bytes, length);
    return status;
}

static enum bwdir_status
from_descriptor(int fd, const char *path, struct bwdir_secret **secret,
                struct bwdir_detail *why)
{
    char bytes[BWDIR_PASSWORD_MAX + 1]; /* one more for the newline */
    enum bwdir_status status;
    size_t length = 0;

    status = bwdir_trusted_read(fd, path, bytes, sizeof(bytes), &length, why);
    if (length > 0 && bytes[length - 1] == '\n')
        length--;
    if (status == BWDIR_OK && length == 0)
        status =
            bwdir_fail(why, BWDIR_CONFIG, "%s: empty; a secret wanted", path);
    if (status == BWDIR_OK && length > BWDIR_PASSWORD_MAX)
        status =
            bwdir_fail(why, BWDIR_CONFIG, "%s: too long; at most %d bytes",
                       path, BWDIR_PASSWORD_MAX);
    if (status == BWDIR_OK)
        status = bwdir_secret_new(bytes, length, secret);
    sodium_memzero(bytes, sizeof(bytes));
    return status;
}

enum bwdir_status
bwdir_secret_from_file(const char *path, struct bwdir_secret **secret,
                       struct bwdir_detail *why)
{
    return bwdir_secret_from_file_of(path, geteuid(), secret, why);
}

enum bwdir_status
bwdir_secret_from_file_of(const char *path, uid_t owner,
                          struct bwdir_secret **secret,
                          struct bwdir_detail *why)
{
    enum bwdir_status status;
    int fd;

    *secret = NULL;
    status = bwdir_trusted_open_of(path, true, owner, &fd, why);
    if (status != BWDIR_OK)
        return status;
    status = from_descriptor(fd, path, secret, why);
    close(fd);
    return status;
}

const char *
bwdir_secret_bytes(const struct bwdir_secret *secret)
{
    return secret->bytes;
}

size_t
bwdir_secret_length(const struct bwdir_secret *secret)
{
    return secret->length;
}

void
bwdir_secret_free(struct bwdir_secret **secret)
{
    if (secret == NULL || *secret == NULL)
        return;
    sodium_free((*secret)->bytes); /* wipes */
    free(*secret);
    *secret = NULL;
}

enum bwdir_status
bwdir_secret_random(size_t length, struct bwdir_secret **secret)
{
    enum bwdir_status status = bwdir_secret_alloc(length, secret);

    if (status != BWDIR_OK)
        return status;
    for (size_t i = 0; i < length; i++)
        (*secret)->bytes[i] = (char)('!' + randombytes_uniform('~' - '!' + 1));
    return BWDIR_OK;
}

enum bwdir_status
bwdir_password_new(struct bwdir_secret **password)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789";
    enum bwdir_status status = bwdir_secret_alloc(32, password);
    char *out;

    if (status != BWDIR_OK)
        return status;
    out = bwdir_secret_buffer(*password);
    for (size_t i = 0; i < 32; i++)
        out[i] = alphabet[randombytes_uniform(sizeof alphabet - 1)];
    return BWDIR_OK;
}
