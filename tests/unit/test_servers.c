/*
 * Several servers of one directory: in which order they are tried, how long
 * a failure counts, and how the time is shared.  Rows 31 and 37 of the
 * catalogue of faults.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>
#include <sys/resource.h>

#include "fake_ldap.h"
#include "libbwdir/dir/servers.h"
#include "libbwdir/directory.h"

static const char *const three[] = {"ldaps://a", "ldaps://b", "ldaps://c",
                                    NULL};

static struct dir_servers *
servers_of(const char *const *uris)
{
    struct dir_servers *servers;

    assert_int_equal(dir_servers_new(uris, NULL, &servers, NULL), BWDIR_OK);
    return servers;
}

/* The next of the round are exactly these. */
static void
assert_next(struct dir_servers *servers, int64_t now, const char *const *uris)
{
    for (; *uris != NULL; uris++)
        assert_string_equal(dir_servers_next(servers, now), *uris);
    assert_null(dir_servers_next(servers, now));
}

static void
assert_round(struct dir_servers *servers, int64_t now, const char *first,
             const char *second, const char *third)
{
    const char *const uris[] = {first, second, third, NULL};

    dir_servers_begin(servers);
    assert_next(servers, now, uris);
}

static void
test_new_empty(void **state)
{
    static const char *const none[] = {NULL};
    struct dir_servers *servers;
    struct bwdir_detail why = {""};

    (void)state;
    assert_int_equal(dir_servers_new(none, NULL, &servers, &why),
                     BWDIR_CONFIG);
    assert_null(servers);
    assert_string_equal(why.text, "no URI of a server is given");
}

static void
test_next_in_order(void **state)
{
    struct dir_servers *servers = servers_of(three);

    (void)state;
    assert_round(servers, 0, three[0], three[1], three[2]);
    assert_round(servers, 0, three[0], three[1], three[2]);
    dir_servers_free(&servers);
}

/* One that failed comes last for 30 s, and is not left out. */
static void
test_failed_counts_for_30_s(void **state)
{
    struct dir_servers *servers = servers_of(three);

    (void)state;
    dir_servers_failed(servers, three[0], 1000);
    assert_round(servers, 1000, three[1], three[2], three[0]);
    assert_round(servers, 30999, three[1], three[2], three[0]);
    assert_round(servers, 31000, three[0], three[1], three[2]);
    dir_servers_failed(servers, three[1], 40000);
    dir_servers_served(servers, three[1]);
    assert_round(servers, 40000, three[0], three[1], three[2]);
    dir_servers_free(&servers);
}

/* A directory that comes back is found at once. */
static void
test_all_failed_are_tried(void **state)
{
    struct dir_servers *servers = servers_of(three);

    (void)state;
    for (size_t i = 0; i < 3; i++)
        dir_servers_failed(servers, three[i], 1000);
    assert_round(servers, 1001, three[0], three[1], three[2]);
    dir_servers_free(&servers);
}

static void
test_skip_only_in_this_round(void **state)
{
    static const char *const rest[] = {"ldaps://a", "ldaps://c", NULL};
    struct dir_servers *servers = servers_of(three);

    (void)state;
    dir_servers_begin(servers);
    dir_servers_skip(servers, three[1]);
    assert_next(servers, 0, rest);
    assert_round(servers, 0, three[0], three[1], three[2]);
    dir_servers_free(&servers);
}

static void
test_share(void **state)
{
    struct dir_servers *servers = servers_of(three);

    (void)state;
    dir_servers_begin(servers);
    /* At hand from before, or just handed out: the same. */
    assert_int_equal(dir_servers_share(servers, three[0], 100, 1000), 400);
    (void)dir_servers_next(servers, 0);
    assert_int_equal(dir_servers_share(servers, three[0], 100, 1000), 400);
    (void)dir_servers_next(servers, 0);
    assert_int_equal(dir_servers_share(servers, three[1], 400, 1000), 700);
    (void)dir_servers_next(servers, 0);
    assert_int_equal(dir_servers_share(servers, three[2], 700, 1000), 1000);
    dir_servers_free(&servers);
}

/* ---- against sockets ---------------------------------------------------- */

static int64_t
cpu(void)
{
    struct rusage used;

    getrusage(RUSAGE_THREAD, &used);
    return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
           (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
}

/* Milliseconds for all of them; a memory tool makes it slow. */
static int64_t
patience(void)
{
    return getenv("TEST_MEMORY_TOOL") == NULL ? 1000 : 6000;
}

/* The first is dead, hung or no LDAP server at all: the second serves, and
 * the first costs nothing the next time. */
static void
test_connect_031_next_server(void **state)
{
    const struct fake_step nothing[] = {{FAKE_END, NULL, 0}};
    struct fake_ldap *good = fake_ldap_start("ldapi", nothing);
    struct fake_ldap *hung = fake_ldap_start("ldaps", nothing);
    const char *firsts[] = {"ldapi://%2Fnonexistent", "ldaps://127.0.0.1:1",
                            fake_ldap_uri(hung)};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const char *const uris[] = {firsts[i], fake_ldap_uri(good), NULL};
        struct dir_servers *servers = servers_of(uris);
        struct dir_connection *connection = NULL;
        struct bwdir_detail why = {""};
        int64_t began = dir_now(), used = cpu();

        dir_servers_begin(servers);
        assert_int_equal(bwdir_servers_connect(servers, NULL,
                                               began + patience(), &connection,
                                               &why),
                         BWDIR_OK);
        assert_true(dir_now() - began < patience());
        if (getenv("TEST_MEMORY_TOOL") == NULL)
            assert_true(cpu() - used <= 50);
        assert_string_equal(dir_uri(connection), fake_ldap_uri(good));
        assert_non_null(strstr(why.text, firsts[i]));
        dir_close(&connection);

        dir_servers_begin(servers);
        assert_string_equal(dir_servers_next(servers, dir_now()),
                            fake_ldap_uri(good));
        dir_servers_free(&servers);
    }
    fake_ldap_stop(good);
    fake_ldap_stop(hung);
}

/* None serves: the words name each. */
static void
test_connect_none(void **state)
{
    static const char *const uris[] = {"ldapi://%2Fone", "ldapi://%2Ftwo",
                                       NULL};
    struct dir_servers *servers = servers_of(uris);
    struct dir_connection *connection = NULL;
    struct bwdir_detail why = {""};

    (void)state;
    dir_servers_begin(servers);
    assert_int_equal(bwdir_servers_connect(servers, NULL,
                                           dir_now() + patience(), &connection,
                                           &why),
                     BWDIR_UNAVAILABLE);
    assert_null(connection);
    assert_non_null(strstr(why.text, uris[0]));
    assert_non_null(strstr(why.text, uris[1]));
    dir_servers_free(&servers);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_empty),
        cmocka_unit_test(test_next_in_order),
        cmocka_unit_test(test_failed_counts_for_30_s),
        cmocka_unit_test(test_all_failed_are_tried),
        cmocka_unit_test(test_skip_only_in_this_round),
        cmocka_unit_test(test_share),
        cmocka_unit_test(test_connect_031_next_server),
        cmocka_unit_test(test_connect_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
