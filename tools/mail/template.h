/*
 * Texts of mails: a file with a line "Subject: …", an empty line and the
 * body.  {{name}} stands for a value.  The file is cut into pieces once, when
 * it is loaded; a value is put in as it is and never looked at again, so that
 * braces in somebody's name mean nothing.
 *
 * Order of calls: load, render as often as wanted, free.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_MAIL_TEMPLATE_H
#define BW_MAIL_TEMPLATE_H

#include <bwdir.h>

#define MAIL_TEMPLATE_MAX 65536 /* bytes of a file */

/* What a template may ask for. */
enum mail_value {
    MAIL_VALUE_USER,    /* {{user}}: the user name */
    MAIL_VALUE_FIRST,   /* {{first}} */
    MAIL_VALUE_LAST,    /* {{last}} */
    MAIL_VALUE_CODE,    /* {{code}}: the sign-up code */
    MAIL_VALUE_VALID,   /* {{valid}}: how long the code is, "72 hours" */
    MAIL_VALUE_DAYS,    /* {{days}}: "7 days", until the password expires */
    MAIL_VALUE_EXPIRES, /* {{expires}}: when that is, "2026-12-24 18:00 UTC" */
    MAIL_VALUE_METHOD,  /* {{method}}: "at a dashboard", "from programs" ... */
    MAIL_VALUE_LEVEL,   /* {{level}} */
    MAIL_VALUE_ROLES,   /* {{roles}}: a comma list */
    MAIL_VALUE_ACCOUNTS, /* {{accounts}}: a comma list */
    MAIL_VALUE_OTHER,    /* {{other}}: the user whose mail was refused */
    MAIL_VALUE_ANSWER,   /* {{answer}}: the mail server's words then */
    MAIL_VALUES
};

struct mail_template;

/*
 * Loads the file NAME of the folder DIR.  It must be a regular file, not a
 * symbolic link, of root or the effective user, that nobody else may write.
 * ALLOWED has the bit 1 << VALUE of each value that there is for this text.
 * BWDIR_CONFIG for a file that cannot be read, for an unknown placeholder, an
 * unclosed one, a missing or empty subject, a control byte, or text that is
 * not UTF-8; the detail names file and line.
 */
enum bwdir_status
mail_template_load(const char *dir, const char *name, unsigned allowed,
                   struct mail_template **tmpl,
                   struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void mail_template_free(struct mail_template **tmpl);

/* Subject and body; both in one allocation that is wiped when freed. */
struct mail_text {
    char *subject;
    char *body;
    size_t size;
};

/*
 * Puts VALUES in, indexed by enum mail_value.  BWDIR_BAD_VALUE when a value
 * that is used is NULL or holds a control byte or is not UTF-8.
 */
enum bwdir_status mail_template_render(
    const struct mail_template *tmpl, const char *const values[MAIL_VALUES],
    struct mail_text *text, struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void mail_text_clear(struct mail_text *text);

/*
 * True when TEXT is UTF-8 (RFC 3629) without C0 and C1 control characters
 * and DEL; line feeds pass when LINES is true.
 */
bool mail_text_is_clean(const char *text, bool lines);

#endif
