/*
 * Looking up and proving the user of a question.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "decoy.h"
#include "detail.h"
#include "facts.h"
#include "field.h"
#include "shape.h"
#include "signin.h"
#include "unit.h"

/* A name that no entry can have, searched for in place of one that must not
 * be asked of the directory, so that both cost the same. */
#define NOBODY "-"

static enum bwdir_status
search_user(struct bwdir_signin *signin, const char *name,
            struct dir_entry **entry, struct bwdir_detail *why)
{
    static const char *const attributes[] = {BWDIR_STANDING_ATTRIBUTES,
                                             BWDIR_FACTS_ATTRIBUTES, NULL};
    char *filter = dir_filter("(&(objectClass=bwUser)(uid=%s))", name);
    const struct bwdir_unit_search search = {signin->base, BWDIR_PLACE_PEOPLE,
                                             filter, attributes};
    enum bwdir_status status =
        bwdir_unit_one(signin->lookup, &search, entry, why);

    free(filter);
    return status;
}

static enum bwdir_status
map_facts(const struct dir_entry *entry, const char *base,
          struct bwdir_candidate *candidate, struct bwdir_detail *why)
{
    struct bwdir_facts *facts = &candidate->facts;
    enum bwdir_status status;

    status = bwdir_standing_map(entry, base, &candidate->standing, why);
    if (status != BWDIR_OK && status != BWDIR_MALFORMED)
        return status;
    bwdir_facts_map(entry, &candidate->standing, facts);
    facts->sound = facts->sound && status == BWDIR_OK;
    return BWDIR_OK;
}

/* An entry that is spoilt: its user is known, and let in nowhere. */
static enum bwdir_status
take_spoilt(const char *base, const char *name,
            struct bwdir_candidate *candidate, struct bwdir_detail *why)
{
    candidate->standing.dn = bwdir_place_dn(base, BWDIR_PLACE_PEOPLE, name);
    if (candidate->standing.dn == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    candidate->facts = (struct bwdir_facts){.standing = &candidate->standing};
    candidate->known = true;
    return BWDIR_OK;
}

static bool
is_name(const struct dir_entry *entry, const char *name)
{
    const char *uid;

    return dir_entry_one(entry, "uid", &uid, NULL) == BWDIR_OK &&
           strcmp(uid, name) == 0;
}

enum bwdir_status
bwdir_candidate_find(struct bwdir_signin *signin, const char *name,
                     struct bwdir_candidate *candidate,
                     struct bwdir_detail *why)
{
    const char *local =
        bwdir_config_text(signin->config, "bwdird.passwd-file");
    struct dir_entry *entry;
    enum bwdir_status status;
    bool is_local, ask;

    memset(candidate, 0, sizeof *candidate);
    status = bwdir_name_is_local(local, name, &is_local);
    if (status != BWDIR_OK)
        return bwdir_fail(why, status, "%s: cannot be read", local);
    ask = bwdir_shape_is_name(name) && !is_local;
    status = search_user(signin, ask ? name : NOBODY, &entry, why);
    if (status == BWDIR_OK && ask && is_name(entry, name)) {
        status = map_facts(entry, signin->base, candidate, why);
        candidate->known = status == BWDIR_OK;
    } else if (status == BWDIR_MALFORMED && ask) {
        status = take_spoilt(signin->base, name, candidate, why);
    } else if (status == BWDIR_NOT_FOUND) {
        status = BWDIR_OK;
    }
    dir_entry_free(&entry);
    return status;
}

enum bwdir_status
bwdir_candidate_read_policy(struct bwdir_signin *signin,
                            struct bwdir_candidate *candidate,
                            struct bwdir_detail *why)
{
    enum bwdir_status status;

    if (!candidate->facts.sound)
        return BWDIR_OK;
    status = bwdir_policy_read(signin->lookup, signin->base,
                               candidate->standing.access,
                               &candidate->facts.policy, why);
    if (status != BWDIR_MALFORMED)
        return status;
    candidate->facts.sound = false;
    return BWDIR_OK;
}

void
bwdir_candidate_clear(struct bwdir_candidate *candidate)
{
    bwdir_standing_clear(&candidate->standing);
    memset(candidate, 0, sizeof *candidate);
}

/*
 * A password that may be sent for a user.  Not an empty one (RFC 4513
 * 5.1.2), not an over-long one, and none with control characters: no user
 * can have set one, and sshd sends such junk for users it has refused, which
 * must not count as a wrong guess.
 */
static bool
may_be_password(const struct bwdir_secret *password)
{
    const char *bytes = bwdir_secret_bytes(password);
    size_t length = bwdir_secret_length(password);

    if (length == 0 || length > BWDIR_PASSWORD_MAX)
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7f)
            return false;
    return true;
}

static enum bwdir_status
bind_user(struct bwdir_signin *signin, const char *dn,
          const struct bwdir_secret *password, struct bwdir_proof *proof,
          struct bwdir_detail *why)
{
    struct dir_bind_result result;
    enum bwdir_status status;

    status = dir_bind_simple(signin->subject, dn, password, &result, why);
    if (status != BWDIR_OK && status != BWDIR_BAD_CREDENTIALS)
        return status;
    proof->expired =
        status == BWDIR_BAD_CREDENTIALS && result.password_expired;
    proof->proven = status == BWDIR_OK || proof->expired;
    proof->change_after_reset = result.change_after_reset;
    proof->in_grace = result.grace_left >= 0;
    proof->seconds_left = result.seconds_left;
    return BWDIR_OK;
}

/*
 * Whether the server refuses this user without looking at the password: then
 * the answer would come sooner than to a wrong one, and tell.  No change time
 * means, but for entries made by hand, that no password is set.
 */
static bool
is_refused_unhashed(const struct bwdir_candidate *candidate)
{
    const struct bwdir_facts *facts = &candidate->facts;
    int64_t now = (int64_t)time(NULL);

    return bwdir_is_disabled(facts, now) || !facts->changed_known ||
           bwdir_is_locked(facts, now);
}

enum bwdir_status
bwdir_candidate_prove(struct bwdir_signin *signin,
                      const struct bwdir_candidate *candidate,
                      const struct bwdir_secret *password,
                      struct bwdir_proof *proof, struct bwdir_detail *why)
{
    enum bwdir_status status;

    memset(proof, 0, sizeof *proof);
    proof->seconds_left = -1;
    if (!candidate->known || !may_be_password(password))
        return bwdir_decoy_bind(signin->subject, signin->decoy_dn, why);
    status = bind_user(signin, candidate->standing.dn, password, proof, why);
    if (status == BWDIR_OK && !proof->proven && is_refused_unhashed(candidate))
        status = bwdir_decoy_bind(signin->subject, signin->decoy_dn, why);
    return status;
}
