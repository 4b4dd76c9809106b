/*
 * The servers' clocks against ours.  LDAP has no question for the time.  A
 * server on this host has our clock; one with slapd-monitor(5) tells its own;
 * of any other it can be seen whether it stamps its entries with a time that
 * lies ahead of us, which is what would do harm: the change of a password
 * that lies ahead counts as none.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checkup.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../dir/search.h"
#include "../gtime.h"

/* More than 300 s ahead a change of password counts as expired (decision.c);
 * clocks that NTP keeps differ by less than a second. */
#define SKEW_WARN 30
#define SKEW_FAIL 300

#define KEEP_CLOCKS                                                           \
    "have NTP keep the clocks of both hosts (timedatectl(1)); the age of "    \
    "passwords is counted by them"

/* ---- a clock that can be read ---- */

static void
tell_skew(struct bwdir_checkup *checkup, int64_t skew)
{
    if (skew >= -SKEW_WARN && skew <= SKEW_WARN) {
        bwdir_checkup_ok(checkup, "the server's clock and ours agree");
        return;
    }
    bwdir_checkup_remedy(checkup, KEEP_CLOCKS);
    if (skew >= -SKEW_FAIL && skew <= SKEW_FAIL)
        bwdir_checkup_warn(checkup, "the server's clock is %lld s %s ours",
                           llabs(skew), skew < 0 ? "behind" : "ahead of");
    else
        bwdir_checkup_fail(checkup, "the server's clock is %lld s %s ours",
                           llabs(skew), skew < 0 ? "behind" : "ahead of");
}

/* False where the server has no monitor, or hides it. */
static bool
read_monitor(struct dir_connection *connection, int64_t *clock)
{
    static const char *const attributes[] = {"monitorTimestamp", NULL};
    const struct dir_search search = {.base = "cn=Current,cn=Time,cn=Monitor",
                                      .scope = DIR_SCOPE_BASE,
                                      .filter = "(objectClass=*)",
                                      .attributes = attributes};
    struct dir_entry *entry = NULL;
    const char *text;
    bool told =
        dir_search_one(connection, &search, &entry, NULL) == BWDIR_OK &&
        dir_entry_one(entry, "monitorTimestamp", &text, NULL) == BWDIR_OK &&
        bwdir_gtime_parse(text, clock);

    dir_entry_free(&entry);
    return told;
}

void
check_clock_server(struct bwdir_checkup *checkup)
{
    struct dir_connection *connection = check_connection(checkup);
    int64_t clock = 0;
    bool local = true;

    if (connection == NULL)
        return;
    for (const char *const *uri = checkup->uris; *uri != NULL; uri++)
        local = local && check_is_local(*uri);
    if (local)
        bwdir_checkup_ok(checkup, "the server is on this host");
    else if (read_monitor(connection, &clock))
        tell_skew(checkup, clock - (int64_t)time(NULL));
    else
        bwdir_checkup_ok(checkup, "the server does not tell its time (no "
                                  "cn=Monitor); see the stamps");
}

/* ---- stamps ---- */

struct stamps {
    size_t ahead;
    char *dn; /* the first such entry */
};

static bool
note_stamp(const struct dir_entry *entry, void *closure)
{
    struct stamps *stamps = closure;

    if (stamps->ahead++ == 0)
        stamps->dn = strdup(dir_entry_dn(entry));
    return true;
}

/* The server looks for them, so that only those are sent. */
static enum bwdir_status
find_stamps(struct bwdir_checkup *checkup, struct dir_connection *connection,
            int64_t limit, struct stamps *stamps, struct bwdir_detail *why)
{
    static const char *const none[] = {"1.1", NULL};
    char text[BWDIR_GTIME_SIZE] = "";
    char *filter;
    struct dir_search search = {
        .base = checkup->base, .scope = DIR_SCOPE_SUBTREE, .attributes = none};
    enum bwdir_status status = BWDIR_NO_MEMORY;

    (void)bwdir_gtime_format(limit, text);
    filter =
        dir_filter("(|(modifyTimestamp>=%s)(pwdChangedTime>=%s))", text, text);
    search.filter = filter;
    if (filter != NULL)
        status = dir_search_all(connection, &search, note_stamp, stamps, why);
    free(filter);
    return status;
}

void
check_clock_stamps(struct bwdir_checkup *checkup)
{
    struct dir_connection *connection = check_connection(checkup);
    struct stamps stamps = {0, NULL};
    struct bwdir_detail why = {""};

    if (connection == NULL)
        return;
    if (find_stamps(checkup, connection, (int64_t)time(NULL) + SKEW_WARN,
                    &stamps, &why) != BWDIR_OK) {
        check_not_looked(checkup, why.text);
    } else if (stamps.ahead == 0) {
        bwdir_checkup_ok(checkup, "no entry was changed at a time ahead of "
                                  "our clock");
    } else {
        bwdir_checkup_remedy(checkup, KEEP_CLOCKS "; then set the passwords "
                                                  "of those anew");
        bwdir_checkup_fail(checkup,
                           "%zu entries were changed at a time ahead of our "
                           "clock, %s among them",
                           stamps.ahead, stamps.dn != NULL ? stamps.dn : "?");
    }
    free(stamps.dn);
}
