/*
 * The mail with the sign-up code.  The code exists only in that mail, so who
 * delivers makes it: a new code, the credential written over the old one, the
 * mail handed over, the delivery mark set.  Between any two of these steps
 * everything may stop; the user then is still owed a mail, and a second one
 * says that its code is the valid one.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_MAIL_SIGN_UP_H
#define BW_MAIL_SIGN_UP_H

#include <bwdir.h>

/* Transport, sender and texts, as the configuration has them. */
struct mail_office;

/*
 * Reads everything that sending will need, so that a fault of the
 * configuration shows before anything is written.  BWDIR_CONFIG.  The
 * configuration must outlive the office.
 */
enum bwdir_status
mail_office_open(const struct bwdir_config *config,
                 struct mail_office **office,
                 struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void mail_office_close(struct mail_office **office);

/*
 * Sends USER a code: BWDIR_MAIL_SIGN_UP, BWDIR_MAIL_SIGN_UP_CONFIRM or
 * BWDIR_MAIL_RESET.  The connection must be allowed to write the credential.
 * After any failure the user is still owed a mail.
 */
enum bwdir_status
mail_sign_up_send(const struct mail_office *office,
                  struct bwdir_directory *directory,
                  const struct bwdir_user *user, enum bwdir_mail mail,
                  struct bwdir_detail *why) BWDIR_CHECK_RESULT;

#endif
