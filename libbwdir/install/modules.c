/*
 * The modules of slapd: loaded or not, argon2 with the right numbers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "../detail.h"
#include "../dir/search.h"
#include "../directory.h"
#include "installation.h"

/* Every module that the server's lists load, and the first list. */
struct loaded {
    char **lines;
    size_t count;
    char *list; /* DN */
    bool complete;
};

static bool
take_list(const struct dir_entry *entry, void *closure)
{
    struct loaded *loaded = closure;
    const char *const *values;

    loaded->complete =
        dir_entry_all(entry, "olcModuleLoad", &values, NULL) == BWDIR_OK;
    if (loaded->list == NULL)
        loaded->list = strdup(dir_entry_dn(entry));
    for (; loaded->complete && *values != NULL; values++) {
        char **grown =
            reallocarray(loaded->lines, loaded->count + 1, sizeof *grown);

        loaded->complete = grown != NULL;
        if (grown == NULL)
            break;
        loaded->lines = grown;
        grown[loaded->count] = install_value_plain(*values);
        loaded->complete = grown[loaded->count] != NULL;
        loaded->count += loaded->complete;
    }
    return loaded->complete && loaded->list != NULL;
}

/* The name of a module in "/usr/lib/ldap/argon2.la m=19456": 6 bytes. */
static size_t
name_of(const char **line)
{
    size_t length = strcspn(*line, " ");
    const char *slash = memrchr(*line, '/', length);
    const char *dot;

    if (slash != NULL) {
        length -= (size_t)(slash + 1 - *line);
        *line = slash + 1;
    }
    dot = memchr(*line, '.', length);
    return dot != NULL ? (size_t)(dot - *line) : length;
}

static const char *
find(const struct loaded *loaded, const char *wanted)
{
    size_t length = name_of(&wanted);

    for (size_t i = 0; i < loaded->count; i++) {
        const char *line = loaded->lines[i];

        if (name_of(&line) == length && strncmp(line, wanted, length) == 0)
            return loaded->lines[i];
    }
    return NULL;
}

static const char *
arguments_of(const char *line)
{
    const char *blank = strchr(line, ' ');

    return blank != NULL ? blank + 1 : "";
}

static void
compare_module(struct bwdir_installation *installation,
               const struct loaded *loaded, const char *wanted)
{
    const char *held = find(loaded, wanted);
    struct bwdir_plan *plan;

    if (held == NULL) {
        plan = install_plan(installation, "install module");
        if (plan != NULL) {
            bwdir_plan_modify(plan, loaded->list);
            bwdir_plan_value(plan, DIR_ADD_VALUE, "olcModuleLoad", wanted);
        }
        install_differ(installation, BWDIR_DIFFERENCE_MISSING, loaded->list,
                       "olcModuleLoad", plan, NULL, "\"%s\" is missing",
                       wanted);
        install_differ_in(installation, wanted);
    } else if (strcmp(arguments_of(held), arguments_of(wanted)) != 0) {
        install_differ(installation, BWDIR_DIFFERENCE_OFFLINE, loaded->list,
                       "olcModuleLoad", NULL, NULL,
                       "\"%s\"; \"%s\" is right.  A module that is loaded "
                       "keeps its arguments: stop slapd, change the line with "
                       "slapmodify -n0, start slapd",
                       held, wanted);
    }
}

/* A server that has no list gets ours. */
static void
compare_modules(struct bwdir_installation *installation,
                const struct loaded *loaded)
{
    const struct dir_record *shipped =
        &installation->shipped.files[INSTALL_MODULES].items[0];
    const struct dir_values *lines =
        dir_record_values(shipped, "olcModuleLoad");

    if (loaded->list == NULL)
        install_differ(installation, BWDIR_DIFFERENCE_MISSING, shipped->dn, "",
                       install_plan_entry(installation, shipped->dn, shipped),
                       NULL, "no modules are loaded");
    else
        for (size_t i = 0; lines != NULL && i < lines->count; i++)
            compare_module(installation, loaded, lines->values[i]);
}

static enum bwdir_status
survey(struct bwdir_directory *directory, struct loaded *loaded,
       struct bwdir_detail *why)
{
    static const char *const attributes[] = {"olcModuleLoad", NULL};
    const struct dir_search search = {.base = "cn=config",
                                      .scope = DIR_SCOPE_ONE,
                                      .filter = "(objectClass=olcModuleList)",
                                      .attributes = attributes};
    enum bwdir_status status;

    *loaded = (struct loaded){.complete = true};
    status = dir_search_all(bwdir_directory_ready(directory), &search,
                            take_list, loaded, why);
    if (status == BWDIR_OK && !loaded->complete)
        status = bwdir_fail(why, BWDIR_MALFORMED,
                            "cn=config: olcModuleLoad cannot be read");
    return status;
}

static void
clear(struct loaded *loaded)
{
    for (size_t i = 0; i < loaded->count; i++)
        free(loaded->lines[i]);
    free(loaded->lines);
    free(loaded->list);
}

enum bwdir_status
install_compare_modules(struct bwdir_installation *installation,
                        struct bwdir_detail *why)
{
    struct loaded loaded;
    enum bwdir_status status = survey(installation->directory, &loaded, why);

    if (status == BWDIR_OK)
        compare_modules(installation, &loaded);
    clear(&loaded);
    return status;
}

enum bwdir_status
install_plan_module(struct bwdir_directory *directory, const char *name,
                    struct bwdir_plan *plan, struct bwdir_detail *why)
{
    struct loaded loaded;
    enum bwdir_status status = survey(directory, &loaded, why);

    if (status == BWDIR_OK && loaded.list == NULL) {
        bwdir_plan_add(plan, "cn=module{0},cn=config");
        bwdir_plan_value(plan, DIR_ADD_VALUE, "objectClass", "olcModuleList");
        bwdir_plan_value(plan, DIR_ADD_VALUE, "cn", "module{0}");
        bwdir_plan_value(plan, DIR_ADD_VALUE, "olcModuleLoad", name);
    } else if (status == BWDIR_OK && find(&loaded, name) == NULL) {
        bwdir_plan_modify(plan, loaded.list);
        bwdir_plan_value(plan, DIR_ADD_VALUE, "olcModuleLoad", name);
    }
    clear(&loaded);
    return status;
}
