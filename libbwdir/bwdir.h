/*
 * libbwdir: users, roles, accounts and access methods of a bwdir directory,
 * and the one decision: may this user, with this secret, use this service
 * now?
 *
 * Order of calls: load a configuration, open a directory (tools) or a sign-in
 * context (the daemon), ask, close.  Every function that can fail returns
 * enum bwdir_status and, through the last parameter, one bounded sentence for
 * a person; that parameter may be NULL.
 *
 * Threads: the library keeps no mutable global data.  One object belongs to
 * one thread at a time; different objects may be used in parallel.
 *
 * Ownership: an object that a function returns through a ** parameter belongs
 * to the caller, who gives it back to the matching _free or _close function.
 * These take the address of the pointer, accept a NULL object, wipe what is
 * secret and set the pointer to NULL.  Strings and arrays that a getter
 * returns belong to the object and live as long as it does.  On failure ** is
 * set to NULL.
 *
 * The library never exits, never writes to a stream, and to a log only what a
 * caller hands to bwdir_log_write().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_H
#define BWDIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "bwdir_status.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

#define BWDIR_CHECK_RESULT __attribute__((warn_unused_result))

/* The one sentence that goes with a status.  Never contains a secret. */
struct bwdir_detail {
    char text[384];
};

/* Limits, in bytes without the terminating NUL. */
#define BWDIR_USER_NAME_MAX 32
#define BWDIR_PASSWORD_MAX 512
#define BWDIR_PASSWORD_MIN 10 /* pwdMinLength of the shipped policies */
#define BWDIR_PHONE_DIGITS 10
#define BWDIR_CODE_CHARS 20 /* without hyphens; 23 as printed */

/* A few fixed English words for a status; never NULL. */
const char *bwdir_strerror(enum bwdir_status status);

/* The name of a status, for logs and programs: "bad-credentials". */
const char *bwdir_status_name(enum bwdir_status status);

/* ---- logs --------------------------------------------------------------- */

/*
 * One line of a log, key=value with fixed keys, for everything that bwdir
 * logs: a value with a byte outside 0x21-0x7e, a quote or a backslash stands
 * in double quotes, with \xNN for such a byte (blanks stay).  What does not
 * fit is left out.
 */
#define BWDIR_LINE_MAX 4096
struct bwdir_line {
    size_t used;
    char text[BWDIR_LINE_MAX];
};
void bwdir_line_start(struct bwdir_line *line);
void bwdir_line_text(struct bwdir_line *line, const char *key,
                     const char *value);
void bwdir_line_bytes(struct bwdir_line *line, const char *key,
                      const char *value, size_t length);
void bwdir_line_number(struct bwdir_line *line, const char *key,
                       int64_t number);

/* Where lines go: syslog(3), authpriv, or a file that is only appended to. */
struct bwdir_log {
    int fd; /* -1: syslog */
    const char *program;
};

/*
 * TARGET is "syslog" or an absolute path: created with mode 0640, never
 * through a symbolic link.  PROGRAM is kept.  False with errno set; lines then
 * go to syslog.
 */
bool bwdir_log_open(struct bwdir_log *log, const char *program,
                    const char *target);
void bwdir_log_close(struct bwdir_log *log);

/* In a new process: a connection and a process id of its own. */
void bwdir_log_reopen(const struct bwdir_log *log);

/* One write(2) for a line, so that lines of several processes never mix.
 * PRIORITY as in syslog(3). */
void bwdir_log_write(const struct bwdir_log *log, int priority,
                     const char *text);

/* LOG_INFO for a success, LOG_ERR where something is broken, else
 * LOG_NOTICE. */
int bwdir_log_priority(enum bwdir_status status);

/* ---- secrets ------------------------------------------------------------ */

/*
 * A password, a code or a key: pointer and length in guarded memory
 * (sodium_malloc(3)), wiped when freed.  May hold any byte; a NUL that is not
 * counted follows the last one.
 */
struct bwdir_secret;

/* A copy of LENGTH bytes.  The caller still has to wipe BYTES. */
enum bwdir_status
bwdir_secret_new(const void *bytes, size_t length,
                 struct bwdir_secret **secret) BWDIR_CHECK_RESULT;

/*
 * The whole content of a file, which must be a regular file, not a symbolic
 * link, that belongs to root or to the effective user and that nobody else
 * may read or write; one newline at the end is dropped.  At most
 * BWDIR_PASSWORD_MAX bytes.  BWDIR_CONFIG when the file is not fit.
 */
enum bwdir_status
bwdir_secret_from_file(const char *path, struct bwdir_secret **secret,
                       struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* The same for a file that is another program's: it must belong to root or to
 * OWNER. */
enum bwdir_status
bwdir_secret_from_file_of(const char *path, uid_t owner,
                          struct bwdir_secret **secret,
                          struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* Whom a file is to belong to; only root can give one away. */
struct bwdir_file_owner {
    uid_t uid;
    gid_t gid;
};

/*
 * Writes a file of mode 0400 that OWNER (NULL: the effective user) alone can
 * read, whole and on the disk or not at all.  BWDIR_EXISTS when there is one
 * and it is not to be replaced; BWDIR_CONFIG when it cannot be written.
 */
enum bwdir_status
bwdir_secret_to_file(const struct bwdir_secret *secret, const char *path,
                     const struct bwdir_file_owner *owner, bool replace,
                     struct bwdir_detail *why) BWDIR_CHECK_RESULT;

const char *bwdir_secret_bytes(const struct bwdir_secret *secret);
size_t bwdir_secret_length(const struct bwdir_secret *secret);
void bwdir_secret_free(struct bwdir_secret **secret);

/* ---- sign-up codes ------------------------------------------------------ */

/*
 * A new code of 100 random bits, as it is printed:
 * XXXXX-XXXXX-XXXXX-XXXXX in base32 without look-alikes.
 */
enum bwdir_status
bwdir_code_new(struct bwdir_secret **code) BWDIR_CHECK_RESULT;

/*
 * True when TEXT has the shape of a code: 20 characters of the alphabet, in
 * either case, hyphens anywhere.
 */
bool bwdir_code_has_shape(const char *text, size_t length);

/* ---- configuration ------------------------------------------------------ */

struct bwdir_config;

#define BWDIR_CONFIG_FILE_VARIABLE "BWDIR_CONF" /* read by tools only */

/*
 * Reads bwdir.conf(5).  The file must belong to root or the effective user
 * and must not be writable by others.  Unknown options, doubled options and
 * values out of range are BWDIR_CONFIG; the detail names file, line and
 * option.  The environment is not read.
 */
enum bwdir_status
bwdir_config_load(const char *path, struct bwdir_config **config,
                  struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void bwdir_config_free(struct bwdir_config **config);

/*
 * The value of an option, named as in bwdir.conf(5) with a dot between
 * section and option ("mail.from", "bwdird.socket", "base"); its default, or
 * NULL when it has neither.  Naming an unknown option is a bug and aborts.
 */
const char *bwdir_config_text(const struct bwdir_config *config,
                              const char *option);
long bwdir_config_number(const struct bwdir_config *config,
                         const char *option);

/*
 * The user of the host whose programs read the secret file of a section, so
 * that it may belong to him: bwdird.user for "bwdird", and "bwdir-mail", as
 * whom the units of bwdir-mail(8) and bwdir-remind(8) run, for "outbox" and
 * "mail".  NULL for another section.
 */
const char *bwdir_config_reader(const struct bwdir_config *config,
                                const char *section);

/*
 * bwdir_secret_from_file() of the file that OPTION names, which is not NULL,
 * for example "outbox.secret-file".  Root also reads the file that belongs to
 * bwdir_config_reader(), so that what a unit does as that user can be done by
 * hand as well.
 */
enum bwdir_status
bwdir_config_secret(const struct bwdir_config *config, const char *option,
                    struct bwdir_secret **secret,
                    struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* ---- directory ---------------------------------------------------------- */

/* An open, authenticated connection to the directory. */
struct bwdir_directory;

/*
 * Who connects and where.  A NULL member means: what the section says (a
 * section is "tools", "outbox" or "bwdird" of bwdir.conf(5)).  If bind_dn is
 * set, password must be; if sasl_mech is set ("EXTERNAL"), bind_dn must not.
 */
struct bwdir_login {
    const char *section;                 /* required */
    const char *uri;                     /* instead of the configured list */
    const char *base;                    /* instead of the configured base */
    const char *bind_dn;                 /* simple bind, RFC 4513 5.1.3 */
    const struct bwdir_secret *password; /* never empty, RFC 4513 5.1.2 */
    const char *sasl_mech;
    const char *why; /* the reason that plans carry; NULL: none was given */
};

/*
 * Connects to the first server that answers, negotiates TLS where the URI is
 * not ldapi (ldaps, or ldap with mandatory StartTLS) and binds.
 * BWDIR_UNAVAILABLE, BWDIR_BAD_CREDENTIALS, BWDIR_CONFIG.
 */
enum bwdir_status
bwdir_directory_open(const struct bwdir_config *config,
                     const struct bwdir_login *login,
                     struct bwdir_directory **directory,
                     struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void bwdir_directory_close(struct bwdir_directory **directory);

/*
 * Connects anew, as the same identity, after BWDIR_UNAVAILABLE: to another
 * server where there is one.  On failure the directory stays as it is.
 */
enum bwdir_status
bwdir_directory_reopen(struct bwdir_directory *directory,
                       struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* The authorization identity, "dn:…" (RFC 4532), as the server told it. */
const char *bwdir_directory_whoami(const struct bwdir_directory *directory);

/* ---- times -------------------------------------------------------------- */

#define BWDIR_TIME_SIZE 21 /* "2026-12-24T18:00:00Z" and its NUL */

/*
 * A time of ISO 8601 in UTC, "2026-12-24" (its first second),
 * "2026-12-24T18:00Z" or with seconds, or a distance from NOW in days, "+91d"
 * or "-1d".  False, and *seconds untouched, for anything else.
 */
bool bwdir_time_parse(const char *text, int64_t now, int64_t *seconds);

/* The form with seconds; "-" when the year is not 0 to
 * 9999. */
void bwdir_time_format(int64_t seconds, char text[BWDIR_TIME_SIZE]);

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
enum bwdir_status
bwdir_role_list(struct bwdir_directory *directory,
                bool (*visit)(const struct bwdir_role *role, void *closure),
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

/* ---- plans -------------------------------------------------------------- */

/*
 * A list of directory changes with who makes them (the authorization identity
 * that the server told), why (as the login said) and what they are for.
 */
struct bwdir_plan;

#define BWDIR_WHY_MAX 200 /* bytes of a reason */

/*
 * The plan as LDIF (RFC 2849) behind a comment that begins as the line of the
 * log does, up to why=.  Passwords and hashes are replaced by a comment.  TEXT
 * is the caller's to free(3).
 */
enum bwdir_status bwdir_plan_ldif(const struct bwdir_plan *plan,
                                  char **text) BWDIR_CHECK_RESULT;

/*
 * Applies the changes in order and stops at the first that is refused; what
 * was done before that is taken back, and WHY names what cannot be.
 * BWDIR_EXISTS, BWDIR_NOT_PERMITTED, BWDIR_BAD_VALUE, BWDIR_UNAVAILABLE …
 */
enum bwdir_status
bwdir_plan_apply(struct bwdir_directory *directory,
                 const struct bwdir_plan *plan,
                 struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void bwdir_plan_free(struct bwdir_plan **plan);

/* What became of a plan. */
struct bwdir_outcome {
    const struct bwdir_plan *plan;
    enum bwdir_status status;
    const char *reason; /* the detail of a failure, else "" */
    size_t done;        /* steps that were carried out, of all */
    size_t undone;      /* of these, taken back after a failure */
    int64_t ms;         /* how long it took */
};

/*
 * OBSERVE is called each time bwdir_plan_apply() has come to an end, also
 * when the server refused: so nothing is written over this connection that a
 * log does not tell.  OUTCOME lives as long as the call.
 */
void bwdir_directory_observe(
    struct bwdir_directory *directory,
    void (*observe)(const struct bwdir_outcome *outcome, void *closure),
    void *closure);

/*
 * Appends an outcome to a log line: event=plan what= entry= who= why= steps=
 * status= reason= ms=, entry being that of the first change.
 */
void bwdir_outcome_line(const struct bwdir_outcome *outcome,
                        struct bwdir_line *line);

/*
 * Appends changes=: each entry with the attributes that change; values only of
 * those that say who may do what, never a name, an address or a secret.
 */
void bwdir_outcome_changes(const struct bwdir_outcome *outcome,
                           struct bwdir_line *line);

/* ---- adding a user ------------------------------------------------------ */

/* What an administrator states.  Strings are the caller's. */
struct bwdir_user_draft {
    const char *name; /* [a-z][a-z0-9._-]{0,31} */
    const char *first;
    const char *last;
    const char *mail;
    const char *phone;           /* ten digits */
    const char *level;           /* "admin" or "basic" */
    unsigned access;             /* bitwise or of enum bwdir_access_kind */
    const char *const *roles;    /* keywords, NULL-terminated; may be NULL */
    const char *const *accounts; /* numbers, NULL-terminated; may be NULL */
    const char *const *administers; /* of these; NULL: with level admin, all */
    const char *end; /* pwdEndTime, as the directory holds it; may be NULL */
    const struct bwdir_secret *password; /* may be NULL: the user sets it */
    const char *owner; /* another user name of the person; may be NULL */
};

/*
 * Checks one field of a draft by itself, as a prompt wants it; FIELD is the
 * long option's name ("phone").  BWDIR_BAD_VALUE with the field, the value
 * and what would be right.  An unknown field is BWDIR_INTERNAL.
 */
enum bwdir_status
bwdir_field_check(const char *field, const char *value,
                  struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * A new password by itself: its length, no control characters, neither of a
 * code's nor of a stored hash's shape.  BWDIR_REFUSED with words for a
 * person.
 */
enum bwdir_status
bwdir_password_check(const struct bwdir_secret *password,
                     struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * The plan that adds the user: every field checked, the roles and accounts
 * looked up.  Nothing is written.  BWDIR_BAD_VALUE, BWDIR_EXISTS (the name is
 * taken), BWDIR_NOT_PERMITTED (an account that does not exist or that the
 * connection does not administer), BWDIR_UNAVAILABLE.
 */
enum bwdir_status bwdir_user_plan_add(
    struct bwdir_directory *directory, const struct bwdir_user_draft *draft,
    struct bwdir_plan **plan, struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* ---- changing a user ---------------------------------------------------- */

/* What is to be different; NULL, 0 and empty lists: it stays. */
struct bwdir_user_change {
    const char *first;
    const char *last;
    const char *mail;
    const char *phone;
    const char *level; /* admin: of all his accounts; basic: of none */
    const char *owner; /* a user name; "": none */
    unsigned access;   /* bitwise or of enum bwdir_access_kind */
    const char *const *add_roles;
    const char *const *remove_roles;
    const char *const *add_accounts;
    const char *const *remove_accounts;
    /* Accounts of his that he is to administer, with level and role of an
     * administrator; and such that he is not to administer any more, without
     * these once there is none left. */
    const char *const *administer;
    const char *const *give_up;
    bool force; /* an account may be left without an admin */
};

/*
 * The plan that changes USER, in the order of requests that the access rules
 * demand; *plan NULL when nothing is different.  A new mail or phone of a
 * verified user takes him back to unverified; the mails that tell of the
 * change are owed.  Everything is looked at before anything is returned:
 * OBJECT, which may be NULL, is told each thing that is wrong, and the status
 * is that of the first.  BWDIR_BAD_VALUE, BWDIR_NOT_PERMITTED (an account that
 * does not exist or that the connection does not administer; oneself, but for
 * names, mail and phone), BWDIR_UNAVAILABLE.
 */
enum bwdir_status bwdir_user_plan_change(
    struct bwdir_directory *directory, const struct bwdir_user *user,
    const struct bwdir_user_change *change,
    void (*object)(enum bwdir_status status, const struct bwdir_detail *why,
                   void *closure),
    void *closure, struct bwdir_plan **plan,
    struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* How USER would stand at WHEN with another access method. */
enum bwdir_status
bwdir_user_foresee_access(struct bwdir_directory *directory,
                          const struct bwdir_user *user, unsigned access,
                          int64_t when, struct bwdir_condition *condition,
                          struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* ---- changing accounts -------------------------------------------------- */

/* A new account, without admins; LABEL and PRODUCTS may be NULL.
 * BWDIR_EXISTS, BWDIR_BAD_VALUE. */
enum bwdir_status
bwdir_account_plan_add(struct bwdir_directory *directory, const char *number,
                       const char *label, const char *const *products,
                       struct bwdir_plan **plan,
                       struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* Products more and less; *plan NULL when it is so already. */
enum bwdir_status bwdir_account_plan_products(
    struct bwdir_directory *directory, const struct bwdir_account *account,
    const char *const *add, const char *const *remove,
    struct bwdir_plan **plan, struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* Whether another visible user has this mail address. */
enum bwdir_status
bwdir_user_mail_taken(struct bwdir_directory *directory, const char *mail,
                      bool *taken,
                      struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* ---- mail that is owed -------------------------------------------------- */

/* What a mail is about. */
enum bwdir_mail {
    BWDIR_MAIL_SIGN_UP,           /* a code; the user sets a password */
    BWDIR_MAIL_SIGN_UP_CONFIRM,   /* a code; the password is set already */
    BWDIR_MAIL_RESET,             /* a code that sets a new password */
    BWDIR_MAIL_CONFIRM,           /* a code that confirms a new mail, phone */
    BWDIR_MAIL_ADDRESS_CHANGED,   /* to the address that is no longer used */
    BWDIR_MAIL_ACCESS_CHANGED,    /* access method, level, roles, accounts */
    BWDIR_MAIL_PASSWORD_EXPIRING, /* a reminder */
    BWDIR_MAIL_PASSWORD_EXPIRED,
    BWDIR_MAIL_REFUSED /* to an account admin: a user's mail was refused */
};
#define BWDIR_MAILS (BWDIR_MAIL_REFUSED + 1)

/* A mail that a user is owed. */
struct bwdir_owed;

void bwdir_owed_free(struct bwdir_owed **owed);
const struct bwdir_user *bwdir_owed_user(const struct bwdir_owed *owed);
enum bwdir_mail bwdir_owed_mail(const struct bwdir_owed *owed);
/* False: only marks are left that nobody need be told of. */
bool bwdir_owed_is_mail(const struct bwdir_owed *owed);
/* Where it goes to: the user's mail, or one that he had before. */
const char *bwdir_owed_address(const struct bwdir_owed *owed);
/* False: somebody delivers it just now, or it waits after a failed try. */
bool bwdir_owed_is_due(const struct bwdir_owed *owed);
/* Of a mail that is not due: until when it waits, and why. */
struct bwdir_wait {
    int64_t until; /* seconds since the epoch */
    bool full;     /* the address has had its mails of today */
    long attempts; /* that have failed; 0: somebody delivers it */
};
void bwdir_owed_wait(const struct bwdir_owed *owed, struct bwdir_wait *wait);
/* For BWDIR_MAIL_REFUSED the name of the user whose mail was refused. */
const char *bwdir_owed_about(const struct bwdir_owed *owed);
/* The word for a kind of mail: "sign-up", "address-changed". */
const char *bwdir_mail_word(enum bwdir_mail mail);
/* Whether it brings a code. */
bool bwdir_mail_has_code(enum bwdir_mail mail);

/*
 * Whether the connection may take mail in hand, so that what is listed is all
 * that there is.  BWDIR_NOT_PERMITTED: it may for no user that it sees.
 */
enum bwdir_status
bwdir_outbox_check(struct bwdir_directory *directory,
                   struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * Calls VISIT for each user who is owed a mail at NOW (seconds since the
 * epoch), with the one that is to go out first; in pages and in flat memory.
 * A user that cannot be mapped is visited with OWED NULL and the detail that
 * names the entry.  Stops when VISIT returns false.  OWED is VISIT's only
 * during the call.  For the outbox's identity, like all that follows but
 * bwdir_outbox_reserve() and bwdir_outbox_has_place().
 */
enum bwdir_status
bwdir_outbox_list(struct bwdir_directory *directory, int64_t now,
                  bool (*visit)(const struct bwdir_owed *owed,
                                const struct bwdir_detail *why, void *closure),
                  void *closure, struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * Takes the next mail of the user of that name in hand: for BWDIR_CLAIM
 * seconds nobody else does.  Marks that nobody need be told of go with it.
 * BWDIR_NOT_FOUND: there is none, or somebody else has it, or it is to wait.
 * Whoever has taken a mail settles it.
 */
#define BWDIR_CLAIM 120
enum bwdir_status
bwdir_outbox_take(struct bwdir_directory *directory, const char *name,
                  int64_t now, struct bwdir_owed **owed,
                  struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* A mail that is about to be handed over.  Strings and user are the
 * caller's. */
struct bwdir_posting {
    const struct bwdir_user *user;
    const char *address;
    enum bwdir_mail mail;
    int64_t now;
};

/*
 * Takes one of the BWDIR_MAILS_A_DAY places that an address has in a day
 * (UTC), whichever user it belongs to, so that nobody is flooded; to be called
 * right before a mail is handed over.  BWDIR_NOT_ALLOWED: none is left, or
 * the user himself has had BWDIR_MAILS_OF_USER mails today.  One place of
 * either is kept for a code.  *place, the caller's to free(3), is to be given
 * back by bwdir_outbox_settle() for a mail that was certainly not taken.
 */
#define BWDIR_MAILS_A_DAY 3
#define BWDIR_MAILS_OF_USER 9
enum bwdir_status
bwdir_outbox_reserve(struct bwdir_directory *directory,
                     const struct bwdir_posting *posting, char **place,
                     struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * Whether a code to that address, of USER, could go out today: asked before
 * anything is written that makes one necessary.  BWDIR_NOT_ALLOWED, with words
 * for a person: it could not.  What access control hides does not count, so
 * only bwdir_outbox_reserve() is sure.
 */
enum bwdir_status
bwdir_outbox_has_place(struct bwdir_directory *directory,
                       const struct bwdir_user *user, const char *address,
                       int64_t now,
                       struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* What became of a mail that was taken in hand. */
struct bwdir_settlement {
    /*
     * BWDIR_OK: handed over; BWDIR_REFUSED: refused for good, which the admins
     * of the user's accounts are told of, once; BWDIR_NOT_ALLOWED: not today;
     * BWDIR_NOT_FOUND: nothing to tell any more; everything else: later, after
     * 1, 2, 4 ... at most 60 minutes.
     */
    enum bwdir_status status;
    const char *answer; /* of the mail server; for BWDIR_REFUSED */
    const char *unused; /* a place to give back, or NULL */
    int64_t now;
};
enum bwdir_status
bwdir_outbox_settle(struct bwdir_directory *directory,
                    const struct bwdir_owed *owed,
                    const struct bwdir_settlement *settlement,
                    struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * A reminder that is to be owed: the password of a user nears its end or has
 * passed it, by the one decision, so that nobody is reminded who is never made
 * to renew it, who is disabled or who is unverified.
 */
struct bwdir_reminder {
    const struct bwdir_user *user;
    int days;       /* the threshold: 14, 7 or 1; 0: expired */
    int64_t expiry; /* seconds since the epoch */
    bool is_new;    /* false: it, or a later one, was owed before */
};

/*
 * Calls VISIT for each user for whom a reminder is in force at WHEN, in pages
 * and in flat memory; a user that cannot be mapped is visited with REMINDER
 * NULL and the detail that names the entry.  Stops when VISIT returns false.
 * For the outbox's identity.
 */
enum bwdir_status bwdir_reminder_list(
    struct bwdir_directory *directory, int64_t when,
    bool (*visit)(const struct bwdir_reminder *reminder,
                  const struct bwdir_detail *why, void *closure),
    void *closure, struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * From now on the user is owed the mail, which bwdir-mail(8) delivers, and
 * this reminder is not new any more: both in one Modify, which works for one
 * of several who do it at once.  May be called from VISIT.  BWDIR_NOT_FOUND:
 * somebody else was first, or the reminder is not new.
 */
enum bwdir_status
bwdir_reminder_owe(struct bwdir_directory *directory,
                   const struct bwdir_reminder *reminder,
                   struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* Forgets which addresses mail servers have refused; how many users had one.
 */
enum bwdir_status
bwdir_outbox_forget_refusals(struct bwdir_directory *directory, long *count,
                             struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * Which code the user of that name is to get when one is asked for: the one
 * that is owed, else of the kind that was issued last, else what the state of
 * an unverified user says.  For account admins too.
 */
enum bwdir_status
bwdir_outbox_code(struct bwdir_directory *directory,
                  const struct bwdir_user *user, enum bwdir_mail *mail,
                  struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * A code has reached USER without bwdir_outbox_take(): it is no longer owed,
 * and his address is one that takes mail.  For account admins.
 */
enum bwdir_status
bwdir_outbox_code_sent(struct bwdir_directory *directory,
                       const struct bwdir_user *user,
                       struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * What a mail server has answered when it refused mail to the user of that
 * name, "ADDRESS: TEXT", the caller's to free(3).  BWDIR_NOT_FOUND: it is no
 * longer so.
 */
enum bwdir_status
bwdir_outbox_refusal(struct bwdir_directory *directory, const char *name,
                     char **refusal,
                     struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* What a user is still to confirm and to be told. */
struct bwdir_pending {
    /* The sign-up credential for his present mail and phone. */
    bool hidden; /* there is one, and who asks may not see it */
    bool code;   /* there is one */
    bool delivered;
    bool sets_password;
    bool ends; /* the last second at which the code is good is known */
    int64_t end;

    /* NULL-terminated, never NULL. */
    char **owed;    /* words of bwdir_mail_word() */
    char **refused; /* "ADDRESS TEXT", the answers of mail servers */
};

/*
 * As far as the connection may see it, at NOW.  *pending is to be given back
 * to bwdir_pending_free().
 */
enum bwdir_status
bwdir_user_pending(struct bwdir_directory *directory,
                   const struct bwdir_user *user, int64_t now,
                   struct bwdir_pending **pending,
                   struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void bwdir_pending_free(struct bwdir_pending **pending);

/* ---- the life of a user ------------------------------------------------- */

/*
 * Whether USER may be disabled or deleted without leaving an account that has
 * no other admin, as far as the connection may see it: BWDIR_BAD_VALUE names
 * that account.  What bwdir_user_plan_change() looks at without its force.
 */
enum bwdir_status
bwdir_user_can_leave(struct bwdir_directory *directory,
                     const struct bwdir_user *user,
                     struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * Plans that change USER, as the directory holds him; nothing is written yet.
 * The server permits them to those who administer all accounts of the user,
 * and to nobody for himself.
 *
 * plan_disable: from WHEN (seconds since the epoch) on the user signs in
 * nowhere.  Connections and sessions that he has go on.  BWDIR_BAD_VALUE for a
 * WHEN that slapd would read as another time, and for one to come of a user
 * who is disabled now: until then he could sign in.
 */
enum bwdir_status
bwdir_user_plan_disable(struct bwdir_directory *directory,
                        const struct bwdir_user *user, int64_t when,
                        struct bwdir_plan **plan,
                        struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* The end is taken away; there must be one. */
enum bwdir_status
bwdir_user_plan_enable(struct bwdir_directory *directory,
                       const struct bwdir_user *user, struct bwdir_plan **plan,
                       struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* A lock by wrong guesses is opened; there must be one. */
enum bwdir_status
bwdir_user_plan_unlock(struct bwdir_directory *directory,
                       const struct bwdir_user *user, struct bwdir_plan **plan,
                       struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * Back to unverified and owed a code that sets a new password; the old
 * password stays until then.  BWDIR_NOT_ALLOWED: as
 * bwdir_outbox_has_place(), here and below.
 */
enum bwdir_status
bwdir_user_plan_reset(struct bwdir_directory *directory,
                      const struct bwdir_user *user, struct bwdir_plan **plan,
                      struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * USER is owed another code of the kind he has; that one is valid until the
 * mail with the new one is handed over.  BWDIR_BAD_VALUE for a verified user.
 */
enum bwdir_status
bwdir_user_plan_resend(struct bwdir_directory *directory,
                       const struct bwdir_user *user, struct bwdir_plan **plan,
                       struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* Takes that back: no code is owed to USER but by his state.  *plan NULL when
 * there is nothing to take back. */
enum bwdir_status bwdir_user_plan_resend_not(
    struct bwdir_directory *directory, const struct bwdir_user *user,
    struct bwdir_plan **plan, struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* A password that somebody else sets: a person has to change it at once, an
 * API user keeps it. */
enum bwdir_status bwdir_user_plan_password(
    struct bwdir_directory *directory, const struct bwdir_user *user,
    const struct bwdir_secret *password, struct bwdir_plan **plan,
    struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * The user that DIRECTORY is bound as changes his own password, by the
 * Password Modify operation (RFC 3062): the server holds it to its quality and
 * history.  Applying it: BWDIR_REFUSED with words for a person,
 * BWDIR_BAD_CREDENTIALS when OLD_PASSWORD is not right.
 */
enum bwdir_status bwdir_password_plan_change(
    struct bwdir_directory *directory, const struct bwdir_secret *old_password,
    const struct bwdir_secret *new_password, struct bwdir_plan **plan,
    struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * USER goes, after everything that refers to him as far as the connection may
 * see it: role of an administrator, accounts that he administers, other users
 * whose owner he is, sign-up credentials.
 */
enum bwdir_status
bwdir_user_plan_delete(struct bwdir_directory *directory,
                       const struct bwdir_user *user, struct bwdir_plan **plan,
                       struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * What is to be kept of USER before that, as LDIF (RFC 2849) that
 * bwdir_backup_load() reads: his entry and what refers to him.  It holds the
 * password's hash where the connection may read it.  *ldif is the caller's to
 * wipe and free(3).
 */
enum bwdir_status
bwdir_user_backup(struct bwdir_directory *directory,
                  const struct bwdir_user *user, char **ldif,
                  bool *with_password,
                  struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* A user as he was kept. */
struct bwdir_backup;

/*
 * The file must be there, belong to root or the effective user, be closed to
 * others, and hold what bwdir_user_backup() writes and nothing else: else
 * BWDIR_BAD_VALUE.
 */
enum bwdir_status
bwdir_backup_load(struct bwdir_directory *directory, const char *path,
                  struct bwdir_backup **backup,
                  struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void bwdir_backup_free(struct bwdir_backup **backup);
const char *bwdir_backup_name(const struct bwdir_backup *backup);
/* False: he is put back unverified and without a password. */
bool bwdir_backup_has_password(const struct bwdir_backup *backup);

/* Both are of the same user, and NEWER has nothing but a part of the rights
 * and references in OLDER: what is left of him after a deletion that was
 * stopped. */
bool bwdir_backup_is_fuller(const struct bwdir_backup *older,
                            const struct bwdir_backup *newer);

/*
 * Looks for the user before a plan is made.  BWDIR_OK: he is not there
 * (bwdir_backup_is_there()), or he is and may lack rights that the file has;
 * BWDIR_EXISTS: the name is another user's.
 */
enum bwdir_status
bwdir_backup_find(struct bwdir_directory *directory,
                  struct bwdir_backup *backup,
                  struct bwdir_detail *why) BWDIR_CHECK_RESULT;
bool bwdir_backup_is_there(const struct bwdir_backup *backup);

/* Who is told of what cannot be put back: "account", "5500002". */
struct bwdir_restore_report {
    void (*left_out)(const char *what, const char *name, void *closure);
    void *closure;
};

/*
 * The plan that puts the user back, or what is missing of him: *plan NULL when
 * that is nothing.  BWDIR_EXISTS (an entry that the connection cannot see),
 * and whatever bwdir_user_plan_add() answers.
 */
enum bwdir_status bwdir_backup_plan(
    struct bwdir_directory *directory, const struct bwdir_backup *backup,
    const struct bwdir_restore_report *report, struct bwdir_plan **plan,
    struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* The names of the users whose owner he was, NULL-terminated; and the plan
 * that makes him one's owner again, *plan NULL when he is. */
const char *const *bwdir_backup_owned(const struct bwdir_backup *backup);
enum bwdir_status
bwdir_backup_plan_owned(struct bwdir_directory *directory,
                        const struct bwdir_backup *backup, const char *name,
                        struct bwdir_plan **plan,
                        struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* A random password for a program: 32 letters and digits, 190 bits. */
enum bwdir_status
bwdir_password_new(struct bwdir_secret **password) BWDIR_CHECK_RESULT;

/* ---- sign-up credential ------------------------------------------------- */

/*
 * Who delivers the mail issues the code: the plan adds a credential below USER
 * for CODE with the user's own phone and mail, and takes away those that bear
 * no delivery mark.  One that was delivered is valid until this one is.
 * The credential is named after the code's first group, so that a connection
 * which was bound with an earlier code is somebody else.
 * MAIL, one of BWDIR_MAIL_SIGN_UP, _SIGN_UP_CONFIRM, _RESET and _CONFIRM, says
 * whether it may set a password (the first and the third) and how long it is
 * valid: 72 hours, one hour for _RESET (records cn=verification, cn=reset).
 * The plan holds the hash of the code only.
 */
enum bwdir_status bwdir_verification_plan_issue(
    struct bwdir_directory *directory, const struct bwdir_user *user,
    const struct bwdir_secret *code, enum bwdir_mail mail,
    struct bwdir_plan **plan, struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* The plan that takes away the user's credential for CODE. */
enum bwdir_status bwdir_verification_plan_revoke(
    struct bwdir_directory *directory, const struct bwdir_user *user,
    const struct bwdir_secret *code, struct bwdir_plan **plan,
    struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * The plan that takes away every other credential of the user and marks the
 * one for CODE as delivered now.
 */
enum bwdir_status bwdir_verification_plan_delivered(
    struct bwdir_directory *directory, const struct bwdir_user *user,
    const struct bwdir_secret *code, struct bwdir_plan **plan,
    struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* A credential that has been proven: a connection bound with code and phone.
 */
struct bwdir_verification;

/*
 * Proves code and phone.  CODE in any case, hyphens or none; PHONE in the
 * exact stored format.  BWDIR_BAD_CREDENTIALS for every refusal (unknown
 * user, no credential, wrong, locked, past its time), BWDIR_BAD_VALUE for a
 * string that has no code's or phone's shape (nothing is asked then).
 */
enum bwdir_status
bwdir_verification_open(const struct bwdir_config *config, const char *name,
                        const struct bwdir_secret *code, const char *phone,
                        struct bwdir_verification **verification,
                        struct bwdir_detail *why) BWDIR_CHECK_RESULT;
bool bwdir_verification_sets_password(
    const struct bwdir_verification *verification);

/*
 * Verifies the user, sets the password where the credential does (PASSWORD
 * required then, forbidden otherwise) in one Modify, and deletes the
 * credential.  BWDIR_REFUSED: the new password was refused, the credential
 * stands.  BWDIR_BAD_CREDENTIALS: redeemed by somebody else meanwhile, or
 * mail or phone changed since.
 */
enum bwdir_status
bwdir_verification_redeem(struct bwdir_verification *verification,
                          const struct bwdir_secret *password,
                          struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void bwdir_verification_free(struct bwdir_verification **verification);

/* ---- sign-in ------------------------------------------------------------ */

/* Kept connections of the daemon's identity and for binds of users. */
struct bwdir_signin;

/* What a PAM service is and wants.  Strings are the caller's. */
struct bwdir_service {
    /*
     * PAM's name of it, to be looked up among the values of bwService of the
     * access records; NULL: not to be looked up.
     */
    const char *name;
    /* What kind it is; 0: not said, then it is as those records say, and a
     * dashboard service, the stricter, where they say nothing. */
    enum bwdir_access_kind access;
    /* Each element is a comma list of which one must be held; all elements
     * must be met.  NULL-terminated; NULL = nothing wanted. */
    const char *const *require_role;
    const char *const *require_account;
    const char *const *require_level;
};

/*
 * The verdict and what goes with it.  status is BWDIR_OK, BWDIR_MUST_CHANGE
 * or a refusal.  The facts about the user are set only with the first two.
 */
struct bwdir_answer {
    enum bwdir_status status;
    bool password_proven;
    int days_left;     /* to expiry, rounded up; -1: no warning is due */
    char reason[96];   /* for the log: fixed words, never user data */
    char message[192]; /* for the person: why a new password was refused */
    char level[16];
    char access[16];
    char *roles;    /* comma list, "" if none; NULL without facts */
    char *accounts; /* likewise */
    /* The kind of service that was decided for, 0 before that is known, and
     * the bitwise or of the kinds that the records say, 0 for none. */
    enum bwdir_access_kind service_access;
    unsigned service_listed;
};
void bwdir_answer_clear(struct bwdir_answer *answer);

/*
 * Nothing is connected yet; each call connects as needed and reconnects.
 * The configuration must outlive the context.
 */
enum bwdir_status
bwdir_signin_new(const struct bwdir_config *config,
                 struct bwdir_signin **signin,
                 struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void bwdir_signin_free(struct bwdir_signin **signin);

/*
 * Connects ahead of the first question, so that no sign-in pays for it, and
 * gives up at DEADLINE (CLOCK_MONOTONIC in milliseconds).  Failure is
 * harmless; the next call tries again.
 */
enum bwdir_status bwdir_signin_warm(struct bwdir_signin *signin,
                                    int64_t deadline);

/*
 * What was wrong with a server of the directory during the last call, in
 * words for the log; "" when nothing was.  The question may have been
 * answered all the same, by the next server of the list.
 */
const char *bwdir_signin_trouble(const struct bwdir_signin *signin);

/*
 * The four questions.  Each fills ANSWER (clear it afterwards) and returns
 * its status.  DEADLINE is CLOCK_MONOTONIC in milliseconds: past it the
 * answer is BWDIR_UNAVAILABLE.  NEW_PASSWORD may be NULL in change (prove
 * the old one only) and in redeem (where the credential sets a password the
 * status is then BWDIR_NEED_PASSWORD and nothing has been redeemed).
 */
struct bwdir_signin_ask {
    const char *user;
    const struct bwdir_service *service;
    int64_t deadline;
};
enum bwdir_status
bwdir_signin_authenticate(struct bwdir_signin *signin,
                          const struct bwdir_signin_ask *ask,
                          const struct bwdir_secret *password,
                          struct bwdir_answer *answer) BWDIR_CHECK_RESULT;
enum bwdir_status
bwdir_signin_account(struct bwdir_signin *signin,
                     const struct bwdir_signin_ask *ask,
                     struct bwdir_answer *answer) BWDIR_CHECK_RESULT;
enum bwdir_status
bwdir_signin_change(struct bwdir_signin *signin,
                    const struct bwdir_signin_ask *ask,
                    const struct bwdir_secret *old_password,
                    const struct bwdir_secret *new_password,
                    struct bwdir_answer *answer) BWDIR_CHECK_RESULT;
/* What redeems a sign-up credential. */
struct bwdir_redemption {
    const struct bwdir_secret *code;
    const char *phone;
    const struct bwdir_secret *new_password; /* or NULL */
};
enum bwdir_status
bwdir_signin_redeem(struct bwdir_signin *signin,
                    const struct bwdir_signin_ask *ask,
                    const struct bwdir_redemption *redemption,
                    struct bwdir_answer *answer) BWDIR_CHECK_RESULT;

/* ---- why ---------------------------------------------------------------- */

/* What a decision is asked about, for bwdir_explain().  Strings are the
 * caller's. */
struct bwdir_occasion {
    const char *user;
    const struct bwdir_service *service;
    /* True: somebody gives the right password (authenticate).  False: none is
     * looked at (account). */
    bool with_password;
    int64_t when; /* seconds since the epoch; all else is as it is now */
};

/* One rule that was looked at. */
struct bwdir_step {
    const char *name;   /* "disabled" */
    const char *result; /* "ok", or the fixed word for what is in the way */
    char value[200];    /* what it looked at, for a person */
};

#define BWDIR_STEPS_MAX 12

/* A verdict, how it came about, and the first other one that time brings. */
struct bwdir_explanation {
    enum bwdir_status status;
    const char *reason; /* fixed words */
    int days_left;      /* as in struct bwdir_answer */

    enum bwdir_access_kind access; /* the kind of service decided for */
    unsigned listed;               /* and what the access records say */

    size_t step_count; /* the last but for a warning is the one that decided */
    struct bwdir_step steps[BWDIR_STEPS_MAX];

    bool changes; /* the rest is set only then */
    int64_t next_change;
    enum bwdir_status next_status;
    const char *next_reason;
    int next_days_left;
};

/*
 * Makes the decision of bwdir_signin_authenticate() or _account(), with the
 * facts that DIRECTORY's identity sees.  Nobody is bound and nothing is
 * written.  EXPLANATION is the caller's to free(3).  BWDIR_NO_SUCH_USER (also
 * where the connection may not see him, and for local accounts, which are
 * never asked of the directory), BWDIR_NOT_PERMITTED (a part of the entry is
 * hidden), BWDIR_UNAVAILABLE.
 */
enum bwdir_status bwdir_explain(struct bwdir_directory *directory,
                                const struct bwdir_config *config,
                                const struct bwdir_occasion *occasion,
                                struct bwdir_explanation **explanation,
                                struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* ---- identities of programs --------------------------------------------- */

/* The DN of "bwdird", "outbox" or "decoy"; the caller's to free(3).  NULL when
 * out of memory. */
char *bwdir_program_dn(const struct bwdir_directory *directory,
                       const char *name);

/* Whether there is such an entry. */
enum bwdir_status
bwdir_program_exists(struct bwdir_directory *directory, const char *name,
                     bool *exists,
                     struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * The plan that adds the entry, or gives the one that EXISTS another secret.
 * The plan holds the hash of it only.  BWDIR_BAD_VALUE for another name.
 */
enum bwdir_status
bwdir_program_plan(struct bwdir_directory *directory, const char *name,
                   bool exists, const struct bwdir_secret *secret,
                   struct bwdir_plan **plan,
                   struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* ---- installation ------------------------------------------------------- */

/*
 * What the directory should hold, and how that differs from what it holds.
 * The directory must be opened as an identity that may read and write
 * cn=config, and whose rights on the data are those of root in the access
 * rules; a schema file's folder is PKGDATADIR/schema when NULL.
 *
 * There are two parts, as the second can only be seen and written once the
 * first is right: the server's configuration (cn=config), and the entries.
 */
struct bwdir_installation;

enum bwdir_install_part { BWDIR_INSTALL_CONFIG, BWDIR_INSTALL_ENTRIES };

enum bwdir_difference_kind {
    BWDIR_DIFFERENCE_MISSING,  /* the plan adds it */
    BWDIR_DIFFERENCE_OUTDATED, /* as an earlier bwdir or slapd's package wrote
                                  it; the plan replaces it */
    BWDIR_DIFFERENCE_FOREIGN,  /* an administrator has set it otherwise; the
                                  plan replaces it, once he has agreed */
    BWDIR_DIFFERENCE_KEPT,     /* an administrator's, and his to choose */
    BWDIR_DIFFERENCE_OFFLINE   /* cannot be changed while the server runs */
};

/* One difference.  All of it belongs to the installation. */
struct bwdir_difference {
    enum bwdir_difference_kind kind;
    const char *dn;        /* of the entry that differs */
    const char *attribute; /* "": the whole entry */
    const char *name;      /* of one of its values, or NULL: the attribute */
    const char *text;      /* what is, what would be right, what to do */
    const char *old;       /* FOREIGN: the values as LDIF; or NULL */
    const struct bwdir_plan *plan; /* NULL: KEPT and OFFLINE */
};

/*
 * Finds the database that serves the suffix.  BWDIR_NOT_FOUND: none does; the
 * detail names those that there are.  BWDIR_BAD_VALUE: a suffix that access
 * rules cannot hold.  BWDIR_NOT_PERMITTED: the connection does not see
 * cn=config.  The directory must outlive the installation.
 */
enum bwdir_status
bwdir_installation_open(struct bwdir_directory *directory, const char *folder,
                        struct bwdir_installation **installation,
                        struct bwdir_detail *why) BWDIR_CHECK_RESULT;
void bwdir_installation_close(struct bwdir_installation **installation);

/*
 * The plan that makes a database for the suffix where none serves it, with its
 * files in FOLDER, a directory of the server's machine that must exist and
 * belong to the server's user.  To be applied before the installation is
 * opened.  BWDIR_BAD_VALUE, BWDIR_UNAVAILABLE.
 */
enum bwdir_status
bwdir_database_plan_add(struct bwdir_directory *directory, const char *folder,
                        struct bwdir_plan **plan,
                        struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* Looks at one part; what was found before is forgotten.  Differences come in
 * the order in which their plans are to be applied. */
enum bwdir_status
bwdir_installation_compare(struct bwdir_installation *installation,
                           enum bwdir_install_part part,
                           struct bwdir_detail *why) BWDIR_CHECK_RESULT;
size_t bwdir_installation_count(const struct bwdir_installation *installation);
const struct bwdir_difference *
bwdir_installation_difference(const struct bwdir_installation *installation,
                              size_t index);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
#endif
