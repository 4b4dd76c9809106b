/*
 * Inside of bwdir_user.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_USER_H
#define BWDIR_USER_H

#include "bwdir.h"
#include "decision.h"
#include "standing.h"

struct bwdir_user {
    struct bwdir_standing standing;
    struct bwdir_facts facts;
    char *owner; /* a user name, or NULL */
    char *first;
    char *last;
    char *mail;
    char *phone;
};

#endif
