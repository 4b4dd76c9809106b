/*
 * Applying a Modify of which another may have done a part at the same moment.
 *
 * The server applies a Modify as a whole or not at all (RFC 4511 4.6), so one
 * value that is so already keeps all others out.  Of a step that may be done
 * by another, what is so is left to him, and the rest is sent again.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>

#include "dir/search.h"
#include "directory.h"
#include "plan_impl.h"

/* So often the rest is sent again, if others are quicker each time. */
#define ROUNDS 3

/* What only an entry meets in which the value is there, or is gone; NULL when
 * out of memory. */
static char *
make_filter(const struct dir_change *change)
{
    if (change->kind == DIR_ADD_VALUE)
        return dir_filter("(%s=%s)", change->attribute, change->value);
    return dir_filter("(!(%s=%s))", change->attribute, change->value);
}

/*
 * Whether a change would change nothing.  The server is asked, which compares
 * by the rules of the attribute; of what we may not see it says neither that
 * it is there nor that it is gone (Undefined, RFC 4511 4.5.1.7).  A secret is
 * not looked for.
 */
static bool
is_so(struct bwdir_directory *directory, const char *dn,
      const struct dir_change *change)
{
    static const char *const nothing[] = {"1.1", NULL};
    struct dir_search search = {dn, DIR_SCOPE_BASE, NULL, nothing};
    struct dir_entry *entry = NULL;
    char *filter;
    bool is;

    if (change->kind == DIR_REPLACE || change->value == NULL)
        return false;
    filter = make_filter(change);
    search.filter = filter;
    is = filter != NULL && dir_search_one(bwdir_directory_ready(directory),
                                          &search, &entry, NULL) == BWDIR_OK;
    dir_entry_free(&entry);
    free(filter);
    return is;
}

/* Leaves in OURS what is not so yet; false when that is all of it. */
static bool
leave_to_others(struct bwdir_directory *directory, struct step *ours)
{
    size_t kept = 0, count = ours->count;

    for (size_t i = 0; i < count; i++)
        if (!is_so(directory, ours->dn, &ours->changes[i]))
            ours->changes[kept++] = ours->changes[i];
    ours->count = kept;
    return kept < count;
}

/* A value is there (20 of RFC 4511), or is not (16). */
static bool
may_be_so(enum bwdir_status status)
{
    return status == BWDIR_BAD_VALUE || status == BWDIR_NOT_FOUND;
}

static enum bwdir_status
send(struct bwdir_directory *directory, const struct step *ours,
     struct bwdir_detail *why)
{
    const struct dir_condition condition = {ours->condition, ours->unmet};
    struct dir_connection *connection = bwdir_directory_ready(directory);

    if (ours->condition == NULL)
        return dir_modify(connection, ours->dn, ours->changes, ours->count,
                          why);
    return dir_modify_if(connection, ours->dn, ours->changes, ours->count,
                         &condition, why);
}

enum bwdir_status
bwdir_step_modify(struct bwdir_directory *directory, struct step *ours,
                  struct bwdir_detail *why)
{
    enum bwdir_status status = send(directory, ours, why);

    for (int round = 0; round < ROUNDS && ours->may_be_done &&
                        may_be_so(status) && leave_to_others(directory, ours);
         round++) {
        why->text[0] = '\0';
        status = ours->count == 0 ? BWDIR_OK : send(directory, ours, why);
    }
    return status;
}
