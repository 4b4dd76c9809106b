/*
 * The layer between libldap (and its TLS) and the socket.  It makes three
 * promises that libldap 2.5 does not keep: no read or write lasts beyond the
 * connection's deadline, wherever in a BER header, a message or a TLS
 * handshake the peer falls silent; nothing spins; and a peer that closes
 * raises no SIGPIPE.
 *
 * To libldap the socket looks like a blocking one, so that its own
 * half-finished handling of EAGAIN is never entered.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "connection_impl.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

bool
dir_wait(int fd, int64_t deadline, short event)
{
    struct pollfd socket = {.fd = fd, .events = event};
    int ready;

    do {
        int64_t left = deadline - dir_now();

        if (left <= 0)
            break;
        ready = poll(&socket, 1, left > INT_MAX ? INT_MAX : (int)left);
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
    } while (true);
    errno = ETIMEDOUT;
    return false;
}

static bool
would_block(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK;
}

/* Reads what has come, and waits for it where nothing has. */
static ssize_t
receive(const struct dir_connection *connection, void *bytes, size_t room)
{
    /* Also a peer that never stops sending must end. */
    while (dir_now() < connection->deadline) {
        ssize_t got = recv(connection->fd, bytes, room, MSG_DONTWAIT);

        if (got > 0)
            return got;
        if (got == 0) {
            errno = ECONNRESET; /* a stale EAGAIN would make libldap spin */
            return -1;
        }
        if (!would_block() && errno != EINTR)
            return -1;
        if (!dir_wait(connection->fd, connection->deadline, POLLIN))
            return -1;
    }
    errno = ETIMEDOUT;
    return -1;
}

/* libldap reads a few bytes at a time, and a list has thousands of entries.
 * TLS stands above, so what came before its handshake never counts as
 * protected. */
static ber_slen_t
layer_read(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t length)
{
    struct dir_connection *connection = layer->sbiod_pvt;
    struct dir_ahead *ahead = &connection->ahead;

    if (ahead->given == ahead->have) {
        ssize_t got = receive(connection, ahead->bytes, sizeof ahead->bytes);

        if (got < 0)
            return -1;
        ahead->have = (size_t)got;
        ahead->given = 0;
    }
    if (length > ahead->have - ahead->given)
        length = ahead->have - ahead->given;
    memcpy(bytes, ahead->bytes + ahead->given, length);
    ahead->given += length;
    errno = 0;
    return (ber_slen_t)length;
}

static ber_slen_t
layer_write(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t length)
{
    struct dir_connection *connection = layer->sbiod_pvt;

    /* Once without waiting: the Unbind of an expired connection. */
    do {
        ssize_t sent =
            send(connection->fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (sent >= 0) {
            errno = 0;
            return sent;
        }
        if (!would_block() && errno != EINTR)
            return -1;
    } while (dir_wait(connection->fd, connection->deadline, POLLOUT));
    return -1;
}

static int
layer_setup(Sockbuf_IO_Desc *layer, void *connection)
{
    layer->sbiod_pvt = connection;
    return 0;
}

static int
layer_control(Sockbuf_IO_Desc *layer, int option, void *argument)
{
    const struct dir_connection *connection = layer->sbiod_pvt;

    (void)argument;
    return option == LBER_SB_OPT_DATA_READY &&
           connection->ahead.given < connection->ahead.have;
}

/* No close: the descriptor is closed by dir_close(). */
static Sockbuf_IO layer_functions = {
    .sbi_setup = layer_setup,
    .sbi_ctrl = layer_control,
    .sbi_read = layer_read,
    .sbi_write = layer_write,
};

enum bwdir_status
dir_transport_attach(struct dir_connection *connection)
{
    ber_len_t limit = DIR_MESSAGE_MAX;
    Sockbuf *buffer = NULL;

    if (ldap_get_option(connection->handle, LDAP_OPT_SOCKBUF, &buffer) !=
            LDAP_OPT_SUCCESS ||
        buffer == NULL)
        return BWDIR_INTERNAL;
    if (ber_sockbuf_add_io(buffer, &layer_functions, LBER_SBIOD_LEVEL_PROVIDER,
                           connection) != 0 ||
        !dir_framing_attach(&connection->framing, buffer))
        return BWDIR_NO_MEMORY;
    ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &limit);
    return BWDIR_OK;
}
