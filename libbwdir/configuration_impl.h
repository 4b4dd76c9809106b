/*
 * Inside of bwdir_config: the table of options, and the values that were
 * read; for configuration.c and configuration_read.c alone.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_CONFIGURATION_IMPL_H
#define BWDIR_CONFIGURATION_IMPL_H

#include "configuration.h"

#define OPTIONS 29
#define SECTIONS 4
#define URIS_MAX 16

/* An option, named as the library names it. */
struct bwdir_option {
    const char *name; /* "section.option" or "option" */
    const char *standard;
    const char *(*check)(const char *value);
};

extern const struct bwdir_option bwdir_options[OPTIONS];
extern const char *const bwdir_sections[SECTIONS];

/* Aborts when there is none of that name. */
size_t bwdir_option_index(const char *name);

struct bwdir_config {
    char *values[OPTIONS]; /* as given; NULL: the standard one */
    char *decoy_dn;        /* the standard one */
    char *uris[URIS_MAX + 1];
    size_t uri_count;
};

/* Reads the file, each value checked by itself.  CONFIG is to be freed also
 * on failure. */
enum bwdir_status bwdir_config_read(const char *path,
                                    struct bwdir_config *config,
                                    struct bwdir_detail *why);

#endif
