/*
 * Warnings about users who are added or changed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "advice.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/exit_code.h"
#include "cli/watchdog.h"

#define DAY 86400

/* With -n standard output is the LDIF's. */
static void
tell(struct cli_session *session, const char *name, const char *text)
{
    if (session->options.dry_run)
        cli_note(session->report, "%s: %s", name, text);
    else
        cli_say(session->report, "%s: %s", name, text);
}

static void
on_both_methods(struct cli_session *session, unsigned access)
{
    if (access == (BWDIR_ACCESS_DASHBOARD | BWDIR_ACCESS_API))
        cli_warning(session->report,
                    "access \"%s\": such a user is never made to renew the "
                    "password; better two user names, one with --access "
                    "dashboard, one with --access api",
                    bwdir_access_name(access));
}

/* NAME, who is to have the address, does not count; NULL: nobody has it yet.
 */
static enum bwdir_status
on_mail(struct cli_session *session, const char *mail, const char *name,
        struct bwdir_detail *why)
{
    enum bwdir_status status;
    bool taken;

    status =
        bwdir_user_mail_taken(session->directory, mail, name, &taken, why);
    if (status == BWDIR_OK && taken)
        cli_warning(session->report,
                    "mail \"%s\": another user has this address too", mail);
    return status;
}

/* Two user names of one person are for the two access methods. */
static enum bwdir_status
on_owner(struct cli_session *session, const char *name, unsigned access,
         const char *mail, struct bwdir_detail *why)
{
    struct bwdir_user *owner;
    enum bwdir_status status;

    status = bwdir_user_get(session->directory, name, &owner, why);
    if (status != BWDIR_OK)
        return status;
    if ((bwdir_user_access(owner) & access) != 0)
        cli_warning(session->report,
                    "owner \"%s\": has access %s already; a second user name "
                    "is for the other method",
                    name, bwdir_access_name(bwdir_user_access(owner)));
    if (strcmp(bwdir_user_mail(owner), mail) != 0)
        cli_warning(session->report,
                    "owner \"%s\": has another mail address, \"%s\"", name,
                    bwdir_user_mail(owner));
    bwdir_user_free(&owner);
    return BWDIR_OK;
}

enum bwdir_status
advice_on_draft(struct cli_session *session,
                const struct bwdir_user_draft *draft, struct bwdir_detail *why)
{
    on_both_methods(session, draft->access);
    if (draft->owner != NULL)
        return on_owner(session, draft->owner, draft->access, draft->mail,
                        why);
    return on_mail(session, draft->mail, NULL, why);
}

/* What the other access method means for the password that there is; THEN is
 * how the user stands with it. */
static void
on_age(struct cli_session *session, const char *name, unsigned access,
       const struct bwdir_condition *then)
{
    const char *method = bwdir_access_name(access);
    char expiry[BWDIR_TIME_SIZE];
    char text[256];

    bwdir_time_format(then->expiry, expiry);
    if (then->days_left < 0)
        snprintf(text, sizeof text,
                 "with access %s the password does not age%s", method,
                 access == BWDIR_ACCESS_API ? ", and opens no prompt any more"
                                            : "");
    else if (!then->changed_known)
        snprintf(text, sizeof text,
                 "with access %s the password, once set, is to be renewed "
                 "every %" PRId64 " days",
                 method, then->max_age / DAY);
    else if ((then->is & BWDIR_IS_EXPIRED) != 0)
        snprintf(text, sizeof text,
                 "with access %s the password counts from its last change, so "
                 "it has expired on %s and is to be changed at the next "
                 "sign-in; programs that use it are locked out",
                 method, expiry);
    else
        snprintf(text, sizeof text,
                 "with access %s the password counts from its last change and "
                 "is good until %s, %d days; programs that use it are locked "
                 "out",
                 method, expiry, then->days_left);
    if ((then->is & BWDIR_IS_EXPIRED) != 0)
        cli_warning(session->report, "%s: %s", name, text);
    else
        tell(session, name, text);
}

static enum bwdir_status
on_access(struct cli_session *session, const struct bwdir_user *user,
          unsigned access, struct bwdir_detail *why)
{
    struct bwdir_condition then;
    enum bwdir_status status;

    status = bwdir_user_foresee_access(session->directory, user, access,
                                       (int64_t)time(NULL), &then, why);
    if (status != BWDIR_OK)
        return status;
    on_age(session, bwdir_user_name(user), access, &then);
    on_both_methods(session, access);
    return BWDIR_OK;
}

static bool
differs(const char *given, const char *old)
{
    return given != NULL && (old == NULL || strcmp(given, old) != 0);
}

enum bwdir_status
advice_on_change(struct cli_session *session, const struct bwdir_user *user,
                 const struct bwdir_user_change *change,
                 struct bwdir_detail *why)
{
    unsigned access =
        change->access != 0 ? change->access : bwdir_user_access(user);
    const char *mail =
        change->mail != NULL ? change->mail : bwdir_user_mail(user);
    enum bwdir_status status = BWDIR_OK;

    if (access != bwdir_user_access(user))
        status = on_access(session, user, access, why);
    if (status != BWDIR_OK)
        return status;
    if (differs(change->owner, bwdir_user_owner(user)) &&
        *change->owner != '\0')
        return on_owner(session, change->owner, access, mail, why);
    return differs(mail, bwdir_user_mail(user))
               ? on_mail(session, mail, bwdir_user_name(user), why)
               : BWDIR_OK;
}

bool
advice_changes_address(const struct bwdir_user *user,
                       const struct bwdir_user_change *change)
{
    return differs(change->mail, bwdir_user_mail(user)) ||
           differs(change->phone, bwdir_user_phone(user));
}

/* The notices that bwdir-mail(8) alone delivers. */
static void
tell_owed(struct cli_session *session, const struct bwdir_user *user)
{
    static const enum bwdir_mail notices[] = {BWDIR_MAIL_ADDRESS_CHANGED,
                                              BWDIR_MAIL_ACCESS_CHANGED};
    struct cli_report *report = session->report;
    struct bwdir_pending *pending = NULL;
    enum bwdir_status status;

    cli_watchdog_start(report, EX_UNAVAILABLE,
                       "directory: no answer within 15 seconds; the change "
                       "was made");
    status = bwdir_user_pending(session->directory, user, (int64_t)time(NULL),
                                &pending, NULL);
    cli_watchdog_stop();
    for (size_t i = 0; i < sizeof notices / sizeof *notices; i++)
        for (char **word = status == BWDIR_OK ? pending->owed : NULL;
             word != NULL && *word != NULL; word++)
            if (strcmp(*word, bwdir_mail_word(notices[i])) == 0)
                cli_say(report, "%s: owed the mail %s, which bwdir-mail sends",
                        bwdir_user_name(user), *word);
    bwdir_pending_free(&pending);
}

void
advice_after_change(struct cli_session *session, const struct bwdir_user *user,
                    const struct bwdir_user_change *change)
{
    if (advice_changes_address(user, change))
        cli_say(session->report,
                "%s: unverified, and not let in at a prompt, until the code "
                "is confirmed that is mailed to %s",
                bwdir_user_name(user),
                change->mail != NULL ? change->mail : bwdir_user_mail(user));
    tell_owed(session, user);
}
