/*
 * Inside of bwdir_installation: what comparing works with.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BWDIR_INSTALL_INSTALLATION_H
#define BWDIR_INSTALL_INSTALLATION_H

#include "../dir/entry.h"
#include "../plan.h"
#include "shipped.h"

/* What bwdir has written: for each attribute a digest of its values. */
struct install_digests {
    char **lines; /* "KEY DIGEST", NULL-terminated */
    size_t count;
};

struct bwdir_installation {
    struct bwdir_directory *directory;
    char *database; /* DN of the database's entry below cn=config */
    struct install_shipped shipped;
    struct install_digests written;  /* as the directory holds them */
    struct install_digests to_write; /* of what is, or will be, as shipped */
    bool has_record; /* the directory holds the entry with the digests */
    struct bwdir_difference *differences;
    size_t count;
    enum bwdir_status status; /* BWDIR_NO_MEMORY once that was short */
};

/* The DN and the key of an entry that is compared. */
struct install_place {
    const char *dn;
    const char *key; /* how the digests name it; no blanks */
    bool is_config;  /* must be as shipped; data may be changed */
    const struct dir_entry *held;
};

/*
 * Notes a difference.  ATTRIBUTE may be "".  PLAN becomes the difference's; it
 * may be NULL.  OLD is copied; NULL: nothing is lost by applying the plan.
 */
void install_differ(struct bwdir_installation *installation,
                    enum bwdir_difference_kind kind, const char *dn,
                    const char *attribute, struct bwdir_plan *plan,
                    const char *old, const char *format, ...)
    __attribute__((format(printf, 7, 8)));

/* Of the difference noted last: which one of the attribute's many values, by
 * the name that it goes by. */
void install_differ_in(struct bwdir_installation *installation,
                       const char *name);

/* The base in the spelling of dir_dn_plain(), or BWDIR_BAD_VALUE. */
enum bwdir_status install_plain_base(struct bwdir_directory *directory,
                                     struct bwdir_detail *why);

/* A plan that is to be filled, WHAT in fixed words; NULL and noted when memory
 * is short. */
struct bwdir_plan *install_plan(struct bwdir_installation *installation,
                                const char *what);

/* Every value of ATTRIBUTES as a step "add" of DN, which may be another one
 * than the record's. */
struct bwdir_plan *install_plan_entry(struct bwdir_installation *installation,
                                      const char *dn,
                                      const struct dir_record *record);

/* The values as LDIF, one a line; free(3) it.  NULL: no memory. */
char *install_ldif(const char *dn, const char *attribute,
                   const char *const *values);

/* Compares one attribute. */
enum bwdir_status install_compare_values(
    struct bwdir_installation *installation, const struct install_place *place,
    const struct dir_values *wanted, struct bwdir_detail *why);

/* Compares the attributes of an entry that is there, but for the RDN's. */
enum bwdir_status install_compare_record(
    struct bwdir_installation *installation, const struct install_place *place,
    const struct dir_record *wanted, struct bwdir_detail *why);

/* Without cn=config's "{N}", and with runs of blanks as one; free(3) it. */
char *install_value_plain(const char *value);

/* ---- the parts, each in a file of its own --------------------------------
 */

enum bwdir_status
install_compare_modules(struct bwdir_installation *installation,
                        struct bwdir_detail *why);
enum bwdir_status
install_compare_schema(struct bwdir_installation *installation,
                       struct bwdir_detail *why);
enum bwdir_status
install_compare_database(struct bwdir_installation *installation,
                         struct bwdir_detail *why);
enum bwdir_status install_compare_indexes(
    struct bwdir_installation *installation, const struct install_place *place,
    const struct dir_values *wanted, struct bwdir_detail *why);
enum bwdir_status
install_compare_entries(struct bwdir_installation *installation,
                        struct bwdir_detail *why);

/* The step that loads a module, where it is not loaded. */
enum bwdir_status install_plan_module(struct bwdir_directory *directory,
                                      const char *name,
                                      struct bwdir_plan *plan,
                                      struct bwdir_detail *why);

/* ---- digests --------------------------------------------------------------
 */

/* Reads them from the directory; none where there is no entry. */
enum bwdir_status install_digests_read(struct bwdir_installation *installation,
                                       struct bwdir_detail *why);

/* Whether these values are those that bwdir wrote. */
bool install_digests_match(const struct bwdir_installation *installation,
                           const char *key, const char *attribute,
                           const char *const *values);
/* Whether bwdir has ever written the attribute. */
bool install_digests_know(const struct bwdir_installation *installation,
                          const char *key, const char *attribute);

/* The values stand there, or will: to be remembered. */
void install_digests_note(struct bwdir_installation *installation,
                          const char *key, const char *attribute,
                          const char *const *values);
/* The same for every attribute of an entry that is to be added. */
void install_digests_note_record(struct bwdir_installation *installation,
                                 const char *key,
                                 const struct dir_record *record);

/* The difference that remembering what was noted makes. */
void install_digests_compare(struct bwdir_installation *installation);
void install_digests_clear(struct install_digests *digests);

#endif
