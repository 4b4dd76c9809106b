/*
 * A directory that is being set up: what the parts of bwdir-init share.  Each
 * returns CLI_GO_ON or an exit code, all that is wrong having been reported.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_INIT_SETUP_H
#define BW_INIT_SETUP_H

#include <stdio.h>

#include "../addition.h"

struct setup {
    struct cli_session *session;
    struct bwdir_installation *installation;
    struct addition admin;
    struct bwdir_config *sample; /* what was loaded before it was made out */
    FILE *saved;                 /* --replace */
    size_t changes;
};

/*
 * The configuration as it was installed names a suffix of documentation:
 * where it still is as it came, and -b says another one, it is made out for
 * that, and loaded again.  What an administrator has changed is left alone.
 */
int init_sample(struct setup *setup);

/* One part of the directory compared and printed, or put right. */
int init_part(struct setup *setup, enum bwdir_install_part part);

/* The identities of programs, with their secrets in files; what can be wrong
 * with these is looked for before anything is written. */
int init_programs_look(struct setup *setup);
int init_programs(struct setup *setup);

#endif
