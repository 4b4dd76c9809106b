/*
 * How the files of mail/ say what went wrong.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_MAIL_FAILURE_H
#define BW_MAIL_FAILURE_H

#include <bwdir.h>

/*
 * Formats one sentence into WHY, which may be NULL, cut to fit, with every
 * byte outside printable ASCII as \xNN.  Returns STATUS, so that a failure is
 * one line.
 */
enum bwdir_status mail_fail(struct bwdir_detail *why, enum bwdir_status status,
                            const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
