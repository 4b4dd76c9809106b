/*
 * A deleted user in a file: read, and held to what bwdir-del writes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "backup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detail.h"
#include "dir/entry.h"
#include "directory.h"
#include "shape.h"
#include "strlist.h"
#include "trusted.h"
#include "user_change.h"

/*
 * No entry that can be read makes a longer file.  A value of one byte takes
 * three of the message, and of the file 9 and the name of its attribute, which
 * stands there before each value: with a name of 64 bytes that is 25 times as
 * much.  The rest has room for 8,000 references to the user.  What is longer
 * still is found when bwdir-del reads back what it has kept.
 */
#define FILE_MAX (32 * DIR_MESSAGE_MAX)

const char *
bwdir_backup_text(const struct dir_record *record, const char *attribute)
{
    const struct dir_values *values = dir_record_values(record, attribute);

    return values != NULL && values->count == 1 ? values->values[0] : NULL;
}

static bool
text_is(const struct dir_record *record, const char *attribute,
        const char *wanted)
{
    const char *text = bwdir_backup_text(record, attribute);

    return text != NULL && strcmp(text, wanted) == 0;
}

char *
bwdir_backup_name_in(const struct bwdir_backup *backup, enum bwdir_place place,
                     const char *dn)
{
    char *unit = bwdir_place_dn(backup->base, place, NULL);
    char *name = NULL;

    if (unit != NULL && dn != NULL)
        (void)dir_dn_child(dn, place == BWDIR_PLACE_PEOPLE ? "uid" : "cn",
                           unit, &name);
    free(unit);
    return name;
}

static bool
take_user(struct bwdir_backup *backup, const struct dir_record *record)
{
    const struct dir_values *classes =
        dir_record_values(record, "objectClass");

    backup->user = record;
    backup->name =
        bwdir_backup_name_in(backup, BWDIR_PLACE_PEOPLE, record->dn);
    return text_is(record, "changetype", "add") && backup->name != NULL &&
           bwdir_shape_is_name(backup->name) &&
           text_is(record, "uid", backup->name) && classes != NULL &&
           bwdir_strings_have((const char *const *)classes->values, "bwUser");
}

/* Puts the user of the file, and nobody else, into an attribute of an account
 * or of another user. */
static bool
is_reference(const struct bwdir_backup *backup,
             const struct dir_record *record)
{
    bool admin = text_is(record, "add", "bwAccountAdmin");
    const char *attribute = admin ? "bwAccountAdmin" : "owner";
    const char *value = bwdir_backup_text(record, attribute);
    char *name = bwdir_backup_name_in(
        backup, admin ? BWDIR_PLACE_ACCOUNTS : BWDIR_PLACE_PEOPLE, record->dn);
    bool is = name != NULL && record->count == 3 &&
              text_is(record, "changetype", "modify") &&
              text_is(record, "add", attribute) && value != NULL &&
              dir_dn_equal(value, backup->user->dn);

    free(name);
    return is;
}

static enum bwdir_status
check(struct bwdir_backup *backup, const char *path, struct bwdir_detail *why)
{
    for (size_t i = 0; i < backup->records.count; i++) {
        const struct dir_record *record = &backup->records.items[i];
        bool fit;

        if (backup->user == NULL && record->dn == NULL && record->count == 1 &&
            text_is(record, "version", "1"))
            continue;
        fit = backup->user == NULL ? take_user(backup, record)
                                   : is_reference(backup, record);
        if (!fit)
            return bwdir_fail(why, BWDIR_BAD_VALUE,
                              "%s: record %zu: not what bwdir-del keeps of a "
                              "user below %s",
                              path, i + 1, backup->base);
    }
    if (backup->user == NULL)
        return bwdir_fail(why, BWDIR_BAD_VALUE, "%s: no user in it", path);
    return BWDIR_OK;
}

/* A value that holds a NUL stands in a comment (removal.c), "#name:: ...",
 * which a reader of LDIF passes over. */
static bool
note_comments(const char *text, char ***names)
{
    bool noted = true;

    for (const char *line = text; noted && line != NULL;
         line = strchr(line, '\n')) {
        char *name;
        size_t length;

        line += *line == '\n';
        length = *line == '#' ? strcspn(line + 1, ": \n") : 0;
        if (length == 0 || strncmp(line + 1 + length, "::", 2) != 0)
            continue;
        name = strndup(line + 1, length);
        noted = name != NULL && (bwdir_change_has(*names, name) ||
                                 bwdir_strings_add(names, name));
        free(name);
    }
    return noted;
}

static enum bwdir_status
parse(const char *path, char *text, struct bwdir_backup *backup,
      struct bwdir_detail *why)
{
    struct bwdir_detail what;

    if (!note_comments(text, &backup->commented))
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    if (dir_ldif_read(text, &backup->records, &what) != BWDIR_OK)
        return bwdir_fail(why, BWDIR_BAD_VALUE, "%s: %s", path, what.text);
    return BWDIR_OK;
}

static enum bwdir_status
read_file(const char *path, struct bwdir_backup *backup,
          struct bwdir_detail *why)
{
    char *text = calloc(1, FILE_MAX + 1);
    size_t length = 0;
    enum bwdir_status status;
    int fd;

    if (text == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    status = bwdir_trusted_open(path, true, &fd, why);
    if (status == BWDIR_OK) {
        status = bwdir_trusted_read(fd, path, text, FILE_MAX, &length, why);
        close(fd);
    }
    /* It is no configuration, but what somebody has named. */
    if (status == BWDIR_CONFIG)
        status = BWDIR_BAD_VALUE;
    if (status == BWDIR_OK)
        status = parse(path, text, backup, why);
    explicit_bzero(text, FILE_MAX);
    free(text);
    return status;
}

/* Notes the name behind a DN in PLACE, or the DN that has none. */
static bool
note(const struct bwdir_backup *backup, enum bwdir_place place, const char *dn,
     char ***names)
{
    char *name = bwdir_backup_name_in(backup, place, dn);
    bool noted = bwdir_strings_add(names, name != NULL ? name : dn);

    free(name);
    return noted;
}

static bool
note_values(const struct bwdir_backup *backup, const char *attribute,
            enum bwdir_place place, char ***names)
{
    const struct dir_values *values =
        dir_record_values(backup->user, attribute);
    bool noted = true;

    for (size_t i = 0; values != NULL && i < values->count; i++)
        noted = noted && note(backup, place, values->values[i], names);
    return noted;
}

static bool
note_references(struct bwdir_backup *backup)
{
    bool noted = true;

    for (size_t i = 0; i < backup->records.count; i++) {
        const struct dir_record *record = &backup->records.items[i];

        if (text_is(record, "add", "bwAccountAdmin"))
            noted = noted && note(backup, BWDIR_PLACE_ACCOUNTS, record->dn,
                                  &backup->listed);
        else if (text_is(record, "add", "owner"))
            noted = noted && note(backup, BWDIR_PLACE_PEOPLE, record->dn,
                                  &backup->owned);
    }
    return noted;
}

static enum bwdir_status
note_rights(struct bwdir_backup *backup, struct bwdir_detail *why)
{
    if (note_values(backup, "bwRole", BWDIR_PLACE_ROLES, &backup->roles) &&
        note_values(backup, "bwAccount", BWDIR_PLACE_ACCOUNTS,
                    &backup->accounts) &&
        note_references(backup))
        return BWDIR_OK;
    return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
}

enum bwdir_status
bwdir_backup_load(struct bwdir_directory *directory, const char *path,
                  struct bwdir_backup **backup, struct bwdir_detail *why)
{
    struct bwdir_backup *made = calloc(1, sizeof *made);
    enum bwdir_status status = BWDIR_NO_MEMORY;

    *backup = made;
    if (made != NULL)
        made->base = strdup(directory->base);
    if (made == NULL || made->base == NULL)
        (void)bwdir_fail(why, status, "out of memory");
    else
        status = read_file(path, made, why);
    if (status == BWDIR_OK)
        status = check(made, path, why);
    if (status == BWDIR_OK)
        status = note_rights(made, why);
    if (status != BWDIR_OK)
        bwdir_backup_free(backup);
    return status;
}

void
bwdir_backup_free(struct bwdir_backup **backup)
{
    if (*backup == NULL)
        return;
    dir_records_clear(&(*backup)->records);
    bwdir_user_free(&(*backup)->there);
    bwdir_strings_free(&(*backup)->roles);
    bwdir_strings_free(&(*backup)->accounts);
    bwdir_strings_free(&(*backup)->listed);
    bwdir_strings_free(&(*backup)->owned);
    bwdir_strings_free(&(*backup)->commented);
    free((*backup)->name);
    free((*backup)->base);
    free(*backup);
    *backup = NULL;
}

const char *
bwdir_backup_name(const struct bwdir_backup *backup)
{
    return backup->name;
}

bool
bwdir_backup_wants_code(const struct bwdir_backup *backup)
{
    const char *state = bwdir_backup_text(backup->user, "bwVerificationState");

    return !bwdir_backup_has_password(backup) || state == NULL ||
           strcmp(state, "verified") != 0;
}

bool
bwdir_backup_has_password(const struct bwdir_backup *backup)
{
    return dir_record_values(backup->user, "userPassword") != NULL;
}
