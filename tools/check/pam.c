/*
 * PAM services that mention pam_bw.so: read as libpam reads them, the
 * arguments by the module's own table.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "checks.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../pam/control.h"
#include "pam_bw/module/options.h"

enum { AUTH, ACCOUNT, PASSWORD, SESSION, TYPES };

static const char *const types[TYPES] = {"auth", "account", "password",
                                         "session"};

struct service {
    struct bwdir_checkup *checkup;
    const char *name;
    struct pam_stack stacks[TYPES];
    const struct pam_entry *ours[TYPES]; /* the first pam_bw.so line */
    struct pambw_options options[TYPES];
    bool sound; /* nothing was told of it */
};

static const char *
directory_of(const struct bwdir_checkup *checkup)
{
    const struct check_round *round = bwdir_checkup_closure(checkup);

    return round->session->options.pam_confdir;
}

/* ---- one line ---- */

#define WHERE "%s: %s:%zu: "
#define WHERE_OF(service, entry)                                              \
    (service)->name, (entry)->path, (entry)->number

static void
judge_arguments(struct service *service, size_t type,
                const struct pam_entry *entry)
{
    const char *socket = bwdir_config_text(
        bwdir_checkup_config(service->checkup), "bwdird.socket");
    struct pambw_options options;
    const char *wrong, *why;

    if (!pambw_options_parse((int)entry->arguments.count,
                             (const char **)entry->arguments.items, &options,
                             &wrong, &why)) {
        service->sound = false;
        bwdir_checkup_remedy(service->checkup,
                             "mend the argument (pam_bw(8)); until then "
                             "nobody gets in");
        bwdir_checkup_fail(service->checkup, WHERE "argument \"%s\": %s",
                           WHERE_OF(service, entry), wrong, why);
        return;
    }
    if (service->ours[type] == entry)
        service->options[type] = options;
    if (strcmp(options.socket, socket) != 0) {
        service->sound = false;
        bwdir_checkup_remedy(service->checkup,
                             "socket=%s on the line, or mend bwdird.socket "
                             "in bwdir.conf",
                             socket);
        bwdir_checkup_fail(service->checkup,
                           WHERE "it asks at %s, bwdird listens at %s",
                           WHERE_OF(service, entry), options.socket, socket);
    }
}

static void
judge_file(struct service *service, const struct pam_entry *entry)
{
    if (entry->dash) {
        service->sound = false;
        bwdir_checkup_remedy(service->checkup, "take the leading - away");
        bwdir_checkup_fail(service->checkup,
                           WHERE "with a leading - the line does not count "
                                 "while the module is missing",
                           WHERE_OF(service, entry));
    }
    if (entry->module[0] == '/' && access(entry->module, R_OK) != 0) {
        service->sound = false;
        bwdir_checkup_remedy(service->checkup,
                             "install the module, or mend its path");
        bwdir_checkup_fail(service->checkup, WHERE "%s: %s",
                           WHERE_OF(service, entry), entry->module,
                           strerrordesc_np(errno));
    }
}

static void
judge_place(struct service *service, size_t type, size_t our)
{
    const struct pam_stack *stack = &service->stacks[type];
    const struct pam_entry *entry = &stack->entries[our];
    const struct pam_entry *skips = pam_stack_skips(stack, our);

    /* In auth whoever says yes has looked at a password of his own. */
    if (skips != NULL && type == ACCOUNT) {
        service->sound = false;
        bwdir_checkup_remedy(service->checkup,
                             "put the pam_bw.so line before it, as the "
                             "examples do (pam_bw(8))");
        bwdir_checkup_fail(service->checkup,
                           WHERE "%s in line %zu says yes first and the line "
                                 "is not reached",
                           WHERE_OF(service, entry), skips->module,
                           skips->number);
    }
    if (pam_stack_ignores(stack, our) && type == ACCOUNT) {
        service->sound = false;
        bwdir_checkup_remedy(service->checkup,
                             "required, or the control of the examples "
                             "(pam_bw(8))");
        bwdir_checkup_fail(service->checkup,
                           WHERE "control \"%s\": its refusals are ignored",
                           WHERE_OF(service, entry), entry->control);
    }
}

/* ---- one service ---- */

/* These call pam_acct_mgmt(3) by themselves. */
static bool
calls_account(const char *service)
{
    static const char *const services[] = {
        "cron", "gdm-password", "lightdm", "login", "sddm",
        "sshd", "su",           "su-l",    "sudo",  "sudo-i"};

    for (size_t i = 0; i < sizeof services / sizeof *services; i++)
        if (strcmp(services[i], service) == 0)
            return true;
    return false;
}

static void
judge_phases(struct service *service)
{
    const struct pam_entry *auth = service->ours[AUTH];

    if (auth == NULL)
        return;
    if (service->ours[ACCOUNT] == NULL && !service->options[AUTH].one_phase) {
        service->sound = false;
        bwdir_checkup_remedy(service->checkup,
                             "add an account line for pam_bw.so with the "
                             "same arguments; one_phase where the program "
                             "never calls pam_acct_mgmt");
        bwdir_checkup_fail(service->checkup,
                           WHERE "no account line for pam_bw.so: disabled and "
                                 "unverified users get in with an SSH key",
                           WHERE_OF(service, auth));
    }
    if (service->options[AUTH].one_phase && calls_account(service->name)) {
        service->sound = false;
        bwdir_checkup_remedy(service->checkup, "take one_phase away");
        bwdir_checkup_warn(service->checkup,
                           WHERE "one_phase, but this program calls "
                                 "pam_acct_mgmt: who has to change the "
                                 "password is refused instead",
                           WHERE_OF(service, auth));
    }
    if (service->ours[ACCOUNT] != NULL &&
        service->options[AUTH].access != service->options[ACCOUNT].access) {
        service->sound = false;
        bwdir_checkup_remedy(service->checkup, "the same access= on both");
        bwdir_checkup_warn(service->checkup,
                           WHERE "another access= than the account line",
                           WHERE_OF(service, auth));
    }
}

static void
judge_stack(struct service *service, size_t type)
{
    const struct pam_stack *stack = &service->stacks[type];

    for (size_t i = 0; i < stack->count; i++) {
        const struct pam_entry *entry = &stack->entries[i];

        if (!pam_entry_is_ours(entry))
            continue;
        judge_arguments(service, type, entry);
        judge_file(service, entry);
        if (service->ours[type] == entry)
            judge_place(service, type, i);
    }
}

/* False when libpam refuses the service as a whole; that is told. */
static bool
read_stacks(struct service *service)
{
    const char *directory = directory_of(service->checkup);
    struct bwdir_detail why = {""};

    for (size_t type = 0; type < TYPES; type++) {
        struct pam_stack *stack = &service->stacks[type];

        if (pam_service_stack(directory, service->name, types[type], stack,
                              &why) != BWDIR_OK) {
            bwdir_checkup_remedy(service->checkup,
                                 "mend the file (pam.d(5)); libpam refuses "
                                 "the whole service");
            bwdir_checkup_warn(service->checkup, "%s: %s", service->name,
                               why.text);
            return false;
        }
        for (size_t i = 0; i < stack->count; i++)
            if (service->ours[type] == NULL &&
                pam_entry_is_ours(&stack->entries[i]))
                service->ours[type] = &stack->entries[i];
    }
    return true;
}

/* "auth, account" */
static void
list_types(const struct service *service, char text[64])
{
    text[0] = '\0';
    for (size_t type = 0; type < TYPES; type++)
        if (service->ours[type] != NULL) {
            strcat(text, text[0] != '\0' ? ", " : "");
            strcat(text, types[type]);
        }
}

/* True when the service mentions the module. */
static bool
judge_service(struct bwdir_checkup *checkup, const char *name)
{
    struct service service = {.checkup = checkup, .name = name, .sound = true};
    char text[64] = "";

    if (read_stacks(&service)) {
        list_types(&service, text);
        for (size_t type = 0; type < TYPES; type++)
            judge_stack(&service, type);
        judge_phases(&service);
        if (text[0] != '\0' && service.sound)
            bwdir_checkup_ok(checkup, "%s: pam_bw.so in %s", name, text);
    }
    for (size_t type = 0; type < TYPES; type++)
        pam_stack_clear(&service.stacks[type]);
    return text[0] != '\0';
}

/* ---- all services ---- */

/* Left behind by dpkg(1) and editors; nobody's service. */
static bool
is_left_over(const char *name)
{
    size_t length = strlen(name);

    return name[0] == '.' || name[length - 1] == '~' ||
           strstr(name, ".dpkg-") != NULL || strstr(name, ".ucf-") != NULL ||
           strstr(name, ".rpm") != NULL;
}

static void
list_services(const char *directory, struct cli_list *names)
{
    struct dirent **found = NULL;
    int count = scandir(directory, &found, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        if (!is_left_over(found[i]->d_name) &&
            (found[i]->d_type == DT_REG || found[i]->d_type == DT_LNK ||
             found[i]->d_type == DT_UNKNOWN))
            cli_list_add(names, found[i]->d_name);
        free(found[i]);
    }
    free(found);
}

/* A file that others include, such as common-auth, is no service. */
static void
note_includes(const char *directory, const char *name,
              struct cli_list *included)
{
    for (size_t type = 0; type < TYPES; type++) {
        struct pam_stack stack;
        struct bwdir_detail why;

        (void)pam_service_stack(directory, name, types[type], &stack, &why);
        for (size_t i = 0; i < stack.count; i++) {
            const char *slash = strrchr(stack.entries[i].path, '/');

            if (slash != NULL && strcmp(slash + 1, name) != 0 &&
                strcmp(slash + 1, "other") != 0)
                cli_list_add(included, slash + 1);
        }
        pam_stack_clear(&stack);
    }
}

static bool
has(const struct cli_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

void
check_pam_services(struct bwdir_checkup *checkup)
{
    const char *directory = directory_of(checkup);
    struct cli_list names = {NULL, 0}, included = {NULL, 0};
    size_t count = 0;

    list_services(directory != NULL ? directory : PAM_DIRECTORY, &names);
    if (directory == NULL)
        list_services(PAM_VENDOR_DIRECTORY, &names);
    for (size_t i = 0; i < names.count; i++)
        note_includes(directory, names.items[i], &included);
    for (size_t i = 0; i < names.count; i++)
        if (!has(&included, names.items[i]))
            count += judge_service(checkup, names.items[i]);
    if (count == 0)
        bwdir_checkup_ok(checkup, "no service in %s asks bwdird",
                         directory != NULL ? directory : PAM_DIRECTORY);
    cli_list_clear(&included);
    cli_list_clear(&names);
}
