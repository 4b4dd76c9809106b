/*
 * The mail with the sign-up code: issue, compose, deliver, mark.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "sign_up.h"

#include <stdio.h>
#include <stdlib.h>

#include "deliver.h"
#include "failure.h"

/* What each mail with a code says and what its code may do.  The hours are
 * pwdMaxAge of the policy records below ou=access; tests compare. */
static const struct letter {
    const char *file;
    enum bwdir_issue issue;
    bool sets_password;
    const char *hours;
} letters[] = {
    [BWDIR_MAIL_SIGN_UP] = {"sign-up.txt", BWDIR_ISSUE_SIGN_UP, true, "72"},
    [BWDIR_MAIL_SIGN_UP_CONFIRM] = {"sign-up-confirm.txt", BWDIR_ISSUE_SIGN_UP,
                                    false, "72"},
    [BWDIR_MAIL_RESET] = {"reset.txt", BWDIR_ISSUE_RESET, true, "1"},
};

#define LETTERS (sizeof letters / sizeof *letters)

struct mail_office {
    struct mail_transport transport;
    const char *from;
    struct mail_template *templates[LETTERS];
};

enum bwdir_status
mail_office_open(const struct bwdir_config *config,
                 struct mail_office **office, struct bwdir_detail *why)
{
    const char *dir = bwdir_config_text(config, "mail.template-dir");
    struct mail_office *opened = calloc(1, sizeof *opened);
    enum bwdir_status status;

    *office = NULL;
    if (opened == NULL)
        return BWDIR_NO_MEMORY;
    opened->from = bwdir_config_text(config, "mail.from");
    status = mail_transport_choose(config, &opened->transport, why);
    if (status == BWDIR_OK)
        status = mail_sender_check(opened->from, why);
    for (size_t i = 0; status == BWDIR_OK && i < LETTERS; i++)
        status = mail_template_load(dir, letters[i].file,
                                    &opened->templates[i], why);
    if (status == BWDIR_OK)
        *office = opened;
    else
        mail_office_close(&opened);
    return status;
}

void
mail_office_close(struct mail_office **office)
{
    if (*office == NULL)
        return;
    for (size_t i = 0; i < LETTERS; i++)
        mail_template_free(&(*office)->templates[i]);
    free(*office);
    *office = NULL;
}

/* Applies PLAN unless making it has failed already; frees it. */
static enum bwdir_status
apply(struct bwdir_directory *directory, enum bwdir_status planned,
      struct bwdir_plan *plan, struct bwdir_detail *why)
{
    enum bwdir_status status = planned;

    if (status == BWDIR_OK)
        status = bwdir_plan_apply(directory, plan, why);
    bwdir_plan_free(&plan);
    return status;
}

static enum bwdir_status
write_letter(const struct mail_office *office, const struct bwdir_user *user,
             const struct mail_text *text, struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_NO_MEMORY;
    struct mail_message message = {0};
    char *name = NULL;

    if (asprintf(&name, "%s %s", bwdir_user_first(user),
                 bwdir_user_last(user)) >= 0) {
        const struct mail_letter letter = {office->from, name,
                                           bwdir_user_mail(user), text};

        status = mail_compose(&letter, &message, why);
        free(name);
    }
    if (status == BWDIR_OK)
        status = mail_deliver(&office->transport, &message, why);
    mail_message_clear(&message);
    return status;
}

static enum bwdir_status
post(const struct mail_office *office, const struct bwdir_user *user,
     enum bwdir_mail mail, const struct bwdir_secret *code,
     struct bwdir_detail *why)
{
    const char *const values[MAIL_VALUES] = {
        [MAIL_VALUE_USER] = bwdir_user_name(user),
        [MAIL_VALUE_FIRST] = bwdir_user_first(user),
        [MAIL_VALUE_LAST] = bwdir_user_last(user),
        [MAIL_VALUE_CODE] = bwdir_secret_bytes(code),
        [MAIL_VALUE_HOURS] = letters[mail].hours,
    };
    struct mail_text text;
    enum bwdir_status status =
        mail_template_render(office->templates[mail], values, &text, why);

    if (status == BWDIR_OK)
        status = write_letter(office, user, &text, why);
    mail_text_clear(&text);
    return status;
}

enum bwdir_status
mail_sign_up_send(const struct mail_office *office,
                  struct bwdir_directory *directory,
                  const struct bwdir_user *user, enum bwdir_mail mail,
                  struct bwdir_detail *why)
{
    struct bwdir_secret *code = NULL;
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status = bwdir_code_new(&code);

    if (status != BWDIR_OK)
        return status;
    status = bwdir_verification_plan_issue(
        directory, user, code, letters[mail].issue,
        letters[mail].sets_password, &plan, why);
    status = apply(directory, status, plan, why);
    if (status == BWDIR_OK)
        status = post(office, user, mail, code, why);
    if (status == BWDIR_OK) {
        status = bwdir_verification_plan_delivered(directory, user, code,
                                                   &plan, why);
        status = apply(directory, status, plan, why);
    }
    bwdir_secret_free(&code);
    return status;
}
