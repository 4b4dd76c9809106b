/*
 * Delivery into a Maildir (maildir(5)): written and synced under tmp/, then
 * linked into new/, so that a reader never sees half a mail.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "deliver.h"
#include "failure.h"

#define NAME_SIZE 400

/* An open Maildir, and the name of the mail in tmp/ and in new/. */
struct drop {
    int root;
    char name[NAME_SIZE];
    char tmp[NAME_SIZE + 4];
    char new[NAME_SIZE + 4];
};

/* A host name may hold neither "/" nor ":" here. */
static void
clean_host(char *host)
{
    for (; *host != '\0'; host++)
        if (strchr("/:", *host) != NULL || *host <= ' ' || *host > '~')
            *host = '_';
}

static int
make_names(struct drop *drop)
{
    char host[256] = "localhost";
    struct timespec now;
    unsigned long long random;

    if (clock_gettime(CLOCK_REALTIME, &now) != 0 ||
        getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        return -1;
    gethostname(host, sizeof host - 1);
    host[sizeof host - 1] = '\0';
    clean_host(host);
    snprintf(drop->name, sizeof drop->name, "%lld.R%016llxM%06ldP%ld.%s",
             (long long)now.tv_sec, random, now.tv_nsec / 1000, (long)getpid(),
             host);
    snprintf(drop->tmp, sizeof drop->tmp, "tmp/%s", drop->name);
    snprintf(drop->new, sizeof drop->new, "new/%s", drop->name);
    return 0;
}

static int
make_folders(int root)
{
    static const char *const folders[] = {"tmp", "new", "cur"};

    for (size_t i = 0; i < 3; i++)
        if (mkdirat(root, folders[i], 0700) != 0 && errno != EEXIST)
            return -1;
    return 0;
}

static int
write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -1;
        bytes += written;
        length -= (size_t)written;
    }
    return fsync(fd);
}

static int
write_tmp(const struct drop *drop, const struct mail_message *message)
{
    int fd =
        openat(drop->root, drop->tmp,
               O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    int result;

    if (fd < 0)
        return -1;
    result = write_all(fd, message->bytes, message->length);
    if (close(fd) != 0)
        result = -1;
    return result;
}

/* The name in new/ is on the disk once its folder is. */
static int
sync_new(const struct drop *drop)
{
    int fd = openat(drop->root, "new", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result;

    if (fd < 0)
        return -1;
    result = fsync(fd);
    close(fd);
    return result;
}

/* Until the link stands the mail is not there; once it does it is. */
static enum bwdir_status
place(const struct drop *drop, struct mail_delivery *delivery,
      struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_UNAVAILABLE;
    int kept;

    if (write_tmp(drop, delivery->message) == 0) {
        status = mail_permit(delivery, why);
        if (status == BWDIR_OK &&
            linkat(drop->root, drop->tmp, drop->root, drop->new, 0) != 0)
            status = BWDIR_UNAVAILABLE;
        else if (status == BWDIR_OK && sync_new(drop) != 0) {
            delivery->uncertain = true;
            status = BWDIR_UNAVAILABLE;
        }
    }
    kept = errno;
    unlinkat(drop->root, drop->tmp, 0);
    errno = kept;
    return status;
}

enum bwdir_status
mail_to_maildir(struct mail_transport *transport,
                struct mail_delivery *delivery, struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_UNAVAILABLE;
    struct bwdir_detail refusal = {""};
    struct drop drop;

    drop.root = open(transport->maildir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (drop.root < 0)
        return mail_fail(why, BWDIR_UNAVAILABLE, "Maildir %s: %s",
                         transport->maildir, strerror(errno));
    if (make_folders(drop.root) == 0 && make_names(&drop) == 0)
        status = place(&drop, delivery, &refusal);
    if (status != BWDIR_OK && refusal.text[0] != '\0')
        mail_fail(why, status, "%s", refusal.text);
    else if (status != BWDIR_OK)
        mail_fail(why, status, "Maildir %s: %s", transport->maildir,
                  strerror(errno));
    close(drop.root);
    return status;
}
