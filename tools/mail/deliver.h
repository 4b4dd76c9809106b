/*
 * Handing a composed mail over: to a Maildir, to an SMTP server or to
 * sendmail(8).  BWDIR_OK means that the other side has taken the mail over;
 * whatever else comes back, the mail is to be taken as not delivered.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_MAIL_DELIVER_H
#define BW_MAIL_DELIVER_H

#include "compose.h"

/* The section "mail" of bwdir.conf(5); strings belong to the
 * configuration. */
struct mail_transport {
    enum bwdir_status (*deliver)(const struct mail_transport *transport,
                                 const struct mail_message *message,
                                 struct bwdir_detail *why);
    const char *maildir;
    const char *sendmail;
    const char *smtp_uri;
    const char *smtp_ca_file;
    const char *smtp_user;
    const char *smtp_secret_file;
};

/* BWDIR_CONFIG when the transport lacks an option it needs. */
enum bwdir_status
mail_transport_choose(const struct bwdir_config *config,
                      struct mail_transport *transport,
                      struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * BWDIR_UNAVAILABLE: not now, try later; BWDIR_REFUSED: the other side will
 * not have it; BWDIR_CONFIG.  Takes at most 12 seconds.
 */
enum bwdir_status mail_deliver(const struct mail_transport *transport,
                               const struct mail_message *message,
                               struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* The transports themselves. */
enum bwdir_status mail_to_maildir(const struct mail_transport *transport,
                                  const struct mail_message *message,
                                  struct bwdir_detail *why);
enum bwdir_status mail_to_smtp(const struct mail_transport *transport,
                               const struct mail_message *message,
                               struct bwdir_detail *why);
enum bwdir_status mail_to_sendmail(const struct mail_transport *transport,
                                   const struct mail_message *message,
                                   struct bwdir_detail *why);

#endif
