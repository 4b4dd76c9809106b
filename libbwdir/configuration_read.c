/*
 * The syntax of bwdir.conf(5), by libconfuse; nothing is guessed: an option
 * that is unknown, doubled or out of range ends the reading.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "configuration_impl.h"

#include <confuse.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "detail.h"

#define FILE_MAX ((size_t)64 * 1024)

/*
 * Stands behind the last line while a file is read.  libconfuse takes the end
 * of the file for the end of a section; this option, which no section has,
 * is not taken for one.
 */
#define LAST_OPTION "end-of-bwdir.conf"
#define LAST_LINE "\n" LAST_OPTION " = \"\"\n"

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
    i = bwdir_option_index(name);
    place = &config->values[i];
    if (opt->flags & CFGF_LIST)
        place = uri_place(config, opt);
    if (place == NULL || *place != NULL)
        return complain(cfg, name, value,
                        "given twice or too often; once wanted");
    wanted = bwdir_options[i].check(value);
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
        if (strcmp(bwdir_sections[i], opt->name) != 0)
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
        const char *name = bwdir_options[i].name;
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
        describe(bwdir_sections[i], described->inside[i]);
        described->outside[count++] = (cfg_opt_t){
            .name = bwdir_sections[i],
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

enum bwdir_status
bwdir_config_read(const char *path, struct bwdir_config *config,
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
