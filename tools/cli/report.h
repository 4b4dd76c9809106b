/*
 * What a tool says.  Results go to standard output, as UTF-8 that is safe on a
 * terminal (text.h); complaints to standard error, each in a line of its own
 * that starts with the tool's name and holds printable ASCII only (everything
 * else as \xNN).  With --json one object
 * goes to standard output instead of the results, in success and in failure:
 *
 *   { "program": …, the tool's own members, "ok": BOOLEAN, "exit": NUMBER,
 *     "errors": [TEXT…], "warnings": [TEXT…] }
 *
 * in ASCII: what stands between quotes cannot harm a terminal either.
 *
 * Nothing here is ever given a secret.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_REPORT_H
#define BW_CLI_REPORT_H

#include <stdbool.h>
#include <stddef.h>

struct cli_report;

struct cli_report *cli_report_new(const char *program);

/* Which it will be, lines or the object; until that is said everything is kept
 * for an object, and nothing is from there on when it will be lines. */
void cli_report_use_json(struct cli_report *report);
void cli_report_use_lines(struct cli_report *report);

/* Standard output is a terminal that shows colours. */
void cli_report_use_color(struct cli_report *report);

/* A complaint; "%s" for everything that is not ours. */
void cli_error(struct cli_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void cli_warning(struct cli_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A line of the result; nothing with --json. */
void cli_say(struct cli_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A line of the result that begins with MARK, in colour where there is any. */
enum cli_color { CLI_GREEN = 32, CLI_YELLOW = 33, CLI_RED = 31 };
void cli_say_marked(struct cli_report *report, enum cli_color color,
                    const char *mark, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* What is being done, on standard error; for -v. */
void cli_note(struct cli_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Text of several lines as it stands; nothing with --json. */
void cli_print(struct cli_report *report, const char *text);

/* Members of the JSON object; the value NULL is null. */
void cli_fact_text(struct cli_report *report, const char *name,
                   const char *value);
void cli_fact_list(struct cli_report *report, const char *name,
                   const char *const *values);
void cli_fact_number(struct cli_report *report, const char *name, long value);
void cli_fact_flag(struct cli_report *report, const char *name, bool value);

/* Appends an object to the list of that name; until it is closed the facts
 * go there.  Rows do not nest. */
void cli_row_open(struct cli_report *report, const char *list);
/* False when standard output takes no more. */
bool cli_row_close(struct cli_report *report);

/*
 * From now on each row that is closed is printed at once and forgotten, for
 * lists of any length.  There is one such list, no other row, and no other
 * output with --json.
 */
void cli_rows_stream(struct cli_report *report, const char *list);

/*
 * Whether it is time to call fflush(3), which may take as long as who reads
 * the rows likes: many are waiting, or the last ones for a second.
 */
bool cli_rows_due(void);

bool cli_has_errors(const struct cli_report *report);
size_t cli_error_count(const struct cli_report *report);

/*
 * The whole object as it would be now with one more error, for a signal
 * handler to write; without --json the secret that is held, or NULL.  The text
 * is the caller's, to be wiped.
 */
char *cli_report_preview(const struct cli_report *report, const char *error,
                         int code);
const char *cli_report_program(const struct cli_report *report);

/*
 * Something has been written into the directory: from now on the exit status
 * tells about that, and no longer whether standard output could be written.
 */
void cli_saved(struct cli_report *report);

/*
 * Whether anything that is printed can come to somebody: standard output is
 * open for writing and nobody has closed its other end, as far as that can be
 * known before.
 */
bool cli_report_can_show(void);

/* What is shown once and kept nowhere else.  All texts are borrowed until the
 * report ends. */
struct cli_secret {
    const char *name; /* of the member */
    const char *text;
    const char *doubt; /* what to do where it may be in force, or not */
    const char *lost;  /* what to do where it is in force and not shown */
};

/*
 * SECRET is about to be in force: until it is shown or dropped the preview has
 * it, for where nobody will know whether it is, and its doubt is said there.
 * There is one at a time, which belongs to the row that is open.
 */
void cli_secret_hold(struct cli_report *report,
                     const struct cli_secret *secret);
void cli_secret_drop(struct cli_report *report);
/* The doubt of the one that is held, or NULL. */
const char *cli_secret_doubt(const struct cli_report *report);

/*
 * The one that is held is shown: by itself in a line, at once; with --json in
 * the object.  EX_IOERR, all being told, where it is lost; with --json
 * cli_report_finish() finds that out, and it counts whatever was saved.
 */
int cli_secret_show(struct cli_report *report);

/*
 * Prints the object if there is one, frees the report, returns CODE; or
 * EX_IOERR for EX_OK when nothing was saved, or a secret shown, and what was
 * to be printed is lost, of which nothing is said when the reader of a pipe
 * has closed it.
 */
int cli_report_finish(struct cli_report *report, int code);

#endif
