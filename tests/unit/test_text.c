/*
 * What a text of the directory may do to a terminal, and how wide it is.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tools/cli/text.h"

static void
expect_shown(const char *text, const char *wanted)
{
    char *shown = cli_text_shown(text);

    assert_string_equal(shown, wanted);
    free(shown);
}

static void
test_shown_letters(void **state)
{
    static const char *const texts[] = {
        "",    "Jane Doe", "Jörg Ægir", "Анна", "山田太郎",
        "عمر", "עדן",      "e\xcc\x81", "नेपाल", "\xf0\x9f\x98\x80"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_shown(texts[i], texts[i]);
    /* A joiner that Persian needs. */
    expect_shown("\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae",
                 "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae");
}

static void
test_shown_control(void **state)
{
    (void)state;
    expect_shown("a\tb\nc\r", "a\\x09b\\x0ac\\x0d");
    expect_shown("\x1b[31m", "\\x1b[31m");
    expect_shown("\x7f", "\\x7f");
    /* C1: CSI in one character. */
    expect_shown("\xc2\x9b"
                 "31m",
                 "\\xc2\\x9b31m");
}

static void
test_shown_format_characters(void **state)
{
    static const char *const texts[] = {
        "\xe2\x80\xae", "\xe2\x80\xaa", "\xe2\x81\xa6",
        "\xe2\x80\x8f", "\xe2\x80\x8b", "\xef\xbb\xbf",
        "\xe2\x80\xa8", "\xc2\xad",     "\xf3\xa0\x80\x81"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *shown = cli_text_shown(texts[i]);

        assert_int_equal(shown[0], '\\');
        free(shown);
    }
}

/* RFC 3629: no over-long forms, no surrogates, nothing cut off. */
static void
test_shown_not_utf8(void **state)
{
    (void)state;
    expect_shown("\xff", "\\xff");
    expect_shown("\xc0\xaf", "\\xc0\\xaf");
    expect_shown("\xed\xa0\x80", "\\xed\\xa0\\x80");
    expect_shown("\xc3", "\\xc3");
    expect_shown("a\xe5\xb1", "a\\xe5\\xb1");
}

static void
test_ascii(void **state)
{
    char *ascii = cli_text_ascii("J\xc3\xb6rg\x1b");

    (void)state;
    assert_string_equal(ascii, "J\\xc3\\xb6rg\\x1b");
    free(ascii);
}

static void
test_width(void **state)
{
    (void)state;
    assert_int_equal(cli_text_width(""), 0);
    assert_int_equal(cli_text_width("Jörg"), 4);
    assert_int_equal(cli_text_width("山田"), 4);
    assert_int_equal(cli_text_width("e\xcc\x81"), 1);
    assert_int_equal(cli_text_width("\\x1b"), 4);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shown_letters),
        cmocka_unit_test(test_shown_control),
        cmocka_unit_test(test_shown_format_characters),
        cmocka_unit_test(test_shown_not_utf8),
        cmocka_unit_test(test_ascii),
        cmocka_unit_test(test_width),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
