/*
 * Controls of pam.d(5), and what they let happen in a stack.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "control.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BLANKS " \t\n"

/* ---- one control ---- */

/* The four words, as pam.conf(5) explains them; NULL for brackets. */
static const char *
spelt_out(const char *control)
{
    static const struct {
        const char *word;
        const char *pairs;
    } words[] = {
        {"required",
         "success=ok new_authtok_reqd=ok ignore=ignore default=bad"},
        {"requisite",
         "success=ok new_authtok_reqd=ok ignore=ignore default=die"},
        {"sufficient", "success=done new_authtok_reqd=done default=ignore"},
        {"optional", "success=ok new_authtok_reqd=ok default=ignore"},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(words[i].word, control) == 0)
            return words[i].pairs;
    return NULL;
}

static enum pam_action
action_named(const char *name, size_t length, size_t *jump)
{
    static const struct {
        const char *name;
        enum pam_action action;
    } names[] = {{"ignore", PAM_ACTION_IGNORE}, {"ok", PAM_ACTION_OK},
                 {"done", PAM_ACTION_DONE},     {"bad", PAM_ACTION_BAD},
                 {"die", PAM_ACTION_DIE},       {"reset", PAM_ACTION_IGNORE}};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i].name) == length &&
            strncasecmp(names[i].name, name, length) == 0)
            return names[i].action;
    *jump = strtoul(name, NULL, 10);
    return *jump > 0 ? PAM_ACTION_JUMP : PAM_ACTION_BAD;
}

/* The action of RESULT in "result=action …"; false when it is not named. */
static bool
look_up(const char *pairs, const char *result, enum pam_action *action,
        size_t *jump)
{
    size_t length = strlen(result);

    while (*(pairs += strspn(pairs, BLANKS)) != '\0') {
        size_t pair = strcspn(pairs, BLANKS);

        if (pair > length + 1 && pairs[length] == '=' &&
            strncasecmp(pairs, result, length) == 0) {
            *action =
                action_named(pairs + length + 1, pair - length - 1, jump);
            return true;
        }
        pairs += pair;
    }
    return false;
}

enum pam_action
pam_control_action(const char *control, const char *result, size_t *jump)
{
    const char *pairs = spelt_out(control);
    enum pam_action action = PAM_ACTION_BAD;

    *jump = 0;
    if (pairs == NULL)
        pairs = control;
    if (!look_up(pairs, result, &action, jump))
        (void)look_up(pairs, "default", &action, jump);
    return action;
}

/* ---- a stack ---- */

/* These say yes to some, and mean that those need not be asked further. */
static bool
is_condition(const char *module)
{
    static const char *const conditions[] = {
        "pam_access.so",   "pam_exec.so",      "pam_group.so",
        "pam_listfile.so", "pam_localuser.so", "pam_nologin.so",
        "pam_rootok.so",   "pam_shells.so",    "pam_succeed_if.so",
        "pam_time.so",     "pam_usertype.so",  "pam_wheel.so"};
    const char *slash = strrchr(module, '/');
    const char *name = slash == NULL ? module : slash + 1;

    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
        if (strcmp(conditions[i], name) == 0)
            return true;
    return false;
}

const struct pam_entry *
pam_stack_skips(const struct pam_stack *stack, size_t our)
{
    for (size_t i = 0; i < our; i++) {
        const struct pam_entry *entry = &stack->entries[i];
        size_t jump;
        enum pam_action action =
            pam_control_action(entry->control, "success", &jump);

        /* The end of a substack is not the end of the stack. */
        if (is_condition(entry->module) ||
            entry->level > stack->entries[our].level)
            continue;
        if (action == PAM_ACTION_DONE ||
            (action == PAM_ACTION_JUMP && i + jump >= our))
            return entry;
    }
    return NULL;
}

/* Whether a line behind ours lets somebody in who was not refused before. */
static bool
somebody_says_yes(const struct pam_stack *stack, size_t our)
{
    for (size_t i = our + 1; i < stack->count; i++) {
        const struct pam_entry *entry = &stack->entries[i];
        const char *slash = strrchr(entry->module, '/');
        size_t jump;

        if (strcmp(slash == NULL ? entry->module : slash + 1, "pam_deny.so") ==
                0 &&
            pam_control_action(entry->control, "auth_err", &jump) !=
                PAM_ACTION_IGNORE)
            return false;
    }
    return true;
}

bool
pam_stack_ignores(const struct pam_stack *stack, size_t our)
{
    static const char *const refusals[] = {"perm_denied", "acct_expired",
                                           "auth_err", "authtok_expired"};
    const char *control = stack->entries[our].control;
    size_t jump;

    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        switch (pam_control_action(control, refusals[i], &jump)) {
        case PAM_ACTION_IGNORE:
        case PAM_ACTION_OK:
        case PAM_ACTION_DONE:
        case PAM_ACTION_JUMP:
            return somebody_says_yes(stack, our);
        case PAM_ACTION_BAD:
        case PAM_ACTION_DIE:
            break;
        }
    return false;
}
