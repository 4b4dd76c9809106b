/*
 * The end of every write, for dir/ alone.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_DIR_WRITE_RESULT_H
#define BWDIR_DIR_WRITE_RESULT_H

#include "connection_impl.h"

/* Awaits the answer to a write of DN and says in WHY what the server said.
 * BWDIR_REFUSED where the password policy objects to a new password. */
enum bwdir_status dir_write_finish(struct dir_connection *connection, int sent,
                                   int msgid, int expected, const char *dn,
                                   struct bwdir_detail *why);

/* The same; REPLY is the caller's to clear. */
enum bwdir_status dir_write_reply(struct dir_connection *connection, int sent,
                                  int msgid, int expected, const char *dn,
                                  struct dir_reply *reply,
                                  struct bwdir_detail *why);

#endif
