/*
 * bwdir-add --ensure: a user who is there already is made as the command line
 * says.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_ENSURE_H
#define BW_ENSURE_H

#include "addition.h"

/*
 * Names, mail, phone, level, access, owner, and exactly these roles and
 * accounts; the password stays.  Printed with -n, else applied; a code goes
 * out for a new mail or phone.  "changed" or "unchanged" is told.  An exit
 * code.
 */
int ensure_user(struct addition *addition, const struct bwdir_user *user);

#endif
