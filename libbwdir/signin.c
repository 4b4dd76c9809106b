/*
 * The four questions of the daemon: authenticate, account, change, redeem.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "signin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "detail.h"
#include "dir/modify.h"
#include "place.h"
#include "service.h"
#include "strlist.h"
#include "verification.h"

enum bwdir_status
bwdir_signin_new(const struct bwdir_config *config,
                 struct bwdir_signin **signin, struct bwdir_detail *why)
{
    struct bwdir_signin *made;
    enum bwdir_status status;

    *signin = NULL;
    made = calloc(1, sizeof *made);
    if (made == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    made->config = config;
    made->base = bwdir_config_text(config, "base");
    made->decoy_dn = bwdir_config_text(config, "bwdird.decoy-dn");
    status = bwdir_identity_load(config, "bwdird", &made->identity, why);
    if (status == BWDIR_OK)
        status = bwdir_servers_load(config, &made->servers, why);
    if (status != BWDIR_OK)
        bwdir_signin_free(&made);
    *signin = made;
    return status;
}

void
bwdir_signin_free(struct bwdir_signin **signin)
{
    if (*signin == NULL)
        return;
    bwdir_contact_close(*signin);
    dir_servers_free(&(*signin)->servers);
    bwdir_identity_clear(&(*signin)->identity);
    free(*signin);
    *signin = NULL;
}

enum bwdir_status
bwdir_signin_warm(struct bwdir_signin *signin, int64_t deadline)
{
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    bwdir_contact_begin(signin);
    status = bwdir_contact_ready(signin, deadline, &why);
    if (status != BWDIR_OK)
        signin->trouble = why;
    return status;
}

const char *
bwdir_signin_trouble(const struct bwdir_signin *signin)
{
    return signin->trouble.text;
}

/* ---- answers ---- */

void
bwdir_answer_clear(struct bwdir_answer *answer)
{
    free(answer->roles);
    free(answer->accounts);
    memset(answer, 0, sizeof *answer);
    answer->status = BWDIR_INTERNAL;
    answer->days_left = -1;
}

/* A question begins. */
static void
start(struct bwdir_signin *signin, struct bwdir_answer *answer)
{
    bwdir_contact_begin(signin);
    memset(answer, 0, sizeof *answer);
    answer->status = BWDIR_INTERNAL;
    answer->days_left = -1;
}

static enum bwdir_status
say(struct bwdir_answer *answer, enum bwdir_status status, const char *reason)
{
    answer->status = status;
    snprintf(answer->reason, sizeof answer->reason, "%s", reason);
    return status;
}

/*
 * Ends a question that could not be answered, for the reason WHY.
 * Connections are not to be used again; what the caller gets is unavailable,
 * unless the configuration is to blame.
 */
static enum bwdir_status
give_up(struct bwdir_signin *signin, struct bwdir_answer *answer,
        enum bwdir_status status, const struct bwdir_detail *why)
{
    if (status == BWDIR_UNAVAILABLE)
        bwdir_contact_leave(signin, why);
    else
        bwdir_contact_close(signin);
    signin->trouble = *why;
    if (status == BWDIR_CONFIG || status == BWDIR_NO_MEMORY)
        return say(answer, status, bwdir_strerror(status));
    return say(answer, BWDIR_UNAVAILABLE,
               status == BWDIR_UNAVAILABLE ? "directory-unavailable"
                                           : bwdir_strerror(status));
}

static enum bwdir_status
tell_facts(struct bwdir_answer *answer, const struct bwdir_standing *standing)
{
    snprintf(answer->level, sizeof answer->level, "%s",
             bwdir_level_name(standing->level));
    snprintf(answer->access, sizeof answer->access, "%s",
             bwdir_access_name(standing->access));
    answer->roles = bwdir_strings_join((const char *const *)standing->roles);
    answer->accounts =
        bwdir_strings_join((const char *const *)standing->accounts);
    if (answer->roles == NULL || answer->accounts == NULL)
        return say(answer, BWDIR_NO_MEMORY, "out of memory");
    return answer->status;
}

/* The verdict, with the facts where it is one that lets the user on. */
static enum bwdir_status
tell_verdict(struct bwdir_answer *answer, const struct bwdir_verdict *verdict,
             const struct bwdir_standing *standing)
{
    say(answer, verdict->status, verdict->reason);
    answer->days_left = verdict->days_left;
    if (verdict->status == BWDIR_OK || verdict->status == BWDIR_MUST_CHANGE)
        return tell_facts(answer, standing);
    return verdict->status;
}

/* ---- the questions ---- */

/* The service as it is decided for: its kind as said or as listed. */
static enum bwdir_status
settle_service(struct bwdir_signin *signin, const struct bwdir_service *asked,
               struct bwdir_service *service, struct bwdir_answer *answer,
               struct bwdir_detail *why)
{
    enum bwdir_status status;

    *service = *asked;
    status = bwdir_service_listed(signin->lookup, signin->base, asked->name,
                                  &answer->service_listed, why);
    if (status != BWDIR_OK)
        return status;
    service->access =
        bwdir_service_kind(asked->access, answer->service_listed);
    answer->service_access = service->access;
    return BWDIR_OK;
}

/*
 * Everything that is read: the service settled, the user looked up, the
 * record behind his access method; of the first server that can tell.
 */
static enum bwdir_status
look_up(struct bwdir_signin *signin, const struct bwdir_signin_ask *ask,
        struct bwdir_candidate *candidate, struct bwdir_service *service,
        struct bwdir_answer *answer, struct bwdir_detail *why)
{
    enum bwdir_status status;

    memset(candidate, 0, sizeof *candidate);
    do {
        status = bwdir_contact_ready(signin, ask->deadline, why);
        if (status != BWDIR_OK)
            return status;
        bwdir_candidate_clear(candidate);
        status = settle_service(signin, ask->service, service, answer, why);
        if (status == BWDIR_OK)
            status = bwdir_candidate_find(signin, ask->user, candidate, why);
        if (status == BWDIR_OK && candidate->known)
            status = bwdir_candidate_read_policy(signin, candidate, why);
        if (status == BWDIR_UNAVAILABLE)
            bwdir_contact_leave(signin, why);
    } while (status == BWDIR_UNAVAILABLE);
    if (status == BWDIR_OK)
        bwdir_contact_stay(signin, ask->deadline);
    return status;
}

/*
 * Looks up the user, tries the password and decides.  BWDIR_OK when ANSWER
 * holds a verdict, whichever; the subject connection is then bound as the
 * user if the verdict is one that lets him on.
 */
static enum bwdir_status
prove_and_decide(struct bwdir_signin *signin,
                 const struct bwdir_signin_ask *ask,
                 const struct bwdir_secret *password,
                 struct bwdir_candidate *candidate,
                 struct bwdir_answer *answer, struct bwdir_detail *why)
{
    struct bwdir_verdict verdict;
    struct bwdir_service service;
    struct bwdir_proof proof;
    enum bwdir_status status;

    status = look_up(signin, ask, candidate, &service, answer, why);
    if (status == BWDIR_OK)
        status =
            bwdir_candidate_prove(signin, candidate, password, &proof, why);
    if (status != BWDIR_OK)
        return status;
    if (!candidate->known) {
        say(answer, BWDIR_NO_SUCH_USER, "unknown-user");
        return BWDIR_OK;
    }
    verdict =
        bwdir_decide(&candidate->facts, &proof, &service, (int64_t)time(NULL));
    answer->password_proven = proof.proven;
    tell_verdict(answer, &verdict, &candidate->standing);
    return BWDIR_OK;
}

enum bwdir_status
bwdir_signin_authenticate(struct bwdir_signin *signin,
                          const struct bwdir_signin_ask *ask,
                          const struct bwdir_secret *password,
                          struct bwdir_answer *answer)
{
    struct bwdir_candidate candidate;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    start(signin, answer);
    status = prove_and_decide(signin, ask, password, &candidate, answer, &why);
    bwdir_candidate_clear(&candidate);
    if (status != BWDIR_OK)
        return give_up(signin, answer, status, &why);
    return answer->status;
}

enum bwdir_status
bwdir_signin_account(struct bwdir_signin *signin,
                     const struct bwdir_signin_ask *ask,
                     struct bwdir_answer *answer)
{
    struct bwdir_candidate candidate;
    struct bwdir_service service;
    struct bwdir_verdict verdict;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    start(signin, answer);
    status = look_up(signin, ask, &candidate, &service, answer, &why);
    if (status != BWDIR_OK) {
        give_up(signin, answer, status, &why);
    } else if (!candidate.known) {
        say(answer, BWDIR_NO_SUCH_USER, "unknown-user");
    } else {
        verdict = bwdir_decide(&candidate.facts, NULL, &service,
                               (int64_t)time(NULL));
        tell_verdict(answer, &verdict, &candidate.standing);
    }
    bwdir_candidate_clear(&candidate);
    return answer->status;
}

/* A new password was refused: the words are for the person. */
static enum bwdir_status
object(struct bwdir_answer *answer, const struct bwdir_detail *why)
{
    snprintf(answer->message, sizeof answer->message, "%.*s",
             (int)sizeof answer->message - 1, why->text);
    return say(answer, BWDIR_REFUSED, "new-password-refused");
}

/*
 * The subject connection is bound as the user, with the old password.
 * BWDIR_OK when ANSWER tells how it went.
 */
static enum bwdir_status
set_password(struct bwdir_signin *signin, const char *dn,
             const struct bwdir_secret *old_password,
             const struct bwdir_secret *new_password,
             struct bwdir_answer *answer, struct bwdir_detail *why)
{
    enum bwdir_status status = dir_change_password(
        signin->subject, dn, old_password, new_password, why);

    if (status == BWDIR_OK)
        say(answer, BWDIR_OK, "changed");
    else if (status == BWDIR_REFUSED)
        object(answer, why);
    else if (status == BWDIR_BAD_CREDENTIALS)
        say(answer, status, "password");
    else
        return status;
    return BWDIR_OK;
}

/*
 * At one server, until ANSWER tells how it went (BWDIR_OK).  *ELSEWHERE when
 * this one does not write and has done nothing, so that another is to be
 * asked; the old password, which is proven, goes there too.
 */
static enum bwdir_status
try_change(struct bwdir_signin *signin, const struct bwdir_signin_ask *ask,
           const struct bwdir_secret *old_password,
           const struct bwdir_secret *new_password,
           struct bwdir_answer *answer, bool *elsewhere,
           struct bwdir_detail *why)
{
    struct bwdir_candidate candidate;
    enum bwdir_status status;

    *elsewhere = false;
    status =
        prove_and_decide(signin, ask, old_password, &candidate, answer, why);
    if (status == BWDIR_OK && new_password != NULL &&
        (answer->status == BWDIR_OK || answer->status == BWDIR_MUST_CHANGE)) {
        status = set_password(signin, candidate.standing.dn, old_password,
                              new_password, answer, why);
        *elsewhere = bwdir_may_move(status, signin->subject);
    }
    bwdir_candidate_clear(&candidate);
    return status;
}

enum bwdir_status
bwdir_signin_change(struct bwdir_signin *signin,
                    const struct bwdir_signin_ask *ask,
                    const struct bwdir_secret *old_password,
                    const struct bwdir_secret *new_password,
                    struct bwdir_answer *answer)
{
    struct bwdir_detail why = {""};
    enum bwdir_status status;
    bool elsewhere;

    start(signin, answer);
    /* Before anything is proven: it tells nothing about the user, and an
     * objection then costs none of the logins after expiry. */
    if (new_password != NULL &&
        bwdir_password_check(new_password, &why) != BWDIR_OK)
        return object(answer, &why);
    while (true) {
        status = try_change(signin, ask, old_password, new_password, answer,
                            &elsewhere, &why);
        if (!elsewhere)
            break;
        bwdir_answer_clear(answer);
        bwdir_contact_pass(signin);
    }
    if (status != BWDIR_OK)
        return give_up(signin, answer, status, &why);
    return answer->status;
}

/* Proves code and phone, where the user was looked up, and redeems them. */
static enum bwdir_status
redeem(struct bwdir_signin *signin, const struct bwdir_signin_ask *ask,
       const struct bwdir_redemption *redemption, struct bwdir_answer *answer,
       struct bwdir_detail *why)
{
    const struct bwdir_proving proving = {signin->base, signin->decoy_dn,
                                          signin->servers, signin->uri,
                                          ask->deadline};
    struct bwdir_verification *verification;
    enum bwdir_status status;

    status = bwdir_verification_open_at(&proving, ask->user, redemption->code,
                                        redemption->phone, &verification, why);
    if (status == BWDIR_OK) {
        answer->password_proven = true;
        status = bwdir_verification_redeem_until(
            verification, redemption->new_password, ask->deadline, why);
    }
    bwdir_verification_free(&verification);
    return status == BWDIR_BAD_VALUE ? BWDIR_BAD_CREDENTIALS : status;
}

enum bwdir_status
bwdir_signin_redeem(struct bwdir_signin *signin,
                    const struct bwdir_signin_ask *ask,
                    const struct bwdir_redemption *redemption,
                    struct bwdir_answer *answer)
{
    struct bwdir_candidate candidate;
    struct bwdir_service service;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    start(signin, answer);
    status = look_up(signin, ask, &candidate, &service, answer, &why);
    /* Unknown users cost the same work. */
    if (status == BWDIR_OK)
        status = redeem(signin, ask, redemption, answer, &why);
    if (status == BWDIR_BAD_CREDENTIALS && !candidate.known)
        say(answer, BWDIR_NO_SUCH_USER, "unknown-user");
    else if (status == BWDIR_BAD_CREDENTIALS)
        say(answer, status, "code-or-phone");
    else if (status == BWDIR_NEED_PASSWORD)
        say(answer, status, "new-password-wanted");
    else if (status == BWDIR_REFUSED)
        object(answer, &why);
    else if (status == BWDIR_OK)
        say(answer, status, "redeemed");
    else
        give_up(signin, answer, status, &why);
    bwdir_candidate_clear(&candidate);
    return answer->status;
}
