/*
 * Log lines that are full: nothing is written beyond their end, and a key
 * never stands there without its value.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include <cmocka.h>

#include "libbwdir/bwdir.h"

/* A line with USED bytes in it, in memory of its own for the sanitizer. */
static struct bwdir_line *
line_of(size_t used)
{
    struct bwdir_line *line = malloc(sizeof *line);

    assert_non_null(line);
    bwdir_line_start(line);
    memset(line->text, 'x', used);
    line->text[used] = '\0';
    line->used = used;
    return line;
}

static void
test_line_that_is_full(void **state)
{
    (void)state;
    for (size_t left = 1; left < 40; left++) {
        struct bwdir_line *line = line_of(BWDIR_LINE_MAX - left);
        const char *added = line->text + line->used;

        bwdir_line_text(line, "key", "a \n value");
        assert_true(strlen(line->text) < BWDIR_LINE_MAX);
        assert_int_equal(strlen(line->text), line->used);
        if (*added != '\0') {
            assert_memory_equal(added, " key=\"", 6);
            assert_int_equal(line->text[line->used - 1], '"');
        }
        free(line);
    }
}

static void
test_line_that_has_room(void **state)
{
    struct bwdir_line *line = line_of(0);

    (void)state;
    bwdir_line_text(line, "a", "plain");
    bwdir_line_text(line, "b", "");
    bwdir_line_bytes(line, "c", "x\0y", 3);
    bwdir_line_number(line, "d", INT64_MIN);
    assert_string_equal(line->text, "a=plain b=\"\" c=\"x\\x00y\" "
                                    "d=-9223372036854775808");
    free(line);
}

static void
test_log_priority_every_status(void **state)
{
    (void)state;
    for (int i = BWDIR_OK; i <= BWDIR_STATUS_LAST; i++) {
        enum bwdir_status status = (enum bwdir_status)i;
        int wanted = LOG_NOTICE;

        if (status == BWDIR_OK || status == BWDIR_MUST_CHANGE)
            wanted = LOG_INFO;
        if ((status >= BWDIR_INTERNAL && status <= BWDIR_UNAVAILABLE) ||
            status == BWDIR_MALFORMED)
            wanted = LOG_ERR;
        assert_int_equal(bwdir_log_priority(status), wanted);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_that_is_full),
        cmocka_unit_test(test_line_that_has_room),
        cmocka_unit_test(test_log_priority_every_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
