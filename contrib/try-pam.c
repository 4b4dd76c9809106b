/*
 * try-pam: calls libpam as a login service would and prints what happens.
 *
 *   try-pam [-t] SERVICE USER [auth|acct|chauthtok|setcred|open|close]...
 *
 * Each prompt of the module is answered with the next line of standard
 * input.  Without calls: auth, then acct.  The services are those of the
 * directory BWDIR_PAM_CONFDIR where that is set (contrib/sandbox makes one),
 * of the machine otherwise.  Ends with 0 when every call was PAM_SUCCESS, 1
 * when one was not (the calls behind it are still made), 64 for bad usage.
 * With -t each call's line ends with the milliseconds that it took, and those
 * of the processor in this process.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define TRY_LINE_MAX 1024

static int timed; /* option -t */

struct call {
    const char *word;
    const char *name;
    int (*function)(pam_handle_t *pam, int flags);
    int flags;
};

static const struct call calls[] = {
    {"auth", "pam_authenticate", pam_authenticate, 0},
    {"acct", "pam_acct_mgmt", pam_acct_mgmt, 0},
    {"chauthtok", "pam_chauthtok", pam_chauthtok, 0},
    {"setcred", "pam_setcred", pam_setcred, PAM_ESTABLISH_CRED},
    {"open", "pam_open_session", pam_open_session, 0},
    {"close", "pam_close_session", pam_close_session, 0},
};

static const char *
code_name(int code)
{
    static const char *const names[] = {
        [PAM_SUCCESS] = "PAM_SUCCESS",
        [PAM_OPEN_ERR] = "PAM_OPEN_ERR",
        [PAM_SYMBOL_ERR] = "PAM_SYMBOL_ERR",
        [PAM_SERVICE_ERR] = "PAM_SERVICE_ERR",
        [PAM_SYSTEM_ERR] = "PAM_SYSTEM_ERR",
        [PAM_BUF_ERR] = "PAM_BUF_ERR",
        [PAM_PERM_DENIED] = "PAM_PERM_DENIED",
        [PAM_AUTH_ERR] = "PAM_AUTH_ERR",
        [PAM_CRED_INSUFFICIENT] = "PAM_CRED_INSUFFICIENT",
        [PAM_AUTHINFO_UNAVAIL] = "PAM_AUTHINFO_UNAVAIL",
        [PAM_USER_UNKNOWN] = "PAM_USER_UNKNOWN",
        [PAM_MAXTRIES] = "PAM_MAXTRIES",
        [PAM_NEW_AUTHTOK_REQD] = "PAM_NEW_AUTHTOK_REQD",
        [PAM_ACCT_EXPIRED] = "PAM_ACCT_EXPIRED",
        [PAM_CONV_ERR] = "PAM_CONV_ERR",
        [PAM_AUTHTOK_ERR] = "PAM_AUTHTOK_ERR",
        [PAM_AUTHTOK_EXPIRED] = "PAM_AUTHTOK_EXPIRED",
        [PAM_MODULE_UNKNOWN] = "PAM_MODULE_UNKNOWN",
        [PAM_ABORT] = "PAM_ABORT",
    };

    if (code < 0 || (size_t)code >= sizeof(names) / sizeof(names[0]) ||
        names[code] == NULL)
        return "another code";
    return names[code];
}

/* The next line of standard input in memory of its own, as libpam wants it;
 * NULL at the end. */
static char *
next_answer(void)
{
    char line[TRY_LINE_MAX];
    char *answer;

    if (fgets(line, sizeof(line), stdin) == NULL)
        return NULL;
    line[strcspn(line, "\n")] = '\0';
    answer = strdup(line);
    explicit_bzero(line, sizeof(line));
    return answer;
}

/* True when the message is dealt with. */
static int
show_message(const struct pam_message *message, struct pam_response *response)
{
    switch (message->msg_style) {
    case PAM_TEXT_INFO:
        printf("  text: %s\n", message->msg);
        return 1;
    case PAM_ERROR_MSG:
        printf("  error text: %s\n", message->msg);
        return 1;
    case PAM_PROMPT_ECHO_ON:
    case PAM_PROMPT_ECHO_OFF:
        printf("  prompt: %s\n", message->msg);
        response->resp = next_answer();
        return response->resp != NULL;
    default:
        return 0;
    }
}

static void
free_responses(struct pam_response *responses, int count)
{
    for (int i = 0; i < count; i++) {
        if (responses[i].resp != NULL)
            explicit_bzero(responses[i].resp, strlen(responses[i].resp));
        free(responses[i].resp);
    }
    free(responses);
}

static int
converse(int count, const struct pam_message **messages,
         struct pam_response **responses, void *closure)
{
    struct pam_response *replies;

    (void)closure;
    if (count <= 0 || count > PAM_MAX_NUM_MSG)
        return PAM_CONV_ERR;
    replies = calloc((size_t)count, sizeof(*replies));
    if (replies == NULL)
        return PAM_BUF_ERR;
    for (int i = 0; i < count; i++) {
        if (!show_message(messages[i], &replies[i])) {
            free_responses(replies, count);
            return PAM_CONV_ERR;
        }
    }
    *responses = replies;
    return PAM_SUCCESS;
}

static const struct call *
call_of(const char *word)
{
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (strcmp(calls[i].word, word) == 0)
            return &calls[i];
    }
    return NULL;
}

/* What a call cost, in milliseconds. */
struct cost {
    long wall;
    long processor;
};

static struct cost
cost_until_now(void)
{
    struct timespec now;
    struct rusage used;

    clock_gettime(CLOCK_MONOTONIC, &now);
    getrusage(RUSAGE_SELF, &used);
    return (struct cost){now.tv_sec * 1000 + now.tv_nsec / 1000000,
                         (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
                             (used.ru_utime.tv_usec + used.ru_stime.tv_usec) /
                                 1000};
}

/* Makes one call; *last is the result of the one before, then of this. */
static void
make_call(pam_handle_t *pam, const struct call *call, int *last, int *worst)
{
    struct cost before = cost_until_now(), after;
    int flags = call->flags;

    /* As login(1) does: only what has expired, since that is why. */
    if (call->function == pam_chauthtok && *last == PAM_NEW_AUTHTOK_REQD)
        flags = PAM_CHANGE_EXPIRED_AUTHTOK;
    *last = call->function(pam, flags);
    if (*last != PAM_SUCCESS)
        *worst = *last;
    after = cost_until_now();
    printf("%s: %s (%d)", call->name, code_name(*last), *last);
    if (timed)
        printf(" %ld %ld", after.wall - before.wall,
               after.processor - before.processor);
    putchar('\n');
}

/* What the module tells the session about the user. */
static void
show_environment(pam_handle_t *pam)
{
    char **list = pam_getenvlist(pam);

    for (char **next = list; next != NULL && *next != NULL; next++) {
        printf("  %s\n", *next);
        free(*next);
    }
    free(list);
}

static int
run_calls(pam_handle_t *pam, char **words, int *worst)
{
    int last = PAM_SUCCESS;

    for (char **word = words; *word != NULL; word++)
        make_call(pam, call_of(*word), &last, worst);
    if (*words == NULL) {
        make_call(pam, call_of("auth"), &last, worst);
        make_call(pam, call_of("acct"), &last, worst);
    }
    show_environment(pam);
    return last;
}

static int
usable(int argc, char **argv)
{
    if (argc < 3)
        return 0;
    for (int i = 3; i < argc; i++) {
        if (call_of(argv[i]) == NULL)
            return 0;
    }
    return 1;
}

int
main(int argc, char **argv)
{
    static const struct pam_conv conversation = {converse, NULL};
    const char *confdir = getenv("BWDIR_PAM_CONFDIR");
    pam_handle_t *pam = NULL;
    int worst;
    int last;

    setvbuf(stdout, NULL, _IOLBF, 0);
    timed = argc > 1 && strcmp(argv[1], "-t") == 0;
    argc -= timed;
    argv += timed;
    if (!usable(argc, argv)) {
        fputs("usage: try-pam [-t] SERVICE USER "
              "[auth|acct|chauthtok|setcred|open|close]...\n",
              stderr);
        return 64;
    }
    worst = confdir != NULL ? pam_start_confdir(argv[1], argv[2],
                                                &conversation, confdir, &pam)
                            : pam_start(argv[1], argv[2], &conversation, &pam);
    if (worst != PAM_SUCCESS) {
        printf("pam_start: %s (%d)\n", code_name(worst), worst);
        return 1;
    }
    last = run_calls(pam, argv + 3, &worst);
    pam_end(pam, last);
    return worst == PAM_SUCCESS ? 0 : 1;
}
