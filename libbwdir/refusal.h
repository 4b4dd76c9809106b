/*
 * Mail that servers have refused for good, from the inside: values of
 * bwMailRefused, "ID ADDRESS TEXT".
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_REFUSAL_H
#define BWDIR_REFUSAL_H

#include "bwdir.h"

/* "ADDRESS TEXT" in VALUE; NULL: it is no refusal. */
const char *bwdir_refusal_words(const char *value);

/* Whether VALUE is about mail to ADDRESS, without regard to case. */
bool bwdir_refusal_is_of(const char *value, const char *address);

/* Whether a server has refused mail of USER to ADDRESS, as far as the
 * connection may see it. */
enum bwdir_status bwdir_refusal_look(struct bwdir_directory *directory,
                                     const struct bwdir_user *user,
                                     const char *address, bool *refused,
                                     struct bwdir_detail *why);

#endif
