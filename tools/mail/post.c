/*
 * One mail from its occasion to the mail server.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "post.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"

/* pwdMaxAge of the policy records cn=verification and cn=reset in ou=access;
 * tests compare. */
#define VALID_SIGN_UP "72 hours"
#define VALID_RESET "1 hour"

#define BIT(value) (1U << MAIL_VALUE_##value)

unsigned
mail_values_of(enum bwdir_mail mail)
{
    const unsigned always = BIT(USER) | BIT(FIRST) | BIT(LAST);

    switch (mail) {
    case BWDIR_MAIL_SIGN_UP:
    case BWDIR_MAIL_SIGN_UP_CONFIRM:
    case BWDIR_MAIL_RESET:
    case BWDIR_MAIL_CONFIRM:
        return always | BIT(CODE) | BIT(VALID);
    case BWDIR_MAIL_ADDRESS_CHANGED:
        return always;
    case BWDIR_MAIL_ACCESS_CHANGED:
        return always | BIT(METHOD) | BIT(LEVEL) | BIT(ROLES) | BIT(ACCOUNTS);
    case BWDIR_MAIL_PASSWORD_EXPIRING:
        return always | BIT(DAYS) | BIT(EXPIRES);
    case BWDIR_MAIL_PASSWORD_EXPIRED:
        return always | BIT(EXPIRES);
    case BWDIR_MAIL_REFUSED:
        return always | BIT(OTHER) | BIT(ANSWER);
    }
    return always;
}

/* ---- values ---- */

/* "a, b, c", or "none"; the caller's to free(3). */
static char *
joined(const char *const *items)
{
    size_t size = sizeof "none";
    char *text, *at;

    for (size_t i = 0; items[i] != NULL; i++)
        size += strlen(items[i]) + 2;
    text = malloc(size);
    if (text == NULL)
        return NULL;
    at = stpcpy(text, items[0] == NULL ? "none" : "");
    for (size_t i = 0; items[i] != NULL; i++)
        at = stpcpy(stpcpy(at, i > 0 ? ", " : ""), items[i]);
    return text;
}

static const char *
method_words(unsigned access)
{
    switch (access) {
    case BWDIR_ACCESS_DASHBOARD:
        return "at a dashboard";
    case BWDIR_ACCESS_API:
        return "from programs";
    case BWDIR_ACCESS_DASHBOARD | BWDIR_ACCESS_API:
        return "at a dashboard and from programs";
    default:
        return "nowhere";
    }
}

/* Texts that a mail's values point to. */
struct words {
    char *roles;
    char *accounts;
    char days[32];
    char expires[BWDIR_TIME_SIZE + 8];
};

/* "2026-12-24 18:00 UTC" */
static void
write_expiry(const struct bwdir_condition *condition, struct words *words)
{
    char text[BWDIR_TIME_SIZE];

    bwdir_time_format(condition->expiry, text);
    snprintf(words->expires, sizeof words->expires, "%.10s %.5s UTC", text,
             strlen(text) > 11 ? text + 11 : "");
}

static bool
find_words(const struct mail_occasion *occasion, struct words *words)
{
    struct bwdir_condition condition;

    bwdir_user_condition(occasion->user, occasion->now, &condition);
    snprintf(words->days, sizeof words->days,
             condition.days_left == 1 ? "%d day" : "%d days",
             condition.days_left);
    write_expiry(&condition, words);
    words->roles = joined(bwdir_user_roles(occasion->user));
    words->accounts = joined(bwdir_user_accounts(occasion->user));
    return words->roles != NULL && words->accounts != NULL;
}

static enum bwdir_status
render(const struct mail_office *office, const struct mail_occasion *occasion,
       struct mail_text *text, struct bwdir_detail *why)
{
    const struct bwdir_user *user = occasion->user;
    struct words words = {NULL, NULL, "", ""};
    enum bwdir_status status = BWDIR_NO_MEMORY;

    if (find_words(occasion, &words)) {
        const char *const values[MAIL_VALUES] = {
            [MAIL_VALUE_USER] = bwdir_user_name(user),
            [MAIL_VALUE_FIRST] = bwdir_user_first(user),
            [MAIL_VALUE_LAST] = bwdir_user_last(user),
            [MAIL_VALUE_CODE] = occasion->code,
            [MAIL_VALUE_VALID] = occasion->mail == BWDIR_MAIL_RESET
                                     ? VALID_RESET
                                     : VALID_SIGN_UP,
            [MAIL_VALUE_DAYS] = words.days,
            [MAIL_VALUE_EXPIRES] = words.expires,
            [MAIL_VALUE_METHOD] = method_words(bwdir_user_access(user)),
            [MAIL_VALUE_LEVEL] = bwdir_level_name(bwdir_user_level(user)),
            [MAIL_VALUE_ROLES] = words.roles,
            [MAIL_VALUE_ACCOUNTS] = words.accounts,
            [MAIL_VALUE_OTHER] = occasion->other,
            [MAIL_VALUE_ANSWER] = occasion->refusal,
        };

        status = mail_template_render(office->texts[occasion->mail], values,
                                      text, why);
    }
    free(words.roles);
    free(words.accounts);
    return status;
}

/* ---- handing over ---- */

/* Counts the mail at the last moment, so that a mail server that is down
 * costs none of the address's places. */
struct counting {
    const struct mail_occasion *occasion;
    struct mail_trace *trace;
};

static enum bwdir_status
count(void *closure, struct bwdir_detail *why)
{
    struct counting *counting = closure;
    const struct mail_occasion *occasion = counting->occasion;

    return bwdir_outbox_reserve(
        occasion->directory,
        &(struct bwdir_posting){.user = occasion->user,
                                .address = occasion->address,
                                .mail = occasion->mail,
                                .now = occasion->now},
        &counting->trace->unused, why);
}

static enum bwdir_status
hand_over(struct mail_office *office, const struct mail_occasion *occasion,
          const struct mail_message *message, struct mail_trace *trace,
          struct bwdir_detail *why)
{
    struct counting counting = {occasion, trace};
    struct mail_delivery delivery = {
        .message = message, .permit = count, .closure = &counting};
    enum bwdir_status status =
        mail_deliver(&office->transport, &delivery, why);

    if (status == BWDIR_OK || delivery.uncertain) {
        free(trace->unused);
        trace->unused = NULL;
    }
    trace->uncertain = delivery.uncertain;
    memcpy(trace->answer, delivery.answer, sizeof trace->answer);
    return status;
}

static enum bwdir_status
compose(const struct mail_office *office, const struct mail_occasion *occasion,
        const struct mail_text *text, struct mail_message *message,
        struct bwdir_detail *why)
{
    enum bwdir_status status;
    char *name = NULL;

    if (asprintf(&name, "%s %s", bwdir_user_first(occasion->user),
                 bwdir_user_last(occasion->user)) < 0)
        return BWDIR_NO_MEMORY;
    status = mail_compose(&(struct mail_letter){.from = office->from,
                                                .to_name = name,
                                                .to = occasion->address,
                                                .text = text},
                          message, why);
    free(name);
    return status;
}

enum bwdir_status
mail_post(struct mail_office *office, const struct mail_occasion *occasion,
          struct mail_trace *trace, struct bwdir_detail *why)
{
    struct mail_message message = {0};
    struct mail_text text;
    enum bwdir_status status;

    memset(trace, 0, sizeof *trace);
    status = render(office, occasion, &text, why);
    if (status == BWDIR_OK)
        status = compose(office, occasion, &text, &message, why);
    if (status == BWDIR_OK)
        status = hand_over(office, occasion, &message, trace, why);
    mail_message_clear(&message);
    mail_text_clear(&text);
    return status;
}
