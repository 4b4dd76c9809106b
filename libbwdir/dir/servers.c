/*
 * The servers of a directory, and what is known about them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "servers.h"

#include <stdlib.h>
#include <string.h>

#include "../detail.h"

struct server {
    char *uri;
    bool failed;
    int64_t failed_at;
    bool tried; /* in this round */
};

struct dir_servers {
    char *ca_file; /* or NULL */
    size_t count;
    struct server list[];
};

static bool
copy_list(struct dir_servers *servers, const char *const *uris,
          const char *ca_file)
{
    if (ca_file != NULL && (servers->ca_file = strdup(ca_file)) == NULL)
        return false;
    for (; *uris != NULL; uris++) {
        char *copy = strdup(*uris);

        if (copy == NULL)
            return false;
        servers->list[servers->count++].uri = copy;
    }
    return true;
}

enum bwdir_status
dir_servers_new(const char *const *uris, const char *ca_file,
                struct dir_servers **servers, struct bwdir_detail *why)
{
    struct dir_servers *made;
    size_t count = 0;

    *servers = NULL;
    while (uris[count] != NULL)
        count++;
    if (count == 0)
        return bwdir_fail(why, BWDIR_CONFIG, "no URI of a server is given");
    made = calloc(1, sizeof(*made) + count * sizeof(made->list[0]));
    if (made == NULL || !copy_list(made, uris, ca_file)) {
        dir_servers_free(&made);
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    }
    *servers = made;
    return BWDIR_OK;
}

void
dir_servers_free(struct dir_servers **servers)
{
    if (*servers == NULL)
        return;
    for (size_t i = 0; i < (*servers)->count; i++)
        free((*servers)->list[i].uri);
    free((*servers)->ca_file);
    free(*servers);
    *servers = NULL;
}

const char *
dir_servers_ca_file(const struct dir_servers *servers)
{
    return servers->ca_file;
}

void
dir_servers_begin(struct dir_servers *servers)
{
    for (size_t i = 0; i < servers->count; i++)
        servers->list[i].tried = false;
}

static bool
failed_lately(const struct server *server, int64_t now)
{
    return server->failed && now - server->failed_at < DIR_SERVER_MEMORY_MS;
}

const char *
dir_servers_next(struct dir_servers *servers, int64_t now)
{
    struct server *next = NULL;

    for (size_t i = 0; i < servers->count; i++) {
        struct server *server = &servers->list[i];

        if (server->tried)
            continue;
        if (!failed_lately(server, now)) {
            next = server;
            break;
        }
        if (next == NULL)
            next = server;
    }
    if (next == NULL)
        return NULL;
    next->tried = true;
    return next->uri;
}

int64_t
dir_servers_share(const struct dir_servers *servers, const char *uri,
                  int64_t now, int64_t deadline)
{
    int64_t others = 0;

    for (size_t i = 0; i < servers->count; i++)
        others +=
            !servers->list[i].tried && strcmp(servers->list[i].uri, uri) != 0;
    return now + (deadline - now) / (1 + others);
}

static struct server *
find(struct dir_servers *servers, const char *uri)
{
    for (size_t i = 0; i < servers->count; i++)
        if (strcmp(servers->list[i].uri, uri) == 0)
            return &servers->list[i];
    return NULL;
}

void
dir_servers_skip(struct dir_servers *servers, const char *uri)
{
    struct server *server = find(servers, uri);

    if (server != NULL)
        server->tried = true;
}

void
dir_servers_failed(struct dir_servers *servers, const char *uri, int64_t now)
{
    struct server *server = find(servers, uri);

    if (server == NULL)
        return;
    server->tried = true;
    server->failed = true;
    server->failed_at = now;
}

void
dir_servers_served(struct dir_servers *servers, const char *uri)
{
    struct server *server = find(servers, uri);

    if (server != NULL)
        server->failed = false;
}
