/*
 * The arguments of pam_bw.so in a line of pam.d(5).  An argument that is not
 * known, not well formed or given twice is an error of the whole line: a
 * mistyped option must not open a door.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef PAMBW_OPTIONS_H
#define PAMBW_OPTIONS_H

#include "pam_bw/wire/wire.h"

#include <stdbool.h>
#include <stddef.h>

#define PAMBW_SOCKET "/run/bwdir/bwdird.sock"

/* Eight lists of 255 bytes leave room in a frame for all the rest. */
#define PAMBW_REQUIREMENTS_MAX 8
#define PAMBW_LIST_MAX 255

/* One require_* argument: a comma list of which one element must be held. */
struct pambw_requirement {
    enum bw_wire_tag tag;
    const char *list;
};

struct pambw_options {
    enum bw_wire_access access;
    const char *socket;
    struct pambw_requirement requirements[PAMBW_REQUIREMENTS_MAX];
    size_t requirement_count;
    bool use_first_pass;
    bool try_first_pass;
    bool use_authtok;
    bool one_phase;
    bool debug;
};

/*
 * Fills OPTIONS from ARGV, whose strings it keeps pointing to.  True when
 * every argument is fit; otherwise *WRONG is the first that is not and *WHY
 * says in a few words what is wrong with it.
 */
bool pambw_options_parse(int argc, const char **argv,
                         struct pambw_options *options, const char **wrong,
                         const char **why);

#endif
