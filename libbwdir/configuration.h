/*
 * Inside of bwdir_config: what is not a text or a number.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_CONFIGURATION_H
#define BWDIR_CONFIGURATION_H

#include "bwdir.h"
#include "trusted.h"

/* The option "uri", NULL-terminated, at least one. */
const char *const *bwdir_config_uris(const struct bwdir_config *config);

#endif
