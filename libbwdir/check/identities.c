/*
 * The identities of programs: each under the policy that neither ages nor
 * locks.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checkup.h"

#include <stdlib.h>

#include "../unit.h"

struct services {
    struct bwdir_checkup *checkup;
    const char *policy;
    size_t seen;
    size_t wrong;
};

static bool
judge_service(const struct dir_entry *entry, void *closure)
{
    struct services *services = closure;
    const char *policy = NULL;

    services->seen++;
    (void)dir_entry_at_most_one(entry, "pwdPolicySubentry", &policy, NULL);
    if (policy != NULL && dir_dn_equal(policy, services->policy))
        return true;
    services->wrong++;
    bwdir_checkup_remedy(services->checkup,
                         "ldapmodify: pwdPolicySubentry of %s: %s",
                         dir_entry_dn(entry), services->policy);
    bwdir_checkup_fail(services->checkup,
                       "%s: not under the policy of services: five wrong "
                       "passwords of anybody lock it",
                       dir_entry_dn(entry));
    return true;
}

/* Every identity under ou=services, not those of bwdir alone. */
static enum bwdir_status
judge_services(struct dir_connection *connection, struct services *services,
               struct bwdir_detail *why)
{
    static const char *const attributes[] = {"pwdPolicySubentry", NULL};
    const struct bwdir_unit_search search = {
        services->checkup->base, BWDIR_PLACE_SERVICES,
        "(objectClass=simpleSecurityObject)", attributes};

    return bwdir_unit_all(connection, &search, judge_service, services, why);
}

/* The decoy, which nobody signs in as, so that nothing else misses it. */
static bool
decoy_is_there(struct bwdir_checkup *checkup,
               struct dir_connection *connection)
{
    static const char *const none[] = {"1.1", NULL};
    const char *dn =
        bwdir_config_text(checkup->order.config, "bwdird.decoy-dn");
    const struct dir_search search = {.base = dn,
                                      .scope = DIR_SCOPE_BASE,
                                      .filter =
                                          "(objectClass=simpleSecurityObject)",
                                      .attributes = none};
    struct dir_entry *entry = NULL;
    bool there = dir_search_one(connection, &search, &entry, NULL) == BWDIR_OK;

    dir_entry_free(&entry);
    if (!there) {
        bwdir_checkup_remedy(checkup, "bwdir-init makes it, or mend "
                                      "bwdird.decoy-dn");
        bwdir_checkup_fail(checkup,
                           "%s: no such identity: unknown users would be "
                           "told by the time that it takes",
                           dn);
    }
    return there;
}

void
check_identity_policies(struct bwdir_checkup *checkup)
{
    struct dir_connection *connection = check_connection(checkup);
    struct services services = {.checkup = checkup};
    struct bwdir_detail why = {""};
    char *policy;
    enum bwdir_status status;

    if (connection == NULL)
        return;
    policy = bwdir_place_dn(checkup->base, BWDIR_PLACE_ACCESS, "service");
    services.policy = policy;
    status = policy == NULL ? BWDIR_NO_MEMORY
                            : judge_services(connection, &services, &why);
    if (status != BWDIR_OK && status != BWDIR_NOT_FOUND) {
        check_not_looked(checkup, why.text);
    } else if (services.seen == 0) {
        bwdir_checkup_remedy(checkup, "run bwdir-check as root over ldapi, or "
                                      "as an operator with -D and -W");
        check_not_looked(checkup, "only operators see ou=services");
    } else if (decoy_is_there(checkup, connection) && services.wrong == 0) {
        bwdir_checkup_ok(checkup, "%zu identities, each under %s",
                         services.seen, policy);
    }
    free(policy);
}
