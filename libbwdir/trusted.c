/*
 * Files that decide what bwdir does: opened without following a symbolic
 * link, judged on the open descriptor, read whole.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "trusted.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "detail.h"

enum bwdir_status
bwdir_trusted_judge(const struct stat *file, const char *path, bool secret,
                    uid_t owner, struct bwdir_detail *why)
{
    if (!S_ISREG(file->st_mode))
        return bwdir_fail(why, BWDIR_CONFIG, "%s: a regular file wanted",
                          path);
    if (file->st_uid != 0 && file->st_uid != owner)
        return bwdir_fail(why, BWDIR_CONFIG,
                          "%s: owned by uid %lu; it must belong to root or "
                          "to uid %lu",
                          path, (unsigned long)file->st_uid,
                          (unsigned long)owner);
    if (file->st_mode & (S_IWGRP | S_IWOTH))
        return bwdir_fail(why, BWDIR_CONFIG,
                          "%s: mode %04o; group and others must not write "
                          "it: chmod go-w",
                          path, (unsigned)file->st_mode & 07777);
    if (secret && (file->st_mode & (S_IRGRP | S_IROTH)))
        return bwdir_fail(why, BWDIR_CONFIG,
                          "%s: mode %04o; group and others must not read a "
                          "secret: chmod 0600",
                          path, (unsigned)file->st_mode & 07777);
    return BWDIR_OK;
}

enum bwdir_status
bwdir_trusted_open(const char *path, bool secret, int *fd,
                   struct bwdir_detail *why)
{
    return bwdir_trusted_open_of(path, secret, geteuid(), fd, why);
}

enum bwdir_status
bwdir_trusted_open_of(const char *path, bool secret, uid_t owner, int *fd,
                      struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_CONFIG;
    struct stat file;
    int opened;

    *fd = -1;
    /* O_NONBLOCK: opening a FIFO must not wait for its other end. */
    opened =
        open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (opened < 0 && errno == ELOOP)
        return bwdir_fail(why, BWDIR_CONFIG,
                          "%s: a symbolic link; name the file itself", path);
    if (opened < 0)
        return bwdir_fail(why, BWDIR_CONFIG, "%s: cannot open: %s", path,
                          strerrordesc_np(errno));
    if (fstat(opened, &file) < 0)
        bwdir_fail(why, BWDIR_CONFIG, "%s: cannot stat", path);
    else
        status = bwdir_trusted_judge(&file, path, secret, owner, why);
    if (status != BWDIR_OK) {
        close(opened);
        return status;
    }
    *fd = opened;
    return BWDIR_OK;
}

enum bwdir_status
bwdir_trusted_read(int fd, const char *path, void *bytes, size_t size,
                   size_t *length, struct bwdir_detail *why)
{
    char beyond;
    ssize_t got;

    *length = 0;
    do {
        bool full = *length == size;

        got = full ? read(fd, &beyond, 1)
                   : read(fd, (char *)bytes + *length, size - *length);
        if (got > 0 && full)
            return bwdir_fail(why, BWDIR_CONFIG,
                              "%s: too long; at most %zu bytes", path, size);
        if (got > 0)
            *length += (size_t)got;
    } while (got > 0 || (got < 0 && errno == EINTR));
    if (got < 0)
        return bwdir_fail(why, BWDIR_CONFIG, "%s: cannot read: %s", path,
                          strerrordesc_np(errno));
    return BWDIR_OK;
}
