/*
 * What the values of bwdir.conf(5) must be.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "configuration_check.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

static bool
starts_with(const char *value, const char *prefix)
{
    return strncmp(value, prefix, strlen(prefix)) == 0;
}

/* One line, no control characters. */
static bool
is_text(const char *value)
{
    if (*value == '\0')
        return false;
    for (; *value != '\0'; value++)
        if ((unsigned char)*value < 0x20 || *value == 0x7f)
            return false;
    return true;
}

const char *
check_text(const char *value)
{
    return is_text(value) ? NULL : "a text without control characters wanted";
}

const char *
check_dn(const char *value)
{
    const char *equals = strchr(value, '=');

    return is_text(value) && equals != NULL && equals != value
               ? NULL
               : "a DN wanted, for example dc=example,dc=com";
}

const char *
check_path(const char *value)
{
    return is_text(value) && value[0] == '/' ? NULL
                                             : "an absolute path wanted";
}

const char *
check_socket(const char *value)
{
    struct sockaddr_un address;

    if (strlen(value) >= sizeof(address.sun_path))
        return "an absolute path of at most 107 bytes wanted";
    return check_path(value);
}

/*
 * "HOST", "HOST:PORT" or the like with at most a slash after it.  A blank or
 * comma would make libldap see a list, '?' and what follows a search; '@' and
 * '\\' are no host's.
 */
static bool
is_host(const char *host)
{
    size_t length = strcspn(host, "/");

    if (length == 0 || (host[length] == '/' && host[length + 1] != '\0'))
        return false;
    return is_text(host) && strpbrk(host, " ,?#@\\\"<>") == NULL;
}

const char *
check_uri(const char *value)
{
    const char *path = value + strlen("ldapi://");

    if (starts_with(value, "ldapi://") &&
        (*path == '\0' || strcmp(path, "/") == 0 || is_host(path)))
        return NULL;
    if (starts_with(value, "ldaps://") && is_host(value + 8))
        return NULL;
    if (starts_with(value, "ldap://") && is_host(value + 7))
        return NULL;
    return "ldapi:///, ldapi://%2Fpath%2Fto%2Fsocket, ldaps://HOST or "
           "ldap://HOST wanted";
}

const char *
check_mechanism(const char *value)
{
    return strcmp(value, "EXTERNAL") == 0 ? NULL : "EXTERNAL wanted";
}

const char *
check_workers(const char *value)
{
    size_t digits = strspn(value, "0123456789");
    int number = 0;

    if (digits == 0 || digits > 2 || value[digits] != '\0')
        return "a number from 1 to 64 wanted";
    for (; *value != '\0'; value++)
        number = number * 10 + (*value - '0');
    return number >= 1 && number <= 64 ? NULL : "a number from 1 to 64 wanted";
}

const char *
check_log(const char *value)
{
    if (strcmp(value, "syslog") == 0 || check_path(value) == NULL)
        return NULL;
    return "syslog or an absolute path wanted";
}

const char *
check_transport(const char *value)
{
    if (strcmp(value, "maildir") == 0 || strcmp(value, "smtp") == 0 ||
        strcmp(value, "sendmail") == 0)
        return NULL;
    return "maildir, smtp or sendmail wanted";
}

const char *
check_smtp_uri(const char *value)
{
    if (starts_with(value, "smtps://") && is_host(value + 8))
        return NULL;
    if (starts_with(value, "smtp://") && is_host(value + 7))
        return NULL;
    return "smtps://HOST or smtp://HOST wanted";
}

const char *
check_mail(const char *value)
{
    const char *at = strchr(value, '@');

    return is_text(value) && at != NULL && at != value && at[1] != '\0'
               ? NULL
               : "a mail address wanted, for example accounts@example.com";
}
