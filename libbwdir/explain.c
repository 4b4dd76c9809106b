/*
 * Explaining a decision: the facts are read over the caller's connection as
 * the daemon reads them, the decision is made, and what it looked at is told.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "explain.h"

#include <stdlib.h>

#include "detail.h"
#include "dir/search.h"
#include "field.h"
#include "service.h"
#include "signin.h"

_Static_assert(BWDIR_STEPS_MAX >= BWDIR_RULES, "room for every rule");

/* One occasion being explained. */
struct reading {
    const struct bwdir_occasion *occasion;
    struct bwdir_service service;
    struct bwdir_candidate candidate;
    struct bwdir_detail flaw;
};

/* The decision itself; of the server only what it would say is assumed. */
static void
make_decision(const struct reading *reading, int64_t when,
              struct bwdir_verdict *verdict, struct bwdir_trace *trace)
{
    const struct bwdir_facts *facts = &reading->candidate.facts;
    struct bwdir_proof proof = bwdir_proof_foresee(facts, when);

    *verdict = bwdir_decide_traced(
        facts, reading->occasion->with_password ? &proof : NULL,
        &reading->service, when, trace);
}

static void
tell_now(const struct reading *reading, struct bwdir_explanation *told)
{
    const char *flaw = reading->flaw.text[0] != '\0'
                           ? reading->flaw.text
                           : "access method or time of end: not known";
    struct bwdir_verdict verdict;
    struct bwdir_trace trace;
    const struct bwdir_explain_view view = {
        .facts = &reading->candidate.facts,
        .service = &reading->service,
        .verdict = &verdict,
        .flaw = reading->candidate.facts.sound ? "" : flaw,
        .when = reading->occasion->when};

    make_decision(reading, view.when, &verdict, &trace);
    told->status = verdict.status;
    told->reason = verdict.reason;
    told->days_left = verdict.days_left;
    told->access = reading->service.access;
    told->step_count = trace.count;
    for (size_t i = 0; i < trace.count; i++)
        bwdir_explain_step(&view, trace.steps[i].rule, trace.steps[i].reason,
                           &told->steps[i]);
}

static void
tell_next(const struct reading *reading, struct bwdir_explanation *told)
{
    const struct bwdir_occasion *occasion = reading->occasion;
    struct bwdir_verdict verdict;

    told->changes = bwdir_decide_next(
        &reading->candidate.facts, occasion->with_password, &reading->service,
        occasion->when, &told->next_change);
    if (!told->changes)
        return;
    make_decision(reading, told->next_change, &verdict, NULL);
    told->next_status = verdict.status;
    told->next_reason = verdict.reason;
    told->next_days_left = verdict.days_left;
}

static enum bwdir_status
no_such_user(const struct bwdir_config *config, const char *name,
             struct bwdir_detail *why)
{
    const char *file = bwdir_config_text(config, "bwdird.passwd-file");
    bool local;

    if (bwdir_name_is_local(file, name, &local) == BWDIR_OK && local)
        return bwdir_fail(why, BWDIR_NO_SUCH_USER,
                          "user name \"%s\": a local account, which is never "
                          "asked of the directory",
                          name);
    return bwdir_fail(why, BWDIR_NO_SUCH_USER,
                      "user name \"%s\": no such user, or you may not see it",
                      name);
}

/*
 * An entry without what its class demands is hidden in part rather than
 * malformed: the daemon, who sees all of it, may well let the user in.
 */
static enum bwdir_status
check_visible(struct bwdir_signin *borrowed, const struct reading *reading,
              struct bwdir_detail *why)
{
    static const char *const attributes[] = {"uid", NULL};
    const struct dir_search search = {.base = reading->candidate.standing.dn,
                                      .scope = DIR_SCOPE_BASE,
                                      .filter =
                                          "(&(uid=*)(bwAdministrationLevel=*)"
                                          "(bwVerificationState=*))",
                                      .attributes = attributes};
    struct dir_entry *entry = NULL;
    enum bwdir_status status;

    if (search.base == NULL)
        return BWDIR_OK;
    status = dir_search_one(borrowed->lookup, &search, &entry, why);
    dir_entry_free(&entry);
    if (status == BWDIR_NOT_FOUND)
        return bwdir_fail(why, BWDIR_NOT_PERMITTED,
                          "%s, or you may not read it", reading->flaw.text);
    return status;
}

/* Reads what the daemon would read, over the connection of DIRECTORY. */
static enum bwdir_status
read_facts(struct bwdir_directory *directory,
           const struct bwdir_config *config, struct reading *reading,
           unsigned *listed, struct bwdir_detail *why)
{
    const struct bwdir_occasion *occasion = reading->occasion;
    struct bwdir_signin borrowed = {.config = config,
                                    .base = directory->base,
                                    .lookup =
                                        bwdir_directory_ready(directory)};
    enum bwdir_status status;

    reading->service = *occasion->service;
    status = bwdir_service_listed(borrowed.lookup, borrowed.base,
                                  occasion->service->name, listed, why);
    if (status != BWDIR_OK)
        return status;
    reading->service.access =
        bwdir_service_kind(occasion->service->access, *listed);
    status = bwdir_candidate_find(&borrowed, occasion->user,
                                  &reading->candidate, &reading->flaw);
    if (status == BWDIR_OK && !reading->candidate.known)
        return no_such_user(config, occasion->user, why);
    if (status == BWDIR_OK && !reading->candidate.facts.sound)
        return check_visible(&borrowed, reading, why);
    if (status == BWDIR_OK)
        status = bwdir_candidate_read_policy(&borrowed, &reading->candidate,
                                             &reading->flaw);
    if (status != BWDIR_OK && why != NULL)
        *why = reading->flaw;
    return status;
}

enum bwdir_status
bwdir_explain(struct bwdir_directory *directory,
              const struct bwdir_config *config,
              const struct bwdir_occasion *occasion,
              struct bwdir_explanation **explanation, struct bwdir_detail *why)
{
    struct reading reading = {.occasion = occasion};
    struct bwdir_explanation *told = calloc(1, sizeof *told);
    enum bwdir_status status;

    *explanation = NULL;
    if (told == NULL)
        return bwdir_fail(why, BWDIR_NO_MEMORY, "out of memory");
    status = read_facts(directory, config, &reading, &told->listed, why);
    if (status == BWDIR_OK) {
        tell_now(&reading, told);
        tell_next(&reading, told);
        *explanation = told;
    } else {
        free(told);
    }
    bwdir_candidate_clear(&reading.candidate);
    return status;
}
