/*
 * The parent's loop, from the first connection to the signal that ends it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIRD_SERVER_H
#define BWDIRD_SERVER_H

#include <stdbool.h>

#include "bwdir_signin.h"
#include "eventlog.h"
#include "listener.h"

struct bwdird_server_setup {
    const struct bwdir_config *config;
    struct bwdird_listener *listener; /* listening */
    struct bwdird_log *log;
    unsigned workers;
    unsigned served_max; /* requests of one worker; 0: the default */
};

/*
 * Serves until SIGTERM or SIGINT; then no worker is left and the listener
 * is closed.  False when it could not start.
 */
bool bwdird_server_run(const struct bwdird_server_setup *setup);

#endif
