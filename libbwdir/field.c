/*
 * The fields of a user: what each may hold.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bwdir.h"
#include "detail.h"
#include "shape.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define PERSON_NAME_MAX 64 /* characters of a first or last name, in bytes */
#define LOCAL_PART_MAX 64  /* RFC 5321 4.5.3.1.1 */
#define MAIL_MAX 254       /* a path less its brackets, RFC 5321 4.5.3.1.3 */
#define KEYWORD_MAX 63
/* What a mail's header would take for an encoded word (RFC 2047). */
#define ENCODED_WORD "=?"

/* The uid of a line of passwd(5) when it is NAME's; false when it is not. */
static bool
read_line(char *line, const char *name, unsigned long *uid)
{
    char *rest = line, *end;
    const char *field = strsep(&rest, ":");

    if (strcmp(field, name) != 0 || strsep(&rest, ":") == NULL ||
        (field = strsep(&rest, ":")) == NULL)
        return false;
    *uid = strtoul(field, &end, 10);
    return true;
}

/*
 * Lines of any length: fgetpwent_r(3) stops at one that does not fit in its
 * buffer, and whoever stands behind it would go unseen.
 */
enum bwdir_status
bwdir_name_is_local(const char *passwd_file, const char *name, bool *local)
{
    FILE *file = fopen(passwd_file, "re");
    char *line = NULL;
    size_t size = 0;
    unsigned long uid;
    bool failed;

    *local = true;
    if (file == NULL)
        return BWDIR_UNAVAILABLE;
    *local = false;
    while (!*local && getline(&line, &size, file) >= 0)
        *local = read_line(line, name, &uid) && (uid < 1000 || uid == 65534);
    failed = ferror(file) != 0 || (!*local && !feof(file));
    free(line);
    fclose(file);
    return failed ? BWDIR_UNAVAILABLE : BWDIR_OK;
}

/* Length of the UTF-8 sequence at TEXT (RFC 3629), 0 when it is not one. */
static size_t
utf8_length(const unsigned char *text)
{
    static const struct {
        unsigned char first, last; /* of the first byte */
        unsigned char second, second_last;
        size_t length;
    } forms[] = {
        {0x00, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2},
        {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4},
        {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (*text < forms[i].first || *text > forms[i].last)
            continue;
        if (forms[i].length > 1 &&
            (text[1] < forms[i].second || text[1] > forms[i].second_last))
            return 0;
        for (size_t at = 2; at < forms[i].length; at++)
            if ((text[at] & 0xc0) != 0x80)
                return 0;
        return forms[i].length;
    }
    return 0;
}

/* UTF-8 without control characters, C1 among them. */
static bool
is_plain_text(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;

    while (*at != '\0') {
        size_t length = utf8_length(at);

        if (length == 0 || *at < 0x20 || *at == 0x7f ||
            (*at == 0xc2 && at[1] < 0xa0))
            return false;
        at += length;
    }
    return true;
}

static bool
is_person_name(const char *value)
{
    return *value != '\0' && strlen(value) <= PERSON_NAME_MAX &&
           value[0] != ' ' && value[strlen(value) - 1] != ' ' &&
           is_plain_text(value) && strstr(value, ENCODED_WORD) == NULL;
}

static bool
is_domain(const char *domain)
{
    const char *label = domain;

    for (;;) {
        size_t length = strspn(label, LOWER UPPER DIGITS "-");

        if (length == 0 || length > 63 || label[0] == '-' ||
            label[length - 1] == '-')
            return false;
        if (label[length] == '\0')
            return true;
        if (label[length] != '.')
            return false;
        label += length + 1;
    }
}

/* Local-part as a Dot-string (RFC 5321 4.1.2), domain by names. */
static bool
is_mail(const char *value)
{
    size_t length = strspn(value, LOWER UPPER DIGITS "!#$%&'*+-/=?^_`{|}~.");

    return strlen(value) <= MAIL_MAX && strstr(value, ENCODED_WORD) == NULL &&
           length > 0 && length <= LOCAL_PART_MAX && value[length] == '@' &&
           value[0] != '.' && value[0] != '-' && value[length - 1] != '.' &&
           strstr(value, "..") == NULL && is_domain(value + length + 1);
}

static bool
is_level(const char *value)
{
    enum bwdir_level level;

    return bwdir_level_from_name(value, &level);
}

static bool
is_access(const char *value)
{
    return strcmp(value, "dashboard") == 0 || strcmp(value, "api") == 0;
}

static bool
is_access_record(const char *value)
{
    return is_access(value) || strcmp(value, "dashboard-api") == 0;
}

/* A user name, any letters of which may be '*'. */
static bool
is_name_pattern(const char *value)
{
    return *value != '\0' &&
           value[strspn(value, LOWER DIGITS "._-*")] == '\0' &&
           strlen(value) <= 2 * BWDIR_USER_NAME_MAX;
}

static bool
is_keyword(const char *value)
{
    return *value != '\0' && strchr("._-", *value) == NULL &&
           strlen(value) <= KEYWORD_MAX &&
           value[strspn(value, LOWER DIGITS "._-")] == '\0';
}

static bool
is_reason(const char *value)
{
    return *value != '\0' && strlen(value) <= BWDIR_WHY_MAX &&
           is_plain_text(value);
}

static const struct {
    const char *field;
    const char *label;
    bool (*valid)(const char *value);
    const char *wanted;
} fields[] = {
    {"name", "user name", bwdir_shape_is_name,
     "a lower-case letter wanted, then letters a-z, digits, '.', '_' or '-', "
     "at most 32 in all, for example jdoe"},
    {"first", "first name", is_person_name,
     "1 to 64 bytes of text wanted, no blanks at the ends, no control "
     "characters, no \"=?\", for example Jane"},
    {"last", "last name", is_person_name,
     "1 to 64 bytes of text wanted, no blanks at the ends, no control "
     "characters, no \"=?\", for example Doe"},
    {"mail", "mail", is_mail,
     "an address wanted, for example jdoe@example.com"},
    {"phone", "phone", bwdir_shape_is_phone,
     "ten digits wanted, for example 9195551234"},
    {"level", "level", is_level, "admin or basic wanted"},
    {"access", "access", is_access, "dashboard or api wanted"},
    {"access-record", "access", is_access_record,
     "dashboard, api or dashboard-api wanted"},
    {"pattern", "user name", is_name_pattern,
     "letters a-z, digits, '.', '_', '-' wanted, and '*' for any of them, "
     "for example j*"},
    {"role", "role", is_keyword,
     "a role's keyword wanted, for example ordering"},
    {"product", "product", is_keyword,
     "a product's keyword wanted, for example uc"},
    {"display-name", "display name", is_person_name,
     "1 to 64 bytes of text wanted, no blanks at the ends, no control "
     "characters, no \"=?\", for example Example Company"},
    {"account", "account", is_keyword,
     "an account number wanted, for example 5500001"},
    {"why", "why", is_reason,
     "1 to 200 bytes of text wanted, no control characters, for example "
     "\"ticket 4711\""},
};

enum bwdir_status
bwdir_field_check(const char *field, const char *value,
                  struct bwdir_detail *why)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (strcmp(fields[i].field, field) != 0)
            continue;
        if (fields[i].valid(value))
            return BWDIR_OK;
        return bwdir_fail(why, BWDIR_BAD_VALUE, "%s \"%.64s\": %s",
                          fields[i].label, value, fields[i].wanted);
    }
    return bwdir_fail(why, BWDIR_INTERNAL, "field \"%s\" is not known", field);
}

static bool
has_control_byte(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7f)
            return true;
    return false;
}

/* "{SCHEME}…": a server would take it for a stored hash (RFC 3112). */
static bool
looks_hashed(const char *bytes)
{
    return bytes[0] == '{' && strchr(bytes, '}') != NULL;
}

enum bwdir_status
bwdir_password_check(const struct bwdir_secret *password,
                     struct bwdir_detail *why)
{
    const char *bytes = bwdir_secret_bytes(password);
    size_t length = bwdir_secret_length(password);

    if (length < BWDIR_PASSWORD_MIN)
        return bwdir_fail(why, BWDIR_REFUSED,
                          "the password is too short: at least %d characters "
                          "wanted",
                          BWDIR_PASSWORD_MIN);
    if (length > BWDIR_PASSWORD_MAX)
        return bwdir_fail(why, BWDIR_REFUSED,
                          "the password is too long: at most %d bytes wanted",
                          BWDIR_PASSWORD_MAX);
    if (has_control_byte(bytes, length))
        return bwdir_fail(why, BWDIR_REFUSED,
                          "the password holds a control character");
    if (looks_hashed(bytes))
        return bwdir_fail(why, BWDIR_REFUSED,
                          "the password begins like a stored hash, with "
                          "{...}: choose another");
    if (bwdir_code_has_shape(bytes, length))
        return bwdir_fail(why, BWDIR_REFUSED,
                          "the password looks like a sign-up code: choose "
                          "another");
    return BWDIR_OK;
}
