/*
 * bwdir.conf(5): one table of options, each with its section, its default
 * and the check of its value.  libconfuse reads the syntax; what a value must
 * be is said here, and nothing is guessed: an option that is unknown, doubled
 * or out of range ends the reading.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "configuration.h"

#include <confuse.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "configuration_check.h"
#include "detail.h"

#define FILE_MAX ((size_t)64 * 1024)
#define URIS_MAX 16

/* An option, named as the library names it. */
struct option {
    const char *name; /* "section.option" or "option" */
    const char *standard;
    const char *(*check)(const char *value);
};

static const struct option options[] = {
    {"base", NULL, check_dn},
    {"uri", NULL, check_uri}, /* the one list */
    {"tls-ca-file", NULL, check_path},
    {"tools.bind-dn", NULL, check_dn},
    {"tools.secret-file", NULL, check_path},
    {"tools.sasl-mech", NULL, check_mechanism},
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
#define OPTIONS (sizeof(options) / sizeof(options[0]))

/*
 * Stands behind the last line while a file is read.  libconfuse takes the end
 * of the file for the end of a section; this option, which no section has,
 * is not taken for one.
 */
#define LAST_OPTION "end-of-bwdir.conf"
#define LAST_LINE "\n" LAST_OPTION " = \"\"\n"

static const char *const sections[] = {"tools", "outbox", "bwdird", "mail"};
#define SECTIONS (sizeof(sections) / sizeof(sections[0]))

struct bwdir_config {
    char *values[OPTIONS]; /* as given; NULL: the standard one */
    char *decoy_dn;        /* the standard one */
    char *uris[URIS_MAX + 1];
    size_t uri_count;
};

/*
 * libconfuse keeps its scanner in global variables and hands its callbacks no
 * closure.  So one file is read at a time, and READING, which the lock
 * guards, is what the callbacks work for.
 */
static pthread_mutex_t reading_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    const char *path;
    struct bwdir_config *config;
    struct bwdir_detail *why;
    bool complained;
    enum bwdir_status status;
    bool seen[SECTIONS];
} reading;

static size_t
option_index(const char *name)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (strcmp(options[i].name, name) == 0)
            return i;
    abort(); /* a bug of the caller, as bwdir.h says */
}

/* Name of an option of CFG, which is a section or the file itself. */
static void
full_name(const cfg_t *cfg, const char *option, char name[64])
{
    if (strcmp(cfg->name, "root") == 0)
        snprintf(name, 64, "%s", option);
    else
        snprintf(name, 64, "%s.%s", cfg->name, option);
}

static int
complain(const cfg_t *cfg, const char *name, const char *value,
         const char *wanted)
{
    if (strcmp(value, LAST_OPTION) == 0)
        reading.status =
            bwdir_fail(reading.why, BWDIR_CONFIG,
                       "%s: the file ends where a value of %s is wanted",
                       reading.path, name);
    else
        reading.status =
            bwdir_fail(reading.why, BWDIR_CONFIG, "%s:%d: %s \"%s\": %s",
                       reading.path, cfg->line, name, value, wanted);
    reading.complained = true;
    return -1;
}

static void __attribute__((format(printf, 2, 0)))
syntax_error(cfg_t *cfg, const char *format, va_list arguments)
{
    char text[256];

    if (reading.complained)
        return;
    vsnprintf(text, sizeof(text), format, arguments);
    if (strstr(text, LAST_OPTION) != NULL)
        reading.status = bwdir_fail(reading.why, BWDIR_CONFIG,
                                    "%s: section %s is not closed; } wanted",
                                    reading.path, cfg->name);
    else
        reading.status = bwdir_fail(reading.why, BWDIR_CONFIG,
                                    "%s:%d: %s; see bwdir.conf(5)",
                                    reading.path, cfg->line, text);
    reading.complained = true;
}

static char **
uri_place(struct bwdir_config *config, const cfg_opt_t *opt)
{
    /* A second "uri =" has emptied libconfuse's own list. */
    bool doubled = opt->nvalues == 1 && config->uri_count > 0;

    if (doubled || config->uri_count == URIS_MAX)
        return NULL;
    return &config->uris[config->uri_count++];
}

/* libconfuse's callback for each value. */
static int
take_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
    struct bwdir_config *config = reading.config;
    const char *wanted;
    char name[64];
    char **place;
    size_t i;

    full_name(cfg, opt->name, name);
    i = option_index(name);
    place = &config->values[i];
    if (opt->flags & CFGF_LIST)
        place = uri_place(config, opt);
    if (place == NULL || *place != NULL)
        return complain(cfg, name, value,
                        "given twice or too often; once wanted");
    wanted = options[i].check(value);
    if (wanted != NULL)
        return complain(cfg, name, value, wanted);
    *place = strdup(value);
    if (*place == NULL)
        reading.status = BWDIR_NO_MEMORY;
    *(const char **)result = value;
    return *place == NULL ? -1 : 0;
}

/* libconfuse's callback at the end of each section. */
static int
end_section(cfg_t *cfg, cfg_opt_t *opt)
{
    for (size_t i = 0; i < SECTIONS; i++) {
        if (strcmp(sections[i], opt->name) != 0)
            continue;
        if (reading.seen[i])
            return complain(cfg, "section", opt->name,
                            "given twice; once wanted");
        reading.seen[i] = true;
    }
    return 0;
}

/* The options of a section, "" for those outside, in libconfuse's terms. */
static size_t
describe(const char *section, cfg_opt_t *described)
{
    size_t prefix = strlen(section);
    size_t count = 0;

    for (size_t i = 0; i < OPTIONS; i++) {
        const char *name = options[i].name;
        const char *dot = strchr(name, '.');
        bool is_list = strcmp(name, "uri") == 0;

        if (dot == NULL ? prefix != 0
                        : (size_t)(dot - name) != prefix ||
                              strncmp(name, section, prefix) != 0)
            continue;
        described[count++] = (cfg_opt_t){
            .name = dot == NULL ? name : dot + 1,
            .type = CFGT_STR,
            .flags = is_list ? CFGF_LIST : CFGF_NONE,
            .parsecb = take_value,
        };
    }
    described[count] = (cfg_opt_t)CFG_END();
    return count;
}

/* The table in libconfuse's terms; it copies what it is given. */
static cfg_t *
describe_all(void)
{
    struct {
        cfg_opt_t outside[OPTIONS + SECTIONS + 2];
        cfg_opt_t inside[SECTIONS][OPTIONS + 1];
    } *described = calloc(1, sizeof(*described));
    size_t count;
    cfg_t *cfg;

    if (described == NULL)
        return NULL;
    count = describe("", described->outside);
    for (size_t i = 0; i < SECTIONS; i++) {
        describe(sections[i], described->inside[i]);
        described->outside[count++] = (cfg_opt_t){
            .name = sections[i],
            .type = CFGT_SEC,
            .subopts = described->inside[i],
            .validcb = end_section,
        };
    }
    described->outside[count++] =
        (cfg_opt_t){.name = LAST_OPTION, .type = CFGT_STR};
    described->outside[count] = (cfg_opt_t)CFG_END();
    cfg = cfg_init(described->outside, CFGF_NONE);
    free(described);
    return cfg;
}

static void
scan(const char *text)
{
    cfg_t *cfg = describe_all();

    if (cfg == NULL) {
        reading.status = BWDIR_NO_MEMORY;
        return;
    }
    cfg_set_error_function(cfg, syntax_error);
    if (cfg_parse_buf(cfg, text) != CFG_SUCCESS && reading.status == BWDIR_OK)
        reading.status =
            bwdir_fail(reading.why, BWDIR_CONFIG,
                       "%s: not the syntax of bwdir.conf(5)", reading.path);
    cfg_free(cfg);
}

static enum bwdir_status
parse(const char *path, const char *text, struct bwdir_config *config,
      struct bwdir_detail *why)
{
    enum bwdir_status status;

    pthread_mutex_lock(&reading_lock);
    memset(&reading, 0, sizeof(reading));
    reading.path = path;
    reading.config = config;
    reading.why = why;
    scan(text);
    status = reading.status;
    memset(&reading, 0, sizeof(reading));
    pthread_mutex_unlock(&reading_lock);
    return status;
}

/* What libconfuse would do with it must never happen: it replaces ${NAME} by
 * the environment and ends at a NUL. */
static enum bwdir_status
refuse_odd_text(const char *path, const char *text, size_t length,
                struct bwdir_detail *why)
{
    const char *odd = strstr(text, "${");
    size_t line = 1;

    if (strlen(text) != length)
        return bwdir_fail(why, BWDIR_CONFIG,
                          "%s: holds a NUL byte; plain "
                          "text wanted",
                          path);
    if (odd == NULL)
        return BWDIR_OK;
    for (const char *c = text; c < odd; c++)
        line += *c == '\n' ? 1 : 0;
    return bwdir_fail(why, BWDIR_CONFIG,
                      "%s:%zu: \"${\": the environment is not read; write "
                      "the value itself",
                      path, line);
}

static enum bwdir_status
read_file(const char *path, struct bwdir_config *config,
          struct bwdir_detail *why)
{
    enum bwdir_status status;
    char *text = NULL;
    size_t length = 0;
    int fd;

    status = bwdir_trusted_open(path, false, &fd, why);
    if (status != BWDIR_OK)
        return status;
    text = calloc(1, FILE_MAX + sizeof(LAST_LINE));
    status = text == NULL
                 ? BWDIR_NO_MEMORY
                 : bwdir_trusted_read(fd, path, text, FILE_MAX, &length, why);
    close(fd);
    if (status == BWDIR_OK)
        status = refuse_odd_text(path, text, length, why);
    if (status == BWDIR_OK) {
        strcpy(text + length, LAST_LINE);
        status = parse(path, text, config, why);
    }
    free(text);
    return status;
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
            status = check_identity(config, sections[i], path, why);
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
        status = read_file(path, loaded, why);
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
    size_t i = option_index(option);

    if (config->values[i] != NULL)
        return config->values[i];
    if (strcmp(option, "bwdird.decoy-dn") == 0)
        return config->decoy_dn;
    return options[i].standard;
}

long
bwdir_config_number(const struct bwdir_config *config, const char *option)
{
    if (options[option_index(option)].check != check_workers)
        abort(); /* not a number: a bug of the caller */
    return strtol(bwdir_config_text(config, option), NULL, 10);
}

const char *const *
bwdir_config_uris(const struct bwdir_config *config)
{
    return (const char *const *)config->uris;
}
