/*
 * A directory server that does what a script says and nothing else.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fake_ldap.h"

struct fake_ldap {
    const struct fake_step *script;
    char directory[32];
    char uri[96];
    int listener;
    int stop[2]; /* a pipe, written to when the thread is to end */
    pthread_t thread;
    atomic_int requests;
    atomic_int connections;
};

/* Waits for EVENT on FD, at most MILLISECONDS; false when told to stop. */
static bool
wait_for(struct fake_ldap *server, int fd, short event, int milliseconds)
{
    struct pollfd fds[2] = {{server->stop[0], POLLIN, 0}, {fd, event, 0}};

    return poll(fds, 2, milliseconds) >= 0 && fds[0].revents == 0;
}

static bool
read_all(struct fake_ldap *server, int fd, unsigned char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t got;

        if (!wait_for(server, fd, POLLIN, -1))
            return false;
        got = read(fd, bytes, count);
        if (got <= 0)
            return false;
        bytes += got;
        count -= (size_t)got;
    }
    return true;
}

/* One LDAPMessage of a client: definite lengths of at most two bytes. */
static bool
read_request(struct fake_ldap *server, int fd)
{
    unsigned char bytes[4096];
    size_t length;

    if (!read_all(server, fd, bytes, 2))
        return false;
    length = bytes[1];
    if (length & 0x80) {
        size_t more = length & 0x7f;

        if (more > 2 || !read_all(server, fd, bytes, more))
            return false;
        length = more == 1 ? bytes[0] : (size_t)bytes[0] << 8 | bytes[1];
    }
    if (length > sizeof(bytes) || !read_all(server, fd, bytes, length))
        return false;
    server->requests++;
    return true;
}

static bool
put(int fd, const void *bytes, size_t length)
{
    return send(fd, bytes, length, MSG_NOSIGNAL) == (ssize_t)length;
}

/* Until the client goes away or the test ends. */
static void
repeat(struct fake_ldap *server, int fd, const struct fake_step *step)
{
    const unsigned char *bytes = step->bytes;

    for (size_t i = 0;; i = (i + 1) % step->length) {
        if (step->action == FAKE_DRIP) {
            if (!wait_for(server, -1, 0, 50) || !put(fd, &bytes[i], 1))
                return;
        } else if (!wait_for(server, fd, POLLOUT, -1) ||
                   !put(fd, bytes, step->length)) {
            return;
        }
    }
}

static void
hold(struct fake_ldap *server, int fd)
{
    unsigned char bytes[512];

    while (wait_for(server, fd, POLLIN, -1))
        if (read(fd, bytes, sizeof(bytes)) <= 0)
            return;
}

static void
serve(struct fake_ldap *server, int fd)
{
    const struct linger now = {1, 0};

    for (const struct fake_step *step = server->script;; step++) {
        switch (step->action) {
        case FAKE_END:
            hold(server, fd);
            return;
        case FAKE_READ:
            if (!read_request(server, fd))
                return;
            break;
        case FAKE_SEND:
            if (!put(fd, step->bytes, step->length))
                return;
            break;
        case FAKE_DRIP:
        case FAKE_FLOOD:
            repeat(server, fd, step);
            return;
        case FAKE_RESET:
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
            return;
        case FAKE_CLOSE:
            return;
        }
    }
}

static void *
run(void *argument)
{
    struct fake_ldap *server = argument;

    while (wait_for(server, server->listener, POLLIN, -1)) {
        int fd = accept(server->listener, NULL, NULL);

        if (fd < 0)
            break;
        server->connections++;
        serve(server, fd);
        close(fd);
    }
    return NULL;
}

static void
listen_local(struct fake_ldap *server)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    strcpy(server->directory, "/tmp/bwdir-fake.XXXXXX");
    assert_non_null(mkdtemp(server->directory));
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/s",
             server->directory);
    snprintf(server->uri, sizeof(server->uri), "ldapi://%%2Ftmp%%2F%s%%2Fs",
             server->directory + strlen("/tmp/"));
    server->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(
        bind(server->listener, (struct sockaddr *)&address, sizeof(address)),
        0);
}

static void
listen_tcp(struct fake_ldap *server, const char *scheme)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof(address);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(
        bind(server->listener, (struct sockaddr *)&address, length), 0);
    assert_int_equal(
        getsockname(server->listener, (struct sockaddr *)&address, &length),
        0);
    snprintf(server->uri, sizeof(server->uri), "%s://127.0.0.1:%d", scheme,
             ntohs(address.sin_port));
}

struct fake_ldap *
fake_ldap_start(const char *scheme, const struct fake_step *script)
{
    struct fake_ldap *server = calloc(1, sizeof(*server));

    assert_non_null(server);
    server->script = script;
    if (strcmp(scheme, "ldapi") == 0)
        listen_local(server);
    else
        listen_tcp(server, scheme);
    assert_int_equal(listen(server->listener, 16), 0);
    assert_int_equal(pipe(server->stop), 0);
    assert_int_equal(pthread_create(&server->thread, NULL, run, server), 0);
    return server;
}

const char *
fake_ldap_uri(const struct fake_ldap *server)
{
    return server->uri;
}

int
fake_ldap_requests(struct fake_ldap *server)
{
    return server->requests;
}

int
fake_ldap_connections(struct fake_ldap *server)
{
    return server->connections;
}

void
fake_ldap_stop(struct fake_ldap *server)
{
    char path[64];

    assert_int_equal(write(server->stop[1], "x", 1), 1);
    pthread_join(server->thread, NULL);
    close(server->stop[0]);
    close(server->stop[1]);
    close(server->listener);
    if (server->directory[0] != '\0') {
        snprintf(path, sizeof(path), "%s/s", server->directory);
        unlink(path);
        rmdir(server->directory);
    }
    free(server);
}

struct fake_bytes
fake_join(struct fake_bytes a, struct fake_bytes b)
{
    assert_true(a.length + b.length <= sizeof(a.at));
    memcpy(a.at + a.length, b.at, b.length);
    a.length += b.length;
    return a;
}

struct fake_bytes
fake_element(unsigned char tag, const void *content, size_t length)
{
    struct fake_bytes element = {{tag}, 1};
    struct fake_bytes inside = {.length = length};

    if (length >= 0x80) {
        element.at[element.length++] = 0x82;
        element.at[element.length++] = (unsigned char)(length >> 8);
    }
    element.at[element.length++] = (unsigned char)length;
    assert_true(length <= sizeof(inside.at));
    if (length > 0)
        memcpy(inside.at, content, length);
    return fake_join(element, inside);
}

static struct fake_bytes
text(unsigned char tag, const char *content)
{
    return fake_element(tag, content, strlen(content));
}

static struct fake_bytes
message(int id, struct fake_bytes operation, struct fake_bytes controls)
{
    unsigned char number = (unsigned char)id;
    struct fake_bytes whole = fake_element(0x02, &number, 1);

    whole = fake_join(whole, operation);
    if (controls.length > 0)
        whole =
            fake_join(whole, fake_element(0xa0, controls.at, controls.length));
    return fake_element(0x30, whole.at, whole.length);
}

struct fake_bytes
fake_result(int id, unsigned char tag, unsigned char code,
            struct fake_bytes extra, struct fake_bytes controls)
{
    struct fake_bytes result = fake_element(0x0a, &code, 1);

    result = fake_join(result, text(0x04, "")); /* matched DN */
    result = fake_join(result, text(0x04, ""));
    result = fake_join(result, extra);
    return message(id, fake_element(tag, result.at, result.length), controls);
}

struct fake_bytes
fake_control(const char *oid, const void *value, size_t length)
{
    struct fake_bytes control = text(0x04, oid);

    if (value != NULL)
        control = fake_join(control, fake_element(0x04, value, length));
    return fake_element(0x30, control.at, control.length);
}

struct fake_bytes
fake_entry(int id, const char *dn, const char *attribute, const char *value)
{
    struct fake_bytes set = text(0x04, value);
    struct fake_bytes pair = text(0x04, attribute);
    struct fake_bytes entry = text(0x04, dn);

    pair = fake_join(pair, fake_element(0x31, set.at, set.length));
    pair = fake_element(0x30, pair.at, pair.length);
    pair = fake_element(0x30, pair.at, pair.length);
    entry = fake_join(entry, pair);
    return message(id, fake_element(0x64, entry.at, entry.length), FAKE_NONE);
}
