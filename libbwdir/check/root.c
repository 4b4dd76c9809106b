/*
 * Who is past the access rules: identities that SASL names are mapped to, and
 * the passwords of root DNs, of which olcRootPW holds one in readable form if
 * an administrator has put it there so.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checkup.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "../dir/search.h"
#include "../place.h"
#include "../strlist.h"

static void
not_seen(struct bwdir_checkup *checkup, enum bwdir_status status,
         const struct bwdir_detail *why)
{
    if (status == BWDIR_OK || status == BWDIR_NOT_FOUND ||
        status == BWDIR_NOT_PERMITTED)
        (void)check_stands_behind(checkup, &check_hidden_config);
    else
        check_not_looked(checkup, why->text);
}

/* Every entry of cn=config that has a root DN; BWDIR_NOT_FOUND where none is
 * to be seen. */
static enum bwdir_status
each_database(struct dir_connection *connection,
              bool (*visit)(const struct dir_entry *entry, void *closure),
              void *closure, struct bwdir_detail *why)
{
    static const char *const attributes[] = {"olcRootDN", "olcRootPW", NULL};
    const struct dir_search search = {.base = "cn=config",
                                      .scope = DIR_SCOPE_ONE,
                                      .filter = "(olcDatabase=*)",
                                      .attributes = attributes};

    return dir_search_all(connection, &search, visit, closure, why);
}

/* ---- olcRootPW ---- */

struct passwords {
    struct bwdir_checkup *checkup;
    size_t seen;
    size_t weak;
};

/* Whoever reads it knows the password, or finds it in a table. */
static bool
is_weak(const char *value)
{
    static const char *const schemes[] = {"{CLEARTEXT}", "{MD5}", "{SHA}"};

    if (value[0] != '{')
        return true;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncasecmp(value, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

static bool
judge_password(const struct dir_entry *entry, void *closure)
{
    struct passwords *passwords = closure;
    const char *value = NULL;

    passwords->seen++;
    if (dir_entry_at_most_one(entry, "olcRootPW", &value, NULL) != BWDIR_OK ||
        value == NULL || !is_weak(value))
        return true;
    passwords->weak++;
    bwdir_checkup_remedy(passwords->checkup,
                         "put what slappasswd(8) prints in its place, or take "
                         "it away: root needs none over ldapi");
    bwdir_checkup_warn(passwords->checkup,
                       "%s: olcRootPW is in clear, or hashed without salt",
                       dir_entry_dn(entry));
    return true;
}

void
check_server_root_password(struct bwdir_checkup *checkup)
{
    struct dir_connection *connection = check_connection(checkup);
    struct passwords passwords = {.checkup = checkup};
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    if (connection == NULL)
        return;
    status = each_database(connection, judge_password, &passwords, &why);
    if (status != BWDIR_OK || passwords.seen == 0)
        not_seen(checkup, status, &why);
    else if (passwords.weak == 0)
        bwdir_checkup_ok(checkup, "in no database readable");
}

/* ---- olcAuthzRegexp ---- */

struct mapping {
    char *pattern;
    char *to; /* a DN or an LDAP URI, with $1 … $9 for parts of the name */
};

struct mapper {
    struct bwdir_checkup *checkup;
    struct dir_connection *connection;
    char **roots;
    bool failed;
};

static bool
note_root(const struct dir_entry *entry, void *closure)
{
    struct mapper *mapper = closure;
    const char *root = NULL;

    (void)dir_entry_at_most_one(entry, "olcRootDN", &root, NULL);
    mapper->failed = root != NULL && !bwdir_strings_add(&mapper->roots, root);
    return !mapper->failed;
}

/* The next word of TEXT, which may stand in quotes, cut off in place. */
static char *
cut_word(char **text)
{
    char *word = *text + strspn(*text, " ");
    bool quoted = *word == '"';
    char *end;

    if (quoted)
        word++;
    for (end = word; *end != '\0' && *end != (quoted ? '"' : ' '); end++)
        if (*end == '\\' && end[1] != '\0')
            end++;
    *text = *end == '\0' ? end : end + 1;
    *end = '\0';
    return word;
}

/* {N}PATTERN TO, as slapd writes it. */
static struct mapping
take_apart(char *value)
{
    struct mapping mapping;

    if (value[0] == '{' && strchr(value, '}') != NULL)
        value = strchr(value, '}') + 1;
    mapping.pattern = cut_word(&value);
    mapping.to = cut_word(&value);
    return mapping;
}

/* root's process, and ours: who is the one needs no mapping, and who is the
 * other has asked for it. */
static bool
is_ours(const struct mapping *mapping)
{
    const unsigned long uids[] = {0, geteuid()};
    char end[96];

    for (size_t i = 0; i < 2; i++) {
        size_t length = strlen(mapping->pattern);
        size_t tail = (size_t)snprintf(
            end, sizeof end,
            "\\+uidNumber=%lu,cn=peercred,cn=external,cn=auth", uids[i]);

        if (length > tail &&
            strcasecmp(mapping->pattern + length - tail, end) == 0 &&
            strncasecmp(mapping->pattern, "gidNumber=", 10) == 0 &&
            strspn(mapping->pattern + 10, "0123456789") == length - tail - 10)
            return true;
    }
    return false;
}

static bool
is_part(const char *text)
{
    return text[0] == '$' && isdigit((unsigned char)text[1]);
}

/* Whether the name made of TO can be DN, any text in the place of a part. */
static bool
can_be(const char *to, const char *dn)
{
    const char *after = NULL, *mark = NULL;

    while (*dn != '\0') {
        if (is_part(to)) {
            after = to += 2;
            mark = dn;
        } else if (*to == ' ') {
            to++;
        } else if (*dn == ' ') {
            dn++;
        } else if (tolower((unsigned char)*to) ==
                   tolower((unsigned char)*dn)) {
            to++;
            dn++;
        } else if (after != NULL) {
            to = after;
            dn = ++mark;
        } else {
            return false;
        }
    }
    while (is_part(to) || *to == ' ')
        to += is_part(to) ? 2 : 1;
    return *to == '\0';
}

/* A search may find whom it likes, but below ou=people only users. */
static bool
searches_elsewhere(const struct mapper *mapper, const char *to)
{
    char *people =
        bwdir_place_dn(mapper->checkup->base, BWDIR_PLACE_PEOPLE, NULL);
    const char *base = strstr(to, "///");
    size_t length;
    bool elsewhere = true;

    if (people != NULL && base != NULL) {
        base += 3;
        length = strcspn(base, "?");
        elsewhere =
            length != strlen(people) || strncasecmp(base, people, length) != 0;
    }
    free(people);
    return elsewhere;
}

static bool
is_operator(const struct mapper *mapper, const char *dn)
{
    static const char *const none[] = {"1.1", NULL};
    char *group = bwdir_place_dn(mapper->checkup->base, BWDIR_PLACE_SERVICES,
                                 "operators");
    char *filter = dir_filter("(member=%s)", dn);
    const struct dir_search search = {.base = group,
                                      .scope = DIR_SCOPE_BASE,
                                      .filter = filter,
                                      .attributes = none};
    struct dir_entry *entry = NULL;
    bool found =
        group != NULL && filter != NULL &&
        dir_search_one(mapper->connection, &search, &entry, NULL) == BWDIR_OK;

    dir_entry_free(&entry);
    free(filter);
    free(group);
    return found;
}

static bool
is_service(const struct mapper *mapper, const char *dn)
{
    char *services =
        bwdir_place_dn(mapper->checkup->base, BWDIR_PLACE_SERVICES, NULL);
    char *name = NULL;
    bool is = services != NULL &&
              dir_dn_child(dn, "cn", services, &name) == BWDIR_OK;

    free(name);
    free(services);
    return is;
}

/* Whom the mapping can make a caller that has more rights than a user, or
 * NULL. */
static const char *
privilege_of(const struct mapper *mapper, const char *to)
{
    if (strncasecmp(to, "ldap", 4) == 0)
        return searches_elsewhere(mapper, to)
                   ? "whom a search outside of ou=people finds"
                   : NULL;
    for (char **root = mapper->roots; root != NULL && *root != NULL; root++)
        if (can_be(to, *root))
            return "a root DN";
    if (is_service(mapper, to))
        return "an identity of ou=services";
    return is_operator(mapper, to) ? "an operator" : NULL;
}

/* False when it maps somebody to who has more rights than a user. */
static bool
judge_mapping(const struct mapper *mapper, const char *value)
{
    char *copy = strdup(value);
    struct mapping mapping;
    const char *privilege = NULL;

    if (copy == NULL)
        return true;
    mapping = take_apart(copy);
    if (!is_ours(&mapping))
        privilege = privilege_of(mapper, mapping.to);
    if (privilege != NULL) {
        bwdir_checkup_remedy(mapper->checkup,
                             "take it out of olcAuthzRegexp of cn=config, or "
                             "map to uid=$1,ou=people,%s",
                             mapper->checkup->base);
        bwdir_checkup_warn(mapper->checkup, "%s becomes %s, %s",
                           mapping.pattern, mapping.to, privilege);
    }
    free(copy);
    return privilege == NULL;
}

static void
judge_mappings(const struct mapper *mapper, const struct dir_entry *entry)
{
    const char *const *values;
    struct bwdir_detail why = {""};
    size_t count = 0, wrong = 0;

    if (dir_entry_all(entry, "olcAuthzRegexp", &values, &why) != BWDIR_OK) {
        check_not_looked(mapper->checkup, why.text);
        return;
    }
    for (; values[count] != NULL; count++)
        wrong += judge_mapping(mapper, values[count]) ? 0 : 1;
    if (wrong == 0)
        bwdir_checkup_ok(
            mapper->checkup,
            "nobody but root and you becomes more than a user (%zu mappings)",
            count);
}

void
check_server_mappings(struct bwdir_checkup *checkup)
{
    static const char *const attributes[] = {"olcAuthzRegexp", NULL};
    const struct dir_search search = {.base = "cn=config",
                                      .scope = DIR_SCOPE_BASE,
                                      .filter = "(objectClass=*)",
                                      .attributes = attributes};
    struct mapper mapper = {.checkup = checkup,
                            .connection = check_connection(checkup)};
    struct dir_entry *entry = NULL;
    struct bwdir_detail why = {""};
    enum bwdir_status status;

    if (mapper.connection == NULL)
        return;
    status = each_database(mapper.connection, note_root, &mapper, &why);
    if (status == BWDIR_OK && !mapper.failed && mapper.roots != NULL)
        status = dir_search_one(mapper.connection, &search, &entry, &why);
    if (entry != NULL && status == BWDIR_OK)
        judge_mappings(&mapper, entry);
    else
        not_seen(checkup, status, &why);
    dir_entry_free(&entry);
    bwdir_strings_free(&mapper.roots);
}
