/*
 * A change of a user between its check and its plan: what there is to be done
 * in the end.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_USER_CHANGE_H
#define BWDIR_USER_CHANGE_H

#include "grant.h"
#include "plan.h"
#include "user.h"

/* Lists are NULL-terminated and may be NULL, which is empty. */
struct bwdir_resolved_change {
    struct bwdir_directory *dir;
    const struct bwdir_user *user;
    const struct bwdir_user_change *change;
    struct bwdir_grant grant; /* its level is the one that is to be */

    char **roles;    /* that the user is to have */
    char **accounts; /* likewise */
    char **add_roles, **drop_roles;
    char **add_accounts, **drop_accounts;
    char **list;   /* accounts that he is to administer from now on */
    char **unlist; /* and those no longer */
};

/* A change while it is looked at. */
struct bwdir_changing {
    struct bwdir_resolved_change to;
    char *self;    /* our own user name, or NULL */
    char **listed; /* accounts that the user administers now */
    void (*object)(enum bwdir_status status, const struct bwdir_detail *why,
                   void *closure);
    void *closure;
    enum bwdir_status status;  /* of the first thing that is wrong */
    struct bwdir_detail first; /* and its words */
    bool broken;               /* it cannot be gone on: no memory, no server */
};

/* LIST, or an empty one for NULL. */
const char *const *bwdir_change_list(const char *const *given);

/* Takes note of something that is wrong; of BWDIR_OK not. */
void bwdir_change_complain(struct bwdir_changing *changing,
                           enum bwdir_status status,
                           const struct bwdir_detail *why);
void bwdir_change_refuse(struct bwdir_changing *changing,
                         enum bwdir_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends TEXT unless it is there. */
void bwdir_change_note(struct bwdir_changing *changing, char ***strings,
                       const char *text);

/* What can be seen of the values by themselves. */
void bwdir_change_check_fields(struct bwdir_changing *changing);

/* Whether the connection may do it, and whether it goes together. */
void bwdir_change_check(struct bwdir_changing *changing);

/* Whether mail or phone change. */
bool bwdir_change_needs_code(const struct bwdir_resolved_change *to);

/* Whether the user will administer an account. */
bool bwdir_change_stays_listed(const struct bwdir_changing *changing);

/* Whether LIST holds TEXT; whether it holds anything. */
bool bwdir_change_has(char *const *list, const char *text);
bool bwdir_change_any(char *const *list);

/* Whether the new value is given and differs from the old one, which may be
 * NULL. */
bool bwdir_change_differs(const char *given, const char *old);

/*
 * The steps in the order that the access rules demand; *plan NULL when there
 * are none.
 */
enum bwdir_status
bwdir_change_plan(const struct bwdir_resolved_change *resolved,
                  struct bwdir_plan **plan, struct bwdir_detail *why);

#endif
