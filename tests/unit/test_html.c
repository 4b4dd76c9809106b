/*
 * The HTML form of a mail: all text is text, and reads as it was meant.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/mail/html.h"

static void
assert_body(const char *text, const char *wanted)
{
    size_t size;
    char *html = mail_html("x", text, &size);
    const char *body;

    assert_non_null(html);
    assert_int_equal(size, strlen(html) + 1);
    body = strstr(html, "<body");
    assert_non_null(body);
    body = strchr(body, '\n') + 1;
    assert_int_equal(strncmp(body, wanted, strlen(wanted)), 0);
    assert_string_equal(body + strlen(wanted), "</body>\n</html>\n");
    free(html);
}

#define BLOCK                                                                 \
    "<pre dir=\"auto\" style=\"font-family: monospace; background: #f2f2f2; " \
    "padding: 0.8em 1em; overflow: auto\">"

static void
test_html_shapes(void **state)
{
    (void)state;
    assert_body("", "");
    assert_body("one\ntwo\n", "<p dir=\"auto\">one\ntwo</p>\n");
    assert_body("one\n\n\ntwo",
                "<p dir=\"auto\">one</p>\n<p dir=\"auto\">two</p>\n");
    assert_body("one\n    a  b\n      c\nend\n",
                "<p dir=\"auto\">one</p>\n" BLOCK
                "a  b\n  c</pre>\n<p dir=\"auto\">end</p>\n");
}

static void
test_html_escapes(void **state)
{
    (void)state;
    assert_body("<script>alert(\"x\")</script> & 'y' &lt;\n",
                "<p dir=\"auto\">&lt;script&gt;alert(&quot;x&quot;)"
                "&lt;/script&gt; &amp; &#39;y&#39; &amp;lt;</p>\n");
    assert_body("    </pre><img src=x>\n",
                BLOCK "&lt;/pre&gt;&lt;img src=x&gt;</pre>\n");
}

static void
test_html_subject(void **state)
{
    size_t size;
    char *html = mail_html("</title><b>&", "x\n", &size);

    (void)state;
    assert_non_null(html);
    assert_non_null(
        strstr(html, "<title>&lt;/title&gt;&lt;b&gt;&amp;</title>"));
    assert_non_null(strstr(html, "<meta charset=\"utf-8\">"));
    free(html);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_html_shapes),
        cmocka_unit_test(test_html_escapes),
        cmocka_unit_test(test_html_subject),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
