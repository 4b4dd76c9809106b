/*
 * The arguments that pam_bw.so has at a PAM service: pam.d(5) files as libpam
 * reads them, with @include, include and substack.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_PAM_SERVICE_FILE_H
#define BW_PAM_SERVICE_FILE_H

#include <bwdir.h>

#include "../cli/list.h"

/* Where libpam looks, the first first. */
#define PAM_DIRECTORY "/etc/pam.d"
#define PAM_VENDOR_DIRECTORY "/usr/lib/pam.d"

/* One line of a stack: a module and when its result counts. */
struct pam_entry {
    char *path; /* of the file that it stands in */
    size_t number;
    size_t level;  /* of substacks around it: 0 for none */
    bool dash;     /* the type has a leading -: no module, no complaint */
    char *control; /* "required", or what stands in the brackets */
    char *module;  /* as it is written */
    struct cli_list arguments;
};

/* The lines of one type in the order in which libpam goes through them, what
 * is included in its place. */
struct pam_stack {
    struct pam_entry *entries;
    size_t count;
    bool missing; /* the service has no file of its own, so "other" counts */
};

/*
 * Reads the stack of TYPE ("auth", "account" …) of SERVICE, whose name libpam
 * takes in lower case.  DIRECTORY NULL: where libpam looks.  Where the
 * service has no file or no line of that type, the service "other" counts, as
 * for libpam.  STACK is the caller's to clear, in any case.
 *
 * BWDIR_BAD_VALUE: no name of a service.  BWDIR_CONFIG: a file that is missing
 * or cannot be read, or includes that go too deep, so that libpam refuses the
 * whole service.
 */
enum bwdir_status pam_service_stack(const char *directory, const char *service,
                                    const char *type, struct pam_stack *stack,
                                    struct bwdir_detail *why);
void pam_stack_clear(struct pam_stack *stack);

/* True when the line's module is pam_bw.so, wherever it stands. */
bool pam_entry_is_ours(const struct pam_entry *entry);

/* The first pam_bw.so line of one type; later ones are only counted. */
struct pam_line {
    bool missing;    /* as of the stack */
    size_t count;    /* 0: there is none, and the rest is not set */
    char where[512]; /* "FILE:LINE" */
    struct cli_list arguments;
};

/* That line of the stack that pam_service_stack() reads.  LINE is the
 * caller's to clear, in any case. */
enum bwdir_status pam_service_line(const char *directory, const char *service,
                                   const char *type, struct pam_line *line,
                                   struct bwdir_detail *why);
void pam_line_clear(struct pam_line *line);

#endif
