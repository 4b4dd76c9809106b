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

#define MAIL_ANSWER_SIZE 200

/*
 * The time that a mail server, or sendmail, has for one mail.  With a further
 * operation of the directory, 15 seconds, this is less than what bwdir-mail
 * leaves to who delivers a code at once (DELIVERING_SECONDS, owed.c).
 */
#define MAIL_SECONDS 12

/* One mail on its way. */
struct mail_delivery {
    const struct mail_message *message;

    /*
     * Asked once, right before the mail itself is handed over: everything
     * that can be known beforehand is known to be well.  Anything but
     * BWDIR_OK stops the delivery and is its status.  NULL: nobody is asked.
     */
    enum bwdir_status (*permit)(void *closure, struct bwdir_detail *why);
    void *closure;

    /* True: the whole mail went out and no answer came, so that it may have
     * been taken all the same. */
    bool uncertain;
    /* What the server answered last, "" when there was none: "550 5.1.1 no
     * such mailbox"; as it came, cut to fit. */
    char answer[MAIL_ANSWER_SIZE];
};

/* The section "mail" of bwdir.conf(5); strings belong to the
 * configuration. */
struct mail_transport {
    enum bwdir_status (*deliver)(struct mail_transport *transport,
                                 struct mail_delivery *delivery,
                                 struct bwdir_detail *why);
    const char *maildir;
    const char *sendmail;
    int sendmail_seconds; /* that it is given: MAIL_SECONDS */
    const char *smtp_uri;
    const char *smtp_ca_file;
    const char *smtp_user;
    const struct bwdir_config *config; /* for smtp-secret-file */
    void *curl; /* keeps the connection to the server from mail to mail */
};

/* BWDIR_CONFIG when the transport lacks an option it needs. */
enum bwdir_status
mail_transport_choose(const struct bwdir_config *config,
                      struct mail_transport *transport,
                      struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void mail_transport_close(struct mail_transport *transport);

/*
 * BWDIR_UNAVAILABLE: not now, try later; BWDIR_REFUSED: the other side will
 * not have it; BWDIR_CONFIG.  Takes at most MAIL_SECONDS and what permit
 * takes; as long again where a mail server goes silent behind the mail, and
 * two seconds more where sendmail has to be killed.
 */
enum bwdir_status mail_deliver(struct mail_transport *transport,
                               struct mail_delivery *delivery,
                               struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* For the transports: the status of permit. */
enum bwdir_status mail_permit(const struct mail_delivery *delivery,
                              struct bwdir_detail *why);

/* The transports themselves. */
enum bwdir_status mail_to_maildir(struct mail_transport *transport,
                                  struct mail_delivery *delivery,
                                  struct bwdir_detail *why);
enum bwdir_status mail_to_smtp(struct mail_transport *transport,
                               struct mail_delivery *delivery,
                               struct bwdir_detail *why);
void mail_smtp_close(struct mail_transport *transport);
enum bwdir_status mail_to_sendmail(struct mail_transport *transport,
                                   struct mail_delivery *delivery,
                                   struct bwdir_detail *why);

#endif
