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

    if (strlen(text) != BWDIR_NOTICE_ID_SIZE - 1 ||
        text[BWDIR_GTIME_SIZE - 1] != '.')
        return false;
    memcpy(when, text, BWDIR_GTIME_SIZE - 1);
    return bwdir_gtime_parse(when, &ignored) &&
           strspn(text + BWDIR_GTIME_SIZE, "0123456789abcdef") == 16;
}

static bool
kind_from_word(const char *word, enum bwdir_mail *mail)
{
    for (unsigned i = 0; i < BWDIR_MAILS; i++) {
        if (strcmp(kinds[i].word, word) != 0)
            continue;
        *mail = (enum bwdir_mail)i;
        return true;
    }
    return false;
}

bool
bwdir_notice_parse(const char *value, struct bwdir_notice *notice)
{
    char *rest = strdup(value);
    const char *word;

    notice->text = rest;
    word = strsep(&rest, " ");
    notice->id = strsep(&rest, " ");
    notice->about = rest != NULL ? rest : "";
    if (word != NULL && notice->id != NULL && is_id(notice->id) &&
        kind_from_word(word, &notice->mail) &&
        kinds[notice->mail].has_about == (*notice->about != '\0'))
        return true;
    free(notice->text);
    notice->text = NULL;
    return false;
}
