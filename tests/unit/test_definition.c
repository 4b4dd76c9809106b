/*
 * Definitions of schema: the same however they are written, and which one may
 * take the place of which.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "libbwdir/dir/schema.h"

#define TYPE DIR_ATTRIBUTE_TYPE
#define CLASS DIR_OBJECT_CLASS

static bool
compare(enum dir_definition_kind kind, const char *a, const char *b,
        bool (*how)(const struct dir_definition *a,
                    const struct dir_definition *b))
{
    struct dir_definition *left = dir_definition_read(kind, a);
    struct dir_definition *right = dir_definition_read(kind, b);
    bool result;

    assert_non_null(left);
    assert_non_null(right);
    result = how(left, right);
    dir_definition_free(&left);
    dir_definition_free(&right);
    assert_null(left);
    return result;
}

static void
test_definition_read(void **state)
{
    struct dir_definition *read =
        dir_definition_read(TYPE, "{12}( 1.2.3 NAME 'x' SYNTAX 1.4 )");

    (void)state;
    assert_string_equal(dir_definition_oid(read), "1.2.3");
    assert_string_equal(dir_definition_name(read), "x");
    dir_definition_free(&read);
    read = dir_definition_read(CLASS, "( 1.2.4 SUP top )");
    assert_string_equal(dir_definition_name(read), "1.2.4");
    dir_definition_free(&read);
    assert_null(dir_definition_read(CLASS, "nonsense"));
    assert_null(dir_definition_read(TYPE, ""));
    assert_null(dir_definition_read(TYPE, "{"));
}

static void
test_definition_same(void **state)
{
    (void)state;
    assert_true(compare(TYPE, "{3}( 1.2.3  NAME 'x'\n  DESC 'd' SYNTAX 1.4 )",
                        "( 1.2.3 NAME 'x' DESC 'd' SYNTAX 1.4 )",
                        dir_definition_same));
    assert_true(compare(CLASS, "( 1.2 NAME 'c' SUP top AUXILIARY MUST ( a ) )",
                        "( 1.2 NAME 'c' SUP top AUXILIARY MUST a )",
                        dir_definition_same));
    assert_false(compare(TYPE, "( 1.2.3 NAME 'x' DESC 'd' SYNTAX 1.4 )",
                         "( 1.2.3 NAME 'x' DESC 'e' SYNTAX 1.4 )",
                         dir_definition_same));
    assert_false(compare(TYPE, "( 1.2.3 NAME 'x' SYNTAX 1.4 )",
                         "( 1.2.3 NAME 'x' SYNTAX 1.4 SINGLE-VALUE )",
                         dir_definition_same));
}

static void
test_definition_widens_type(void **state)
{
    static const char old[] = "( 1.2 NAME 'x' EQUALITY m SYNTAX 1.4 )";
    static const struct {
        const char *new;
        bool widens;
    } rows[] = {
        {"( 1.2 NAME 'x' DESC 'more' EQUALITY m SYNTAX 1.4 )", true},
        {"( 1.2 NAME ( 'y' 'x' ) EQUALITY m SYNTAX 1.4 )", true},
        {"( 1.2 NAME 'y' EQUALITY m SYNTAX 1.4 )", false},
        {"( 1.2 NAME 'x' EQUALITY n SYNTAX 1.4 )", false},
        {"( 1.2 NAME 'x' SYNTAX 1.4 )", false},
        {"( 1.2 NAME 'x' EQUALITY m SYNTAX 1.5 )", false},
        {"( 1.2 NAME 'x' EQUALITY m SYNTAX 1.4 SINGLE-VALUE )", false},
        {"( 1.2 NAME 'x' SUP y EQUALITY m SYNTAX 1.4 )", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(
            compare(TYPE, old, rows[i].new, dir_definition_widens),
            rows[i].widens);
}

static void
test_definition_widens_class(void **state)
{
    static const char old[] =
        "( 1.2 NAME 'c' SUP top STRUCTURAL MUST ( a $ b ) MAY d )";
    static const struct {
        const char *new;
        bool widens;
    } rows[] = {
        {"( 1.2 NAME 'c' SUP top STRUCTURAL MUST ( a $ b ) MAY ( d $ e ) )",
         true},
        {"( 1.2 NAME 'c' SUP top STRUCTURAL MUST a MAY ( b $ d ) )", true},
        {"( 1.2 NAME 'c' SUP top STRUCTURAL MUST ( B $ A ) MAY D )", true},
        /* Entries without e, or with b or d, would become invalid. */
        {"( 1.2 NAME 'c' SUP top STRUCTURAL MUST ( a $ b $ e ) MAY d )",
         false},
        {"( 1.2 NAME 'c' SUP top STRUCTURAL MUST ( a $ b $ d ) )", false},
        {"( 1.2 NAME 'c' SUP top STRUCTURAL MUST a MAY d )", false},
        {"( 1.2 NAME 'c' SUP top STRUCTURAL MUST ( a $ b ) )", false},
        {"( 1.2 NAME 'c' SUP top AUXILIARY MUST ( a $ b ) MAY d )", false},
        {"( 1.2 NAME 'c' SUP x STRUCTURAL MUST ( a $ b ) MAY d )", false},
        {"( 1.2 NAME 'e' SUP top STRUCTURAL MUST ( a $ b ) MAY d )", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(
            compare(CLASS, old, rows[i].new, dir_definition_widens),
            rows[i].widens);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition_read),
        cmocka_unit_test(test_definition_same),
        cmocka_unit_test(test_definition_widens_type),
        cmocka_unit_test(test_definition_widens_class),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
