/*
 * Putting listener, clients and pool together.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <syslog.h>
#include <unistd.h>

#include "client.h"
#include "pool.h"
#include "server.h"

struct server {
    struct event_base *base;
    struct event *terminate;
    struct event *interrupt;
    struct bwdird_clients clients;
    struct bwdird_pool pool;
};

static void
on_stop(evutil_socket_t signal, short what, void *closure)
{
    (void)signal;
    (void)what;
    event_base_loopbreak(closure);
}

static void
shed(void *closure)
{
    struct server *server = closure;

    bwdird_clients_shed(&server->clients);
}

static bool
make_base(struct server *server)
{
    struct event_config *config = event_config_new();

    if (config != NULL &&
        event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV |
                                          EVENT_BASE_FLAG_PRECISE_TIMER) == 0)
        server->base = event_base_new_with_config(config);
    if (config != NULL)
        event_config_free(config);
    return server->base != NULL;
}

static bool
watch_signals(struct server *server)
{
    server->terminate =
        evsignal_new(server->base, SIGTERM, on_stop, server->base);
    server->interrupt =
        evsignal_new(server->base, SIGINT, on_stop, server->base);
    return server->terminate != NULL && server->interrupt != NULL &&
           event_add(server->terminate, NULL) == 0 &&
           event_add(server->interrupt, NULL) == 0;
}

static bool
start(struct server *server, const struct bwdird_server_setup *setup)
{
    struct bwdird_pool_setup pool = {
        .log = setup->log,
        .config = setup->config,
        .workers = setup->workers,
        .served_max = setup->served_max,
        .shed = shed,
        .closure = server,
    };

    if (!make_base(server) || !watch_signals(server) ||
        !bwdird_clients_open(&server->clients, server->base, &server->pool,
                             setup->log))
        return false;
    pool.base = server->base;
    return bwdird_pool_start(&server->pool, &pool) &&
           bwdird_listener_start(setup->listener, server->base,
                                 &server->clients, setup->log);
}

static void
stop(struct server *server)
{
    bwdird_clients_close(&server->clients);
    bwdird_pool_stop(&server->pool);
    if (server->terminate != NULL)
        event_free(server->terminate);
    if (server->interrupt != NULL)
        event_free(server->interrupt);
}

bool
bwdird_server_run(const struct bwdird_server_setup *setup)
{
    struct server *server = calloc(1, sizeof(*server));
    bool ran = false;

    if (server == NULL)
        return false;
    if (start(server, setup)) {
        bwdird_log_notice(setup->log, LOG_INFO, "started",
                          "pid %ld, %u workers", (long)getpid(),
                          setup->workers);
        ran = event_base_dispatch(server->base) >= 0;
        bwdird_log_notice(setup->log, LOG_INFO, "stopped", "pid %ld",
                          (long)getpid());
    }
    stop(server);
    bwdird_listener_close(setup->listener);
    if (server->base != NULL)
        event_base_free(server->base);
    free(server);
    return ran;
}
