/*
 * What everything else rests on: details, logs, secrets, sign-up codes, the
 * configuration, the connection to the directory, times.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_PUBLIC_BASE_H
#define BWDIR_PUBLIC_BASE_H

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

/* True when TEXT can be the DN of a login, or its base (RFC 4514); whether
 * there is such an entry only the server knows. */
bool bwdir_is_dn(const char *text);

/* What a URI of a directory server has to be, "ldapi:///, ... wanted"; NULL
 * where TEXT is one. */
const char *bwdir_uri_objection(const char *text);

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

/*
 * True for a user of this host, *UID, who came over ldapi and whom the server
 * makes nobody of the directory (olcAuthzRegexp): the rules give him nothing.
 * Root is none, for he has rights of his own.
 */
bool bwdir_directory_is_stranger(const struct bwdir_directory *directory,
                                 unsigned long *uid);

/*
 * True where the server lets the user do nothing but change his password, or
 * not even this: an administrator has set it, or has reset it.
 */
bool bwdir_directory_is_to_change(const struct bwdir_directory *directory);

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

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif
