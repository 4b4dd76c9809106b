/*
 * Files for tests, in a directory that setup makes and teardown removes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trusted_file.h"

static char directory[] = "/tmp/bwdir-test.XXXXXX";
static char path[256];

int
trusted_file_setup(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL ? -1 : 0;
}

int
trusted_file_teardown(void **state)
{
    DIR *list = opendir(directory);
    struct dirent *entry;

    (void)state;
    if (list == NULL)
        return -1;
    while ((entry = readdir(list)) != NULL)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(list), entry->d_name, 0);
    closedir(list);
    return rmdir(directory);
}

const char *
trusted_file_path(const char *name)
{
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    return path;
}

const char *
trusted_file_write(const char *name, const void *bytes, size_t length,
                   mode_t mode)
{
    int fd;

    unlink(trusted_file_path(name));
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), length);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
    return path;
}
