/*
 * Looking for pam_bw.so in the files of a PAM service.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "service_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "logical_line.h"

#define MODULE "pam_bw.so"
#define DEPTH_MAX 16
#define FILES_MAX 128 /* what a few files that include each other can make */
#define NAME_LENGTH_MAX 255

/* One search through a service. */
struct search {
    const char *directory;
    const char *type;
    struct pam_line *line;
    struct bwdir_detail *why;
    size_t entries; /* lines of the type, whatever their module */
    size_t depth;
    size_t files;
};

__attribute__((format(printf, 2, 3))) static enum bwdir_status
fail(const struct search *search, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(search->why->text, sizeof search->why->text, format, args);
    va_end(args);
    return BWDIR_CONFIG;
}

/* A regular file for reading, or NULL with errno set. */
static FILE *
open_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat status;
    FILE *file;

    if (fd < 0)
        return NULL;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(fd);
        errno = EINVAL;
        return NULL;
    }
    file = fdopen(fd, "r");
    if (file == NULL)
        close(fd);
    return file;
}

static FILE *
open_in(const char *directory, const char *name, char *path, size_t size)
{
    int length = name[0] == '/'
                     ? snprintf(path, size, "%s", name)
                     : snprintf(path, size, "%s/%s", directory, name);

    if (length < 0 || (size_t)length >= size) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    return open_file(path);
}

static FILE *
open_named(const struct search *search, const char *name, char *path,
           size_t size)
{
    const char *directory = search->directory;
    char other[PATH_MAX];
    FILE *file;

    if (directory != NULL)
        return open_in(directory, name, path, size);
    file = open_in(PAM_DIRECTORY, name, path, size);
    if (file == NULL && errno == ENOENT && name[0] != '/') {
        file = open_in(PAM_VENDOR_DIRECTORY, name, other, sizeof other);
        if (file != NULL)
            strcpy(path, other);
    }
    return file;
}

/* The module's line: kept when it is the first. */
static void
take_module(struct search *search, char *rest, const char *path, size_t number)
{
    struct pam_line *line = search->line;
    const char *word;

    if (line->count++ > 0)
        return;
    snprintf(line->where, sizeof line->where, "%s:%zu", path, number);
    while ((word = pam_word(&rest)) != NULL)
        cli_list_add(&line->arguments, word);
}

static enum bwdir_status walk(struct search *search, const char *name);

static bool
is_include(const char *control)
{
    return strcasecmp(control, "include") == 0 ||
           strcasecmp(control, "substack") == 0;
}

static bool
is_our_module(const char *path)
{
    const char *slash = strrchr(path, '/');

    return strcmp(slash == NULL ? path : slash + 1, MODULE) == 0;
}

/* What follows the type: control, module or file, arguments. */
static enum bwdir_status
take_entry(struct search *search, char *rest, const char *path, size_t number)
{
    const char *control = pam_word(&rest);
    const char *target = control == NULL ? NULL : pam_word(&rest);

    search->entries++;
    if (target == NULL)
        return fail(search, "%s:%zu: a control and a module wanted", path,
                    number);
    if (is_include(control))
        return walk(search, target);
    if (is_our_module(target))
        take_module(search, rest, path, number);
    return BWDIR_OK;
}

static enum bwdir_status
take_line(struct search *search, struct pam_text *line, const char *path)
{
    char *rest = line->text;
    const char *first = pam_word(&rest);

    if (first == NULL)
        return BWDIR_OK;
    if (strcasecmp(first, "@include") == 0) {
        first = pam_word(&rest);
        if (first == NULL)
            return fail(search, "%s:%zu: @include: a file wanted", path,
                        line->number);
        return walk(search, first);
    }
    if (*first == '-')
        first++;
    if (strcasecmp(first, search->type) != 0)
        return BWDIR_OK;
    return take_entry(search, rest, path, line->number);
}

/* All lines of a file, and of those that it includes. */
static enum bwdir_status
walk(struct search *search, const char *name)
{
    enum bwdir_status status = BWDIR_OK;
    struct pam_text line = {0};
    char *path;
    FILE *file;

    if (search->depth >= DEPTH_MAX || search->files++ >= FILES_MAX)
        return fail(search, "%s: included too deep, or by itself", name);
    path = malloc(PATH_MAX);
    if (path == NULL)
        return BWDIR_NO_MEMORY;
    file = open_named(search, name, path, PATH_MAX);
    if (file == NULL) {
        status = fail(search, "PAM file %s: %s", path, strerror(errno));
    } else {
        search->depth++;
        while (status == BWDIR_OK && pam_text_next(file, &line))
            status = take_line(search, &line, path);
        search->depth--;
        fclose(file);
    }
    free(line.text);
    free(path);
    return status;
}

static bool
has_file(const struct search *search, const char *service)
{
    char path[PATH_MAX];
    FILE *file = open_named(search, service, path, sizeof path);
    bool missing = file == NULL && errno == ENOENT;

    if (file != NULL)
        fclose(file);
    return !missing;
}

enum bwdir_status
pam_service_line(const char *directory, const char *service, const char *type,
                 struct pam_line *line, struct bwdir_detail *why)
{
    struct search search = {
        .directory = directory, .type = type, .line = line, .why = why};
    char name[NAME_LENGTH_MAX + 1];
    enum bwdir_status status = BWDIR_OK;
    size_t length = strlen(service);
    bool found;

    memset(line, 0, sizeof *line);
    if (length == 0 || length > NAME_LENGTH_MAX || service[0] == '.' ||
        strchr(service, '/') != NULL) {
        fail(&search,
             "service \"%s\": the name of a PAM service wanted, for "
             "example sshd",
             service);
        return BWDIR_BAD_VALUE;
    }
    for (size_t i = 0; i <= length; i++)
        name[i] = (char)tolower((unsigned char)service[i]);
    found = has_file(&search, name);
    if (found)
        status = walk(&search, name);
    if (status != BWDIR_OK || search.entries > 0)
        return status;
    if (has_file(&search, "other"))
        return walk(&search, "other");
    return found ? BWDIR_OK
                 : fail(&search, "service \"%s\": no such file in %s", service,
                        directory != NULL ? directory : PAM_DIRECTORY);
}

void
pam_line_clear(struct pam_line *line)
{
    cli_list_clear(&line->arguments);
    memset(line, 0, sizeof *line);
}
