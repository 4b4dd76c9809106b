/*
 * The rights of programs and of nobody: tried, not reckoned.  Reading is tried
 * by searches, writing by a Modify under the No-Op control that would put
 * back what is there.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checkup.h"

#include <stdlib.h>
#include <string.h>

#include "../dir/search.h"
#include "../dir/trial.h"
#include "../place.h"
#include "../secret.h"

/* ---- reading ---- */

/* What is looked for among the first users. */
struct peek {
    const char *const *forbidden;
    const char *found;
    size_t left;
};

static bool
peek_at(const struct dir_entry *entry, void *closure)
{
    struct peek *peek = closure;

    /* Too much of what was asked for, and that is what is forbidden. */
    if (dir_entry_check(entry, NULL) != BWDIR_OK) {
        peek->found = "attributes";
        return false;
    }
    for (const char *const *name = peek->forbidden; *name != NULL; name++)
        if (dir_entry_count(entry, *name) > 0) {
            peek->found = *name;
            return false;
        }
    return --peek->left > 0;
}

/* The first of the attributes that can be read of a user; NULL for none. */
static enum bwdir_status
read_forbidden(struct dir_connection *connection, const char *people,
               const char *const *forbidden, const char **found,
               struct bwdir_detail *why)
{
    struct dir_search search = {.base = people,
                                .scope = DIR_SCOPE_ONE,
                                .filter = "(objectClass=*)",
                                .attributes = forbidden};
    struct peek peek = {.forbidden = forbidden, .left = 500};
    enum bwdir_status status =
        dir_search_all(connection, &search, peek_at, &peek, why);

    *found = peek.found;
    return status;
}

/* ---- writing ---- */

/* An attribute of the user, or of a record, that no program may write. */
struct attempt {
    enum bwdir_place place;
    const char *name; /* NULL: the first that is found */
    const char *attribute;
};

static const struct attempt attempts[] = {
    {BWDIR_PLACE_PEOPLE, NULL, "bwAdministrationLevel"},
    {BWDIR_PLACE_PEOPLE, NULL, "bwVerificationState"},
    {BWDIR_PLACE_PEOPLE, NULL, "pwdPolicySubentry"},
    {BWDIR_PLACE_PEOPLE, NULL, "mail"},
    {BWDIR_PLACE_PEOPLE, NULL, "userPassword"},
    {BWDIR_PLACE_ACCOUNTS, NULL, "cn"},
    {BWDIR_PLACE_ACCESS, "dashboard", "bwAllows"},
    {BWDIR_PLACE_SERVICES, "operators", "description"},
};

struct target {
    char *dn;
    char *value;
};

static bool
take_target(const struct dir_entry *entry, void *closure)
{
    struct target *target = closure;

    target->dn = strdup(dir_entry_dn(entry));
    return false;
}

/* The DN of what is to be tried at; left NULL where there is nothing. */
static enum bwdir_status
find_target(struct dir_connection *connection, const char *base,
            const struct attempt *attempt, struct target *target,
            struct bwdir_detail *why)
{
    static const char *const none[] = {"1.1", NULL};
    char *unit = bwdir_place_dn(base, attempt->place, attempt->name);
    const struct dir_search search = {
        .base = unit,
        .scope = attempt->name != NULL ? DIR_SCOPE_BASE : DIR_SCOPE_ONE,
        .filter = "(objectClass=*)",
        .attributes = none};
    enum bwdir_status status = BWDIR_NO_MEMORY;

    if (unit != NULL)
        status = dir_search_all(connection, &search, take_target, target, why);
    free(unit);
    return status == BWDIR_NOT_FOUND ? BWDIR_OK : status;
}

/* What stands there; left NULL where nothing does. */
static enum bwdir_status
read_value(struct dir_connection *connection, const struct attempt *attempt,
           struct target *target, struct bwdir_detail *why)
{
    const char *const attributes[] = {attempt->attribute, NULL};
    const struct dir_search search = {.base = target->dn,
                                      .scope = DIR_SCOPE_BASE,
                                      .filter = "(objectClass=*)",
                                      .attributes = attributes};
    struct dir_entry *entry = NULL;
    const char *value = NULL;
    enum bwdir_status status =
        dir_search_one(connection, &search, &entry, why);

    if (status == BWDIR_OK &&
        dir_entry_at_most_one(entry, attempt->attribute, &value, NULL) ==
            BWDIR_OK &&
        value != NULL)
        target->value = strdup(value);
    dir_entry_free(&entry);
    return status;
}

/* A password cannot be put back, as nobody can read it; one that is never
 * stored is tried. */
static enum bwdir_status
try_password(struct dir_connection *who, const char *dn, enum dir_trial *trial,
             struct bwdir_detail *why)
{
    struct dir_change change = {DIR_REPLACE, "userPassword", NULL, NULL};
    struct bwdir_secret *secret = NULL;
    enum bwdir_status status = bwdir_secret_random(32, &secret);

    change.secret = secret;
    if (status == BWDIR_OK)
        status = dir_try_modify(who, dn, &change, 1, trial, why);
    bwdir_secret_free(&secret);
    return status;
}

/* TRIAL is REFUSED where there is nothing to try at. */
static enum bwdir_status
try_attempt(struct bwdir_checkup *checkup, struct dir_connection *who,
            const struct attempt *attempt, enum dir_trial *trial,
            struct target *target, struct bwdir_detail *why)
{
    struct dir_connection *tools = checkup->directory->connection;
    struct dir_change change = {DIR_REPLACE, attempt->attribute, NULL, NULL};
    bool password = strcmp(attempt->attribute, "userPassword") == 0;
    enum bwdir_status status;

    *trial = DIR_TRIAL_REFUSED;
    dir_set_deadline(tools, check_deadline(checkup));
    status = find_target(tools, checkup->base, attempt, target, why);
    if (status != BWDIR_OK || target->dn == NULL)
        return status;
    if (!password)
        status = read_value(tools, attempt, target, why);
    dir_set_deadline(who, check_deadline(checkup));
    if (status == BWDIR_OK && password)
        return try_password(who, target->dn, trial, why);
    change.value = target->value;
    if (status == BWDIR_OK && target->value != NULL)
        status = dir_try_modify(who, target->dn, &change, 1, trial, why);
    return status;
}

static void
tell_attempt(struct bwdir_checkup *checkup, const struct attempt *attempt,
             const struct target *target, enum dir_trial trial,
             const struct bwdir_detail *why)
{
    if (trial == DIR_TRIAL_PASSED) {
        bwdir_checkup_remedy(checkup,
                             "look for the group or access rule that lets it "
                             "(operators, olcAccess)");
        bwdir_checkup_fail(checkup, "it may write %s of %s",
                           attempt->attribute, target->dn);
    } else {
        check_not_looked(checkup, why->text);
    }
}

/* True when each attempt was made and refused. */
static bool
all_refused(struct bwdir_checkup *checkup, struct dir_connection *who)
{
    bool refused = true;

    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        struct target target = {NULL, NULL};
        struct bwdir_detail why = {""};
        enum dir_trial trial;
        enum bwdir_status status =
            try_attempt(checkup, who, &attempts[i], &trial, &target, &why);

        if (status != BWDIR_OK || trial != DIR_TRIAL_REFUSED) {
            tell_attempt(checkup, &attempts[i], &target,
                         status == BWDIR_OK ? trial : DIR_TRIAL_UNKNOWN, &why);
            refused = false;
        }
        free(target.dn);
        free(target.value);
        if (status != BWDIR_OK || trial == DIR_TRIAL_PASSED)
            break;
    }
    return refused;
}

/*
 * The server shows that it honours the control at something harmless: the
 * name of a unit is put in the place of itself, by an identity that may.
 */
static bool
knows_no_op(struct bwdir_checkup *checkup)
{
    const struct dir_change change = {DIR_REPLACE, "ou", "access", NULL};
    char *unit = bwdir_place_dn(checkup->base, BWDIR_PLACE_ACCESS, NULL);
    enum dir_trial trial = DIR_TRIAL_UNKNOWN;

    dir_set_deadline(checkup->directory->connection, check_deadline(checkup));
    if (unit != NULL)
        (void)dir_try_modify(checkup->directory->connection, unit, &change, 1,
                             &trial, NULL);
    free(unit);
    return trial == DIR_TRIAL_PASSED;
}

/* ---- identities ---- */

static void
check_rights(struct bwdir_checkup *checkup, const struct check_identity *who,
             const char *const *forbidden)
{
    static const struct bwdir_obstacle no_op = {
        "no write is tried where the server has not shown you that it "
        "honours the No-Op control",
        "run bwdir-check as root over ldapi, or as an operator with -D and "
        "-W"};
    struct bwdir_detail why = {""};
    const char *found = NULL;
    enum bwdir_status status = BWDIR_NO_MEMORY;
    char *people;

    if (who->connection == NULL || check_connection(checkup) == NULL) {
        if (who->connection == NULL && who->dn != NULL &&
            !check_stands_behind(checkup, check_obstacle(checkup)))
            check_not_looked(checkup, "it cannot sign in");
        return;
    }
    people = bwdir_place_dn(checkup->base, BWDIR_PLACE_PEOPLE, NULL);
    dir_set_deadline(who->connection, check_deadline(checkup));
    if (people != NULL)
        status =
            read_forbidden(who->connection, people, forbidden, &found, &why);
    free(people);
    if (status != BWDIR_OK) {
        check_not_looked(checkup, why.text);
    } else if (found != NULL) {
        bwdir_checkup_remedy(checkup,
                             "look for the group or access rule that lets it "
                             "(operators, olcAccess)");
        bwdir_checkup_fail(checkup, "it reads %s of users", found);
    } else if (!knows_no_op(checkup)) {
        (void)check_stands_behind(checkup, &no_op);
    } else if (all_refused(checkup, who->connection)) {
        bwdir_checkup_ok(checkup, "reads and writes no more than it has to");
    }
}

void
check_rights_bwdird(struct bwdir_checkup *checkup)
{
    static const char *const forbidden[] = {
        "givenName",   "sn",           "cn",         "mail",
        "bwWorkPhone", "userPassword", "pwdHistory", NULL};

    check_rights(checkup, &checkup->identities[CHECK_BWDIRD], forbidden);
}

void
check_rights_outbox(struct bwdir_checkup *checkup)
{
    static const char *const forbidden[] = {"userPassword", "pwdHistory",
                                            NULL};

    check_rights(checkup, &checkup->identities[CHECK_OUTBOX], forbidden);
}

/* ---- nobody ---- */

static bool
note_entry(const struct dir_entry *entry, void *closure)
{
    (void)entry;
    *(bool *)closure = true;
    return false;
}

/* Whether the server answers at all: the refusal of a search and a server
 * that is gone are one status. */
static bool
still_answers(struct bwdir_checkup *checkup)
{
    struct dir_connection *connection = NULL;
    enum bwdir_status status =
        check_connect(checkup, checkup->uris, NULL, &connection, NULL);

    dir_close(&connection);
    return status == BWDIR_OK;
}

void
check_rights_anonymous(struct bwdir_checkup *checkup)
{
    static const char *const none[] = {"1.1", NULL};
    const struct dir_search search = {.base = checkup->base,
                                      .scope = DIR_SCOPE_SUBTREE,
                                      .filter = "(objectClass=*)",
                                      .attributes = none};
    struct dir_connection *connection = NULL;
    struct bwdir_detail why = {""};
    int64_t deadline = check_deadline(checkup);
    bool seen = false;
    enum bwdir_status status;

    if (check_stands_behind(checkup, check_obstacle(checkup)))
        return;
    status = check_connect(checkup, checkup->uris, NULL, &connection, &why);
    if (status != BWDIR_OK) {
        check_not_looked(checkup, why.text);
        return;
    }
    status = dir_search_all(connection, &search, note_entry, &seen, &why);
    dir_close(&connection);
    if (seen) {
        bwdir_checkup_remedy(checkup, "bwdir-init puts the access rules and "
                                      "olcRequires: authc back");
        bwdir_checkup_fail(checkup, "who has not signed in sees entries");
    } else if (status == BWDIR_OK || status == BWDIR_NOT_FOUND ||
               (dir_now() < deadline && still_answers(checkup))) {
        bwdir_checkup_ok(checkup, "who has not signed in sees nothing");
    } else {
        check_not_looked(checkup, why.text);
    }
}
