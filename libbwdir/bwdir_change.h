/*
 * The plans of the life of a user and of accounts.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_PUBLIC_CHANGE_H
#define BWDIR_PUBLIC_CHANGE_H

#include "bwdir_mail.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

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
    /* pwdEndTime and pwdAccountLockedTime, as the directory holds them; may be
     * NULL. */
    const char *end;
    const char *lock;
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

/* Whether a visible user has this mail address, whatever the case of its
 * letters; the one of the name BUT does not count, who may be NULL. */
enum bwdir_status
bwdir_user_mail_taken(struct bwdir_directory *directory, const char *mail,
                      const char *but, bool *taken,
                      struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* ---- the life of a user ------------------------------------------------- */

/*
 * Plans that change USER, as the directory holds him; nothing is written yet.
 * The server permits them to those who administer all accounts of the user,
 * and to nobody for himself: BWDIR_NOT_PERMITTED where that is known before.
 * Without FORCE no account is left without an admin who is not disabled, as
 * far as the connection may see it: BWDIR_BAD_VALUE names the account.
 *
 * plan_disable: from WHEN (seconds since the epoch) on the user signs in
 * nowhere.  Connections and sessions that he has go on; a code that would be
 * good after WHEN goes, and is owed.  *plan NULL: all is so.  BWDIR_BAD_VALUE
 * for a WHEN that slapd would read as another time, and for one to come of a
 * user who is disabled now: until then he could sign in.
 */
enum bwdir_status
bwdir_user_plan_disable(struct bwdir_directory *directory,
                        const struct bwdir_user *user, int64_t when,
                        bool force, struct bwdir_plan **plan,
                        struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/* The end is taken away, and a lock that only an administrator ends
 * (slapo-ppolicy(5)); there must be one of them. */
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
 * whose owner he is, sign-up credentials.  What FORCE is about is looked at
 * again at the moment of the change.
 */
enum bwdir_status
bwdir_user_plan_delete(struct bwdir_directory *directory,
                       const struct bwdir_user *user, bool force,
                       struct bwdir_plan **plan,
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
/* He is put back unverified, and is owed a code. */
bool bwdir_backup_wants_code(const struct bwdir_backup *backup);

/*
 * Whether the file can be put back as it is, by itself: BWDIR_BAD_VALUE where
 * it has no hash, and a value that the directory took of the user himself is
 * none that a new user may have.
 */
enum bwdir_status
bwdir_backup_check(const struct bwdir_backup *backup,
                   struct bwdir_detail *why) BWDIR_CHECK_RESULT;

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

/* Who is told of what cannot be put back: "account", "5500002", "it is not
 * there". */
struct bwdir_restore_report {
    void (*left_out)(const char *what, const char *name, const char *why,
                     void *closure);
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
 * for CODE with the user's own phone and mail.
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

/* The plan that marks the user's credential for CODE as delivered now.  When
 * that is not found the code is void. */
enum bwdir_status bwdir_verification_plan_delivered(
    struct bwdir_directory *directory, const struct bwdir_user *user,
    const struct bwdir_secret *code, struct bwdir_plan **plan,
    struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * The plan that takes away the credentials that stand now, *plan NULL where
 * none does.  Who issues a code makes it before and applies it when the new
 * one is marked: so of several who deliver at once nobody takes away a code
 * that is newer than his own.
 */
enum bwdir_status bwdir_verification_plan_void(
    struct bwdir_directory *directory, const struct bwdir_user *user,
    struct bwdir_plan **plan, struct bwdir_detail *why) BWDIR_CHECK_RESULT;

/*
 * The plan that leaves one of several codes that were issued at once, *plan
 * NULL where there is one only: for who has marked his CODE, when those that
 * stood before are gone.  Of the later ones, by the server's time and then by
 * name, one that is marked overtakes it, so that it goes too, as it does where
 * the user is verified by now; all the earlier ones go.  BWDIR_NOT_FOUND: it
 * is overtaken and gone already.
 */
enum bwdir_status bwdir_verification_plan_single(
    struct bwdir_directory *directory, const struct bwdir_user *user,
    const struct bwdir_secret *code, bool *overtaken, struct bwdir_plan **plan,
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

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
