/*
 * The mails that users get: opening the office, and codes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "office.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "failure.h"
#include "post.h"

static enum bwdir_status
load_texts(const char *dir, struct mail_office *office,
           struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_OK;

    for (unsigned i = 0; status == BWDIR_OK && i < BWDIR_MAILS; i++) {
        char name[32];

        snprintf(name, sizeof name, "%s.txt",
                 bwdir_mail_word((enum bwdir_mail)i));
        status =
            mail_template_load(dir, name, mail_values_of((enum bwdir_mail)i),
                               &office->texts[i], why);
    }
    return status;
}

enum bwdir_status
mail_office_open(const struct bwdir_config *config,
                 struct mail_office **office, struct bwdir_detail *why)
{
    struct mail_office *opened = calloc(1, sizeof *opened);
    enum bwdir_status status;

    *office = NULL;
    if (opened == NULL)
        return BWDIR_NO_MEMORY;
    opened->from = bwdir_config_text(config, "mail.from");
    status = mail_transport_choose(config, &opened->transport, why);
    if (status == BWDIR_OK)
        status = mail_sender_check(opened->from, why);
    if (status == BWDIR_OK)
        status = load_texts(bwdir_config_text(config, "mail.template-dir"),
                            opened, why);
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
    for (unsigned i = 0; i < BWDIR_MAILS; i++)
        mail_template_free(&(*office)->texts[i]);
    mail_transport_close(&(*office)->transport);
    free(*office);
    *office = NULL;
}

/* ---- codes ---- */

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

/* A code that has reached nobody is void at once, so that whoever delivers
 * next need not wait for us. */
static void
revoke(const struct mail_occasion *occasion, const struct bwdir_secret *code)
{
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status = bwdir_verification_plan_revoke(
        occasion->directory, occasion->user, code, &plan, NULL);

    (void)apply(occasion->directory, status, plan, NULL);
}

static enum bwdir_status
issue(const struct mail_occasion *occasion, const struct bwdir_secret *code,
      struct bwdir_detail *why)
{
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status = bwdir_verification_plan_issue(
        occasion->directory, occasion->user, code, occasion->mail, &plan, why);

    return apply(occasion->directory, status, plan, why);
}

static enum bwdir_status
say_void(struct bwdir_detail *why)
{
    return mail_fail(why, BWDIR_EXISTS,
                     "the mail is sent, but its code is void: somebody "
                     "has sent another or taken this one away, or the user "
                     "has redeemed one");
}

/* Somebody may have made the code void while it was posted. */
static enum bwdir_status
mark(const struct mail_occasion *occasion, const struct bwdir_secret *code,
     struct bwdir_detail *why)
{
    struct bwdir_plan *plan = NULL;
    enum bwdir_status status = bwdir_verification_plan_delivered(
        occasion->directory, occasion->user, code, &plan, why);

    status = apply(occasion->directory, status, plan, why);
    /* The outbox may do nothing to who is verified by now. */
    return status == BWDIR_NOT_FOUND || status == BWDIR_NOT_PERMITTED
               ? say_void(why)
               : status;
}

/* Of several who have issued codes at once none has seen the others' before.
 */
static enum bwdir_status
leave_one(const struct mail_occasion *occasion,
          const struct bwdir_secret *code, struct bwdir_detail *why)
{
    struct bwdir_plan *plan = NULL;
    bool overtaken = false;
    enum bwdir_status status = bwdir_verification_plan_single(
        occasion->directory, occasion->user, code, &overtaken, &plan, NULL);

    if (plan != NULL)
        (void)apply(occasion->directory, status, plan, NULL);
    return overtaken ? say_void(why) : BWDIR_OK;
}

/* OCCASION gets the code meanwhile. */
static enum bwdir_status
post(struct mail_office *office, struct mail_occasion *occasion,
     const struct bwdir_secret *code, struct mail_trace *trace,
     struct bwdir_detail *why)
{
    enum bwdir_status status = issue(occasion, code, why);

    if (status != BWDIR_OK)
        return status;
    occasion->code = bwdir_secret_bytes(code);
    status = mail_post(office, occasion, trace, why);
    occasion->code = NULL;
    if (status == BWDIR_OK)
        return mark(occasion, code, why);
    if (!trace->uncertain)
        revoke(occasion, code);
    return status;
}

/* Those that stood before stay valid until the new one is marked; that they
 * do not go then takes nothing from it. */
static enum bwdir_status
post_code(struct mail_office *office, struct mail_occasion *occasion,
          struct mail_trace *trace, struct bwdir_detail *why)
{
    struct bwdir_secret *code = NULL;
    struct bwdir_plan *before = NULL;
    enum bwdir_status status = bwdir_code_new(&code);

    if (status == BWDIR_OK)
        status = bwdir_verification_plan_void(occasion->directory,
                                              occasion->user, &before, why);
    if (status == BWDIR_OK)
        status = post(office, occasion, code, trace, why);
    if (before != NULL)
        (void)apply(occasion->directory, status, before, NULL);
    if (status == BWDIR_OK)
        status = leave_one(occasion, code, why);
    bwdir_secret_free(&code);
    return status;
}

enum bwdir_status
mail_code_send(struct mail_office *office, struct bwdir_directory *directory,
               const struct bwdir_user *user, enum bwdir_mail mail,
               struct bwdir_detail *why)
{
    struct mail_occasion occasion = {.directory = directory,
                                     .user = user,
                                     .mail = mail,
                                     .address = bwdir_user_mail(user),
                                     .now = (int64_t)time(NULL)};
    struct mail_trace trace = {NULL, false, ""};
    struct bwdir_plan *sent;
    enum bwdir_status status =
        bwdir_outbox_plan_code_sent(directory, user, mail, &sent, why);

    if (status == BWDIR_OK)
        status = post_code(office, &occasion, &trace, why);
    free(trace.unused);
    return sent == NULL ? status : apply(directory, status, sent, why);
}

/* ---- owed mail ---- */

static enum bwdir_status
post_owed(struct mail_office *office, struct mail_occasion *occasion,
          struct mail_trace *trace, bool *dropped, struct bwdir_detail *why)
{
    char *refusal = NULL;
    enum bwdir_status status = BWDIR_OK;

    if (bwdir_mail_has_code(occasion->mail))
        return post_code(office, occasion, trace, why);
    if (occasion->mail == BWDIR_MAIL_REFUSED)
        status = bwdir_outbox_refusal(occasion->directory, occasion->other,
                                      &refusal, why);
    *dropped = status == BWDIR_NOT_FOUND;
    occasion->refusal = refusal;
    if (status == BWDIR_OK)
        status = mail_post(office, occasion, trace, why);
    occasion->refusal = NULL;
    free(refusal);
    return status;
}

enum bwdir_status
mail_owed_deliver(struct mail_office *office,
                  struct bwdir_directory *directory,
                  const struct bwdir_owed *owed, struct mail_result *result,
                  struct bwdir_detail *why)
{
    struct mail_occasion occasion = {.directory = directory,
                                     .user = bwdir_owed_user(owed),
                                     .mail = bwdir_owed_mail(owed),
                                     .address = bwdir_owed_address(owed),
                                     .other = bwdir_owed_about(owed),
                                     .now = (int64_t)time(NULL)};
    struct mail_trace trace = {NULL, false, ""};
    struct bwdir_settlement settlement = {0};
    struct bwdir_detail ours = {""};
    enum bwdir_status status;

    result->dropped = false;
    result->status =
        post_owed(office, &occasion, &trace, &result->dropped, why);
    result->answered = trace.answer[0] != '\0';
    settlement.status = result->dropped ? BWDIR_OK : result->status;
    settlement.unused = trace.unused;
    settlement.answer = trace.answer;
    if (result->status == BWDIR_BAD_VALUE) {
        /* An address or a name that no mail can hold: no later try helps. */
        settlement.status = BWDIR_REFUSED;
        settlement.answer = why->text;
    }
    settlement.now = (int64_t)time(NULL);
    status = bwdir_outbox_settle(directory, owed, &settlement, &ours);
    free(trace.unused);
    if (status != BWDIR_OK)
        mail_fail(why, status, "%s", ours.text);
    return status;
}
