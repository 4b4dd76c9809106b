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
    if (status != BWDIR_OK)
        bwdir_signin_free(&made);
    *signin = made;
    return status;
}

static void
disconnect(struct bwdir_signin *signin)
{
    dir_close(&signin->lookup);
    dir_close(&signin->subject);
}

void
bwdir_signin_free(struct bwdir_signin **signin)
{
    if (*signin == NULL)
        return;
    disconnect(*signin);
    bwdir_identity_clear(&(*signin)->identity);
    free(*signin);
    *signin = NULL;
}

/* One kept connection: reconnects when the server has closed it. */
static enum bwdir_status
keep(struct bwdir_signin *signin, const struct bwdir_identity *identity,
     int64_t deadline, struct dir_connection **connection,
     struct bwdir_detail *why)
{
    enum bwdir_status status;

    if (*connection != NULL && !dir_is_open(*connection))
        dir_close(connection);
    if (*connection == NULL) {
        status = bwdir_directory_connect(signin->config, NULL, identity,
                                         deadline, connection, why);
        if (status == BWDIR_BAD_CREDENTIALS)
            status = bwdir_fail(why, BWDIR_CONFIG,
                                "the directory refuses the daemon's identity");
        if (status != BWDIR_OK)
            return status;
    }
    dir_set_deadline(*connection, deadline);
    return BWDIR_OK;
}

/* Connects what is not connected, or was closed by the server. */
static enum bwdir_status
ready(struct bwdir_signin *signin, int64_t deadline, struct bwdir_detail *why)
{
    enum bwdir_status status;

    status = keep(signin, &signin->identity, deadline, &signin->lookup, why);
    if (status == BWDIR_OK)
        status = keep(signin, NULL, deadline, &signin->subject, why);
    return status;
}

enum bwdir_status
bwdir_signin_warm(struct bwdir_signin *signin, struct bwdir_detail *why)
{
    return ready(signin, dir_now() + BWDIR_OPERATION_MS, why);
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

static void
start_answer(struct bwdir_answer *answer)
{
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
 * Ends a question that could not be answered.  Connections are not to be
 * used again; what the caller gets is unavailable, unless the configuration
 * is to blame.
 */
static enum bwdir_status
give_up(struct bwdir_signin *signin, struct bwdir_answer *answer,
        enum bwdir_status status)
{
    disconnect(signin);
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
               struct bwdir_service *service, struct bwdir_answer *answer)
{
    enum bwdir_status status;

    *service = *asked;
    status = bwdir_service_listed(signin->lookup, signin->base, asked->name,
                                  &answer->service_listed, NULL);
    if (status != BWDIR_OK)
        return status;
    service->access =
        bwdir_service_kind(asked->access, answer->service_listed);
    answer->service_access = service->access;
    return BWDIR_OK;
}

/* Connected, the service settled and the user looked up. */
static enum bwdir_status
look_up(struct bwdir_signin *signin, const struct bwdir_signin_ask *ask,
        struct bwdir_candidate *candidate, struct bwdir_service *service,
        struct bwdir_answer *answer)
{
    enum bwdir_status status;

    memset(candidate, 0, sizeof *candidate);
    status = ready(signin, ask->deadline, NULL);
    if (status == BWDIR_OK)
        status = settle_service(signin, ask->service, service, answer);
    if (status == BWDIR_OK)
        status = bwdir_candidate_find(signin, ask->user, candidate, NULL);
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
                 struct bwdir_answer *answer)
{
    struct bwdir_verdict verdict;
    struct bwdir_service service;
    struct bwdir_proof proof;
    enum bwdir_status status;

    status = look_up(signin, ask, candidate, &service, answer);
    if (status == BWDIR_OK && candidate->known)
        status = bwdir_candidate_read_policy(signin, candidate, NULL);
    if (status == BWDIR_OK)
        status =
            bwdir_candidate_prove(signin, candidate, password, &proof, NULL);
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
    enum bwdir_status status;

    start_answer(answer);
    status = prove_and_decide(signin, ask, password, &candidate, answer);
    bwdir_candidate_clear(&candidate);
    if (status != BWDIR_OK)
        return give_up(signin, answer, status);
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
    enum bwdir_status status;

    start_answer(answer);
    status = look_up(signin, ask, &candidate, &service, answer);
    if (status == BWDIR_OK && candidate.known)
        status = bwdir_candidate_read_policy(signin, &candidate, NULL);
    if (status != BWDIR_OK) {
        give_up(signin, answer, status);
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

/* The subject connection is bound as the user, with the old password. */
static enum bwdir_status
set_password(struct bwdir_signin *signin, const char *dn,
             const struct bwdir_secret *old_password,
             const struct bwdir_secret *new_password,
             struct bwdir_answer *answer)
{
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    status = bwdir_password_check(new_password, &why);
    if (status == BWDIR_OK)
        status = dir_change_password(signin->subject, dn, old_password,
                                     new_password, &why);
    if (status == BWDIR_OK)
        return say(answer, BWDIR_OK, "changed");
    if (status == BWDIR_REFUSED)
        return object(answer, &why);
    if (status == BWDIR_BAD_CREDENTIALS)
        return say(answer, status, "password");
    return give_up(signin, answer, status);
}

enum bwdir_status
bwdir_signin_change(struct bwdir_signin *signin,
                    const struct bwdir_signin_ask *ask,
                    const struct bwdir_secret *old_password,
                    const struct bwdir_secret *new_password,
                    struct bwdir_answer *answer)
{
    struct bwdir_candidate candidate;
    enum bwdir_status status;

    start_answer(answer);
    status = prove_and_decide(signin, ask, old_password, &candidate, answer);
    if (status != BWDIR_OK)
        give_up(signin, answer, status);
    else if (new_password != NULL && (answer->status == BWDIR_OK ||
                                      answer->status == BWDIR_MUST_CHANGE))
        set_password(signin, candidate.standing.dn, old_password, new_password,
                     answer);
    bwdir_candidate_clear(&candidate);
    return answer->status;
}

/* Proves code and phone, and redeems them. */
static enum bwdir_status
redeem(struct bwdir_signin *signin, const struct bwdir_signin_ask *ask,
       const struct bwdir_redemption *redemption, struct bwdir_answer *answer,
       struct bwdir_detail *why)
{
    struct bwdir_verification *verification;
    enum bwdir_status status;

    status = bwdir_verification_open_until(signin->config, ask->user,
                                           redemption->code, redemption->phone,
                                           ask->deadline, &verification, why);
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

    start_answer(answer);
    status = look_up(signin, ask, &candidate, &service, answer);
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
        give_up(signin, answer, status);
    bwdir_candidate_clear(&candidate);
    return answer->status;
}
