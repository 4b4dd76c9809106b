/*
 * Log lines: fixed keys in a fixed order, and nothing from outside that could
 * end a line or pass for another key.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <cmocka.h>

#include "pam_bw/bwdird/eventlog.h"

static struct bwdird_origin
origin_of(const char *user)
{
    struct bwdird_origin origin = {
        .request = {.version = 1,
                    .kind = BW_WIRE_AUTHENTICATE,
                    .access = BW_WIRE_DASHBOARD,
                    .deadline_ms = 3000},
        .uid = 33,
        .arrived = 1000,
    };

    memcpy(origin.request.user, user,
           strnlen(user, sizeof(origin.request.user)));
    return origin;
}

static void
expect(const struct bwdird_origin *origin, const char *service,
       const char *reason, const char *wanted)
{
    const struct bwdird_event event = {
        .origin = origin,
        .service = service,
        .status = BWDIR_BAD_CREDENTIALS,
        .reason = reason,
        .now = 1017,
    };
    struct bwdir_line line;

    bwdird_log_format(&event, &line);
    assert_string_equal(line.text, wanted);
}

static void
test_format_plain(void **state)
{
    struct bwdird_origin origin = origin_of("dana");

    (void)state;
    expect(&origin, "sshd", "wrong password",
           "event=authenticate user=dana service=sshd access=dashboard "
           "source=- uid=33 status=bad-credentials "
           "reason=\"wrong password\" ms=17");
}

static void
test_format_unknown_service(void **state)
{
    struct bwdird_origin origin = origin_of("dana");

    (void)state;
    origin.request.kind = BW_WIRE_ACCOUNT;
    origin.request.access = BW_WIRE_API;
    expect(&origin, NULL, "x",
           "event=account user=dana service=- access=api source=- uid=33 "
           "status=bad-credentials reason=x ms=17");
}

static void
test_format_escapes_user(void **state)
{
    struct bwdird_origin origin = origin_of("a\nevent=\"\\\x9b\x7f\x01=b");

    (void)state;
    expect(&origin, "sshd", "x",
           "event=authenticate "
           "user=\"a\\x0aevent=\\x22\\x5c\\x9b\\x7f\\x01=b\" "
           "service=sshd access=dashboard source=- uid=33 "
           "status=bad-credentials reason=x ms=17");
}

static void
test_format_empty_user(void **state)
{
    struct bwdird_origin origin = origin_of("");

    (void)state;
    expect(&origin, "sshd", "x",
           "event=authenticate user=\"\" service=sshd access=dashboard "
           "source=- uid=33 status=bad-credentials reason=x ms=17");
}

static void
test_format_user_of_full_length(void **state)
{
    struct bwdird_origin origin =
        origin_of("abcdefghijklmnopqrstuvwxyz012345");

    (void)state;
    expect(&origin, "sshd", "x",
           "event=authenticate user=abcdefghijklmnopqrstuvwxyz012345 "
           "service=sshd access=dashboard source=- uid=33 "
           "status=bad-credentials reason=x ms=17");
}

/* Every byte by itself: plain, or in quotes, never raw where it harms. */
static void
test_format_every_byte(void **state)
{
    unsigned byte;

    (void)state;
    for (byte = 1; byte < 256; byte++) {
        char user[2] = {(char)byte, '\0'}, value[16], wanted[256];
        struct bwdird_origin origin = origin_of(user);

        if (byte == ' ')
            snprintf(value, sizeof(value), "\" \"");
        else if (byte > 0x20 && byte < 0x7f && byte != '"' && byte != '\\')
            snprintf(value, sizeof(value), "%c", (int)byte);
        else
            snprintf(value, sizeof(value), "\"\\x%02x\"", byte);
        snprintf(wanted, sizeof(wanted),
                 "event=authenticate user=%s service=s access=dashboard "
                 "source=- uid=33 status=bad-credentials reason=x ms=17",
                 value);
        expect(&origin, "s", "x", wanted);
    }
}

static void
test_format_source_v6(void **state)
{
    struct bwdird_origin origin = origin_of("dana");

    (void)state;
    origin.request.source[0] = 0x20;
    origin.request.source[1] = 0x01;
    origin.request.source[2] = 0x0d;
    origin.request.source[3] = 0xb8;
    origin.request.source[15] = 1;
    expect(&origin, "s", "x",
           "event=authenticate user=dana service=s access=dashboard "
           "source=2001:db8::1 uid=33 status=bad-credentials reason=x ms=17");
}

static void
test_format_source_v4(void **state)
{
    struct bwdird_origin origin = origin_of("dana");
    const uint8_t mapped[6] = {0xff, 0xff, 192, 0, 2, 7};

    (void)state;
    memcpy(origin.request.source + 10, mapped, sizeof(mapped));
    expect(&origin, "s", "x",
           "event=authenticate user=dana service=s access=dashboard "
           "source=192.0.2.7 uid=33 status=bad-credentials reason=x ms=17");
}

/* The longest of everything still fits, with its last key. */
static void
test_format_longest(void **state)
{
    char user[33], service[256], reason[96];
    struct bwdird_origin origin;
    struct bwdir_line line;
    struct bwdird_event event = {.origin = &origin, .now = INT64_MAX};

    (void)state;
    memset(user, 1, sizeof(user) - 1);
    memset(service, 1, sizeof(service) - 1);
    memset(reason, 1, sizeof(reason) - 1);
    user[32] = service[255] = reason[95] = '\0';
    origin = origin_of(user);
    event.service = service;
    event.reason = reason;
    bwdird_log_format(&event, &line);
    assert_non_null(strstr(line.text, " ms=9223372036854774807"));
}

static size_t
slurp(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    size_t length;

    assert_non_null(file);
    length = fread(text, 1, size - 1, file);
    text[length] = '\0';
    fclose(file);
    return length;
}

static void
test_open_appends_stamped_lines(void **state)
{
    char path[] = "/tmp/eventlog.XXXXXX", text[1024], wanted[256];
    struct bwdird_origin origin = origin_of("dana");
    const struct bwdird_event event = {
        .origin = &origin, .service = "s", .reason = "x", .now = 1001};
    struct bwdird_log log;
    int round, fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    for (round = 0; round < 2; round++) {
        assert_true(bwdird_log_open(&log, path));
        bwdird_log_event(&log, &event);
        bwdird_log_close(&log);
    }
    slurp(path, text, sizeof(text));
    /* 2026-01-02T03:04:05.678Z bwdird[1]: … */
    assert_int_equal(text[10], 'T');
    assert_int_equal(text[23], 'Z');
    snprintf(wanted, sizeof(wanted),
             " bwdird[%ld]: event=authenticate user=dana service=s "
             "access=dashboard source=- uid=33 status=ok reason=x ms=1\n",
             (long)getpid());
    assert_memory_equal(text + 24, wanted, strlen(wanted));
    assert_int_equal(strlen(text), 2 * (24 + strlen(wanted)));
    unlink(path);
}

static void
test_open_refuses_symlink(void **state)
{
    char path[] = "/tmp/eventlog.XXXXXX", link[64];
    struct bwdird_log log;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    snprintf(link, sizeof(link), "%s.link", path);
    assert_int_equal(symlink(path, link), 0);
    assert_false(bwdird_log_open(&log, link));
    unlink(link);
    unlink(path);
}

static void
test_notice_is_limited(void **state)
{
    char path[] = "/tmp/eventlog.XXXXXX", text[4096];
    struct bwdird_log log;
    size_t lines = 0, i;
    int fd = mkstemp(path), turn;

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    assert_true(bwdird_log_open(&log, path));
    for (turn = 0; turn < 50; turn++)
        bwdird_log_notice(&log, LOG_INFO, "test", "turn %d", turn);
    log.notices.window -= 1000;
    bwdird_log_notice(&log, LOG_INFO, "test", "a\nb");
    bwdird_log_close(&log);
    slurp(path, text, sizeof(text));
    for (i = 0; text[i] != '\0'; i++)
        lines += text[i] == '\n';
    assert_int_equal(lines, 11);
    assert_non_null(strstr(text, ": notice=test detail=\"turn 0\"\n"));
    assert_non_null(
        strstr(text, ": notice=test detail=\"a\\x0ab\" suppressed=40\n"));
    unlink(path);
}

static unsigned
count(const char *text, const char *piece)
{
    unsigned found = 0;

    for (; (text = strstr(text, piece)) != NULL; text++)
        found++;
    return found;
}

/* What anybody may cause is limited, what was decided is always told. */
static void
test_undone_is_limited(void **state)
{
    static char text[1 << 16];
    char path[] = "/tmp/eventlog.XXXXXX";
    struct bwdird_origin undone = origin_of("gina"), done = origin_of("dana");
    struct bwdird_event event = {.origin = &undone,
                                 .status = BWDIR_UNAVAILABLE,
                                 .reason = "x",
                                 .now = 1001};
    const struct bwdird_event decided = {
        .origin = &done, .reason = "x", .now = 1001};
    struct bwdird_log log;
    int fd = mkstemp(path), turn;

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    assert_true(bwdird_log_open(&log, path));
    log.undone.window = INT64_MAX / 2; /* no second passes */
    for (turn = 0; turn < 50; turn++) {
        bwdird_log_undone(&log, &event);
        bwdird_log_event(&log, &decided);
    }
    bwdird_log_notice(&log, LOG_INFO, "test", "not hidden");
    log.suppressed = 3;
    log.undone.window = 0;
    for (turn = 0; turn < 12; turn++)
        bwdird_log_undone(&log, &event);
    bwdird_log_notice(&log, LOG_INFO, "test", "the end");
    bwdird_log_close(&log);
    slurp(path, text, sizeof(text));
    assert_int_equal(count(text, " user=gina "), 20);
    assert_int_equal(count(text, " user=dana "), 50);
    assert_non_null(strstr(text, ": notice=test detail=\"not hidden\" "
                                 "suppressed=40\n"));
    assert_non_null(strstr(text,
                           ": notice=lines-left-out detail=\"too many in "
                           "a second\" suppressed=3\n"));
    assert_non_null(strstr(text, ": notice=test detail=\"the end\" "
                                 "suppressed=2\n"));
    unlink(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_format_plain),
        cmocka_unit_test(test_format_unknown_service),
        cmocka_unit_test(test_format_escapes_user),
        cmocka_unit_test(test_format_empty_user),
        cmocka_unit_test(test_format_user_of_full_length),
        cmocka_unit_test(test_format_every_byte),
        cmocka_unit_test(test_format_source_v6),
        cmocka_unit_test(test_format_source_v4),
        cmocka_unit_test(test_format_longest),
        cmocka_unit_test(test_open_appends_stamped_lines),
        cmocka_unit_test(test_open_refuses_symlink),
        cmocka_unit_test(test_notice_is_limited),
        cmocka_unit_test(test_undone_is_limited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
