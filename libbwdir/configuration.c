/*
 * bwdir.conf(5): one table of options, each with its section, its default
 * and the check of its value, and what they must be together.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "configuration_impl.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "configuration_check.h"
#include "detail.h"

const struct bwdir_option bwdir_options[OPTIONS] = {
    {"base", NULL, check_dn},
    {"uri", NULL, check_uri}, /* the one list */
    {"tls-ca-file", NULL, check_path},
    {"tools.bind-dn", NULL, check_dn},
    {"tools.secret-file", NULL, check_path},
    {"tools.sasl-mech", NULL, check_mechanism},
    {"tools.log", "syslog", check_log},
    {"tools.keep-dir", LOCALSTATEDIR "/lib/bwdir/deleted", check_path},
    {"outbox.bind-dn", NULL, check_dn},
    {"outbox.secret-file", NULL, check_path},
    {"outbox.sasl-mech", NULL, check_mechanism},
    {"bwdird.bind-dn", NULL, check_dn},
    {"bwdird.secret-file", NULL, check_path},
    {"bwdird.sasl-mech", NULL, check_mechanism},
    {"bwdird.decoy-dn", NULL, check_dn}, /* the default wants the base */
    {"bwdird.socket", "/run/bwdir/bwdird.sock", check_socket},
    {"bwdird.user", "bwdir", check_text},
    {"bwdird.workers", "4", check_workers},
    {"bwdird.log", "syslog", check_log},
    {"bwdird.passwd-file", "/etc/passwd", check_path},
    {"mail.transport", "sendmail", check_transport},
    {"mail.maildir", NULL, check_path},
    {"mail.sendmail", "/usr/sbin/sendmail", check_path},
    {"mail.smtp-uri", NULL, check_smtp_uri},
    {"mail.smtp-ca-file", NULL, check_path},
    {"mail.smtp-user", NULL, check_text},
    {"mail.smtp-secret-file", NULL, check_path},
    {"mail.from", NULL, check_mail},
    {"mail.template-dir", PKGDATADIR "/mail", check_path},
};

const char *const bwdir_sections[SECTIONS] = {"tools", "outbox", "bwdird",
                                              "mail"};

size_t
bwdir_option_index(const char *name)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (strcmp(bwdir_options[i].name, name) == 0)
            return i;
    abort(); /* a bug of the caller, as bwdir.h says */
}

/* The section's identity: a bind DN with its secret, or a mechanism. */
static enum bwdir_status
check_identity(const struct bwdir_config *config, const char *section,
               const char *path, struct bwdir_detail *why)
{
    const char *value[3];
    const char *const names[] = {"bind-dn", "secret-file", "sasl-mech"};

    for (size_t i = 0; i < 3; i++) {
        char name[64];

        snprintf(name, sizeof(name), "%s.%s", section, names[i]);
        value[i] = bwdir_config_text(config, name);
    }
    if ((value[0] == NULL) != (value[1] == NULL))
        return bwdir_fail(why, BWDIR_CONFIG,
                          "%s: section %s: bind-dn and secret-file go "
                          "together; give both or none",
                          path, section);
    if (value[0] != NULL && value[2] != NULL)
        return bwdir_fail(why, BWDIR_CONFIG,
                          "%s: section %s: bind-dn or sasl-mech, not both",
                          path, section);
    return BWDIR_OK;
}

/* The option that another one makes necessary. */
static enum bwdir_status
check_needed(const struct bwdir_config *config, bool necessary,
             const char *name, const char *path, struct bwdir_detail *why)
{
    if (!necessary || bwdir_config_text(config, name) != NULL)
        return BWDIR_OK;
    return bwdir_fail(why, BWDIR_CONFIG, "%s: %s is missing", path, name);
}

static enum bwdir_status
check_whole(const struct bwdir_config *config, const char *path,
            struct bwdir_detail *why)
{
    const char *transport = bwdir_config_text(config, "mail.transport");
    const struct {
        bool necessary;
        const char *name;
    } needs[] = {
        {true, "base"},
        {strcmp(transport, "maildir") == 0, "mail.maildir"},
        {strcmp(transport, "smtp") == 0, "mail.smtp-uri"},
        {bwdir_config_text(config, "mail.smtp-user") != NULL,
         "mail.smtp-secret-file"},
        {bwdir_config_text(config, "mail.smtp-secret-file") != NULL,
         "mail.smtp-user"},
    };
    enum bwdir_status status = BWDIR_OK;

    if (config->uri_count == 0)
        status = bwdir_fail(why, BWDIR_CONFIG, "%s: uri is missing", path);
    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
        if (status == BWDIR_OK)
            status = check_needed(config, needs[i].necessary, needs[i].name,
                                  path, why);
    for (size_t i = 0; i < 3; i++) /* mail has no identity */
        if (status == BWDIR_OK)
            status = check_identity(config, bwdir_sections[i], path, why);
    return status;
}

enum bwdir_status
bwdir_config_load(const char *path, struct bwdir_config **config,
                  struct bwdir_detail *why)
{
    struct bwdir_config *loaded = calloc(1, sizeof(*loaded));
    enum bwdir_status status = BWDIR_NO_MEMORY;

    *config = NULL;
    if (loaded != NULL)
        status = bwdir_config_read(path, loaded, why);
    if (status == BWDIR_OK)
        status = check_whole(loaded, path, why);
    if (status == BWDIR_OK &&
        asprintf(&loaded->decoy_dn, "cn=decoy,ou=services,%s",
                 bwdir_config_text(loaded, "base")) < 0) {
        loaded->decoy_dn = NULL;
        status = BWDIR_NO_MEMORY;
    }
    if (status == BWDIR_NO_MEMORY)
        bwdir_fail(why, status, "%s: out of memory", path);
    if (status != BWDIR_OK)
        bwdir_config_free(&loaded);
    *config = loaded;
    return status;
}

void
bwdir_config_free(struct bwdir_config **config)
{
    if (config == NULL || *config == NULL)
        return;
    for (size_t i = 0; i < OPTIONS; i++)
        free((*config)->values[i]);
    for (size_t i = 0; i < (*config)->uri_count; i++)
        free((*config)->uris[i]);
    free((*config)->decoy_dn);
    free(*config);
    *config = NULL;
}

const char *
bwdir_config_text(const struct bwdir_config *config, const char *option)
{
    size_t i = bwdir_option_index(option);

    if (config->values[i] != NULL)
        return config->values[i];
    if (strcmp(option, "bwdird.decoy-dn") == 0)
        return config->decoy_dn;
    return bwdir_options[i].standard;
}

const char *
bwdir_config_reader(const struct bwdir_config *config, const char *section)
{
    if (strcmp(section, "bwdird") == 0)
        return bwdir_config_text(config, "bwdird.user");
    if (strcmp(section, "outbox") == 0 || strcmp(section, "mail") == 0)
        return "bwdir-mail";
    return NULL;
}

enum bwdir_status
bwdir_config_secret(const struct bwdir_config *config, const char *option,
                    struct bwdir_secret **secret, struct bwdir_detail *why)
{
    const struct passwd *entry = NULL;
    const char *reader;
    char section[32];

    snprintf(section, sizeof section, "%.*s", (int)strcspn(option, "."),
             option);
    reader = bwdir_config_reader(config, section);
    if (reader != NULL && geteuid() == 0)
        entry = getpwnam(reader);
    return bwdir_secret_from_file_of(bwdir_config_text(config, option),
                                     entry != NULL ? entry->pw_uid : geteuid(),
                                     secret, why);
}

long
bwdir_config_number(const struct bwdir_config *config, const char *option)
{
    if (bwdir_options[bwdir_option_index(option)].check != check_workers)
        abort(); /* not a number: a bug of the caller */
    return strtol(bwdir_config_text(config, option), NULL, 10);
}

const char *const *
bwdir_config_uris(const struct bwdir_config *config)
{
    return (const char *const *)config->uris;
}
