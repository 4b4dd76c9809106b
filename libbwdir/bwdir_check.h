/*
 * The doctor: looks at an installation and tells, check by check, what was
 * seen and what to do about it.  For bwdir-check(8) alone; it is no part of
 * libbwdir.so and is not installed.
 *
 * Order of calls: new, run a table (or several, also of the caller's own
 * checks), free.  Nothing here changes the directory or a file.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_CHECK_H
#define BWDIR_CHECK_H

#include "bwdir.h"

/* What was not looked at is a warning: it must not read as if it were well. */
enum bwdir_grade { BWDIR_GRADE_OK, BWDIR_GRADE_WARN, BWDIR_GRADE_FAIL };

/* What keeps several checks from looking, and what to do about that once for
 * all of them. */
struct bwdir_obstacle {
    const char *what;
    const char *remedy;
};

/* What one check tells; a check may tell several. */
struct bwdir_finding {
    enum bwdir_grade grade;
    const char *area; /* "tls" */
    const char *name; /* "expiry" */
    /* With BWDIR_GRADE_WARN: what kept the check from looking, where that is
     * the same for others; a constant.  Else NULL. */
    const struct bwdir_obstacle *behind;
    char seen[512];
    char remedy[384]; /* "" with BWDIR_GRADE_OK */
};

/* What is to be looked at, and who is told.  Strings are the caller's. */
struct bwdir_checkup_order {
    const struct bwdir_config *config;
    const char *config_path;
    const struct bwdir_login *login; /* how the tools connect */
    const char *schema_folder; /* as bwdir_installation_open() takes it */
    void (*tell)(const struct bwdir_finding *finding, void *closure);
    /* Called before each wait for a server, and while a long list is read,
     * so that a watchdog starts anew. */
    void (*alive)(void *closure);
    void *closure;
};

struct bwdir_checkup;

struct bwdir_check {
    const char *area;
    const char *name;
    /* Tells nothing where there is nothing of its kind to look at. */
    void (*run)(struct bwdir_checkup *checkup);
};

/* The library's own checks; the last element has no run. */
extern const struct bwdir_check bwdir_checks[];

/* NULL when out of memory. */
struct bwdir_checkup *
bwdir_checkup_new(const struct bwdir_checkup_order *order);
void bwdir_checkup_run(struct bwdir_checkup *checkup,
                       const struct bwdir_check *table);
void bwdir_checkup_free(struct bwdir_checkup **checkup);

/* ---- for the checks ------------------------------------------------------
 */

/* Tell what the running check has seen. */
void bwdir_checkup_ok(struct bwdir_checkup *checkup, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void bwdir_checkup_warn(struct bwdir_checkup *checkup, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void bwdir_checkup_fail(struct bwdir_checkup *checkup, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What to do about the next warning or failure; said before it. */
void bwdir_checkup_remedy(struct bwdir_checkup *checkup, const char *format,
                          ...) __attribute__((format(printf, 2, 3)));

void bwdir_checkup_alive(const struct bwdir_checkup *checkup);
const struct bwdir_config *
bwdir_checkup_config(const struct bwdir_checkup *checkup);
void *bwdir_checkup_closure(const struct bwdir_checkup *checkup);

#endif
