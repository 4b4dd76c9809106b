/*
 * The values of bwMailOwed: "KIND ID" or "KIND ID ABOUT".
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "notice.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

#include "gtime.h"

/* The words of the kinds, which access.rules and template files name too. */
static const struct {
    const char *word;
    bool has_about;
} kinds[BWDIR_MAILS] = {
    [BWDIR_MAIL_SIGN_UP] = {"sign-up", false},
    [BWDIR_MAIL_SIGN_UP_CONFIRM] = {"sign-up-confirm", false},
    [BWDIR_MAIL_RESET] = {"reset", false},
    [BWDIR_MAIL_CONFIRM] = {"confirm", false},
    [BWDIR_MAIL_ADDRESS_CHANGED] = {"address-changed", true},
    [BWDIR_MAIL_ACCESS_CHANGED] = {"access-changed", false},
    [BWDIR_MAIL_PASSWORD_EXPIRING] = {"password-expiring", false},
    [BWDIR_MAIL_PASSWORD_EXPIRED] = {"password-expired", false},
    [BWDIR_MAIL_REFUSED] = {"mail-refused", true},
};

const char *
bwdir_mail_word(enum bwdir_mail mail)
{
    return kinds[mail].word;
}

bool
bwdir_notice_id(int64_t now, char id[BWDIR_NOTICE_ID_SIZE])
{
    char when[BWDIR_GTIME_SIZE];
    uint64_t random;

    if (!bwdir_gtime_format(now, when) ||
        getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        return false;
    snprintf(id, BWDIR_NOTICE_ID_SIZE, "%s.%016" PRIx64, when, random);
    return true;
}

bool
bwdir_mail_has_code(enum bwdir_mail mail)
{
    return mail <= BWDIR_MAIL_CONFIRM;
}

void
bwdir_notice_owe(struct bwdir_plan *plan, enum bwdir_mail mail,
                 const char *about)
{
    char id[BWDIR_NOTICE_ID_SIZE];
    char *value = NULL;

    if (bwdir_notice_id((int64_t)time(NULL), id) &&
        asprintf(&value, "%s %s%s%s", kinds[mail].word, id,
                 kinds[mail].has_about ? " " : "",
                 kinds[mail].has_about ? about : "") < 0)
        value = NULL;
    bwdir_plan_value(plan, DIR_ADD_VALUE, "bwMailOwed", value);
    free(value);
}

static bool
is_id(const char *text)
{
    char when[BWDIR_GTIME_SIZE] = "";
    int64_t ignored;

    memcpy(when, text, BWDIR_GTIME_SIZE - 2);
    when[BWDIR_GTIME_SIZE - 2] = 'Z';
    return strncasecmp(text + BWDIR_GTIME_SIZE - 2, "Z.", 2) == 0 &&
           strspn(text, "0123456789") == BWDIR_GTIME_SIZE - 2 &&
           bwdir_gtime_parse(when, &ignored) &&
           strspn(text + BWDIR_GTIME_SIZE, "0123456789abcdefABCDEF") ==
               BWDIR_NOTICE_ID_SIZE - 1 - BWDIR_GTIME_SIZE;
}

static bool
kind_from_word(const char *word, size_t length, enum bwdir_mail *mail)
{
    for (unsigned i = 0; i < BWDIR_MAILS; i++) {
        if (strlen(kinds[i].word) != length ||
            strncasecmp(kinds[i].word, word, length) != 0)
            continue;
        *mail = (enum bwdir_mail)i;
        return true;
    }
    return false;
}

enum bwdir_status
bwdir_notice_parse(const char *value, struct bwdir_notice *notice)
{
    size_t word = strcspn(value, " ");
    const char *id = value + word + (value[word] == ' ');
    size_t length = strcspn(id, " ");

    notice->about = id + length + (id[length] == ' ');
    if (word == 0 || length != sizeof notice->id - 1 || !is_id(id))
        return BWDIR_MALFORMED;
    memcpy(notice->id, id, length);
    notice->id[length] = '\0';
    if (!kind_from_word(value, word, &notice->mail))
        return BWDIR_NOT_FOUND;
    return kinds[notice->mail].has_about == (*notice->about != '\0')
               ? BWDIR_OK
               : BWDIR_MALFORMED;
}

bool
bwdir_notice_is_met(const char *value, enum bwdir_mail sent)
{
    struct bwdir_notice notice;

    return bwdir_notice_parse(value, &notice) == BWDIR_OK &&
           bwdir_mail_has_code(notice.mail) &&
           (notice.mail != BWDIR_MAIL_RESET || sent == BWDIR_MAIL_RESET);
}
