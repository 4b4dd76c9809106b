/*
 * Secrets, and the files that they come from.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libbwdir/secret.h"
#include "libbwdir/trusted.h"
#include "trusted_file.h"

static void
test_new_copies_any_bytes(void **state)
{
    struct bwdir_secret *secret = NULL;

    (void)state;
    assert_int_equal(bwdir_secret_new("a\0b", 3, &secret), BWDIR_OK);
    assert_int_equal(bwdir_secret_length(secret), 3);
    assert_memory_equal(bwdir_secret_bytes(secret), "a\0b\0", 4);
    bwdir_secret_free(&secret);
    assert_null(secret);
    bwdir_secret_free(&secret);
    bwdir_secret_free(NULL);
}

static void
test_new_empty(void **state)
{
    struct bwdir_secret *secret = NULL;

    (void)state;
    assert_int_equal(bwdir_secret_new(NULL, 0, &secret), BWDIR_OK);
    assert_int_equal(bwdir_secret_length(secret), 0);
    assert_string_equal(bwdir_secret_bytes(secret), "");
    bwdir_secret_free(&secret);
}

static void
test_alloc_zeros_and_limits(void **state)
{
    struct bwdir_secret *secret = NULL;

    (void)state;
    assert_int_equal(bwdir_secret_alloc(5, &secret), BWDIR_OK);
    assert_memory_equal(bwdir_secret_bytes(secret), "\0\0\0\0\0\0", 6);
    memcpy(bwdir_secret_buffer(secret), "12345", 5);
    assert_string_equal(bwdir_secret_bytes(secret), "12345");
    bwdir_secret_free(&secret);
    assert_int_equal(bwdir_secret_alloc(SIZE_MAX, &secret), BWDIR_NO_MEMORY);
    assert_null(secret);
}

/* What a file with this content and mode 0600 gives; "" when refused. */
static void
assert_file_gives(const void *bytes, size_t length, const char *expected)
{
    const char *path = trusted_file_write("secret", bytes, length, 0600);
    struct bwdir_secret *secret = NULL;
    struct bwdir_detail why = {""};
    enum bwdir_status status = bwdir_secret_from_file(path, &secret, &why);

    if (expected == NULL) {
        assert_int_equal(status, BWDIR_CONFIG);
        assert_null(secret);
        assert_non_null(strstr(why.text, path));
        return;
    }
    assert_int_equal(status, BWDIR_OK);
    assert_string_equal(bwdir_secret_bytes(secret), expected);
    assert_int_equal(bwdir_secret_length(secret), strlen(expected));
    bwdir_secret_free(&secret);
}

static void
test_from_file_content(void **state)
{
    char longest[BWDIR_PASSWORD_MAX + 3];

    (void)state;
    assert_file_gives("secret", 6, "secret");
    assert_file_gives("secret\n", 7, "secret");
    assert_file_gives("secret\n\n", 8, "secret\n");
    assert_file_gives(" s e ", 5, " s e ");
    assert_file_gives("secret\r\n", 8, "secret\r");
    assert_file_gives("", 0, NULL);
    assert_file_gives("\n", 1, NULL);
    memset(longest, 'x', sizeof(longest));
    longest[BWDIR_PASSWORD_MAX] = '\0';
    assert_file_gives(longest, BWDIR_PASSWORD_MAX, longest);
    longest[BWDIR_PASSWORD_MAX] = '\n';
    longest[BWDIR_PASSWORD_MAX + 1] = '\n';
    assert_file_gives(longest, BWDIR_PASSWORD_MAX + 2, NULL);
    longest[BWDIR_PASSWORD_MAX] = 'x';
    assert_file_gives(longest, BWDIR_PASSWORD_MAX + 1, NULL);
    assert_file_gives(longest, BWDIR_PASSWORD_MAX + 2, NULL);
}

static void
assert_mode(mode_t mode, bool as_secret, bool as_configuration)
{
    const char *path = trusted_file_write("mode", "x", 1, mode);
    struct bwdir_detail why;
    int fd = -1;

    assert_int_equal(bwdir_trusted_open(path, true, &fd, &why),
                     as_secret ? BWDIR_OK : BWDIR_CONFIG);
    assert_int_equal(fd >= 0, as_secret);
    if (fd >= 0)
        close(fd);
    assert_int_equal(bwdir_trusted_open(path, false, &fd, &why),
                     as_configuration ? BWDIR_OK : BWDIR_CONFIG);
    if (fd >= 0)
        close(fd);
}

static void
test_trusted_open_modes(void **state)
{
    (void)state;
    assert_mode(0600, true, true);
    assert_mode(0400, true, true);
    assert_mode(0700, true, true);
    assert_mode(0640, false, true);
    assert_mode(0604, false, true);
    assert_mode(0644, false, true);
    assert_mode(0620, false, false);
    assert_mode(0602, false, false);
    assert_mode(0660, false, false);
    assert_mode(0666, false, false);
    assert_mode(0777, false, false);
}

static void
test_trusted_open_not_a_file(void **state)
{
    char target[256];
    struct bwdir_detail why;
    int fd = -1;

    (void)state;
    snprintf(target, sizeof(target), "%s",
             trusted_file_write("target", "x", 1, 0600));
    assert_int_equal(symlink(target, trusted_file_path("link")), 0);
    assert_int_equal(
        bwdir_trusted_open(trusted_file_path("link"), false, &fd, &why),
        BWDIR_CONFIG);
    assert_non_null(strstr(why.text, "symbolic link"));
    assert_int_equal(mkfifo(trusted_file_path("fifo"), 0600), 0);
    assert_int_equal(
        bwdir_trusted_open(trusted_file_path("fifo"), false, &fd, &why),
        BWDIR_CONFIG);
    assert_int_equal(bwdir_trusted_open("/tmp", false, &fd, &why),
                     BWDIR_CONFIG);
    assert_int_equal(bwdir_trusted_open("/dev/null", false, &fd, &why),
                     BWDIR_CONFIG);
    assert_int_equal(
        bwdir_trusted_open(trusted_file_path("none"), false, &fd, &why),
        BWDIR_CONFIG);
    assert_non_null(strstr(why.text, "No such file"));
    assert_int_equal(fd, -1);
}

static void
test_trusted_open_owner(void **state)
{
    const char *path = trusted_file_write("owner", "x", 1, 0600);
    struct bwdir_detail why;
    int fd = -1;

    (void)state;
    if (geteuid() != 0) {
        print_message("left out without root: another user's secret\n");
        skip();
    }
    assert_int_equal(chown(path, 12345, (gid_t)-1), 0);
    assert_int_equal(bwdir_trusted_open(path, false, &fd, &why), BWDIR_CONFIG);
    assert_non_null(strstr(why.text, "uid 12345"));
}

static void
test_trusted_open_leaves_no_descriptor(void **state)
{
    const char *path = trusted_file_write("bad", "x", 1, 0666);
    struct bwdir_detail why;
    int before = dup(0);
    int after;
    int fd;

    (void)state;
    close(before);
    assert_int_equal(bwdir_trusted_open(path, false, &fd, &why), BWDIR_CONFIG);
    after = dup(0);
    close(after);
    assert_int_equal(before, after);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_copies_any_bytes),
        cmocka_unit_test(test_new_empty),
        cmocka_unit_test(test_alloc_zeros_and_limits),
        cmocka_unit_test(test_from_file_content),
        cmocka_unit_test(test_trusted_open_modes),
        cmocka_unit_test(test_trusted_open_not_a_file),
        cmocka_unit_test(test_trusted_open_owner),
        cmocka_unit_test(test_trusted_open_leaves_no_descriptor),
    };

    return cmocka_run_group_tests(tests, trusted_file_setup,
                                  trusted_file_teardown);
}
