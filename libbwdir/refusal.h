/*
 * Mail that servers have refused for good, from the inside: values of
 * bwMailRefused, "ID ADDRESS TEXT".
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_REFUSAL_H
#define BWDIR_REFUSAL_H

#include <stdbool.h>

/* "ADDRESS TEXT" in VALUE; NULL: it is no refusal. */
const char *bwdir_refusal_words(const char *value);

/* Whether VALUE is about mail to ADDRESS, without regard to case. */
bool bwdir_refusal_is_of(const char *value, const char *address);

#endif
