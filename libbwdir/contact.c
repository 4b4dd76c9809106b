/*
 * Which server a sign-in talks to.  The connections are kept from question to
 * question; a server is left for the next when it cannot be used, and is not
 * tried for a while then.
 *
 * Only what is read is asked of several servers.  A password that is not yet
 * proven goes to one, so that a typing mistake counts once.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "detail.h"
#include "signin.h"

void
bwdir_contact_begin(struct bwdir_signin *signin)
{
    dir_servers_begin(signin->servers);
    signin->fresh = false;
    signin->trouble.text[0] = '\0';
}

void
bwdir_contact_close(struct bwdir_signin *signin)
{
    dir_close(&signin->lookup);
    dir_close(&signin->subject);
    signin->uri = NULL;
}

void
bwdir_contact_stay(struct bwdir_signin *signin, int64_t deadline)
{
    dir_set_deadline(signin->lookup, deadline);
    dir_set_deadline(signin->subject, deadline);
}

static enum bwdir_status
connect_both(struct bwdir_signin *signin, int64_t deadline,
             struct bwdir_detail *why)
{
    enum bwdir_status status;

    signin->fresh = true;
    status =
        bwdir_server_connect(signin->servers, signin->uri, &signin->identity,
                             deadline, &signin->lookup, why);
    if (status == BWDIR_BAD_CREDENTIALS)
        return bwdir_fail(why, BWDIR_CONFIG,
                          "%s: the directory refuses the daemon's identity",
                          signin->uri);
    if (status == BWDIR_OK)
        status = bwdir_server_connect(signin->servers, signin->uri, NULL,
                                      deadline, &signin->subject, why);
    if (status == BWDIR_OK)
        dir_servers_served(signin->servers, signin->uri);
    return status;
}

static bool
are_open(const struct bwdir_signin *signin)
{
    return signin->uri != NULL && dir_is_open(signin->lookup) &&
           dir_is_open(signin->subject);
}

enum bwdir_status
bwdir_contact_ready(struct bwdir_signin *signin, int64_t deadline,
                    struct bwdir_detail *why)
{
    enum bwdir_status status = BWDIR_UNAVAILABLE;
    struct bwdir_detail reason = {""};
    int64_t until;

    if (are_open(signin)) {
        bwdir_contact_stay(signin,
                           dir_servers_share(signin->servers, signin->uri,
                                             dir_now(), deadline));
        return BWDIR_OK;
    }
    bwdir_contact_close(signin);
    while (status == BWDIR_UNAVAILABLE &&
           (signin->uri = dir_servers_next(signin->servers, dir_now())) !=
               NULL) {
        until = dir_servers_share(signin->servers, signin->uri, dir_now(),
                                  deadline);
        status = connect_both(signin, until, &reason);
        if (status == BWDIR_OK)
            return status;
        bwdir_fail(why, status, "%s", reason.text);
        if (status == BWDIR_UNAVAILABLE)
            bwdir_contact_leave(signin, &reason);
    }
    bwdir_contact_close(signin);
    return status;
}

/*
 * That a kept connection is lost is no fault: the server has been started
 * anew, or has closed what was idle.  It gets a second try.
 */
static bool
is_lost(const struct bwdir_signin *signin)
{
    return !signin->fresh && signin->lookup != NULL &&
           signin->subject != NULL &&
           (dir_hung_up(signin->lookup) || dir_hung_up(signin->subject));
}

void
bwdir_contact_leave(struct bwdir_signin *signin,
                    const struct bwdir_detail *reason)
{
    if (signin->uri != NULL && !is_lost(signin)) {
        dir_servers_failed(signin->servers, signin->uri, dir_now());
        signin->trouble = *reason;
    }
    bwdir_contact_close(signin);
}

void
bwdir_contact_pass(struct bwdir_signin *signin)
{
    if (signin->uri != NULL)
        dir_servers_skip(signin->servers, signin->uri);
    bwdir_contact_close(signin);
}
