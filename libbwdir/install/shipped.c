/*
 * What the directory should hold: the files of schema/, made out for one
 * suffix.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "shipped.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../configuration.h"
#include "../detail.h"

#define FOLDER PKGDATADIR "/schema"
#define TEXT_MAX ((size_t)256 * 1024)
#define MARK "@BASE@"

static const struct {
    const char *name;
    bool is_one; /* holds exactly one record */
} files[INSTALL_FILES] = {
    [INSTALL_MODULES] = {"modules", true},
    [INSTALL_SCHEMA] = {"bwdir", true},
    [INSTALL_FRONTEND] = {"frontend", true},
    [INSTALL_DATABASE] = {"database", true},
    [INSTALL_ACCESS] = {"access", true},
    [INSTALL_STOCK] = {"stock", false},
    [INSTALL_OVERLAYS] = {"overlays", false},
    [INSTALL_BASE] = {"base", false},
};

/* A copy of TEXT with every mark replaced; the caller's. */
static char *
made_out(const char *text, const char *base)
{
    char *copy = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&copy, &size);
    const char *mark;

    if (out == NULL)
        return NULL;
    for (; (mark = strstr(text, MARK)) != NULL; text = mark + strlen(MARK)) {
        fwrite(text, 1, (size_t)(mark - text), out);
        fputs(base, out);
    }
    fputs(text, out);
    if (fclose(out) == 0)
        return copy;
    free(copy);
    return NULL;
}

/* The whole of a text file; the caller's. */
static enum bwdir_status
read_text(const char *path, char **text, struct bwdir_detail *why)
{
    enum bwdir_status status;
    size_t length = 0;
    int fd;

    *text = NULL;
    status = bwdir_trusted_open(path, false, &fd, why);
    if (status != BWDIR_OK)
        return status;
    *text = calloc(1, TEXT_MAX + 1);
    status = *text == NULL
                 ? bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory")
                 : bwdir_trusted_read(fd, path, *text, TEXT_MAX, &length, why);
    close(fd);
    if (status == BWDIR_OK && strlen(*text) != length)
        status = bwdir_fail(why, BWDIR_CONFIG, "%s: holds a NUL byte", path);
    return status;
}

static enum bwdir_status
read_file(const char *path, const char *base, struct dir_records *records,
          struct bwdir_detail *why)
{
    struct bwdir_detail fault = {""};
    char *text = NULL, *made = NULL;
    enum bwdir_status status = read_text(path, &text, why);

    if (status == BWDIR_OK) {
        made = made_out(text, base);
        status = made == NULL ? BWDIR_NO_MEMORY
                              : dir_ldif_read(made, records, &fault);
        if (status == BWDIR_MALFORMED)
            status = bwdir_fail(why, BWDIR_CONFIG, "%s: %s", path, fault.text);
    }
    free(made);
    free(text);
    return status;
}

enum bwdir_status
install_shipped_load(const char *folder, const char *base,
                     struct install_shipped *shipped, struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_OK;

    memset(shipped, 0, sizeof *shipped);
    for (size_t i = 0; status == BWDIR_OK && i < INSTALL_FILES; i++) {
        char *path = NULL;

        if (asprintf(&path, "%s/%s.ldif", folder != NULL ? folder : FOLDER,
                     files[i].name) < 0)
            return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
        status = read_file(path, base, &shipped->files[i], why);
        if (status == BWDIR_OK &&
            (files[i].is_one ? shipped->files[i].count != 1
                             : shipped->files[i].count == 0))
            status =
                bwdir_fail(why, BWDIR_CONFIG, "%s: %s wanted, %zu found", path,
                           files[i].is_one ? "one record" : "records",
                           shipped->files[i].count);
        free(path);
    }
    return status;
}

void
install_shipped_clear(struct install_shipped *shipped)
{
    for (size_t i = 0; i < INSTALL_FILES; i++)
        dir_records_clear(&shipped->files[i]);
}

enum bwdir_status
install_slapd_schema(const char *name, struct dir_records *records,
                     struct bwdir_detail *why)
{
    static const char *const folders[] = {SCHEMADIR, "/etc/ldap/schema",
                                          "/etc/openldap/schema"};
    enum bwdir_status status = BWDIR_CONFIG;

    *records = (struct dir_records){NULL, 0};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[512];

        snprintf(path, sizeof path, "%s/%s.ldif", folders[i], name);
        if (access(path, F_OK) != 0)
            continue;
        status = read_file(path, "", records, why);
        if (status == BWDIR_OK && records->count != 1)
            status =
                bwdir_fail(why, BWDIR_CONFIG, "%s: one record wanted", path);
        return status;
    }
    return bwdir_fail(why, BWDIR_CONFIG,
                      "schema \"%s\": the server has not loaded it, and "
                      "%s/%s.ldif does not exist; it comes with slapd",
                      name, folders[1], name);
}
