/*
 * The configuration as it was installed, made out for another suffix.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cli/exit_code.h"
#include "setup.h"

#define SAMPLE PKGDATADIR "/bwdir.conf"
#define SAMPLE_BASE "dc=example,dc=com"
#define SAMPLE_DOMAIN "@example.com"
#define TEXT_MAX 16384

/* The content of a file, at most TEXT_MAX - 1 bytes; the caller's.  NULL: it
 * cannot be read. */
static char *
content_of(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = calloc(1, TEXT_MAX);

    if (file == NULL || text == NULL ||
        fread(text, 1, TEXT_MAX - 1, file) == 0 || ferror(file)) {
        free(text);
        text = NULL;
    }
    if (file != NULL)
        fclose(file);
    return text;
}

/* "@example.org" for "dc=example,dc=org"; "" when there are other parts. */
static void
put_domain(FILE *out, const char *base)
{
    char separator = '@';

    for (; strncmp(base, "dc=", 3) == 0; separator = '.') {
        size_t length = strcspn(base += 3, ",");

        fprintf(out, "%c%.*s", separator, (int)length, base);
        base += length + (base[length] == ',');
    }
    if (separator == '@')
        fputs(SAMPLE_DOMAIN, out);
}

static void
put_made_out(FILE *out, const char *text, const char *base)
{
    while (*text != '\0') {
        if (strncmp(text, SAMPLE_BASE, strlen(SAMPLE_BASE)) == 0) {
            fputs(base, out);
            text += strlen(SAMPLE_BASE);
        } else if (strncmp(text, SAMPLE_DOMAIN, strlen(SAMPLE_DOMAIN)) == 0) {
            put_domain(out, base);
            text += strlen(SAMPLE_DOMAIN);
        } else {
            fputc(*text++, out);
        }
    }
}

/* In the place of the file at once, so that nobody reads a part. */
static bool
write_made_out(const char *path, const char *text, const char *base)
{
    char *draft = NULL;
    FILE *out = NULL;
    int fd = -1;
    bool done = false;

    if (asprintf(&draft, "%s.XXXXXX", path) < 0)
        return false;
    fd = mkstemp(draft);
    if (fd >= 0 && (out = fdopen(fd, "w")) != NULL) {
        put_made_out(out, text, base);
        done = fflush(out) == 0 && fchmod(fd, 0644) == 0 && fsync(fd) == 0;
        done = fclose(out) == 0 && done && rename(draft, path) == 0;
    }
    if (fd >= 0 && !done)
        unlink(draft);
    free(draft);
    return done;
}

int
init_sample(struct setup *setup)
{
    struct cli_session *session = setup->session;
    const char *base = session->options.base;
    char *text = NULL, *sample = NULL;
    struct bwdir_detail why = {""};
    enum bwdir_status status = BWDIR_OK;
    bool fresh;

    if (base == NULL ||
        strcmp(base, bwdir_config_text(session->config, "base")) == 0)
        return CLI_GO_ON;
    text = content_of(session->config_path);
    sample = content_of(SAMPLE);
    fresh = text != NULL && sample != NULL && strcmp(text, sample) == 0;
    if (!fresh) {
        cli_warning(session->report,
                    "%s: says base \"%s\"; the tools and the daemon look "
                    "there, and not at \"%s\"",
                    session->config_path,
                    bwdir_config_text(session->config, "base"), base);
    } else if (session->options.dry_run) {
        cli_note(session->report, "%s: is as installed; base would be \"%s\"",
                 session->config_path, base);
    } else if (!write_made_out(session->config_path, sample, base)) {
        status = BWDIR_CONFIG;
        snprintf(why.text, sizeof why.text, "%s: cannot be written: %s",
                 session->config_path, strerror(errno));
    } else {
        setup->sample = session->config;
        status =
            bwdir_config_load(session->config_path, &session->config, &why);
        setup->changes++;
        cli_say(session->report, "%s: made out for \"%s\"",
                session->config_path, base);
    }
    free(text);
    free(sample);
    return status == BWDIR_OK ? CLI_GO_ON
                              : cli_session_fail(session, status, &why);
}
