/*
 * What a tool says, as lines or as one JSON object.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "report.h"

#include <err.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"
#include "text.h"

#define CANNOT_WRITE "standard output: cannot be written"

struct cli_report {
    const char *program;
    bool json;
    bool keeps; /* there may be an object to print in the end */
    bool color;
    bool saved;
    size_t error_count;
    json_t *facts;
    json_t *row; /* of a list among the facts, while it is filled */
    struct cli_secret secret; /* that is held; a name of NULL: none is */
    const char *lost;         /* of a secret that the object shows */
    const char *streamed;     /* the list whose rows go out at once */
    size_t streamed_rows;
    json_t *errors;
    json_t *warnings;
};

struct cli_report *
cli_report_new(const char *program)
{
    struct cli_report *report = calloc(1, sizeof *report);

    if (report == NULL)
        errx(EX_OSERR, "out of memory");
    report->program = program;
    report->keeps = true;
    report->facts = json_object();
    report->errors = json_array();
    report->warnings = json_array();
    return report;
}

void
cli_report_use_json(struct cli_report *report)
{
    report->json = true;
}

void
cli_report_use_lines(struct cli_report *report)
{
    report->keeps = false;
}

void
cli_report_use_color(struct cli_report *report)
{
    report->color = true;
}

/* A JSON text, null for NULL; what is not UTF-8 is escaped first. */
static json_t *
json_text(const char *text)
{
    json_t *value = text == NULL ? json_null() : json_string(text);

    if (value == NULL) {
        char *copy = cli_text_ascii(text);

        value = json_string(copy);
        free(copy);
    }
    return value;
}

/* One formatted line as MAKE lets it through; the caller's. */
__attribute__((format(printf, 1, 0))) static char *
line(const char *format, va_list args, char *(*make)(const char *text))
{
    char *text = NULL;
    char *copy;

    if (vasprintf(&text, format, args) < 0)
        errx(EX_OSERR, "out of memory");
    copy = make(text);
    free(text);
    return copy;
}

static void
complain(struct cli_report *report, json_t *list, const char *kind,
         const char *text)
{
    cli_progress_clear();
    fprintf(stderr, "%s: %s%s\n", report->program, kind, text);
    if (report->keeps)
        json_array_append_new(list, json_text(text));
}

void
cli_error(struct cli_report *report, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = line(format, args, cli_text_ascii);
    va_end(args);
    report->error_count++;
    complain(report, report->errors, "", text);
    free(text);
}

void
cli_warning(struct cli_report *report, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = line(format, args, cli_text_ascii);
    va_end(args);
    complain(report, report->warnings, "warning: ", text);
    free(text);
}

void
cli_say(struct cli_report *report, const char *format, ...)
{
    va_list args;
    char *text;

    if (report->json)
        return;
    va_start(args, format);
    text = line(format, args, cli_text_shown);
    va_end(args);
    puts(text);
    free(text);
}

void
cli_say_marked(struct cli_report *report, enum cli_color color,
               const char *mark, const char *format, ...)
{
    va_list args;
    char *text;

    if (report->json)
        return;
    va_start(args, format);
    text = line(format, args, cli_text_shown);
    va_end(args);
    if (report->color)
        printf("\033[%dm%s\033[0m%s\n", (int)color, mark, text);
    else
        printf("%s%s\n", mark, text);
    free(text);
}

void
cli_note(struct cli_report *report, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = line(format, args, cli_text_ascii);
    va_end(args);
    cli_progress_clear();
    fprintf(stderr, "%s: %s\n", report->program, text);
    free(text);
}

void
cli_print(struct cli_report *report, const char *text)
{
    if (!report->json)
        fputs(text, stdout);
}

/* A fact goes to the row that is open, else to the object.  Its name is one of
 * ours, so that nobody need look whether it is UTF-8. */
static void
set_fact(struct cli_report *report, const char *name, json_t *value)
{
    if (!report->keeps) {
        json_decref(value);
        return;
    }
    json_object_set_new_nocheck(
        report->row != NULL ? report->row : report->facts, name, value);
}

void
cli_fact_text(struct cli_report *report, const char *name, const char *value)
{
    set_fact(report, name, json_text(value));
}

void
cli_fact_list(struct cli_report *report, const char *name,
              const char *const *values)
{
    json_t *list = json_array();

    for (; *values != NULL; values++)
        json_array_append_new(list, json_text(*values));
    set_fact(report, name, list);
}

void
cli_row_open(struct cli_report *report, const char *list)
{
    json_t *rows = json_object_get(report->facts, list);

    if (!report->keeps)
        return;
    report->row = json_object();
    if (report->streamed != NULL)
        return;
    if (rows == NULL) {
        rows = json_array();
        json_object_set_new(report->facts, list, rows);
    }
    json_array_append_new(rows, report->row);
}

/*
 * Of what stdio(3) holds back only whole rows are lost when the program ends
 * at once, so that the end of the object can be written behind them.
 */
#define ROOM (1 << 16)
#define FLUSH_AT (ROOM / 2)

bool
cli_row_close(struct cli_report *report)
{
    if (report->streamed != NULL && report->json) {
        /* Not json_dumpf(), which calls fwrite(3) for each few bytes. */
        char *text = json_dumps(report->row, JSON_COMPACT | JSON_ENSURE_ASCII);

        if (text == NULL)
            errx(EX_OSERR, "out of memory");
        if (report->streamed_rows++ > 0)
            fputs(",\n", stdout);
        fputs(text, stdout);
        free(text);
    }
    if (report->streamed != NULL)
        json_decref(report->row);
    report->row = NULL;
    return ferror(stdout) == 0;
}

bool
cli_rows_due(void)
{
    static time_t last;
    time_t now = time(NULL);
    bool due = __fpending(stdout) >= FLUSH_AT || (last != 0 && now != last);

    last = now;
    return due;
}

void
cli_rows_stream(struct cli_report *report, const char *list)
{
    static char buffer[ROOM];

    report->streamed = list;
    setvbuf(stdout, buffer, _IOFBF, ROOM);
    if (report->json)
        printf("{\"program\": \"%s\", \"%s\": [\n", report->program, list);
}

void
cli_fact_number(struct cli_report *report, const char *name, long value)
{
    set_fact(report, name, json_integer(value));
}

void
cli_fact_flag(struct cli_report *report, const char *name, bool value)
{
    set_fact(report, name, json_boolean(value));
}

bool
cli_has_errors(const struct cli_report *report)
{
    return cli_error_count(report) > 0;
}

size_t
cli_error_count(const struct cli_report *report)
{
    return report->error_count;
}

/* The object, or its rest where rows have gone out; ERRORS is borrowed.  What
 * is known only in the end comes last. */
static char *
object_text(const struct cli_report *report, json_t *errors, int code)
{
    json_t *object = json_object();
    char *text;

    if (report->streamed == NULL)
        json_object_set_new(object, "program", json_text(report->program));
    json_object_update(object, report->facts);
    json_object_set_new(object, "ok", json_boolean(code == EX_OK));
    json_object_set_new(object, "exit", json_integer(code));
    json_object_set(object, "errors", errors);
    json_object_set(object, "warnings", report->warnings);
    text = json_dumps(object, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    json_decref(object);
    if (text != NULL && report->streamed != NULL)
        memcpy(text, "],", 2); /* for "{\n" */
    return text;
}

char *
cli_report_preview(const struct cli_report *report, const char *error,
                   int code)
{
    json_t *errors;
    char *text;

    if (!report->json)
        return report->secret.name == NULL ? NULL
                                           : strdup(report->secret.text);
    errors = json_copy(report->errors);
    json_array_append_new(errors, json_text(error));
    text = object_text(report, errors, code);
    json_decref(errors);
    return text;
}

const char *
cli_report_program(const struct cli_report *report)
{
    return report->program;
}

void
cli_saved(struct cli_report *report)
{
    report->saved = true;
}

/* Who reads it has had enough and has closed it: nothing is wrong. */
static bool
reader_has_gone(void)
{
    struct pollfd out = {STDOUT_FILENO, POLLOUT, 0};

    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

bool
cli_report_can_show(void)
{
    int flags = fcntl(STDOUT_FILENO, F_GETFL);

    return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY && !reader_has_gone();
}

/* ---- what is shown once ---- */

void
cli_secret_hold(struct cli_report *report, const struct cli_secret *secret)
{
    report->secret = *secret;
    if (report->json)
        cli_fact_text(report, secret->name, secret->text);
}

void
cli_secret_drop(struct cli_report *report)
{
    if (report->secret.name != NULL)
        json_object_del(report->row != NULL ? report->row : report->facts,
                        report->secret.name);
    report->secret = (struct cli_secret){0};
}

const char *
cli_secret_doubt(const struct cli_report *report)
{
    return report->secret.name == NULL ? NULL : report->secret.doubt;
}

/* Past stdio, whose buffers nobody wipes. */
static bool
write_line(const char *text)
{
    struct iovec parts[] = {{(void *)(uintptr_t)text, strlen(text)},
                            {(void *)(uintptr_t) "\n", 1}};
    ssize_t length = (ssize_t)(parts[0].iov_len + 1);

    return fflush(stdout) == 0 && writev(STDOUT_FILENO, parts, 2) == length;
}

int
cli_secret_show(struct cli_report *report)
{
    struct cli_secret secret = report->secret;

    report->secret = (struct cli_secret){0};
    if (secret.name == NULL)
        return EX_OK;
    if (report->json) {
        report->lost = secret.lost;
        return EX_OK;
    }
    if (write_line(secret.text))
        return EX_OK;
    cli_error(report, CANNOT_WRITE "; %s", secret.lost);
    return EX_IOERR;
}

/* ---- the end ---- */

/* The exit code when what was to be printed is lost. */
static int
tell_loss(const struct cli_report *report, int code)
{
    if (report->lost != NULL)
        fprintf(stderr, "%s: " CANNOT_WRITE "; %s\n", report->program,
                report->lost);
    else if (code == EX_OK && !reader_has_gone())
        fprintf(stderr, "%s: " CANNOT_WRITE "\n", report->program);
    if (code == EX_OK && (report->lost != NULL || !report->saved))
        code = EX_IOERR;
    return code;
}

int
cli_report_finish(struct cli_report *report, int code)
{
    if (report->json) {
        char *text = object_text(report, report->errors, code);

        if (text != NULL)
            puts(text);
        free(text);
    }
    cli_progress_clear();
    json_decref(report->facts);
    json_decref(report->errors);
    json_decref(report->warnings);
    if (fflush(stdout) != 0 || ferror(stdout))
        code = tell_loss(report, code);
    free(report);
    return code;
}
