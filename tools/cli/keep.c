/*
 * A text that must not be lost, in a file of its own.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "keep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TRIES 10 /* names for the same second */

static int
open_dir(const char *path)
{
    const int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int dir = open(path, how);

    if (dir >= 0 || errno != ENOENT || mkdir(path, 0700) != 0)
        return dir;
    return open(path, how);
}

/* Whoever else may write there could put another file in its place. */
static bool
is_safe(struct cli_report *report, int dir, const char *path)
{
    struct stat found;

    if (fstat(dir, &found) == 0 &&
        (found.st_uid == 0 || found.st_uid == geteuid()) &&
        (found.st_mode & (S_IWGRP | S_IWOTH)) == 0)
        return true;
    cli_error(report,
              "%s: it must belong to root or to you, and nobody else may "
              "write there",
              path);
    return false;
}

static int
create(int dir, const char *name, char *file, size_t size)
{
    char when[32] = "";
    struct tm utc;
    time_t now = time(NULL);
    int fd = -1;

    if (gmtime_r(&now, &utc) != NULL)
        strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &utc);
    for (int i = 0; i < TRIES && fd < 0; i++) {
        snprintf(file, size, i == 0 ? "%s-%s.ldif" : "%s-%s_%d.ldif", name,
                 when, i);
        fd = openat(dir, file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    return fd;
}

static bool
write_all(int fd, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        ssize_t written = write(fd, text, left);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text += written;
        left -= (size_t)written;
    }
    return true;
}

/* Closes FD whatever happens. */
static bool
store(int dir, int fd, const char *text)
{
    bool stored = write_all(fd, text) && fsync(fd) == 0;
    int error = errno;

    if (close(fd) != 0 && stored) {
        stored = false;
        error = errno;
    }
    if (stored && fsync(dir) != 0) {
        stored = false;
        error = errno;
    }
    errno = error;
    return stored;
}

/* FILE in DIR, which is open as FD. */
static bool
keep_in(struct cli_report *report, int dir, const char *path, const char *name,
        const char *text, char **kept)
{
    char file[128];
    int fd = create(dir, name, file, sizeof file);

    if (fd < 0) {
        cli_error(report, "%s: no file can be made: %m", path);
        return false;
    }
    if (!store(dir, fd, text)) {
        cli_error(report, "%s/%s: cannot be written: %m", path, file);
        unlinkat(dir, file, 0);
        return false;
    }
    if (asprintf(kept, "%s/%s", path, file) < 0)
        *kept = NULL;
    return *kept != NULL;
}

bool
cli_keep(struct cli_report *report, const char *dir, const char *name,
         const char *text, char **path)
{
    int fd = open_dir(dir);
    bool kept = false;

    *path = NULL;
    if (fd < 0) {
        cli_error(report, "%s: no directory to keep a file in: %m", dir);
        return false;
    }
    if (is_safe(report, fd, dir))
        kept = keep_in(report, fd, dir, name, text, path);
    close(fd);
    return kept;
}

static bool
is_of(const char *file, const char *name)
{
    size_t length = strlen(name);

    return strncmp(file, name, length) == 0 && file[length] == '-';
}

void
cli_kept_each(const char *dir, const char *name,
              bool (*visit)(const char *path, void *closure), void *closure)
{
    struct dirent **files;
    int count = scandir(dir, &files, NULL, alphasort);
    bool more = count > 0;

    for (int i = count - 1; i >= 0; i--) {
        char *path = NULL;

        if (more && is_of(files[i]->d_name, name) &&
            asprintf(&path, "%s/%s", dir, files[i]->d_name) > 0) {
            more = visit(path, closure);
            free(path);
        }
        free(files[i]);
    }
    if (count >= 0)
        free(files);
}
