/*
 * Delivery to a Maildir and to sendmail: complete, once, and with nothing of
 * the caller's in the argument list or the environment.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tools/mail/deliver.h"

static char dir[] = "/tmp/bwdir-deliver.XXXXXX";
static char program[64];
static struct bwdir_detail why;

static char from[] = "accounts@example.com";
static char to[] = "jane@example.com";
static char bytes[] = "Subject: x\n\n.\nFrom y\nmarker-code\n";
static const struct mail_message message = {from, to, bytes, sizeof bytes - 1};
static struct mail_delivery delivery = {.message = &message};

/* The names in a folder that do not begin with a dot; LAST holds one. */
static int
count(const char *folder, char last[512])
{
    char path[64];
    DIR *open_dir;
    struct dirent *entry;
    int found = 0;

    snprintf(path, sizeof path, "%s/%s", dir, folder);
    open_dir = opendir(path);
    assert_non_null(open_dir);
    while ((entry = readdir(open_dir)) != NULL)
        if (entry->d_name[0] != '.') {
            found++;
            snprintf(last, 512, "%s/%s", path, entry->d_name);
        }
    closedir(open_dir);
    return found;
}

static void
read_file(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    size_t length;

    assert_non_null(file);
    length = fread(text, 1, size - 1, file);
    text[length] = '\0';
    fclose(file);
}

static void
test_to_maildir_complete(void **state)
{
    struct mail_transport transport = {.deliver = mail_to_maildir,
                                       .maildir = dir};
    struct stat status;
    char name[512], text[512];

    (void)state;
    assert_int_equal(mail_deliver(&transport, &delivery, &why), BWDIR_OK);
    assert_int_equal(count("tmp", name), 0);
    assert_int_equal(count("cur", name), 0);
    assert_int_equal(count("new", name), 1);
    assert_int_equal(stat(name, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(status.st_nlink, 1);
    read_file(name, text, sizeof text);
    assert_string_equal(text, bytes);
    for (int i = 0; i < 50; i++)
        assert_int_equal(mail_deliver(&transport, &delivery, &why), BWDIR_OK);
    assert_int_equal(count("new", name), 51);
}

static void
test_to_maildir_missing(void **state)
{
    struct mail_transport transport = {.deliver = mail_to_maildir,
                                       .maildir = "/nonexistent/x"};

    (void)state;
    assert_int_equal(mail_deliver(&transport, &delivery, &why),
                     BWDIR_UNAVAILABLE);
    assert_non_null(strstr(why.text, "/nonexistent/x"));
}

static void
write_program(const char *script)
{
    FILE *file;

    unlink(program);
    file = fopen(program, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", script);
    fclose(file);
    assert_int_equal(chmod(program, 0700), 0);
}

static void
test_to_sendmail_arguments(void **state)
{
    struct mail_transport transport = {.deliver = mail_to_sendmail,
                                       .sendmail = program,
                                       .sendmail_seconds = 60};
    char script[512], path[64], text[2048];

    (void)state;
    snprintf(path, sizeof path, "%s/out", dir);
    snprintf(script, sizeof script,
             "{ for a; do echo \"[$a]\"; done; "
             "tr '\\0' '\\n' </proc/$$/environ; ls /proc/$$/fd; cat; } >%s",
             path);
    write_program(script);
    setenv("BWDIR_MARKER", "marker-environment", 1);
    assert_int_equal(mail_deliver(&transport, &delivery, &why), BWDIR_OK);
    read_file(path, text, sizeof text);
    assert_non_null(strstr(text, "[-i]\n[-f]\n[accounts@example.com]\n[--]\n"
                                 "[jane@example.com]\n"
                                 "PATH=/usr/sbin:/usr/bin:/sbin:/bin\n"
                                 "LC_ALL=C\n0\n1\n"));
    assert_null(strstr(text, "marker-environment"));
    assert_string_equal(text + strlen(text) - strlen(bytes), bytes);
    unlink(path);
}

static void
test_to_sendmail_fails(void **state)
{
    struct mail_transport transport = {.deliver = mail_to_sendmail,
                                       .sendmail = program,
                                       .sendmail_seconds = 60};

    (void)state;
    write_program("cat >/dev/null; exit 75");
    assert_int_equal(mail_deliver(&transport, &delivery, &why),
                     BWDIR_UNAVAILABLE);
    write_program("cat >/dev/null; exit 67");
    assert_int_equal(mail_deliver(&transport, &delivery, &why), BWDIR_REFUSED);
    write_program("kill -9 $$");
    assert_int_equal(mail_deliver(&transport, &delivery, &why),
                     BWDIR_UNAVAILABLE);
    transport.sendmail = "/nonexistent/sendmail";
    assert_int_equal(mail_deliver(&transport, &delivery, &why),
                     BWDIR_UNAVAILABLE);
}

static void
test_to_sendmail_does_not_read(void **state)
{
    struct mail_transport transport = {.deliver = mail_to_sendmail,
                                       .sendmail = program,
                                       .sendmail_seconds = 60};
    struct mail_message large = message;
    struct mail_delivery of_large = {.message = &large};

    (void)state;
    large.length = (size_t)1 << 20;
    large.bytes = calloc(1, large.length);
    write_program("exit 0");
    assert_int_equal(mail_deliver(&transport, &of_large, &why),
                     BWDIR_UNAVAILABLE);
    free(large.bytes);
}

/* The process group that the program has led, whose number it wrote down, is
 * gone: a killed child of it is init's to wait for. */
static void
assert_group_gone(const char *path)
{
    const struct timespec moment = {.tv_nsec = 10000000};
    char text[32];
    pid_t group;

    read_file(path, text, sizeof text);
    group = (pid_t)strtol(text, NULL, 10);
    assert_true(group > 1);
    for (int i = 0; i < 1000 && kill(-group, 0) == 0; i++)
        nanosleep(&moment, NULL);
    assert_int_equal(kill(-group, 0), -1);
    assert_int_equal(errno, ESRCH);
    unlink(path);
}

/* Reads, or not; ends when it is told, or not; has started another program. */
static void
test_to_sendmail_hangs(void **state)
{
    static const struct {
        const char *script;
        bool uncertain;
    } cases[] = {
        {"cat >/dev/null; exec sleep 60", true},
        {"trap '' TERM; cat >/dev/null; sleep 60 & sleep 60", true},
        {"exec sleep 60", false},
    };
    struct mail_transport transport = {.deliver = mail_to_sendmail,
                                       .sendmail = program,
                                       .sendmail_seconds = 1};
    struct mail_message large = message;
    struct mail_delivery of_large = {.message = &large};
    char script[512], path[64];

    (void)state;
    snprintf(path, sizeof path, "%s/group", dir);
    large.length = (size_t)1 << 20;
    large.bytes = calloc(1, large.length);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        time_t began = time(NULL);

        snprintf(script, sizeof script, "echo $$ >%s; %s", path,
                 cases[i].script);
        write_program(script);
        assert_int_equal(mail_deliver(&transport, &of_large, &why),
                         BWDIR_UNAVAILABLE);
        assert_non_null(strstr(why.text, "has not ended within 1 second"));
        assert_int_equal(of_large.uncertain, cases[i].uncertain);
        assert_true(time(NULL) - began < 30);
        assert_group_gone(path);
    }
    free(large.bytes);
}

static int
set_up(void **state)
{
    (void)state;
    if (mkdtemp(dir) == NULL)
        return 1;
    snprintf(program, sizeof program, "%s/sendmail", dir);
    return 0;
}

static int
tear_down(void **state)
{
    static const char *const folders[] = {"tmp", "new", "cur"};
    char name[512];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        char path[64];

        while (count(folders[i], name) > 0)
            unlink(name);
        snprintf(path, sizeof path, "%s/%s", dir, folders[i]);
        rmdir(path);
    }
    unlink(program);
    return rmdir(dir);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_to_maildir_complete),
        cmocka_unit_test(test_to_maildir_missing),
        cmocka_unit_test(test_to_sendmail_arguments),
        cmocka_unit_test(test_to_sendmail_fails),
        cmocka_unit_test(test_to_sendmail_does_not_read),
        cmocka_unit_test(test_to_sendmail_hangs),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
