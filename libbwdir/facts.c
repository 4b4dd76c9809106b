/*
 * The facts of an entry that the server's password policy keeps, as the
 * decision wants them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "facts.h"

#include <stdlib.h>

#include "gtime.h"

/* A time that may be absent.  False when it is there and malformed. */
static bool
read_time(const struct dir_entry *entry, const char *attribute, bool *known,
          int64_t *seconds)
{
    const char *text;

    *known = false;
    if (dir_entry_at_most_one(entry, attribute, &text, NULL) != BWDIR_OK)
        return false;
    if (text == NULL)
        return true;
    *known = bwdir_gtime_parse(text, seconds);
    return *known;
}

void
bwdir_facts_map(const struct dir_entry *entry,
                const struct bwdir_standing *standing,
                struct bwdir_facts *facts)
{
    *facts = (struct bwdir_facts){.standing = standing};
    facts->sound = standing->access != 0 &&
                   read_time(entry, "pwdEndTime", &facts->ends, &facts->end);
    /* One that cannot be read counts as missing: expired. */
    (void)read_time(entry, "pwdChangedTime", &facts->changed_known,
                    &facts->changed);
    facts->reset = dir_entry_has(entry, "pwdReset", "TRUE");
    facts->disabled_for_good =
        dir_entry_has(entry, "pwdAccountLockedTime", BWDIR_LOCKED_FOR_GOOD);
    (void)read_time(entry, "pwdAccountLockedTime", &facts->locked,
                    &facts->locked_since);
    facts->grace_used = dir_entry_count(entry, "pwdGraceUseTime");
}
