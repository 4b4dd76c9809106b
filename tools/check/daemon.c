/*
 * The daemon from the outside: its socket, and a question as the module asks
 * it, over the module's own channel.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checks.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pam_bw/module/channel.h"
#include "pam_bw/wire/wire.h"

static const char *
socket_path(const struct bwdir_checkup *checkup)
{
    return bwdir_config_text(bwdir_checkup_config(checkup), "bwdird.socket");
}

/* ---- the socket ---- */

/* Its directory: whoever may write there can put up a socket of his own. */
static bool
directory_is_closed(struct bwdir_checkup *checkup, const char *path)
{
    char parent[256];
    struct stat directory;
    char *slash;

    snprintf(parent, sizeof parent, "%s", path);
    slash = strrchr(parent, '/');
    slash[slash == parent ? 1 : 0] = '\0';
    if (stat(parent, &directory) != 0)
        return true; /* told by what is in it */
    if ((directory.st_uid == 0 || directory.st_uid == geteuid()) &&
        (directory.st_mode & (S_IWGRP | S_IWOTH)) == 0)
        return true;
    bwdir_checkup_remedy(checkup, "chown root %s && chmod 0755 %s", parent,
                         parent);
    bwdir_checkup_fail(checkup,
                       "%s: of uid %lu, mode %04o: others can put up a socket "
                       "in the place of bwdird's",
                       parent, (unsigned long)directory.st_uid,
                       (unsigned)directory.st_mode & 07777);
    return false;
}

static void
judge_socket(struct bwdir_checkup *checkup, const char *path,
             const struct stat *file)
{
    const struct group *group = getgrgid(file->st_gid);
    unsigned mode = (unsigned)file->st_mode & 07777;

    bwdir_checkup_remedy(checkup,
                         "systemctl restart bwdird.socket, or: chown "
                         "root:bwdir %s && chmod 0660 %s",
                         path, path);
    if (!S_ISSOCK(file->st_mode))
        bwdir_checkup_fail(checkup, "%s: no socket", path);
    else if (file->st_uid != 0 && file->st_uid != geteuid())
        bwdir_checkup_fail(checkup,
                           "%s: of uid %lu: the module talks to root "
                           "and to its own user only",
                           path, (unsigned long)file->st_uid);
    else if ((mode & S_IRWXO) != 0)
        bwdir_checkup_fail(checkup,
                           "%s: mode %04o: everybody may ask; 0660 "
                           "wanted",
                           path, mode);
    else if ((mode & S_IWUSR) == 0 || (mode & S_IWGRP) == 0)
        bwdir_checkup_warn(checkup,
                           "%s: mode %04o: its group cannot ask; "
                           "0660 wanted",
                           path, mode);
    else if (directory_is_closed(checkup, path))
        bwdir_checkup_ok(checkup, "%s: of uid %lu, group %s, mode %04o", path,
                         (unsigned long)file->st_uid,
                         group != NULL ? group->gr_name : "?", mode);
}

void
check_daemon_socket(struct bwdir_checkup *checkup)
{
    const char *path = socket_path(checkup);
    struct stat file;

    if (lstat(path, &file) == 0) {
        judge_socket(checkup, path, &file);
        return;
    }
    bwdir_checkup_remedy(checkup, "systemctl enable --now bwdird.socket");
    bwdir_checkup_fail(checkup, "%s: %s", path, strerrordesc_np(errno));
}

/* ---- a question ---- */

/* A sign-in at an API service has a second in all. */
#define SLOW_MS 500

/* A name that nobody can have: the daemon does the work of a sign-in with its
 * decoy, and no entry is touched. */
#define NOBODY "?"

static size_t
write_question(void *frame, size_t size)
{
    static const char service[] = "bwdir-check";
    static const char password[] = "bwdir-check";
    struct bw_wire_request header = {
        .version = BW_WIRE_VERSION,
        .kind = BW_WIRE_AUTHENTICATE,
        .access = BW_WIRE_DASHBOARD,
        .deadline_ms = bw_wire_deadline_ms(BW_WIRE_DASHBOARD),
        .user = NOBODY,
    };
    struct bw_wire_writer writer;

    bw_wire_start(&writer, frame, size, sizeof header);
    bw_wire_put(&writer, BW_WIRE_SERVICE, service, sizeof service - 1);
    bw_wire_put(&writer, BW_WIRE_PASSWORD, password, sizeof password - 1);
    header.length = (uint32_t)(writer.used - sizeof header);
    memcpy(frame, &header, sizeof header);
    return writer.used;
}

static enum pambw_fault
ask(struct pambw_channel *channel, const char *path,
    struct bw_wire_reply *reply)
{
    uint8_t frame[BW_WIRE_REQUEST_MAX];
    size_t length = write_question(frame, sizeof frame);
    enum pambw_fault fault = pambw_channel_open(channel, path);

    if (fault == PAMBW_NO_FAULT)
        fault = pambw_channel_send(channel, frame, length);
    if (fault == PAMBW_NO_FAULT)
        fault = pambw_channel_receive(channel, reply, sizeof *reply);
    if (fault == PAMBW_NO_FAULT && !bw_wire_reply_valid(reply))
        fault = PAMBW_GARBAGE;
    return fault;
}

static void
tell_fault(struct bwdir_checkup *checkup, enum pambw_fault fault, int error)
{
    const char *path = socket_path(checkup);

    switch (fault) {
    case PAMBW_UNREACHABLE:
        if (error == EACCES) {
            bwdir_checkup_remedy(checkup, "run bwdir-check as root or as a "
                                          "member of the socket's group");
            bwdir_checkup_warn(checkup, "not looked at: %s is closed to you",
                               path);
            return;
        }
        bwdir_checkup_remedy(checkup, "systemctl start bwdird.socket");
        bwdir_checkup_fail(checkup, "%s: %s", path, strerrordesc_np(error));
        return;
    case PAMBW_STRANGER:
        bwdir_checkup_remedy(checkup, "find out who listens there: ss -xlp");
        bwdir_checkup_fail(checkup,
                           "%s: whoever listens is neither root nor "
                           "you; the module refuses that",
                           path);
        return;
    case PAMBW_LATE:
        bwdir_checkup_fail(checkup, "%s: no answer within %u ms", path,
                           (unsigned)bw_wire_deadline_ms(BW_WIRE_DASHBOARD));
        return;
    case PAMBW_CLOSED:
    case PAMBW_GARBAGE:
    case PAMBW_NO_MEMORY:
    case PAMBW_NO_FAULT:
        bwdir_checkup_fail(checkup, "%s: no answer that can be read", path);
        return;
    }
}

static void
tell_answer(struct bwdir_checkup *checkup, enum bwdir_status status,
            int64_t ms)
{
    if (status != BWDIR_NO_SUCH_USER) {
        bwdir_checkup_remedy(checkup, "see the daemon's log (bwdird.log) and "
                                      "what is said above of the directory");
        bwdir_checkup_fail(checkup,
                           "the daemon says \"%s\" of a user who does not "
                           "exist, after %" PRId64 " ms",
                           bwdir_status_name(status), ms);
    } else if (ms > SLOW_MS) {
        bwdir_checkup_remedy(checkup, "see what keeps the directory or this "
                                      "host busy, or raise bwdird.workers");
        bwdir_checkup_warn(checkup,
                           "an answer after %" PRId64 " ms: API services wait "
                           "for 1000 ms",
                           ms);
    } else {
        bwdir_checkup_ok(checkup, "an answer after %" PRId64 " ms", ms);
    }
}

void
check_daemon_answer(struct bwdir_checkup *checkup)
{
    int64_t began = pambw_clock_ms();
    struct pambw_channel channel = {
        .fd = -1, .deadline = began + bw_wire_deadline_ms(BW_WIRE_DASHBOARD)};
    struct bw_wire_reply reply = {0};
    enum pambw_fault fault;
    int error;

    bwdir_checkup_alive(checkup);
    bwdir_checkup_remedy(checkup, "systemctl restart bwdird, and see its log");
    fault = ask(&channel, socket_path(checkup), &reply);
    error = errno;
    pambw_channel_close(&channel);
    if (fault == PAMBW_NO_FAULT)
        tell_answer(checkup, (enum bwdir_status)reply.status,
                    pambw_clock_ms() - began);
    else
        tell_fault(checkup, fault, error);
}
