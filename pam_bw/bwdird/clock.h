/*
 * The daemon's clock: milliseconds of CLOCK_MONOTONIC, the one that deadlines
 * are told in on both ends of a request.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIRD_CLOCK_H
#define BWDIRD_CLOCK_H

#include <stdint.h>
#include <sys/time.h>
#include <time.h>

static inline int64_t
bwdird_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A span for libevent; none is negative. */
static inline struct timeval
bwdird_span(int64_t ms)
{
    struct timeval span = {0, 0};

    if (ms > 0) {
        span.tv_sec = (time_t)(ms / 1000);
        span.tv_usec = (suseconds_t)(ms % 1000 * 1000);
    }
    return span;
}

#endif
