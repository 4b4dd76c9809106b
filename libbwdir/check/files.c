/*
 * Files and directories: whose they are and who else may touch them.  Nothing
 * is opened, so that whoever may search the directories can look.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checkup.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../trusted.h"

/* The daemon's user, or our own where there is no such user. */
static uid_t
daemon_uid(const struct bwdir_checkup *checkup)
{
    const char *name = bwdir_config_text(checkup->order.config, "bwdird.user");
    const struct passwd *entry = getpwnam(name);

    return entry != NULL ? entry->pw_uid : geteuid();
}

/* The section of "bwdird.secret-file" has such a user, "maildir" has none. */
static const char *
reader_of(const struct bwdir_checkup *checkup, const char *option)
{
    char section[32];

    snprintf(section, sizeof section, "%.*s", (int)strcspn(option, "."),
             option);
    return bwdir_config_reader(checkup->order.config, section);
}

/* ---- one file ---- */

/* A file that an option names. */
struct named {
    const char *option;
    const char *path;
    bool secret;
    bool of_reader; /* may belong to bwdir_config_reader() */
};

/* Tells when PATH cannot be looked at; false then. */
static bool
look(struct bwdir_checkup *checkup, const char *option, const char *path,
     struct stat *file)
{
    bool made;

    if (lstat(path, file) == 0)
        return true;
    if (errno == EACCES) {
        bwdir_checkup_remedy(checkup, "run bwdir-check as root");
        bwdir_checkup_warn(checkup,
                           "not looked at: %s: its directory is closed to you",
                           path);
        return false;
    }
    made = strcmp(option, "bwdird.secret-file") == 0 ||
           strcmp(option, "outbox.secret-file") == 0;
    bwdir_checkup_remedy(checkup, "%s, or mend %s in bwdir.conf(5)",
                         made ? "bwdir-init makes it" : "create it", option);
    bwdir_checkup_fail(checkup, "%s: %s", path, strerrordesc_np(errno));
    return false;
}

/* Whoever may write to a directory can put another file in its place; the
 * sticky bit keeps others' hands off. */
static bool
directory_is_closed(const struct stat *directory, uid_t daemon)
{
    bool ours = directory->st_uid == 0 || directory->st_uid == geteuid() ||
                directory->st_uid == daemon;

    return ours && ((directory->st_mode & (S_IWGRP | S_IWOTH)) == 0 ||
                    (directory->st_mode & S_ISVTX) != 0);
}

/* Looks at each directory above PATH; tells of the first that is open. */
static bool
parents_are_closed(struct bwdir_checkup *checkup, const char *path,
                   uid_t daemon)
{
    char parent[4096];
    struct stat directory;
    char *slash;

    if ((size_t)snprintf(parent, sizeof parent, "%s", path) >= sizeof parent)
        return true;
    while ((slash = strrchr(parent, '/')) != NULL) {
        slash[slash == parent ? 1 : 0] = '\0';
        if (stat(parent, &directory) == 0 &&
            !directory_is_closed(&directory, daemon)) {
            bwdir_checkup_remedy(checkup, "chown root %s && chmod go-w %s",
                                 parent, parent);
            bwdir_checkup_fail(checkup,
                               "%s: of uid %lu, mode %04o: others can put "
                               "another file in the place of %s",
                               parent, (unsigned long)directory.st_uid,
                               (unsigned)directory.st_mode & 07777, path);
            return false;
        }
        if (slash == parent)
            break;
    }
    return true;
}

static void
check_file(struct bwdir_checkup *checkup, const struct named *named)
{
    const char *reader = reader_of(checkup, named->option);
    uid_t daemon = daemon_uid(checkup);
    struct bwdir_detail why = {""};
    const struct passwd *entry;
    struct stat file;
    enum bwdir_status status;
    bool is_readers;

    if (!look(checkup, named->option, named->path, &file))
        return;
    status = bwdir_trusted_judge(&file, named->path, named->secret, geteuid(),
                                 &why);
    entry = reader != NULL ? getpwnam(reader) : NULL;
    is_readers =
        named->of_reader && entry != NULL && file.st_uid == entry->pw_uid;
    if (status != BWDIR_OK && is_readers)
        status = bwdir_trusted_judge(&file, named->path, named->secret,
                                     file.st_uid, &why);
    if (status != BWDIR_OK) {
        bwdir_checkup_remedy(checkup, "chown %s %s && chmod %s %s",
                             is_readers ? reader : "root", named->path,
                             named->secret ? "0400" : "go-w", named->path);
        bwdir_checkup_fail(checkup, "%s", why.text);
    } else if (parents_are_closed(checkup, named->path, daemon)) {
        bwdir_checkup_ok(checkup, "%s: of uid %lu, mode %04o", named->path,
                         (unsigned long)file.st_uid,
                         (unsigned)file.st_mode & 07777);
    }
}

void
check_file_configuration(struct bwdir_checkup *checkup)
{
    const struct named named = {"BWDIR_CONF or --config",
                                checkup->order.config_path, false, false};

    check_file(checkup, &named);
}

void
check_file_secrets(struct bwdir_checkup *checkup)
{
    static const char *const options[] = {
        "tools.secret-file", "outbox.secret-file", "bwdird.secret-file",
        "mail.smtp-secret-file"};

    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const struct named named = {
            options[i], bwdir_config_text(checkup->order.config, options[i]),
            true, true};

        if (named.path != NULL)
            check_file(checkup, &named);
    }
}

void
check_file_ca(struct bwdir_checkup *checkup)
{
    const struct named named = {
        "tls-ca-file", bwdir_config_text(checkup->order.config, "tls-ca-file"),
        false, false};

    if (named.path != NULL)
        check_file(checkup, &named);
}

void
check_file_passwd(struct bwdir_checkup *checkup)
{
    const struct named named = {
        "bwdird.passwd-file",
        bwdir_config_text(checkup->order.config, "bwdird.passwd-file"), false,
        false};

    check_file(checkup, &named);
}

/* ---- what holds who signed in, and codes ---- */

void
check_file_log(struct bwdir_checkup *checkup)
{
    const char *path = bwdir_config_text(checkup->order.config, "bwdird.log");
    struct stat file;

    if (*path != '/')
        return; /* syslog */
    if (!look(checkup, "bwdird.log", path, &file))
        return;
    if (S_ISREG(file.st_mode) && (file.st_mode & (S_IWGRP | S_IRWXO)) == 0) {
        bwdir_checkup_ok(checkup, "%s: of uid %lu, mode %04o", path,
                         (unsigned long)file.st_uid,
                         (unsigned)file.st_mode & 07777);
        return;
    }
    bwdir_checkup_remedy(checkup, "chmod 0640 %s", path);
    bwdir_checkup_warn(checkup,
                       "%s: mode %04o: it tells who signs in where; a file "
                       "that others cannot read wanted",
                       path, (unsigned)file.st_mode & 07777);
}

void
check_file_maildir(struct bwdir_checkup *checkup)
{
    const char *path =
        bwdir_config_text(checkup->order.config, "mail.maildir");
    const char *transport =
        bwdir_config_text(checkup->order.config, "mail.transport");
    struct stat file;

    if (strcmp(transport, "maildir") != 0)
        return;
    if (!look(checkup, "mail.maildir", path, &file))
        return;
    if (S_ISDIR(file.st_mode) && (file.st_mode & S_IRWXO) == 0) {
        bwdir_checkup_ok(checkup, "%s: of uid %lu, mode %04o", path,
                         (unsigned long)file.st_uid,
                         (unsigned)file.st_mode & 07777);
        return;
    }
    bwdir_checkup_remedy(checkup, "chmod 0700 %s", path);
    bwdir_checkup_fail(checkup,
                       "%s: mode %04o: mails with sign-up codes stand there; "
                       "a directory closed to others wanted",
                       path, (unsigned)file.st_mode & 07777);
}
