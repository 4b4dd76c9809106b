/*
 * What libpam does with a module's result: the control of a line of
 * pam.d(5).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_PAM_CONTROL_H
#define BW_PAM_CONTROL_H

#include <stdbool.h>
#include <stddef.h>

#include "service_file.h"

enum pam_action {
    PAM_ACTION_IGNORE,
    PAM_ACTION_OK,   /* counts, and goes on */
    PAM_ACTION_DONE, /* counts, and ends the stack */
    PAM_ACTION_BAD,  /* refuses, and goes on */
    PAM_ACTION_DIE,  /* refuses, and ends the stack */
    PAM_ACTION_JUMP  /* over some lines */
};

/*
 * The action that CONTROL has for RESULT ("success", "perm_denied" …), as
 * libpam reads it; *jump is the number of lines for PAM_ACTION_JUMP.  What
 * cannot be read is PAM_ACTION_BAD.
 */
enum pam_action pam_control_action(const char *control, const char *result,
                                   size_t *jump);

/*
 * The first line before line number OUR of the stack whose success ends it or
 * jumps over ours; NULL when there is none.  Modules that say yes to some
 * people only, by where they come from or whether they are local, are passed
 * over.
 */
const struct pam_entry *pam_stack_skips(const struct pam_stack *stack,
                                        size_t our);

/* True when nothing comes of a refusal of line number OUR: it is ignored, and
 * what follows can still say yes. */
bool pam_stack_ignores(const struct pam_stack *stack, size_t our);

#endif
