/*
 * The records under ou=access: each there, and each still doing what it is
 * for.  Numbers may be an installation's own (pwdMaxAge of dashboard is the
 * place to change the 90 days); what must not change is listed here.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checkup.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../dir/search.h"
#include "../place.h"

/* What a value has to be. */
enum rule {
    IS,       /* exactly this text, and no other value */
    AT_LEAST, /* one number, this or greater */
    NO_LIMIT  /* absent or 0 */
};

struct demand {
    const char *attribute;
    enum rule rule;
    const char *value;
    const char *why;
};

static const struct demand of_people[] = {
    {"pwdAttribute", IS, "userPassword", "nothing else is a password here"},
    {"pwdCheckQuality", IS, "2", "weak or hashed passwords would be taken"},
    {"pwdMinLength", AT_LEAST, "10", "shorter passwords are guessed"},
    {"pwdInHistory", AT_LEAST, "1", "the old password could be set again"},
    {"pwdLockout", IS, "TRUE", "guesses would be free"},
    {"pwdMaxFailure", AT_LEAST, "1", "guesses would be free"},
    {"pwdAllowUserChange", IS, "TRUE", "users could not change passwords"},
    {NULL, IS, NULL, NULL},
};
static const struct demand of_dashboard[] = {
    {"bwAllows", IS, "dashboard", "it is what the name says"},
    {"pwdMaxAge", AT_LEAST, "86400", "passwords would never be renewed"},
    {"pwdGraceAuthnLimit", AT_LEAST, "3",
     "who comes a day late could not change the password"},
    {"pwdMustChange", IS, "TRUE", "passwords set by others would stay"},
    {NULL, IS, NULL, NULL},
};
static const struct demand of_api[] = {
    {"bwAllows", IS, "api", "it is what the name says"},
    {"pwdMaxAge", NO_LIMIT, NULL, "programs would stop on that day"},
    {"pwdMinAge", AT_LEAST, "1", "slapd would keep no time of change"},
    {NULL, IS, NULL, NULL},
};
static const struct demand of_both[] = {
    {"pwdMaxAge", NO_LIMIT, NULL, "programs would stop on that day"},
    {"pwdMinAge", AT_LEAST, "1", "slapd would keep no time of change"},
    {NULL, IS, NULL, NULL},
};
static const struct demand of_codes[] = {
    {"pwdAttribute", IS, "userPassword", "nothing else is a password here"},
    {"pwdMaxAge", AT_LEAST, "60", "codes would be valid for ever"},
    {"pwdLockout", IS, "TRUE", "guesses would be free"},
    {"pwdMaxFailure", AT_LEAST, "1", "guesses would be free"},
    {"bwAllows", NO_LIMIT, NULL, "nobody signs in under it"},
    {NULL, IS, NULL, NULL},
};
static const struct demand of_service[] = {
    {"pwdAttribute", IS, "userPassword", "nothing else is a password here"},
    {"pwdLockout", IS, "FALSE", "anybody could lock the daemon out"},
    {"pwdMaxAge", NO_LIMIT, NULL, "the daemon would stop on that day"},
    {"bwAllows", NO_LIMIT, NULL, "nobody signs in under it"},
    {NULL, IS, NULL, NULL},
};

static const struct {
    const char *name;
    const struct demand *demands[2];
} records[] = {
    {"dashboard", {of_people, of_dashboard}},
    {"api", {of_people, of_api}},
    {"dashboard-api", {of_people, of_both}},
    {"verification", {of_codes, NULL}},
    {"reset", {of_codes, NULL}},
    {"service", {of_service, NULL}},
};

#define RECORDS (sizeof records / sizeof *records)

static bool
is_met(const struct dir_entry *entry, const struct demand *demand)
{
    const char *value = NULL;

    if (dir_entry_at_most_one(entry, demand->attribute, &value, NULL) !=
        BWDIR_OK)
        return false;
    switch (demand->rule) {
    case IS:
        return value != NULL && strcasecmp(value, demand->value) == 0;
    case AT_LEAST:
        return value != NULL &&
               strtoll(value, NULL, 10) >= strtoll(demand->value, NULL, 10);
    case NO_LIMIT:
        return value == NULL || strcmp(value, "0") == 0;
    }
    return false;
}

static void
tell_unmet(struct bwdir_checkup *checkup, const struct dir_entry *entry,
           const struct demand *demand)
{
    const char *dn = dir_entry_dn(entry);
    const char *value = NULL;

    (void)dir_entry_at_most_one(entry, demand->attribute, &value, NULL);
    if (demand->rule == NO_LIMIT)
        bwdir_checkup_remedy(checkup, "ldapmodify: delete %s of %s",
                             demand->attribute, dn);
    else
        bwdir_checkup_remedy(checkup, "ldapmodify: %s of %s: %s%s",
                             demand->attribute, dn, demand->value,
                             demand->rule == AT_LEAST ? " or more" : "");
    bwdir_checkup_fail(checkup, "%s: %s %s: %s", dn, demand->attribute,
                       value != NULL ? value : "is not one value",
                       demand->why);
}

/* True when every demand is met. */
static bool
judge(struct bwdir_checkup *checkup, const struct dir_entry *entry,
      const struct demand *demand)
{
    bool all = true;

    for (; demand != NULL && demand->attribute != NULL; demand++)
        if (!is_met(entry, demand)) {
            tell_unmet(checkup, entry, demand);
            all = false;
        }
    return all;
}

/* Told once: the rest cannot be asked either. */
static bool
read_record(struct bwdir_checkup *checkup, struct dir_connection *connection,
            size_t i, bool *fit)
{
    static const char *const attributes[] = {"*", NULL};
    struct dir_search search = {.scope = DIR_SCOPE_BASE,
                                .filter = "(objectClass=pwdPolicy)",
                                .attributes = attributes};
    struct dir_entry *entry = NULL;
    struct bwdir_detail why = {""};
    enum bwdir_status status = BWDIR_NO_MEMORY;
    char *dn =
        bwdir_place_dn(checkup->base, BWDIR_PLACE_ACCESS, records[i].name);

    search.base = dn;
    if (dn != NULL)
        status = dir_search_one(connection, &search, &entry, &why);
    if (status == BWDIR_OK) {
        for (size_t j = 0; j < 2; j++)
            *fit = judge(checkup, entry, records[i].demands[j]) && *fit;
    } else if (status == BWDIR_NOT_FOUND) {
        bwdir_checkup_remedy(checkup, "bwdir-init puts it there again");
        bwdir_checkup_fail(
            checkup, "%s: no such policy record, or hidden from you", dn);
        *fit = false;
    } else {
        check_not_looked(checkup, why.text);
    }
    dir_entry_free(&entry);
    free(dn);
    return status == BWDIR_OK || status == BWDIR_NOT_FOUND;
}

void
check_policy_records(struct bwdir_checkup *checkup)
{
    struct dir_connection *connection = check_connection(checkup);
    bool fit = true;

    if (connection == NULL)
        return;
    for (size_t i = 0; i < RECORDS; i++)
        if (!read_record(checkup, connection, i, &fit))
            return;
    if (fit)
        bwdir_checkup_ok(checkup, "%zu records do what they are for", RECORDS);
}

/* ---- pwdMinDelay ---- */

struct delays {
    struct bwdir_checkup *checkup;
    bool found;
};

static bool
tell_delay(const struct dir_entry *entry, void *closure)
{
    struct delays *delays = closure;

    delays->found = true;
    bwdir_checkup_remedy(delays->checkup,
                         "ldapmodify: delete pwdMinDelay and pwdMaxDelay of "
                         "%s",
                         dir_entry_dn(entry));
    bwdir_checkup_fail(delays->checkup,
                       "%s: pwdMinDelay: slapd before 2.5.15 crashes at the "
                       "next wrong password",
                       dir_entry_dn(entry));
    return true;
}

void
check_policy_delay(struct bwdir_checkup *checkup)
{
    static const char *const none[] = {"1.1", NULL};
    struct dir_connection *connection = check_connection(checkup);
    const struct dir_search search = {.base = checkup->base,
                                      .scope = DIR_SCOPE_SUBTREE,
                                      .filter = "(pwdMinDelay=*)",
                                      .attributes = none};
    struct delays delays = {checkup, false};
    struct bwdir_detail why = {""};

    if (connection == NULL)
        return;
    if (dir_search_all(connection, &search, tell_delay, &delays, &why) !=
        BWDIR_OK)
        check_not_looked(checkup, why.text);
    else if (!delays.found)
        bwdir_checkup_ok(checkup, "no entry has one");
}
