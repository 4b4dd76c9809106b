/*
 * libbwdir: users, roles, accounts and access methods of a bwdir directory,
 * and the one decision: may this user, with this secret, use this service
 * now?
 *
 * Order of calls: load a configuration, open a directory (tools) or a sign-in
 * context (the daemon), ask, close.  Every function that can fail returns
 * enum bwdir_status and, through the last parameter, one bounded sentence for
 * a person; that parameter may be NULL.
 *
 * Threads: the library keeps no mutable global data.  One object belongs to
 * one thread at a time; different objects may be used in parallel.
 *
 * Ownership: an object that a function returns through a ** parameter belongs
 * to the caller, who gives it back to the matching _free or _close function.
 * These take the address of the pointer, accept a NULL object, wipe what is
 * secret and set the pointer to NULL.  Strings and arrays that a getter
 * returns belong to the object and live as long as it does.  On failure ** is
 * set to NULL.
 *
 * The library never exits, never writes to a stream, and to a log only what a
 * caller hands to bwdir_log_write().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_H
#define BWDIR_H

#include "bwdir_base.h"
#include "bwdir_change.h"
#include "bwdir_domain.h"
#include "bwdir_install.h"
#include "bwdir_mail.h"
#include "bwdir_plan.h"
#include "bwdir_signin.h"

#endif
