/*
 * bwdird: options, configuration, and the order in which the daemon gives up
 * what it was started with.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "bwdir_signin.h"
#include "eventlog.h"
#include "listener.h"
#include "privileges.h"
#include "server.h"

#define CONFIG_FILE SYSCONFDIR "/bwdir/bwdir.conf"

struct daemon {
    int handed; /* sockets of systemd's */
    const char *config_file;
    struct bwdir_config *config;
    struct bwdird_identity identity;
    struct bwdird_log log;
    struct bwdird_listener listener;
};

static int
complain(int code, const char *text)
{
    fprintf(stderr, "bwdird: %s\n", text);
    return code;
}

static void
usage(FILE *stream)
{
    fprintf(stream,
            "usage: bwdird [-c FILE] [-V] [-h]\n"
            "  -c, --config FILE  configuration, instead of " CONFIG_FILE "\n"
            "  -V, --version      print the version\n"
            "  -h, --help         print this help\n");
}

/* True to go on; otherwise CODE is what to exit with. */
static bool
read_options(struct daemon *daemon, int argc, char **argv, int *code)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},
        {"version", no_argument, NULL, 'V'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0}};
    int option;

    daemon->config_file = CONFIG_FILE;
    *code = EX_OK;
    while ((option = getopt_long(argc, argv, "c:Vh", options, NULL)) != -1) {
        if (option == 'c') {
            daemon->config_file = optarg;
            continue;
        }
        if (option == 'V')
            printf("bwdird %s\n", PACKAGE_VERSION);
        else
            usage(option == 'h' ? stdout : stderr);
        *code = option == '?' ? EX_USAGE : EX_OK;
        return false;
    }
    if (optind == argc)
        return true;
    usage(stderr);
    *code = EX_USAGE;
    return false;
}

static int
configure(struct daemon *daemon)
{
    struct bwdir_detail why = {""};
    long workers;

    if (bwdir_config_load(daemon->config_file, &daemon->config, &why) !=
        BWDIR_OK)
        return complain(EX_CONFIG, why.text);
    workers = bwdir_config_number(daemon->config, "bwdird.workers");
    if (workers < 1 || workers > BWDIRD_WORKERS_MAX)
        return complain(EX_CONFIG, "bwdird.workers: 1 to 64 wanted");
    if (!bwdird_identity_find(bwdir_config_text(daemon->config, "bwdird.user"),
                              &daemon->identity, &why))
        return complain(EX_CONFIG, why.text);
    return EX_OK;
}

static int
open_log(struct daemon *daemon)
{
    const char *target = bwdir_config_text(daemon->config, "bwdird.log");
    char text[512];

    if (bwdird_log_open(&daemon->log, target))
        return EX_OK;
    snprintf(text, sizeof(text), "bwdird.log %.256s: %s", target,
             strerror(errno));
    return complain(EX_CONFIG, text);
}

static int
open_listener(struct daemon *daemon)
{
    const char *path = bwdir_config_text(daemon->config, "bwdird.socket");
    gid_t group = daemon->identity.change ? daemon->identity.gid : (gid_t)-1;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    if (daemon->handed > 1)
        return complain(EX_CONFIG, "LISTEN_FDS: one socket wanted");
    status = daemon->handed == 1
                 ? bwdird_listener_adopt(&daemon->listener, &why)
                 : bwdird_listener_make(&daemon->listener, path, group, &why);
    if (status == BWDIR_OK)
        return EX_OK;
    return complain(status == BWDIR_EXISTS ? EX_UNAVAILABLE : EX_CONFIG,
                    why.text);
}

/* What each worker will want: that its secret can be read, above all. */
static int
try_identity(const struct daemon *daemon)
{
    struct bwdir_signin *signin = NULL;
    struct bwdir_detail why = {""};
    enum bwdir_status status = bwdir_signin_new(daemon->config, &signin, &why);

    bwdir_signin_free(&signin);
    return status == BWDIR_OK ? EX_OK : complain(EX_CONFIG, why.text);
}

/* What needs the rights that the daemon was started with, and their end. */
static int
prepare(struct daemon *daemon)
{
    int code;

    if ((code = configure(daemon)) != EX_OK)
        return code;
    if (chdir("/") != 0)
        return complain(EX_OSERR, "cannot change to /");
    if ((code = open_log(daemon)) != EX_OK ||
        (code = open_listener(daemon)) != EX_OK)
        return code;
    if (!bwdird_privileges_drop(&daemon->identity))
        return complain(EX_OSERR, "cannot give up root's rights for good");
    return try_identity(daemon);
}

static int
serve(struct daemon *daemon)
{
    const struct bwdird_server_setup setup = {
        .config = daemon->config,
        .listener = &daemon->listener,
        .log = &daemon->log,
        .workers =
            (unsigned)bwdir_config_number(daemon->config, "bwdird.workers"),
    };

    if (!bwdird_server_run(&setup))
        return complain(EX_OSERR, "cannot start");
    return EX_OK;
}

int
main(int argc, char **argv)
{
    struct daemon daemon = {.handed = bwdird_listener_handed()};
    int code;

    daemon.log.sink.fd = -1;
    daemon.listener.fd = -1;
    if (!bwdird_privileges_harden(daemon.handed))
        return complain(EX_OSERR, "cannot clean up the surroundings");
    if (!read_options(&daemon, argc, argv, &code))
        return code;
    code = prepare(&daemon);
    if (code == EX_OK)
        code = serve(&daemon);
    bwdird_listener_close(&daemon.listener);
    bwdird_log_close(&daemon.log);
    bwdir_config_free(&daemon.config);
    return code;
}
