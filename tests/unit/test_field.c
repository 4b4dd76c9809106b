/*
 * What each field of a user may hold, and what a refusal says.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "libbwdir/bwdir.h"
#include "libbwdir/field.h"

#define LONG_64                                                               \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

#define LABEL_62                                                              \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define DOMAIN_252 LABEL_62 "." LABEL_62 "." LABEL_62 ".x" LABEL_62

/* The character as a name of its own, in one, and behind one. */
static unsigned
is_refused_in_names(unsigned point)
{
    char bytes[5] = "", name[16];
    static const char *const before[] = {"", "da", "dana"};
    static const char *const behind[] = {"", "na", ""};
    bool refused = true;

    if (point < 0x800) {
        bytes[0] = (char)(0xc0 | point >> 6);
        bytes[1] = (char)(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        bytes[0] = (char)(0xe0 | point >> 12);
        bytes[1] = (char)(0x80 | (point >> 6 & 0x3f));
        bytes[2] = (char)(0x80 | (point & 0x3f));
    } else {
        bytes[0] = (char)(0xf0 | point >> 18);
        bytes[1] = (char)(0x80 | (point >> 12 & 0x3f));
        bytes[2] = (char)(0x80 | (point >> 6 & 0x3f));
        bytes[3] = (char)(0x80 | (point & 0x3f));
    }
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(name, sizeof name, "%s%s%s", before[i], bytes,
                       behind[i]);
        refused = refused &&
                  bwdir_field_check("name", name, NULL) == BWDIR_BAD_VALUE;
    }
    return refused;
}

/* fault_016: each letter of a name as what looks like it elsewhere. */
static void
test_field_016_lookalikes(void **state)
{
    /* Where capital or small letters in another dress begin (Unicode blocks
     * Fullwidth Forms, Mathematical Alphanumeric Symbols, Enclosed
     * Alphanumerics, Tags), a for the first. */
    static const unsigned starts[] = {0xff41,  0x1d41a, 0x1d44e, 0x1d482,
                                      0x1d4b6, 0x1d4ea, 0x1d51e, 0x1d552,
                                      0x1d586, 0x1d5ba, 0x1d5ee, 0x1d68a,
                                      0x24d0,  0x249c,  0xe0061, 0x1f150};
    /* a c d e h i j o p s x y and digits of other scripts, and what has no
     * width. */
    static const unsigned others[] = {
        0x430,  0x441,  0x501,  0x435,  0x4bb,  0x456, 0x458,  0x43e,
        0x440,  0x455,  0x445,  0x443,  0x3b1,  0x3bf, 0x3c1,  0x3bd,
        0x13a0, 0x2c9f, 0x585,  0x1e9a, 0x131,  0x17f, 0x661,  0x6f1,
        0x967,  0xff11, 0x200b, 0x200d, 0x2060, 0xad,  0xfeff, 0x202e};
    unsigned count = 0;

    (void)state;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        for (unsigned letter = 0; letter < 26; letter++)
            count += is_refused_in_names(starts[i] + letter);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        count += is_refused_in_names(others[i]);
    assert_int_equal(count, 26 * sizeof starts / sizeof *starts +
                                sizeof others / sizeof *others);
}

static const struct {
    const char *field, *value;
    bool good;
} checked[] = {
    {"name", "dana", true},
    {"name", "d", true},
    {"name", "d.a-n_a9", true},
    {"name", "abcdefghijklmnopqrstuvwxyz012345", true},
    {"name", "abcdefghijklmnopqrstuvwxyz0123456", false},
    {"name", "", false},
    {"name", "Root", false},
    {"name", "9dana", false},
    {"name", "-dana", false},
    {"name", "_dana", false},
    {"name", "da na", false},
    {"name", "dana)(uid=*", false},
    {"name", "dana,ou=x", false},
    {"name", "d\xc3\xa4na", false},
    {"name", "d\xd0\xb0na", false}, /* Cyrillic a */
    {"first", "Jane", true},
    {"first", "J\xc3\xbcrgen-O'Neil \xe6\xa1\x9c", true},
    {"first", "", false},
    {"first", " Jane", false},
    {"first", "Jane ", false},
    {"first", "Ja\nne", false},
    {"first", "Ja\x1b[31mne", false},
    {"first", "Ja\xc2\x9bne", false}, /* C1 */
    {"first", "Ja\xffne", false},
    {"first", "Ja\xc0\xafne", false},     /* overlong */
    {"first", "Ja\xed\xa0\x80ne", false}, /* surrogate */
    {"first", "Ja\xf4\x90\x80\x80", false},
    {"first", "Ja\xe6\xa1", false}, /* cut */
    {"first", "=?utf-8?q?x?=", false},
    {"last", "a =? b", false},
    {"last", LONG_64, true},
    {"last", LONG_64 "x", false},
    {"mail", "dana@example.com", true},
    {"mail", "d.a+n/a=1@ex-ample.co.uk", true},
    {"mail", "dana@localhost", true},
    {"mail", "dana", false},
    {"mail", "@example.com", false},
    {"mail", "dana@", false},
    {"mail", "dana@@example.com", false},
    {"mail", "dana@exa mple.com", false},
    {"mail", "dana@example.com,eve@example.com", false},
    {"mail", "dana@example..com", false},
    {"mail", "dana@-example.com", false},
    {"mail", ".dana@example.com", false},
    {"mail", "da..na@example.com", false},
    {"mail", "-odana@example.com", false},
    {"mail", "dana@example.com\r\nBcc: eve@example.com", false},
    {"mail", "Dana <dana@example.com>", false},
    {"mail", "\"da na\"@example.com", false},
    {"mail", LONG_64 "@example.com", true},
    {"mail", "=?x?=@example.com", false},
    {"mail", "d@" DOMAIN_252, true},
    {"mail", "dd@" DOMAIN_252, false},
    {"mail", LONG_64 "x@example.com", false},
    {"phone", "9195551234", true},
    {"phone", "919-555-1234", false},
    {"phone", "919 555 1234", false},
    {"phone", "+19195551234", false},
    {"phone", "919555123", false},
    {"phone", "91955512345", false},
    {"phone", "919555123x", false},
    {"phone",
     "\xd9\xa9"
     "19555123",
     false},
    {"phone", "", false},
    {"level", "admin", true},
    {"level", "basic", true},
    {"level", "Admin", false},
    {"level", "root", false},
    {"access", "dashboard", true},
    {"access", "api", true},
    {"access", "dashboard-api", false},
    {"access", "", false},
    {"role", "e911-management", true},
    {"role", "x]|user|[", false},
    {"role", "", false},
    {"account", "5500001", true},
    {"account", "55,00", false},
    {"account", "-1", false},
};

static void
test_field_check_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof checked / sizeof *checked; i++) {
        struct bwdir_detail why = {""};
        enum bwdir_status status =
            bwdir_field_check(checked[i].field, checked[i].value, &why);

        if ((status == BWDIR_OK) != checked[i].good)
            fail_msg("%s \"%s\": %s", checked[i].field, checked[i].value,
                     bwdir_strerror(status));
        if (!checked[i].good) {
            assert_int_equal(status, BWDIR_BAD_VALUE);
            assert_non_null(strstr(why.text, "wanted"));
        }
    }
}

static void
test_field_check_message(void **state)
{
    struct bwdir_detail why;

    (void)state;
    assert_int_equal(bwdir_field_check("phone", "919-555-1234", &why),
                     BWDIR_BAD_VALUE);
    assert_string_equal(why.text, "phone \"919-555-1234\": ten digits wanted, "
                                  "for example 9195551234");
}

static void
test_field_check_unknown_field(void **state)
{
    (void)state;
    assert_int_equal(bwdir_field_check("shoe", "44", NULL), BWDIR_INTERNAL);
}

static enum bwdir_status
check_password(const char *text, size_t length)
{
    struct bwdir_secret *secret;
    enum bwdir_status status;

    assert_int_equal(bwdir_secret_new(text, length, &secret), BWDIR_OK);
    status = bwdir_password_check(secret, NULL);
    bwdir_secret_free(&secret);
    return status;
}

static void
test_password_check(void **state)
{
    char longest[BWDIR_PASSWORD_MAX + 1];

    (void)state;
    memset(longest, 'p', sizeof longest);
    assert_int_equal(check_password(longest, BWDIR_PASSWORD_MAX), BWDIR_OK);
    assert_int_equal(check_password(longest, BWDIR_PASSWORD_MAX + 1),
                     BWDIR_REFUSED);
    assert_int_equal(check_password("0123456789", 10), BWDIR_OK);
    assert_int_equal(check_password("012345678", 9), BWDIR_REFUSED);
    assert_int_equal(check_password("", 0), BWDIR_REFUSED);
    assert_int_equal(check_password("0123456\b89", 10), BWDIR_REFUSED);
    assert_int_equal(check_password("01234567\0009", 10), BWDIR_REFUSED);
    assert_int_equal(check_password("{SSHA}abcdefghijkl", 18), BWDIR_REFUSED);
    assert_int_equal(check_password("{not closed", 11), BWDIR_OK);
}

static void
test_password_check_refuses_the_shape_of_a_code(void **state)
{
    struct bwdir_secret *code;

    (void)state;
    assert_int_equal(bwdir_code_new(&code), BWDIR_OK);
    assert_int_equal(bwdir_password_check(code, NULL), BWDIR_REFUSED);
    bwdir_secret_free(&code);
}

static bool
is_local(const char *path, const char *name)
{
    bool local;

    assert_int_equal(bwdir_name_is_local(path, name, &local), BWDIR_OK);
    return local;
}

/* A line of some 5,000 bytes. */
static void
put_long_line(FILE *file)
{
    fputs("long:x:2000:2000:", file);
    for (int i = 0; i < 5000; i++)
        fputc('x', file);
    fputs(":/:/bin/sh\n", file);
}

/* fault_019 */
static void
test_name_is_local(void **state)
{
    bool local;
    char path[] = "test_field.XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");

    (void)state;
    assert_non_null(file);
    put_long_line(file);
    fputs("root:x:0:0:root:/root:/bin/sh\n"
          "www-data:x:33:33:www:/var/www:/bin/false\n"
          "limit:x:999:999::/:/bin/false\n"
          "person:x:1000:1000::/home/person:/bin/sh\n"
          "nobody:x:65534:65534::/:/bin/false\n",
          file);
    fclose(file);
    assert_true(is_local(path, "root"));
    assert_true(is_local(path, "www-data"));
    assert_true(is_local(path, "limit"));
    assert_true(is_local(path, "nobody"));
    assert_false(is_local(path, "person"));
    assert_false(is_local(path, "dana"));
    assert_int_equal(bwdir_name_is_local("./no-such-file", "dana", &local),
                     BWDIR_UNAVAILABLE);
    unlink(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_field_016_lookalikes),
        cmocka_unit_test(test_field_check_table),
        cmocka_unit_test(test_field_check_message),
        cmocka_unit_test(test_field_check_unknown_field),
        cmocka_unit_test(test_password_check),
        cmocka_unit_test(test_password_check_refuses_the_shape_of_a_code),
        cmocka_unit_test(test_name_is_local),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
