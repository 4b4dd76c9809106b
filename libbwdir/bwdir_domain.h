/*
 * What a directory holds: access methods, accounts, roles and users, and how a
 * user stands.  Nothing here changes anything.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_PUBLIC_DOMAIN_H
#define BWDIR_PUBLIC_DOMAIN_H

#include "bwdir_base.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* ---- domain: access method, account, role, user ------------------------- */

/* The two kinds of service, and the two things an access method allows. */
enum bwdir_access_kind {
    BWDIR_ACCESS_DASHBOARD = 1, /* a person at a prompt */
    BWDIR_ACCESS_API = 2        /* a program */
};

/*
 * True when what is said of a kind of service (0: nothing) contradicts what
 * the records say (the bitwise or of their kinds, 0: nothing), or when the
 * records contradict each other.
 */
bool bwdir_service_in_conflict(unsigned said, unsigned listed);

/*
 * The name of an access-method record, "dashboard", "api" or
 * "dashboard-api", for a set of kinds: their bitwise or.
 */
const char *bwdir_access_name(unsigned access);

enum bwdir_level { BWDIR_LEVEL_BASIC = 1, BWDIR_LEVEL_ADMIN = 2 };
const char *bwdir_level_name(enum bwdir_level level);
bool bwdir_level_from_name(const char *name, enum bwdir_level *level);

enum bwdir_state { BWDIR_STATE_UNVERIFIED = 1, BWDIR_STATE_VERIFIED = 2 };
const char *bwdir_state_name(enum bwdir_state state);

struct bwdir_user;

/*
 * The user of that name, compared byte for byte.  BWDIR_NO_SUCH_USER,
 * BWDIR_MALFORMED (an attribute missing, doubled or not of its syntax; the
 * detail names entry and attribute), BWDIR_UNAVAILABLE.
 */
enum bwdir_status bwdir_user_get(struct bwdir_directory *directory,
                                 const char *name, struct bwdir_user **user,
                                 struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * Calls VISIT for each user that the connection may see; a user that cannot
 * be mapped is visited with user NULL and the detail that names the entry.
 * Stops when VISIT returns false.  The user is VISIT's only during the call.
 */
enum bwdir_status
bwdir_user_list(struct bwdir_directory *directory,
                bool (*visit)(const struct bwdir_user *user,
                              const struct bwdir_detail *why, void *closure),
                void *closure, struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void bwdir_user_free(struct bwdir_user **user);

const char *bwdir_user_name(const struct bwdir_user *user);
const char *bwdir_user_first(const struct bwdir_user *user);
const char *bwdir_user_last(const struct bwdir_user *user);
const char *bwdir_user_mail(const struct bwdir_user *user);
const char *bwdir_user_phone(const struct bwdir_user *user);
/* Another user name of the same person, or NULL. */
const char *bwdir_user_owner(const struct bwdir_user *user);
enum bwdir_level bwdir_user_level(const struct bwdir_user *user);
enum bwdir_state bwdir_user_state(const struct bwdir_user *user);
/* The bitwise or of the kinds that the access method allows. */
unsigned bwdir_user_access(const struct bwdir_user *user);
/* NULL-terminated keywords and account numbers, never NULL themselves. */
const char *const *bwdir_user_roles(const struct bwdir_user *user);
const char *const *bwdir_user_accounts(const struct bwdir_user *user);

/* Calls VISIT with the name of each user whose owner is the user of that
 * name, as far as the connection may see them. */
enum bwdir_status
bwdir_user_each_owned(struct bwdir_directory *directory, const char *name,
                      void (*visit)(const char *owned, void *closure),
                      void *closure,
                      struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * The name of the user that the connection is bound as, the caller's to
 * free(3); NULL when it is nobody below ou=people, the root DN for example.
 */
char *bwdir_directory_self(const struct bwdir_directory *directory);

/*
 * Where the entry of a user of that name is, for a login as him; BASE NULL is
 * the configured one.  The caller's to free(3); NULL when no user can have
 * that name, and when out of memory.
 */
char *bwdir_user_dn(const struct bwdir_config *config, const char *base,
                    const char *name);

/* ---- how a user stands -------------------------------------------------- */

/* What can be said of a user at a time; several may be true at once. */
enum bwdir_condition_word {
    BWDIR_IS_ACTIVE = 1 << 0, /* may sign in where his access method allows */
    BWDIR_IS_VERIFIED = 1 << 1,
    BWDIR_IS_UNVERIFIED = 1 << 2,
    BWDIR_IS_DISABLED = 1 << 3,
    BWDIR_IS_LOCKED = 1 << 4,       /* by wrong guesses */
    BWDIR_IS_PASSWORDLESS = 1 << 5, /* none was ever set */
    BWDIR_IS_TO_CHANGE = 1 << 6,    /* the password was reset */
    BWDIR_IS_EXPIRED = 1 << 7,
    BWDIR_IS_EXPIRING = 1 << 8, /* and is warned of it */
    BWDIR_IS_MALFORMED = 1 << 9 /* the access method is not known */
};
#define BWDIR_CONDITION_WORDS 10

/* "active", "must-change"; NULL for what is not one of them. */
const char *bwdir_condition_name(unsigned word);
bool bwdir_condition_from_name(const char *name, unsigned *word);

struct bwdir_condition {
    unsigned is; /* bitwise or of enum bwdir_condition_word */

    bool changed_known; /* false: no password was ever set */
    int64_t changed;    /* the password, seconds since the epoch */
    int64_t max_age;    /* of it, in seconds; 0: it does not age */
    int64_t expiry;     /* the last second at which it is good */
    int days_left;      /* to expiry, rounded up; 0: over; -1: does not age */
    int64_t grace_left; /* binds after expiry */

    bool ends; /* disabled from a time on, which may be to come */
    int64_t end;
    int64_t locked_until; /* 0: until somebody unlocks */
};

/* By the rules of the one decision, at WHEN; nothing is read or written. */
void bwdir_user_condition(const struct bwdir_user *user, int64_t when,
                          struct bwdir_condition *condition);

/*
 * Which users.  Zero and NULL: whichever; several values of one member: any
 * of them; several members: all of them.
 */
struct bwdir_user_query {
    const char *const *names;    /* '*' stands for any characters */
    const char *const *roles;    /* keywords */
    const char *const *accounts; /* numbers */
    const char *const *access;   /* names of access-method records */
    const char *level;
    unsigned conditions; /* bitwise or of enum bwdir_condition_word */
    int expiring_within; /* days from 1 on; nobody whose password is expired */
    int64_t when;        /* the time for these two */
};

/*
 * bwdir_user_list() for those who match.  In pages (RFC 2696) and in flat
 * memory; a page has the time of one operation, VISIT takes as long as it
 * likes.  A list that the server cuts is BWDIR_UNAVAILABLE.
 */
enum bwdir_status
bwdir_user_search(struct bwdir_directory *directory,
                  const struct bwdir_user_query *query,
                  bool (*visit)(const struct bwdir_user *user,
                                const struct bwdir_detail *why, void *closure),
                  void *closure, struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* ---- roles and accounts ------------------------------------------------- */

struct bwdir_role; /* one of the twelve: keyword, label, description, needs */
enum bwdir_status bwdir_role_get(struct bwdir_directory *directory,
                                 const char *keyword, struct bwdir_role **role,
                                 struct bwdir_detail *why) BWDIR_CHECK_RESULT;
/* As bwdir_user_search(): for a role that is malformed VISIT gets NULL, and
 * what is wrong with it. */
enum bwdir_status
bwdir_role_list(struct bwdir_directory *directory,
                bool (*visit)(const struct bwdir_role *role,
                              const struct bwdir_detail *why, void *closure),
                void *closure, struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void bwdir_role_free(struct bwdir_role **role);
const char *bwdir_role_keyword(const struct bwdir_role *role);
const char *bwdir_role_label(const struct bwdir_role *role);
const char *bwdir_role_description(const struct bwdir_role *role);
/* The product an account of the user must have, or NULL. */
const char *bwdir_role_product(const struct bwdir_role *role);

struct bwdir_account;
enum bwdir_status
bwdir_account_get(struct bwdir_directory *directory, const char *number,
                  struct bwdir_account **account,
                  struct bwdir_detail *why) BWDIR_CHECK_RESULT;
/* A record that is malformed is ACCOUNT NULL, and WHY says what is wrong. */
enum bwdir_status bwdir_account_list(
    struct bwdir_directory *directory,
    bool (*visit)(const struct bwdir_account *account,
                  const struct bwdir_detail *why, void *closure),
    void *closure, struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void bwdir_account_free(struct bwdir_account **account);
const char *bwdir_account_number(const struct bwdir_account *account);
const char *const *bwdir_account_products(const struct bwdir_account *account);
/* Its name for a person, or NULL. */
const char *bwdir_account_label(const struct bwdir_account *account);
/* The user names of its admins, as far as the connection may see them. */
const char *const *bwdir_account_admins(const struct bwdir_account *account);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
