/*
 * Looking for pam_bw.so in the files of a PAM service.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "service_file.h"

#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sysexits.h>
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
    struct pam_stack *stack;
    struct bwdir_detail *why;
    size_t level; /* of substacks */
    size_t depth;
    size_t files;
    /* the line that is looked at */
    const char *path;
    size_t number;
    bool dash;
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

static char *
copy(const char *text)
{
    char *copied = strdup(text);

    if (copied == NULL)
        errx(EX_OSERR, "out of memory");
    return copied;
}

/* A line that names a module. */
static void
keep(struct search *search, const char *control, const char *module,
     char *rest)
{
    struct pam_stack *stack = search->stack;
    struct pam_entry *larger =
        reallocarray(stack->entries, stack->count + 1, sizeof *larger);
    const char *word;

    if (larger == NULL)
        errx(EX_OSERR, "out of memory");
    stack->entries = larger;
    larger += stack->count++;
    *larger = (struct pam_entry){.path = copy(search->path),
                                 .number = search->number,
                                 .level = search->level,
                                 .dash = search->dash,
                                 .control = copy(control),
                                 .module = copy(module)};
    while ((word = pam_word(&rest)) != NULL)
        cli_list_add(&larger->arguments, word);
}

static enum bwdir_status walk(struct search *search, const char *name);

/* What follows the type: control, module or file, arguments. */
static enum bwdir_status
take_entry(struct search *search, char *rest)
{
    const char *control = pam_word(&rest);
    const char *target = control == NULL ? NULL : pam_word(&rest);
    bool substack;
    enum bwdir_status status;

    if (target == NULL)
        return fail(search, "%s:%zu: a control and a module wanted",
                    search->path, search->number);
    substack = strcasecmp(control, "substack") == 0;
    if (!substack && strcasecmp(control, "include") != 0) {
        keep(search, control, target, rest);
        return BWDIR_OK;
    }
    search->level += substack;
    status = walk(search, target);
    search->level -= substack;
    return status;
}

static enum bwdir_status
take_line(struct search *search, struct pam_text *line)
{
    char *rest = line->text;
    const char *first = pam_word(&rest);

    if (first == NULL)
        return BWDIR_OK;
    if (strcasecmp(first, "@include") == 0) {
        first = pam_word(&rest);
        if (first == NULL)
            return fail(search, "%s:%zu: @include: a file wanted",
                        search->path, search->number);
        return walk(search, first);
    }
    search->dash = *first == '-';
    if (search->dash)
        first++;
    if (strcasecmp(first, search->type) != 0)
        return BWDIR_OK;
    return take_entry(search, rest);
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
        while (status == BWDIR_OK && pam_text_next(file, &line)) {
            search->path = path;
            search->number = line.number;
            status = take_line(search, &line);
        }
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
pam_service_stack(const char *directory, const char *service, const char *type,
                  struct pam_stack *stack, struct bwdir_detail *why)
{
    struct search search = {
        .directory = directory, .type = type, .stack = stack, .why = why};
    char name[NAME_LENGTH_MAX + 1];
    enum bwdir_status status = BWDIR_OK;
    size_t length = strlen(service);
    bool found;

    memset(stack, 0, sizeof *stack);
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
    stack->missing = !found;
    if (found)
        status = walk(&search, name);
    if (status != BWDIR_OK || stack->count > 0)
        return status;
    if (has_file(&search, "other"))
        return walk(&search, "other");
    return found ? BWDIR_OK
                 : fail(&search, "service \"%s\": no such file in %s", service,
                        directory != NULL ? directory : PAM_DIRECTORY);
}

void
pam_stack_clear(struct pam_stack *stack)
{
    for (size_t i = 0; i < stack->count; i++) {
        free(stack->entries[i].path);
        free(stack->entries[i].control);
        free(stack->entries[i].module);
        cli_list_clear(&stack->entries[i].arguments);
    }
    free(stack->entries);
    memset(stack, 0, sizeof *stack);
}

bool
pam_entry_is_ours(const struct pam_entry *entry)
{
    const char *slash = strrchr(entry->module, '/');

    return strcmp(slash == NULL ? entry->module : slash + 1, MODULE) == 0;
}

enum bwdir_status
pam_service_line(const char *directory, const char *service, const char *type,
                 struct pam_line *line, struct bwdir_detail *why)
{
    struct pam_stack stack;
    enum bwdir_status status =
        pam_service_stack(directory, service, type, &stack, why);

    memset(line, 0, sizeof *line);
    line->missing = stack.missing;
    for (size_t i = 0; i < stack.count; i++) {
        struct pam_entry *entry = &stack.entries[i];

        if (!pam_entry_is_ours(entry) || line->count++ > 0)
            continue;
        snprintf(line->where, sizeof line->where, "%s:%zu", entry->path,
                 entry->number);
        line->arguments = entry->arguments;
        entry->arguments = (struct cli_list){NULL, 0};
    }
    pam_stack_clear(&stack);
    return status;
}

void
pam_line_clear(struct pam_line *line)
{
    cli_list_clear(&line->arguments);
    memset(line, 0, sizeof *line);
}
