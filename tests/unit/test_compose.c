/*
 * Mails: what is composed is parsed back, and nothing that stands in a name,
 * an address or a text can become a header or a recipient.
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
#include <gmime/gmime.h>

#include "tools/mail/compose.h"

static struct bwdir_detail why;

static char subject[] = "Your new user name";
static char body[] = "Hello\n.\nFrom here\nXXXXX\n";
static const struct mail_text plain_text = {subject, body, sizeof subject};

/* Parses what was composed, after checking what holds for every mail. */
static GMimeMessage *
read_back(const struct mail_message *message)
{
    GMimeStream *stream =
        g_mime_stream_mem_new_with_buffer(message->bytes, message->length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *parsed = g_mime_parser_construct_message(parser, NULL);
    GMimeHeaderList *headers;
    InternetAddressList *everybody;

    assert_non_null(parsed);
    headers = g_mime_object_get_header_list(GMIME_OBJECT(parsed));
    assert_int_equal(g_mime_header_list_get_count(headers), 7);
    assert_string_equal(
        g_mime_object_get_header(GMIME_OBJECT(parsed), "Auto-Submitted"),
        "auto-generated");
    assert_string_equal(
        g_mime_object_get_header(GMIME_OBJECT(parsed), "MIME-Version"), "1.0");
    assert_non_null(g_mime_message_get_message_id(parsed));
    assert_non_null(g_mime_message_get_date(parsed));
    everybody = g_mime_message_get_all_recipients(parsed);
    assert_int_equal(internet_address_list_length(everybody), 1);
    g_object_unref(everybody);
    g_object_unref(parser);
    g_object_unref(stream);
    return parsed;
}

/* RFC 5322 2.1.1, and no bare carriage return. */
static void
assert_lines_fit(const struct mail_message *message)
{
    size_t length = 0;

    for (size_t i = 0; i < message->length; i++) {
        length = message->bytes[i] == '\n' ? 0 : length + 1;
        assert_true(length <= 998);
        assert_true(message->bytes[i] != '\r');
        assert_true((unsigned char)message->bytes[i] < 0x80);
    }
}

static InternetAddress *
only(InternetAddressList *list)
{
    assert_int_equal(internet_address_list_length(list), 1);
    return internet_address_list_get_address(list, 0);
}

/* Folding blanks count as one (RFC 5322 3.2.2). */
static void
assert_same_words(const char *got, const char *wanted)
{
    char *text = g_strdup(got);
    char *to = text;

    for (const char *at = text; *at != '\0'; at++)
        if (*at == '\t')
            *to++ = ' ';
        else if (*at != '\n')
            *to++ = *at;
    *to = '\0';
    assert_string_equal(text, wanted);
    g_free(text);
}

/* The plain text as it was, then HTML in which nothing of it is markup. */
static void
assert_forms(GMimeMultipart *forms, const struct mail_text *text)
{
    static const char *const subtypes[] = {"plain", "html"};
    char *got;

    assert_int_equal(g_mime_multipart_get_count(forms), 2);
    for (int i = 0; i < 2; i++)
        assert_true(g_mime_content_type_is_type(
            g_mime_object_get_content_type(
                g_mime_multipart_get_part(forms, i)),
            "text", subtypes[i]));
    got = g_mime_text_part_get_text(
        GMIME_TEXT_PART(g_mime_multipart_get_part(forms, 0)));
    assert_string_equal(got, text->body);
    g_free(got);
}

static void
assert_round_trip(const char *to_name, const struct mail_text *text)
{
    const struct mail_letter letter = {"Accounts <accounts@example.com>",
                                       to_name, "jane@example.com", text};
    struct mail_message message;
    GMimeMessage *parsed;
    InternetAddress *to;

    assert_int_equal(mail_compose(&letter, &message, &why), BWDIR_OK);
    assert_string_equal(message.from, "accounts@example.com");
    assert_string_equal(message.to, "jane@example.com");
    assert_lines_fit(&message);
    parsed = read_back(&message);
    to = only(g_mime_message_get_to(parsed));
    assert_string_equal(
        internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(to)),
        "jane@example.com");
    /* One that folding would break is left out. */
    assert_same_words(internet_address_get_name(to),
                      strlen(to_name) > 256 ? "" : to_name);
    assert_string_equal(g_mime_message_get_subject(parsed), text->subject);
    assert_forms(GMIME_MULTIPART(g_mime_message_get_mime_part(parsed)), text);
    g_object_unref(parsed);
    mail_message_clear(&message);
    assert_null(message.bytes);
}

static void
test_compose_plain(void **state)
{
    (void)state;
    assert_round_trip("Jane Doe", &plain_text);
}

static void
test_compose_names(void **state)
{
    static const char *const names[] = {
        "Zoë Müller",
        "日本 太郎",
        "\U0001f600 Smile",
        "O'Hara, Jr. \"Bob\" (x) <y@z>",
        "a@b.example, c@d.example",
        "Jane; group: x@y;",
        "back\\slash",
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_round_trip(names[i], &plain_text);
}

static void
test_compose_long_names(void **state)
{
    char name[1001];
    char text[2002];
    struct mail_text letter = {name, text, sizeof name};

    (void)state;
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    memset(text, 'w', sizeof text - 1);
    strcpy(text + sizeof text - 2, "\n");
    assert_round_trip(name, &plain_text);
    assert_round_trip(name, &letter);
    for (size_t i = 0; i + 2 < sizeof name; i += 2)
        memcpy(name + i, "ü", 2);
    assert_round_trip(name, &letter);
    for (size_t i = 0; i + 10 < sizeof name; i += 10)
        memcpy(name + i, "Zoë Doe, ", 10);
    memcpy(name + 990, "Zoë.Doe!!", 10);
    assert_round_trip(name, &letter);
}

/* No reader shows what was hidden in an encoded word (RFC 2047). */
static void
test_compose_encoded_words(void **state)
{
    char title[] = "For =?utf-8?q?=0ABcc:_x=40y?= only";
    struct mail_text text = {title, body, 0};
    struct mail_letter letter = {"a@example.com", title, "jane@example.com",
                                 &plain_text};
    struct mail_message message;
    GMimeMessage *parsed;
    const char *name;

    (void)state;
    assert_int_equal(mail_compose(&letter, &message, &why), BWDIR_OK);
    parsed = read_back(&message);
    name = internet_address_get_name(only(g_mime_message_get_to(parsed)));
    assert_true(name == NULL || name[0] == '\0');
    g_object_unref(parsed);
    mail_message_clear(&message);
    letter.text = &text;
    assert_int_equal(mail_compose(&letter, &message, &why), BWDIR_BAD_VALUE);
}

static void
test_compose_utf8_text(void **state)
{
    char title[] = "Grüße an Zoë";
    char lines[] = "Zoë\n日本\n=3D= \n.\n..\nFrom x\n\ttab";
    struct mail_text text = {title, lines, 0};

    (void)state;
    lines[strlen(lines) - 4] = ' ';
    assert_round_trip("Zoë", &text);
}

static void
test_compose_header_injection(void **state)
{
    static const char *const bad[] = {"Jane\nBcc: x@example.org",
                                      "Jane\r\nBcc: x@example.org",
                                      "Jane\rBcc: x@example.org",
                                      "Jane\x1b[2J",
                                      "Jane\xc2\x9b",
                                      "Jane\xff",
                                      "Jane\x7f",
                                      "\xe2\x80"};
    struct mail_letter letter = {"a@example.com", "", "jane@example.com",
                                 &plain_text};
    struct mail_text text = plain_text;
    struct mail_message message;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char copy[64];

        letter.text = &plain_text;
        letter.to_name = bad[i];
        assert_int_equal(mail_compose(&letter, &message, &why),
                         BWDIR_BAD_VALUE);
        assert_null(message.bytes);
        strcpy(copy, bad[i]);
        text.subject = copy;
        letter.to_name = "Jane";
        letter.text = &text;
        assert_int_equal(mail_compose(&letter, &message, &why),
                         BWDIR_BAD_VALUE);
    }
}

static void
test_compose_bad_recipient(void **state)
{
    static const char *const bad[] = {
        "",
        "jane",
        "@example.com",
        "jane@",
        "jane@example.com, x@example.org",
        "jane@example.com\nBcc: x@example.org",
        "jane@exam ple.com",
        "<jane@example.com>",
        "-oX@example.com",
        "jane@@example.com",
        "jane@example..com",
        ".jane@example.com",
        "jane.@example.com",
        "\"jane doe\"@example.com",
        "jane@[127.0.0.1]",
        "jan\xc3\xa9@example.com",
        "jane@example.com>",
        "|cat@/etc/passwd",
    };
    struct mail_letter letter = {"a@example.com", "Jane", "", &plain_text};
    struct mail_message message;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        letter.to = bad[i];
        assert_int_equal(mail_compose(&letter, &message, &why),
                         BWDIR_BAD_VALUE);
    }
}

static void
test_sender_check(void **state)
{
    static const char *const bad[] = {"",
                                      "accounts",
                                      "a@example.com, b@example.com",
                                      "Undisclosed:;",
                                      "A",
                                      "a@example.com\nBcc: x@example.org",
                                      NULL};

    (void)state;
    assert_int_equal(mail_sender_check("a@example.com", &why), BWDIR_OK);
    assert_int_equal(mail_sender_check("A B <a@example.com>", &why), BWDIR_OK);
    assert_int_equal(mail_sender_check("Zoë <a@example.com>", &why), BWDIR_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(mail_sender_check(bad[i], &why), BWDIR_CONFIG);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compose_plain),
        cmocka_unit_test(test_compose_names),
        cmocka_unit_test(test_compose_long_names),
        cmocka_unit_test(test_compose_encoded_words),
        cmocka_unit_test(test_compose_utf8_text),
        cmocka_unit_test(test_compose_header_injection),
        cmocka_unit_test(test_compose_bad_recipient),
        cmocka_unit_test(test_sender_check),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
