/*
 * Mail texts: what is loaded, what is refused, and that values are put in
 * once and never looked at again.
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
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tools/mail/template.h"

static char dir[] = "/tmp/bwdir-template.XXXXXX";
static struct mail_template *tmpl;
static struct bwdir_detail why;

static const char *const values[MAIL_VALUES] = {
    [MAIL_VALUE_USER] = "jdoe",
    [MAIL_VALUE_FIRST] = "{{code}}",
    [MAIL_VALUE_LAST] = "Doe",
    [MAIL_VALUE_CODE] = "AAAAA-BBBBB-CCCCC-DDDDD",
    [MAIL_VALUE_VALID] = "72 hours",
};

static const unsigned every = (1U << MAIL_VALUES) - 1;

static enum bwdir_status
load_bytes(const char *bytes, size_t length)
{
    char path[64];
    FILE *file;

    snprintf(path, sizeof path, "%s/text", dir);
    unlink(path);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0644), 0);
    mail_template_free(&tmpl);
    memset(&why, 0, sizeof why);
    return mail_template_load(dir, "text", every, &tmpl, &why);
}

static enum bwdir_status
load(const char *text)
{
    return load_bytes(text, strlen(text));
}

static void
assert_refused(const char *text, const char *words)
{
    assert_int_equal(load(text), BWDIR_CONFIG);
    assert_null(tmpl);
    assert_non_null(strstr(why.text, words));
    assert_non_null(strstr(why.text, "/text"));
}

static void
test_render_values(void **state)
{
    struct mail_text text;

    (void)state;
    assert_int_equal(load("Subject: Hi {{user}}\n\n{{last}}: {{code}} "
                          "({{valid}}){{user}}\n{ {{last}} }\n"),
                     BWDIR_OK);
    assert_int_equal(mail_template_render(tmpl, values, &text, &why),
                     BWDIR_OK);
    assert_string_equal(text.subject, "Hi jdoe");
    assert_string_equal(text.body,
                        "Doe: AAAAA-BBBBB-CCCCC-DDDDD (72 hours)jdoe\n"
                        "{ Doe }\n");
    mail_text_clear(&text);
    assert_null(text.subject);
}

static void
test_render_does_not_scan_values(void **state)
{
    struct mail_text text;

    (void)state;
    assert_int_equal(load("Subject: x\n\n{{first}}\n"), BWDIR_OK);
    assert_int_equal(mail_template_render(tmpl, values, &text, &why),
                     BWDIR_OK);
    assert_string_equal(text.body, "{{code}}\n");
    mail_text_clear(&text);
}

static void
test_render_bad_value(void **state)
{
    static const char *const bad[] = {"a\nb", "a\rb",     "\x1b[2J", "\x7f",
                                      "\xff", "\xc2\x9b", NULL};
    const char *some[MAIL_VALUES];
    struct mail_text text;

    (void)state;
    assert_int_equal(load("Subject: x\n\n{{last}}\n"), BWDIR_OK);
    memcpy(some, values, sizeof some);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        some[MAIL_VALUE_LAST] = bad[i];
        assert_int_equal(mail_template_render(tmpl, some, &text, &why),
                         BWDIR_BAD_VALUE);
        assert_null(text.subject);
    }
}

static void
test_load_unknown_placeholder(void **state)
{
    (void)state;
    assert_refused("Subject: x\n\nfine {{user}}\n{{phone}}\n", "line 4");
    assert_non_null(strstr(why.text, "{{phone}}"));
    assert_refused("Subject: {{User}}\n\nx\n", "line 1");
    assert_refused("Subject: x\n\n{{ user }}\n", "line 3");
    assert_refused("Subject: x\n\n{{}}\n", "line 3");
}

static void
test_load_unclosed_placeholder(void **state)
{
    (void)state;
    assert_refused("Subject: x\n\n\n{{user\n}}", "line 4");
    assert_refused("Subject: x\n\n{{user}", "line 3");
    assert_refused("Subject: {{us\n\ner}}\n", "line 1");
}

static void
test_load_no_subject(void **state)
{
    (void)state;
    assert_refused("", "line 1");
    assert_refused("Hello\n", "line 1");
    assert_refused("Subject: x", "line 1");
    assert_refused("Subject:   \n\nx\n", "line 1");
    assert_refused("Subject: x\nBcc: all@example.com\n\nx\n", "line 2");
}

static void
test_load_control_bytes(void **state)
{
    static const char with_nul[] = "Subject: x\n\na\0b\n";

    (void)state;
    assert_refused("Subject: x\r\n\r\nx\r\n", "line 1");
    assert_refused("Subject: x\n\nfine\n\x1b[2J\n", "line 4");
    assert_refused("Subject: x\n\n\xc0\xaf\n", "line 3");
    assert_int_equal(load_bytes(with_nul, sizeof with_nul - 1), BWDIR_CONFIG);
}

static void
test_load_utf8(void **state)
{
    struct mail_text text;

    (void)state;
    assert_int_equal(load("Subject: Grüße\n\nZoë {{user}} 日本 \U0001f600\n"),
                     BWDIR_OK);
    assert_int_equal(mail_template_render(tmpl, values, &text, &why),
                     BWDIR_OK);
    assert_string_equal(text.body, "Zoë jdoe 日本 \U0001f600\n");
    mail_text_clear(&text);
}

static void
test_load_too_large(void **state)
{
    char *text = malloc(MAIL_TEMPLATE_MAX + 2);

    (void)state;
    assert_non_null(text);
    memset(text, 'x', MAIL_TEMPLATE_MAX + 2);
    memcpy(text, "Subject: x\n\n", 12);
    assert_int_equal(load_bytes(text, MAIL_TEMPLATE_MAX), BWDIR_OK);
    assert_int_equal(load_bytes(text, MAIL_TEMPLATE_MAX + 1), BWDIR_CONFIG);
    free(text);
}

static void
test_load_untrusted_file(void **state)
{
    char path[64], other[64];

    (void)state;
    snprintf(path, sizeof path, "%s/text", dir);
    snprintf(other, sizeof other, "%s/other", dir);
    assert_int_equal(load("Subject: x\n\nx\n"), BWDIR_OK);
    mail_template_free(&tmpl);
    assert_int_equal(chmod(path, 0666), 0);
    assert_int_equal(mail_template_load(dir, "text", every, &tmpl, &why),
                     BWDIR_CONFIG);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(symlink(path, other), 0);
    assert_int_equal(mail_template_load(dir, "other", every, &tmpl, &why),
                     BWDIR_CONFIG);
    unlink(other);
    assert_int_equal(mail_template_load(dir, "none", every, &tmpl, &why),
                     BWDIR_CONFIG);
    assert_int_equal(mail_template_load("/", "tmp", every, &tmpl, &why),
                     BWDIR_CONFIG);
}

static void
test_load_shipped_templates(void **state)
{
    static const char *const names[] = {"sign-up.txt", "sign-up-confirm.txt",
                                        "reset.txt", "confirm.txt"};
    const char *source = getenv("top_srcdir");
    char folder[4096];

    (void)state;
    snprintf(folder, sizeof folder, "%s/tools/mail/templates",
             source == NULL ? "." : source);
    for (size_t i = 0; i < 4; i++) {
        struct mail_text text;

        mail_template_free(&tmpl);
        assert_int_equal(
            mail_template_load(folder, names[i], every, &tmpl, &why),
            BWDIR_OK);
        assert_int_equal(mail_template_render(tmpl, values, &text, &why),
                         BWDIR_OK);
        assert_non_null(strstr(text.body, "bwdir-verify jdoe\n"));
        assert_non_null(strstr(text.body, "  AAAAA-BBBBB-CCCCC-DDDDD\n"));
        assert_non_null(strstr(text.body, "72 hours"));
        mail_text_clear(&text);
    }
}

static int
set_up(void **state)
{
    (void)state;
    return mkdtemp(dir) == NULL;
}

static int
tear_down(void **state)
{
    char path[64];

    (void)state;
    mail_template_free(&tmpl);
    snprintf(path, sizeof path, "%s/text", dir);
    unlink(path);
    return rmdir(dir);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_render_values),
        cmocka_unit_test(test_render_does_not_scan_values),
        cmocka_unit_test(test_render_bad_value),
        cmocka_unit_test(test_load_unknown_placeholder),
        cmocka_unit_test(test_load_unclosed_placeholder),
        cmocka_unit_test(test_load_no_subject),
        cmocka_unit_test(test_load_control_bytes),
        cmocka_unit_test(test_load_utf8),
        cmocka_unit_test(test_load_too_large),
        cmocka_unit_test(test_load_untrusted_file),
        cmocka_unit_test(test_load_shipped_templates),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
