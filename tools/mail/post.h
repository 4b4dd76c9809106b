/*
 * One mail from its occasion to the mail server: values put into the text,
 * composed, handed over.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_MAIL_POST_H
#define BW_MAIL_POST_H

#include "deliver.h"
#include "office.h"

struct mail_office {
    struct mail_transport transport;
    const char *from;
    struct mail_template *texts[BWDIR_MAILS];
};

/* What a mail is about.  Strings are the caller's. */
struct mail_occasion {
    struct bwdir_directory *directory;
    const struct bwdir_user *user;
    enum bwdir_mail mail;
    const char *address;
    int64_t now;
    const char *code;    /* as printed, or NULL */
    const char *other;   /* a user name, or NULL */
    const char *refusal; /* a mail server's words about that user, or NULL */
};

/* What became of it. */
struct mail_trace {
    char *unused; /* a place that no mail has used, or NULL; free(3) it */
    bool uncertain;
    char answer[MAIL_ANSWER_SIZE];
};

/* The values that there are for the text of a mail, as bits. */
unsigned mail_values_of(enum bwdir_mail mail);

/*
 * BWDIR_NOT_ALLOWED: the address has had the mails of today; BWDIR_BAD_VALUE:
 * the address or a name is not fit for a mail; otherwise as mail_deliver().
 * A mail that was handed over, or may have been, has used its place for good.
 */
enum bwdir_status mail_post(struct mail_office *office,
                            const struct mail_occasion *occasion,
                            struct mail_trace *trace,
                            struct bwdir_detail *why) BWDIR_CHECK_RESULT;

#endif
