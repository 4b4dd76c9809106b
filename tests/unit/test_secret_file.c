/*
 * Secrets written into files: whole, once, for their owner alone.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libbwdir/bwdir.h"

/* A directory of its own, and a secret. */
struct place {
    char folder[64];
    char path[96];
    struct bwdir_secret *secret;
};

static int
begin(void **state)
{
    struct place *place = calloc(1, sizeof *place);

    strcpy(place->folder, "/tmp/bwsecret.XXXXXX");
    if (mkdtemp(place->folder) == NULL)
        return -1;
    snprintf(place->path, sizeof place->path, "%s/secret", place->folder);
    *state = place;
    return bwdir_secret_new("Marker-file", 11, &place->secret) == BWDIR_OK
               ? 0
               : -1;
}

static int
end(void **state)
{
    struct place *place = *state;

    unlink(place->path);
    rmdir(place->folder);
    bwdir_secret_free(&place->secret);
    free(place);
    return 0;
}

static int
files_in(const char *folder)
{
    DIR *dir = opendir(folder);
    int count = 0;

    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count - 2;
}

static void
test_secret_to_file(void **state)
{
    struct place *place = *state;
    struct bwdir_secret *back = NULL;
    struct bwdir_detail why = {""};
    struct stat file;

    assert_int_equal(
        bwdir_secret_to_file(place->secret, place->path, NULL, false, &why),
        BWDIR_OK);
    assert_int_equal(stat(place->path, &file), 0);
    assert_int_equal(file.st_mode & 07777, 0400);
    assert_int_equal(file.st_uid, geteuid());
    assert_int_equal(files_in(place->folder), 1);
    assert_int_equal(bwdir_secret_from_file(place->path, &back, &why),
                     BWDIR_OK);
    assert_string_equal(bwdir_secret_bytes(back), "Marker-file");
    bwdir_secret_free(&back);
}

static void
test_secret_to_file_exists(void **state)
{
    struct place *place = *state;
    struct bwdir_secret *other, *back = NULL;
    struct bwdir_detail why = {""};

    assert_int_equal(bwdir_secret_new("Marker-other", 12, &other), BWDIR_OK);
    assert_int_equal(
        bwdir_secret_to_file(place->secret, place->path, NULL, false, &why),
        BWDIR_OK);
    assert_int_equal(
        bwdir_secret_to_file(other, place->path, NULL, false, &why),
        BWDIR_EXISTS);
    assert_non_null(strstr(why.text, place->path));
    assert_int_equal(bwdir_secret_from_file(place->path, &back, &why),
                     BWDIR_OK);
    assert_string_equal(bwdir_secret_bytes(back), "Marker-file");
    bwdir_secret_free(&back);
    assert_int_equal(
        bwdir_secret_to_file(other, place->path, NULL, true, &why), BWDIR_OK);
    assert_int_equal(bwdir_secret_from_file(place->path, &back, &why),
                     BWDIR_OK);
    assert_string_equal(bwdir_secret_bytes(back), "Marker-other");
    assert_int_equal(files_in(place->folder), 1);
    bwdir_secret_free(&back);
    bwdir_secret_free(&other);
}

static void
test_secret_to_file_refused(void **state)
{
    struct place *place = *state;
    struct bwdir_detail why = {""};

    assert_int_equal(bwdir_secret_to_file(place->secret, "/nowhere/secret",
                                          NULL, false, &why),
                     BWDIR_CONFIG);
    assert_non_null(strstr(why.text, "/nowhere/secret"));
    assert_int_equal(
        bwdir_secret_to_file(place->secret, "secret", NULL, false, &why),
        BWDIR_CONFIG);
    assert_null(strstr(why.text, "Marker"));
    assert_int_equal(files_in(place->folder), 0);
}

static void
test_secret_from_file_of(void **state)
{
    struct place *place = *state;
    struct bwdir_secret *back = NULL;
    struct bwdir_detail why = {""};

    assert_int_equal(
        bwdir_secret_to_file(place->secret, place->path, NULL, false, &why),
        BWDIR_OK);
    assert_int_equal(
        bwdir_secret_from_file_of(place->path, geteuid(), &back, &why),
        BWDIR_OK);
    bwdir_secret_free(&back);
    /* Root's files are always fit. */
    assert_int_equal(bwdir_secret_from_file_of(place->path, 4242, &back, &why),
                     geteuid() == 0 ? BWDIR_OK : BWDIR_CONFIG);
    bwdir_secret_free(&back);
    if (geteuid() == 0) {
        assert_int_equal(chown(place->path, 4242, (gid_t)-1), 0);
        assert_int_equal(
            bwdir_secret_from_file_of(place->path, 4242, &back, &why),
            BWDIR_OK);
        bwdir_secret_free(&back);
        assert_int_equal(bwdir_secret_from_file(place->path, &back, &why),
                         BWDIR_CONFIG);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_secret_to_file, begin, end),
        cmocka_unit_test_setup_teardown(test_secret_to_file_exists, begin,
                                        end),
        cmocka_unit_test_setup_teardown(test_secret_to_file_refused, begin,
                                        end),
        cmocka_unit_test_setup_teardown(test_secret_from_file_of, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
