/*
 * Whether the user that bwdir-mail.service runs as reaches what it needs,
 * told from owners and modes: whoever runs the doctor is somebody else.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checkup.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define GROUPS_MAX 256

enum need { SEARCH = 1, WRITE = 2, READ = 4 };

struct mailer {
    struct bwdir_checkup *checkup;
    const char *name;
    uid_t uid;
    gid_t groups[GROUPS_MAX];
    int count;
    bool hindered;
};

/* False where there is no such user, so that no unit runs as him. */
static bool
find_mailer(struct mailer *mailer)
{
    const struct passwd *entry;

    mailer->name =
        bwdir_config_reader(mailer->checkup->order.config, "outbox");
    entry = getpwnam(mailer->name);
    if (entry == NULL)
        return false;
    mailer->uid = entry->pw_uid;
    mailer->count = GROUPS_MAX;
    if (getgrouplist(mailer->name, entry->pw_gid, mailer->groups,
                     &mailer->count) < 0)
        mailer->count = GROUPS_MAX;
    return true;
}

/* ---- what the unit closes ---- */

static bool
is_below(const char *path, const char *const *folders)
{
    for (; *folders != NULL; folders++) {
        size_t length = strlen(*folders);

        if (strncmp(path, *folders, length) == 0 &&
            (path[length] == '/' || path[length] == '\0'))
            return true;
    }
    return false;
}

/* ProtectHome, PrivateTmp and ProtectSystem=full of bwdir-mail.service. */
static bool
unit_closes(const char *path, unsigned need)
{
    static const char *const hidden[] = {"/home", "/root",    "/run/user",
                                         "/tmp",  "/var/tmp", NULL};
    static const char *const read_only[] = {"/usr", "/boot", "/efi", "/etc",
                                            NULL};

    return is_below(path, hidden) ||
           ((need & WRITE) != 0 && is_below(path, read_only));
}

/* ---- owners and modes ---- */

static bool
is_in(const struct mailer *mailer, gid_t group)
{
    for (int i = 0; i < mailer->count; i++)
        if (mailer->groups[i] == group)
            return true;
    return false;
}

static bool
is_let(const struct mailer *mailer, const struct stat *file, unsigned need)
{
    unsigned shift = 0;

    if (file->st_uid == mailer->uid)
        shift = 6;
    else if (is_in(mailer, file->st_gid))
        shift = 3;
    return ((file->st_mode >> shift) & need) == need;
}

static void
hinder(struct mailer *mailer, const char *path, unsigned need)
{
    mailer->hindered = true;
    bwdir_checkup_warn(mailer->checkup,
                       "%s: bwdir-mail.service, which runs as %s, cannot %s",
                       path, mailer->name,
                       (need & WRITE) != 0  ? "write to it"
                       : (need & READ) != 0 ? "read it"
                                            : "pass through it");
}

/* False when something is in the way, which is told, or cannot be seen. */
static bool
judge(struct mailer *mailer, const char *path, unsigned need)
{
    struct stat file;

    if (stat(path, &file) != 0) {
        if (errno != EACCES)
            return false; /* other checks tell that it is missing */
        mailer->hindered = true;
        bwdir_checkup_remedy(mailer->checkup, "run bwdir-check as root");
        check_not_looked(mailer->checkup, path);
        return false;
    }
    if (is_let(mailer, &file, need))
        return true;
    if (need == SEARCH)
        bwdir_checkup_remedy(mailer->checkup, "chmod o+x %s", path);
    else
        bwdir_checkup_remedy(mailer->checkup, "chown %s %s", mailer->name,
                             path);
    hinder(mailer, path, need);
    return false;
}

static bool
judge_path(struct mailer *mailer, const char *path, unsigned need)
{
    char parent[4096];

    if ((size_t)snprintf(parent, sizeof parent, "%s", path) >= sizeof parent)
        return false;
    if (unit_closes(path, need)) {
        bwdir_checkup_remedy(mailer->checkup,
                             "keep it below /var/lib or /srv: the unit closes "
                             "this place (ProtectHome, PrivateTmp, "
                             "ProtectSystem)");
        hinder(mailer, path, need);
        return false;
    }
    for (char *slash = strchr(parent + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        bool passes;

        *slash = '\0';
        passes = judge(mailer, parent, SEARCH);
        *slash = '/';
        if (!passes)
            return false;
    }
    return judge(mailer, path, need);
}

/* ---- what it needs ---- */

static void
judge_option(struct mailer *mailer, const char *option)
{
    const char *path =
        bwdir_config_text(mailer->checkup->order.config, option);

    if (path != NULL)
        (void)judge_path(mailer, path, READ);
}

/* Its folders are made by who delivers first, which may have been root. */
static void
judge_maildir(struct mailer *mailer, const char *path)
{
    static const char *const folders[] = {"tmp", "new"};
    char folder[4096];
    struct stat file;

    if (!judge_path(mailer, path, READ | WRITE | SEARCH))
        return;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if ((size_t)snprintf(folder, sizeof folder, "%s/%s", path,
                             folders[i]) < sizeof folder &&
            stat(folder, &file) == 0)
            (void)judge(mailer, folder, READ | WRITE | SEARCH);
}

void
check_file_mailer(struct bwdir_checkup *checkup)
{
    const struct bwdir_config *config = checkup->order.config;
    const char *transport = bwdir_config_text(config, "mail.transport");
    struct mailer mailer = {.checkup = checkup};

    if (bwdir_config_text(config, "outbox.bind-dn") == NULL ||
        !find_mailer(&mailer))
        return;
    judge_option(&mailer, "outbox.secret-file");
    if (strcmp(transport, "smtp") == 0)
        judge_option(&mailer, "mail.smtp-secret-file");
    if (strcmp(transport, "maildir") == 0)
        judge_maildir(&mailer, bwdir_config_text(config, "mail.maildir"));
    if (!mailer.hindered)
        bwdir_checkup_ok(checkup, "%s reaches what bwdir-mail.service needs",
                         mailer.name);
}
