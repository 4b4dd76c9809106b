/*
 * One connection to bwdird, from connect to close inside one call of the
 * module, so that nothing survives in a host that forks, execs or closes
 * descriptors.  No signal is raised or caught; every wait ends at the
 * deadline, counted from the start of the question.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PAMBW_CHANNEL_H
#define PAMBW_CHANNEL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum pambw_fault {
    PAMBW_NO_FAULT,
    PAMBW_UNREACHABLE, /* errno says why */
    PAMBW_STRANGER,    /* the peer is neither root nor this process's user */
    PAMBW_LATE,
    PAMBW_CLOSED, /* by the peer, or broken */
    PAMBW_GARBAGE,
    PAMBW_NO_MEMORY
};

struct pambw_channel {
    int fd;
    int64_t deadline; /* CLOCK_MONOTONIC, milliseconds */
    uid_t peer;
};

int64_t pambw_clock_ms(void);

/*
 * Connects to PATH.  CHANNEL's deadline is set already; its fd is set to a
 * descriptor above 2 or to -1.  The peer is checked before anything is sent.
 */
enum pambw_fault pambw_channel_open(struct pambw_channel *channel,
                                    const char *path);

enum pambw_fault pambw_channel_send(const struct pambw_channel *channel,
                                    const void *bytes, size_t length);

/* Receives exactly LENGTH bytes. */
enum pambw_fault pambw_channel_receive(const struct pambw_channel *channel,
                                       void *bytes, size_t length);

void pambw_channel_close(struct pambw_channel *channel);

#endif
