/*
 * What kind of service a PAM service is, by the access records that name it
 * in bwService.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_SERVICE_H
#define BWDIR_SERVICE_H

#include "bwdir.h"
#include "dir/connection.h"

/*
 * The bitwise or of the kinds that the records say which name the service;
 * 0 when none does or NAME is NULL.  A record that allows nothing that is
 * known counts as one of dashboard, the stricter.
 */
enum bwdir_status bwdir_service_listed(struct dir_connection *connection,
                                       const char *base, const char *name,
                                       unsigned *listed,
                                       struct bwdir_detail *why);

/*
 * The kind that counts.  What is SAID wins (0: nothing is); then what is
 * listed; dashboard where nothing is or both kinds are.
 */
enum bwdir_access_kind bwdir_service_kind(enum bwdir_access_kind said,
                                          unsigned listed);

#endif
