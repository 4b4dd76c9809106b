/*
 * The mails that users get: texts, sender and transport as the configuration
 * has them, and the code that goes with some.
 *
 * A code exists only in its mail, so who delivers makes it: a new code, its
 * credential beside those that stand, the mail handed over, the delivery mark
 * set, what stood before taken away.  Until the mark everything may stop; the
 * user then is still owed a mail, and a second one says that its code is the
 * valid one.  What no mail can replace today stays valid, and of several who
 * deliver at once the one who began last has the valid code.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_MAIL_OFFICE_H
#define BW_MAIL_OFFICE_H

#include <bwdir.h>

/* Transport, sender and texts. */
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
 * Sends USER a code at once.  MAIL: see bwdir_verification_plan_issue();
 * bwdir_outbox_code() tells which one is due.  The connection must be allowed
 * to write the credential.  After any failure the user is still owed a mail,
 * which bwdir-mail delivers: BWDIR_UNAVAILABLE, BWDIR_REFUSED by a mail
 * server, BWDIR_NOT_ALLOWED when the address has had the mails of today.
 */
enum bwdir_status mail_code_send(struct mail_office *office,
                                 struct bwdir_directory *directory,
                                 const struct bwdir_user *user,
                                 enum bwdir_mail mail,
                                 struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* What became of an owed mail. */
struct mail_result {
    enum bwdir_status status;
    bool answered; /* the mail server said so */
    bool dropped;  /* there is nothing to tell any more */
};

/*
 * Delivers a mail that bwdir_outbox_take() has taken in hand, and settles it.
 * RESULT and WHY tell of the mail; what is returned is BWDIR_OK, or why the
 * directory could not be told.
 */
enum bwdir_status
mail_owed_deliver(struct mail_office *office,
                  struct bwdir_directory *directory,
                  const struct bwdir_owed *owed, struct mail_result *result,
                  struct bwdir_detail *why) BWDIR_CHECK_RESULT;

#endif
