/*
 * A stand-in for the library's sign-in, for tests of the daemon without a
 * directory.  What it does depends on the user's name:
 *
 *   dana    right with the password "right"; has facts
 *   slow    as dana, after 300 ms
 *   hang    never answers
 *   crash   the process dies
 *   liar    returns another status than it fills in
 *   long    more roles than a frame holds
 *   weak    the new password is refused, with a message
 *   stale   before its own answer (unknown) the worker sends a success in
 *           form, as the answer to task 1
 *
 * Everybody else is unknown.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bwdir.h"
#include "pam_bw/bwdird/worker.h"

struct bwdir_signin {
    int unused;
};

static enum bwdir_status
verdict(struct bwdir_answer *answer, enum bwdir_status status,
        const char *reason)
{
    memset(answer, 0, sizeof(*answer));
    answer->status = status;
    answer->days_left = -1;
    strcpy(answer->reason, reason);
    return status;
}

static enum bwdir_status
success(struct bwdir_answer *answer)
{
    verdict(answer, BWDIR_OK, "password proven");
    strcpy(answer->level, "basic");
    strcpy(answer->access, "dashboard");
    answer->roles = strdup("ordering,porting");
    answer->accounts = strdup("5500001");
    return BWDIR_OK;
}

static enum bwdir_status
with_endless_roles(struct bwdir_answer *answer)
{
    success(answer);
    free(answer->roles);
    answer->roles = malloc(70000);
    memset(answer->roles, 'r', 69999);
    answer->roles[69999] = '\0';
    return BWDIR_OK;
}

/* A worker has one such socket. */
static int
find_socket(void)
{
    int fd, type;

    for (fd = 0; fd < 1024; fd++) {
        socklen_t size = sizeof(type);

        if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
            type == SOCK_SEQPACKET)
            return fd;
    }
    return -1;
}

static void
answer_task_1(void)
{
    const struct bw_wire_reply reply = {
        .version = BW_WIRE_VERSION, .status = BWDIR_OK, .days_left = -1};
    static struct bwdird_outcome outcome = {.number = 1};

    memcpy(outcome.frame, &reply, sizeof(reply));
    if (send(find_socket(), &outcome, BWDIRD_OUTCOME_HEAD + sizeof(reply),
             MSG_NOSIGNAL) < 0)
        abort();
}

static enum bwdir_status
misbehave(const char *user, struct bwdir_answer *answer)
{
    if (strcmp(user, "hang") == 0)
        for (;;)
            pause();
    if (strcmp(user, "crash") == 0)
        raise(SIGKILL);
    if (strcmp(user, "slow") == 0)
        usleep(300 * 1000);
    if (strcmp(user, "stale") == 0)
        answer_task_1();
    if (strcmp(user, "long") == 0)
        return with_endless_roles(answer);
    if (strcmp(user, "liar") == 0) {
        success(answer);
        return BWDIR_BAD_CREDENTIALS;
    }
    if (strcmp(user, "dana") != 0 && strcmp(user, "slow") != 0)
        return verdict(answer, BWDIR_NO_SUCH_USER, "no such user");
    return success(answer);
}

static bool
is(const struct bwdir_secret *secret, const char *text)
{
    return bwdir_secret_length(secret) == strlen(text) &&
           memcmp(bwdir_secret_bytes(secret), text, strlen(text)) == 0;
}

enum bwdir_status
bwdir_signin_new(const struct bwdir_config *config,
                 struct bwdir_signin **signin, struct bwdir_detail *why)
{
    (void)config;
    (void)why;
    *signin = calloc(1, sizeof(**signin));
    return *signin != NULL ? BWDIR_OK : BWDIR_NO_MEMORY;
}

void
bwdir_signin_free(struct bwdir_signin **signin)
{
    free(*signin);
    *signin = NULL;
}

enum bwdir_status
bwdir_signin_warm(struct bwdir_signin *signin, int64_t deadline)
{
    (void)signin;
    (void)deadline;
    return BWDIR_OK;
}

const char *
bwdir_signin_trouble(const struct bwdir_signin *signin)
{
    (void)signin;
    return "";
}

void
bwdir_answer_clear(struct bwdir_answer *answer)
{
    free(answer->roles);
    free(answer->accounts);
    memset(answer, 0, sizeof(*answer));
}

enum bwdir_status
bwdir_signin_authenticate(struct bwdir_signin *signin,
                          const struct bwdir_signin_ask *ask,
                          const struct bwdir_secret *password,
                          struct bwdir_answer *answer)
{
    enum bwdir_status status = misbehave(ask->user, answer);

    (void)signin;
    if (status != BWDIR_OK || is(password, "right"))
        return status;
    bwdir_answer_clear(answer);
    return verdict(answer, BWDIR_BAD_CREDENTIALS, "wrong password");
}

enum bwdir_status
bwdir_signin_account(struct bwdir_signin *signin,
                     const struct bwdir_signin_ask *ask,
                     struct bwdir_answer *answer)
{
    (void)signin;
    return misbehave(ask->user, answer);
}

enum bwdir_status
bwdir_signin_change(struct bwdir_signin *signin,
                    const struct bwdir_signin_ask *ask,
                    const struct bwdir_secret *old_password,
                    const struct bwdir_secret *new_password,
                    struct bwdir_answer *answer)
{
    (void)signin;
    (void)old_password;
    (void)new_password;
    if (strcmp(ask->user, "weak") != 0)
        return misbehave(ask->user, answer);
    verdict(answer, BWDIR_REFUSED, "quality");
    strcpy(answer->message, "ten characters wanted");
    return BWDIR_REFUSED;
}

enum bwdir_status
bwdir_signin_redeem(struct bwdir_signin *signin,
                    const struct bwdir_signin_ask *ask,
                    const struct bwdir_redemption *redemption,
                    struct bwdir_answer *answer)
{
    (void)signin;
    (void)ask;
    if (is(redemption->code, "CODE") &&
        strcmp(redemption->phone, "9195550100") == 0)
        return success(answer);
    return verdict(answer, BWDIR_BAD_CREDENTIALS, "wrong code");
}
