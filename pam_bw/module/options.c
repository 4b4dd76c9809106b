/*
 * The arguments of pam_bw.so: one sorted table, and a function for each
 * argument that takes a value.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "pam_bw/module/options.h"

#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

struct option {
    const char *name;
    /* Stores a value; NULL, or what is wrong with it.  No flag has one. */
    const char *(*set)(struct pambw_options *options, const char *value);
    size_t flag; /* offset of a flag in struct pambw_options */
    bool repeats;
};

static const char *
set_access(struct pambw_options *options, const char *value)
{
    if (strcmp(value, "dashboard") == 0)
        options->access = BW_WIRE_DASHBOARD;
    else if (strcmp(value, "api") == 0)
        options->access = BW_WIRE_API;
    else
        return "dashboard or api wanted";
    return NULL;
}

static const char *
set_socket(struct pambw_options *options, const char *value)
{
    struct sockaddr_un address;

    if (value[0] != '/')
        return "an absolute path wanted";
    if (strlen(value) >= sizeof(address.sun_path))
        return "too long for the path of a socket";
    options->socket = value;
    return NULL;
}

/* Keywords as the directory has them, with one comma between two. */
static bool
is_list(const char *value)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t word;

    if (strlen(value) > PAMBW_LIST_MAX)
        return false;
    for (;;) {
        word = strspn(value, letters);
        if (word == 0)
            return false;
        value += word;
        if (*value == '\0')
            return true;
        if (*value++ != ',')
            return false;
    }
}

static const char *
add_requirement(struct pambw_options *options, enum bw_wire_tag tag,
                const char *list)
{
    if (options->requirement_count == PAMBW_REQUIREMENTS_MAX)
        return "too many require_ arguments";
    options->requirements[options->requirement_count++] =
        (struct pambw_requirement){tag, list};
    return NULL;
}

static const char *
require_account(struct pambw_options *options, const char *value)
{
    if (!is_list(value))
        return "account numbers with commas between them wanted";
    return add_requirement(options, BW_WIRE_REQUIRE_ACCOUNT, value);
}

static const char *
require_level(struct pambw_options *options, const char *value)
{
    if (strcmp(value, "admin") != 0 && strcmp(value, "basic") != 0 &&
        strcmp(value, "admin,basic") != 0 && strcmp(value, "basic,admin") != 0)
        return "admin or basic wanted";
    return add_requirement(options, BW_WIRE_REQUIRE_LEVEL, value);
}

static const char *
require_role(struct pambw_options *options, const char *value)
{
    if (!is_list(value))
        return "role keywords with commas between them wanted";
    return add_requirement(options, BW_WIRE_REQUIRE_ROLE, value);
}

#define FLAG(name) NULL, offsetof(struct pambw_options, name), false

/* Sorted by name: looked up with bsearch(3). */
static const struct option table[] = {
    {"access", set_access, 0, false},
    {"debug", FLAG(debug)},
    {"one_phase", FLAG(one_phase)},
    {"require_account", require_account, 0, true},
    {"require_level", require_level, 0, true},
    {"require_role", require_role, 0, true},
    {"socket", set_socket, 0, false},
    {"try_first_pass", FLAG(try_first_pass)},
    {"use_authtok", FLAG(use_authtok)},
    {"use_first_pass", FLAG(use_first_pass)},
};

#define TABLE_LENGTH (sizeof(table) / sizeof(table[0]))

/* The part of an argument before "=", which need not end there. */
struct name {
    const char *bytes;
    size_t length;
};

static int
compare(const void *key, const void *element)
{
    const struct name *name = key;
    const struct option *option = element;
    int order = strncmp(name->bytes, option->name, name->length);

    if (order == 0 && option->name[name->length] != '\0')
        return -1;
    return order;
}

static const struct option *
find(const char *argument)
{
    struct name name = {argument, strcspn(argument, "=")};

    return bsearch(&name, table, TABLE_LENGTH, sizeof(table[0]), compare);
}

static const char *
set(struct pambw_options *options, const struct option *option,
    const char *argument)
{
    const char *value = strchr(argument, '=');
    bool *flag;

    if (option->set == NULL) {
        if (value != NULL)
            return "takes no value";
        flag = (bool *)((char *)options + option->flag);
        *flag = true;
        return NULL;
    }
    if (value == NULL || value[1] == '\0')
        return "a value wanted";
    return option->set(options, value + 1);
}

bool
pambw_options_parse(int argc, const char **argv, struct pambw_options *options,
                    const char **wrong, const char **why)
{
    const struct option *option;
    bool seen[TABLE_LENGTH] = {false};

    *options = (struct pambw_options){.access = BW_WIRE_UNSAID,
                                      .socket = PAMBW_SOCKET};
    for (int i = 0; i < argc; i++) {
        *wrong = argv[i];
        option = find(argv[i]);
        if (option == NULL) {
            *why = "no such argument";
            return false;
        }
        if (seen[option - table] && !option->repeats) {
            *why = "given twice";
            return false;
        }
        seen[option - table] = true;
        *why = set(options, option, argv[i]);
        if (*why != NULL)
            return false;
    }
    *wrong = NULL;
    *why = NULL;
    return true;
}
