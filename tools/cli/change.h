/*
 * One plan for each user that the command line names: looked up, made,
 * printed or applied, told.  What the verbs that change a user share.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_CHANGE_H
#define BW_CLI_CHANGE_H

#include <bwdir.h>

#include "session.h"

struct cli_change {
    /* Makes the plan; with BWDIR_OK and *plan NULL nothing is to be done.
     * It may report by itself what is wrong. */
    enum bwdir_status (*plan)(void *closure, const struct bwdir_user *user,
                              struct bwdir_plan **plan,
                              struct bwdir_detail *why);
    /* What must be done before anything is written; may be NULL.  An exit
     * code, or CLI_GO_ON. */
    int (*before)(void *closure, const struct bwdir_user *user);
    /* What was prepared may be of no use; may be NULL. */
    void (*failed)(void *closure, const struct bwdir_user *user);
    /* What is left to do once it is applied; may be NULL.  An exit code, all
     * that is wrong having been reported. */
    int (*after)(void *closure, const struct bwdir_user *user);
    void *closure;
    const char *result;    /* "disabled": the word for it, in JSON */
    const char *done;      /* what is then said of the user; NULL: nothing */
    const char *unchanged; /* "was disabled before" */
    const char *malformed; /* what to do about an entry that is; may be NULL */
};

/*
 * All operands in turn; what fails for one does not keep the others from
 * being tried, unless the directory is gone.  The exit code of the first that
 * failed.  In JSON: users, a list of user, result (the change's own word,
 * unchanged, planned or failed), and ldif with -n.
 */
int cli_change_users(struct cli_session *session,
                     const struct cli_change *change);

/* The same for other names, NULL-terminated. */
int cli_change_each(struct cli_session *session,
                    const struct cli_change *change, const char *const *name);

/* All there is of a tool that does no more than that; the closure is the
 * session. */
int cli_change_main(const struct cli_tool *tool,
                    const struct cli_change *change, int argc, char **argv);

/* A warning when USER, whose password or code is new, is disabled still. */
void cli_warn_disabled(struct cli_session *session,
                       const struct bwdir_user *user);

/* A plan printed as LDIF, for -n; an exit code. */
int cli_plan_print(struct cli_session *session, const struct bwdir_plan *plan);

/* A plan applied within 15 seconds; what is wrong is the caller's to tell. */
enum bwdir_status cli_plan_try(struct cli_session *session,
                               const struct bwdir_plan *plan,
                               struct bwdir_detail *why);

/* The same, told; CLI_GO_ON or an exit code. */
int cli_plan_apply(struct cli_session *session, const struct bwdir_plan *plan);

#endif
