/*
 * A mail as it travels: headers and body by GMime, with one sender and one
 * recipient.
 *
 * The memory that this file owns is wiped when it is freed; the copies that
 * GMime makes while it composes cannot be.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_MAIL_COMPOSE_H
#define BW_MAIL_COMPOSE_H

#include "template.h"

/* Who writes to whom; strings are the caller's. */
struct mail_letter {
    const char *from;    /* "ADDRESS" or "NAME <ADDRESS>" */
    const char *to_name; /* for the reader, UTF-8 */
    const char *to;      /* ADDRESS */
    const struct mail_text *text;
};

/* Composed: lines end in LF, as files and sendmail(8) want them. */
struct mail_message {
    char *from; /* envelope addresses, without brackets */
    char *to;
    char *bytes;
    size_t length;
};

/*
 * BWDIR_CONFIG when `from` is not one mailbox, BWDIR_BAD_VALUE when `to` is
 * none or when a name holds a control character; nothing in a value can start
 * another header or another recipient.
 */
enum bwdir_status mail_compose(const struct mail_letter *letter,
                               struct mail_message *message,
                               struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void mail_message_clear(struct mail_message *message);

/* Whether `from` is fit; the same test as in mail_compose(). */
enum bwdir_status mail_sender_check(const char *from, struct bwdir_detail *why)
    BWDIR_CHECK_RESULT;

#endif
