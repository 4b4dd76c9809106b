/*
 * Rules about peers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

bool
bwdird_peer_read(int fd, uid_t *uid)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
        size != sizeof(peer) || peer.uid == (uid_t)-1)
        return false;
    *uid = peer.uid;
    return true;
}

bool
bwdird_peer_trusted(uid_t uid)
{
    return uid == 0 || uid == geteuid();
}

bool
bwdird_peer_may_ask(uid_t uid, enum bw_wire_kind kind)
{
    switch (kind) {
    case BW_WIRE_AUTHENTICATE:
    case BW_WIRE_CHANGE:
    case BW_WIRE_REDEEM:
        return true;
    case BW_WIRE_ACCOUNT:
        return bwdird_peer_trusted(uid);
    }
    return false;
}

bool
bwdird_peer_fits(uid_t uid, const struct bwdird_peer_count *count)
{
    if (count->all >= BWDIRD_CLIENTS_MAX)
        return false;
    if (bwdird_peer_trusted(uid))
        return true;
    return count->foreign < BWDIRD_CLIENTS_FOREIGN &&
           count->same < BWDIRD_CLIENTS_OF_UID;
}
