/*
 * When a run of bwdir-mail leaves the rest to the next one.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/mail/patience.h"

static void
test_patience_ten_minutes(void **state)
{
    const struct mail_patience patience = {.began = 1000};

    (void)state;
    assert_false(mail_patience_is_over(&patience, 1000));
    assert_false(mail_patience_is_over(&patience, 1599));
    assert_true(mail_patience_is_over(&patience, 1600));
}

/* After COUNT mails that end so; how many times it has something to say. */
static int
note(struct mail_patience *patience, int count, enum bwdir_status status,
     bool answered)
{
    int said = 0;

    for (int i = 0; i < count; i++)
        said += mail_patience_note(patience, status, answered) != NULL;
    return said;
}

static void
test_patience_ten_refusals(void **state)
{
    struct mail_patience patience = {0};

    (void)state;
    assert_int_equal(note(&patience, 9, BWDIR_REFUSED, true), 0);
    assert_false(mail_patience_is_over(&patience, 0));
    assert_int_equal(note(&patience, 1, BWDIR_REFUSED, true), 1);
    assert_true(mail_patience_is_over(&patience, 0));
}

static void
test_patience_three_silences(void **state)
{
    struct mail_patience patience = {0};

    (void)state;
    assert_int_equal(note(&patience, 2, BWDIR_UNAVAILABLE, false), 0);
    assert_false(mail_patience_is_over(&patience, 0));
    assert_int_equal(note(&patience, 1, BWDIR_UNAVAILABLE, false), 1);
    assert_true(mail_patience_is_over(&patience, 0));
}

static void
test_patience_in_a_row(void **state)
{
    struct mail_patience patience = {0};

    (void)state;
    assert_int_equal(note(&patience, 9, BWDIR_REFUSED, true), 0);
    assert_int_equal(note(&patience, 2, BWDIR_UNAVAILABLE, false), 0);
    assert_int_equal(note(&patience, 1, BWDIR_OK, true), 0);
    assert_int_equal(note(&patience, 9, BWDIR_REFUSED, true), 0);
    assert_int_equal(note(&patience, 2, BWDIR_UNAVAILABLE, false), 0);
    assert_false(mail_patience_is_over(&patience, 0));
}

/* One user's matter: put off for today, no answer of the directory. */
static void
test_patience_others(void **state)
{
    struct mail_patience patience = {0};

    (void)state;
    assert_int_equal(note(&patience, 99, BWDIR_NOT_ALLOWED, true), 0);
    assert_int_equal(note(&patience, 99, BWDIR_UNAVAILABLE, true), 0);
    assert_int_equal(note(&patience, 99, BWDIR_BAD_VALUE, false), 0);
    assert_false(mail_patience_is_over(&patience, 0));
    assert_int_equal(note(&patience, 1, BWDIR_CONFIG, false), 0);
    assert_true(mail_patience_is_over(&patience, 0));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patience_ten_minutes),
        cmocka_unit_test(test_patience_ten_refusals),
        cmocka_unit_test(test_patience_three_silences),
        cmocka_unit_test(test_patience_in_a_row),
        cmocka_unit_test(test_patience_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
