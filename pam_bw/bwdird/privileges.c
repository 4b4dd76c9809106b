/*
 * Hardening and dropping privileges, in the manner of CERT POS36-C and
 * POS37-C.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "privileges.h"

bool
bwdird_identity_find(const char *user, struct bwdird_identity *identity,
                     struct bwdir_detail *why)
{
    const struct passwd *entry;

    identity->uid = geteuid();
    identity->gid = getegid();
    identity->change = false;
    if (identity->uid != 0)
        return true;
    errno = 0;
    entry = getpwnam(user);
    if (entry == NULL) {
        snprintf(why->text, sizeof(why->text),
                 "bwdird.user \"%.64s\": %s; an existing user wanted", user,
                 errno != 0 ? strerror(errno) : "no such user");
        return false;
    }
    identity->uid = entry->pw_uid;
    identity->gid = entry->pw_gid;
    identity->change = entry->pw_uid != 0;
    return true;
}

/* Closes LOW to HIGH. */
static void
close_between(unsigned low, unsigned high)
{
    if (low <= high)
        close_range(low, high, 0);
}

void
bwdird_descriptors_close_but(const int *keep, size_t count)
{
    unsigned low = 3;

    for (;;) {
        unsigned next = UINT_MAX;
        size_t i;

        for (i = 0; i < count; i++)
            if (keep[i] >= (int)low && (unsigned)keep[i] < next)
                next = (unsigned)keep[i];
        if (next == UINT_MAX)
            break;
        close_between(low, next - 1);
        low = next + 1;
    }
    close_between(low, UINT_MAX);
}

/* A descriptor below 3 that is closed would be given to a socket. */
static bool
fill_standard_descriptors(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd < 3);
    if (fd >= 3)
        close(fd);
    return fd >= 3;
}

static bool
forbid_cores(void)
{
    const struct rlimit none = {0, 0};

    return setrlimit(RLIMIT_CORE, &none) == 0 &&
           prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

/* Wiped as well, for /proc/PID/environ shows the memory. */
static bool
forget_environment(void)
{
    char **variable;

    for (variable = environ; variable != NULL && *variable != NULL; variable++)
        explicit_bzero(*variable, strlen(*variable));
    return clearenv() == 0;
}

bool
bwdird_privileges_harden(int kept)
{
    if (!forget_environment() || !fill_standard_descriptors() ||
        !forbid_cores())
        return false;
    close_between(3 + (unsigned)kept, UINT_MAX);
    umask(077);
    return signal(SIGPIPE, SIG_IGN) != SIG_ERR &&
           signal(SIGHUP, SIG_IGN) != SIG_ERR;
}

/* No id of any kind is left that is not the wanted one. */
static bool
nothing_left(const struct bwdird_identity *identity)
{
    uid_t real, effective, saved;
    gid_t groups[3];

    if (getresuid(&real, &effective, &saved) != 0 ||
        getresgid(&groups[0], &groups[1], &groups[2]) != 0)
        return false;
    if (real != identity->uid || effective != identity->uid ||
        saved != identity->uid)
        return false;
    if (groups[0] != identity->gid || groups[1] != identity->gid ||
        groups[2] != identity->gid)
        return false;
    return setuid(0) != 0 && seteuid(0) != 0;
}

bool
bwdird_privileges_drop(const struct bwdird_identity *identity)
{
    if (identity->change &&
        (setgroups(1, &identity->gid) != 0 ||
         setresgid(identity->gid, identity->gid, identity->gid) != 0 ||
         setresuid(identity->uid, identity->uid, identity->uid) != 0 ||
         !nothing_left(identity)))
        return false;
    /* The change of user has reset it (prctl(2)). */
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}
