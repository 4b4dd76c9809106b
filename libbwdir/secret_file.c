/*
 * Writing a secret into a file, so that whoever is stopped in between leaves
 * the old file, or the new one, and never a part.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bwdir.h"
#include "detail.h"

static bool
write_all(int fd, const struct bwdir_secret *secret)
{
    const char *bytes = bwdir_secret_bytes(secret);
    size_t left = bwdir_secret_length(secret);

    while (left > 0) {
        ssize_t done = write(fd, bytes, left);

        if (done < 0 && errno != EINTR)
            return false;
        if (done > 0) {
            bytes += done;
            left -= (size_t)done;
        }
    }
    return true;
}

/* The name is only safe on the disk once its folder is. */
static bool
sync_folder(const char *path)
{
    char *folder = strndup(path, (size_t)(strrchr(path, '/') - path) + 1);
    int fd =
        folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    bool done = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    free(folder);
    return done;
}

/* Into DRAFT, which is made for it: mkostemp(3) gives it mode 0600 and refuses
 * a file that is there. */
static bool
write_draft(char *draft, const struct bwdir_secret *secret,
            const struct bwdir_file_owner *owner)
{
    int fd = mkostemp(draft, O_CLOEXEC);
    bool done;

    if (fd < 0)
        return false;
    done = write_all(fd, secret) && fchmod(fd, 0400) == 0 &&
           (owner == NULL || fchown(fd, owner->uid, owner->gid) == 0) &&
           fsync(fd) == 0;
    if (close(fd) != 0)
        done = false;
    if (!done) {
        int reason = errno;

        unlink(draft);
        errno = reason;
    }
    return done;
}

enum bwdir_status
bwdir_secret_to_file(const struct bwdir_secret *secret, const char *path,
                     const struct bwdir_file_owner *owner, bool replace,
                     struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_OK;
    char *draft = NULL;
    bool placed;

    if (path[0] != '/')
        return bwdir_fail(why, BWDIR_CONFIG, "%s: an absolute path wanted",
                          path);
    if (asprintf(&draft, "%s.XXXXXX", path) < 0)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    if (!write_draft(draft, secret, owner)) {
        status = bwdir_fail(why, BWDIR_CONFIG, "%s: cannot be written: %s",
                            path, strerrordesc_np(errno));
        free(draft);
        return status;
    }
    /* link(2) refuses a name that is taken; rename(2) replaces it. */
    placed = replace ? rename(draft, path) == 0 : link(draft, path) == 0;
    if (!placed || !sync_folder(path))
        status = bwdir_fail(
            why, !placed && errno == EEXIST ? BWDIR_EXISTS : BWDIR_CONFIG,
            "%s: cannot be written: %s", path, strerrordesc_np(errno));
    if (!replace || !placed)
        unlink(draft);
    free(draft);
    return status;
}
