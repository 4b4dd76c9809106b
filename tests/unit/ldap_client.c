/*
 * A connection of ours to a fake_ldap, and what an operation on it cost.
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
#include <sys/time.h>

#include "ldap_client.h"
#include "libbwdir/dir/connection.h"
#include "libbwdir/dir/search.h"

int64_t
client_patience(void)
{
    return getenv("TEST_MEMORY_TOOL") == NULL ? 400 : 2000;
}

/*
 * What libldap 2.5.13 itself does not give back, for LeakSanitizer: the
 * priority that another replaced, once for each TLS context, and the request
 * and the answer where an answer ends before its operation.
 */
#define SEEN_BY_SANITIZERS __attribute__((visibility("default")))
SEEN_BY_SANITIZERS const char *__asan_default_options(void);
SEEN_BY_SANITIZERS const char *__lsan_default_suppressions(void);

const char *
__asan_default_options(void)
{
    return "fast_unwind_on_malloc=0"; /* libldap has no frame pointers */
}

const char *
__lsan_default_suppressions(void)
{
    return "leak:gnutls_priority_init\n"
           "leak:ldap_send_server_request\n"
           "leak:ldap_alloc_ber_with_options\n";
}

struct bwdir_secret *client_password;
struct bwdir_secret *client_empty;

int
client_setup(void **state)
{
    (void)state;
    return bwdir_secret_new("secret", 6, &client_password) == BWDIR_OK &&
                   bwdir_secret_new("", 0, &client_empty) == BWDIR_OK
               ? 0
               : -1;
}

int
client_teardown(void **state)
{
    (void)state;
    bwdir_secret_free(&client_password);
    bwdir_secret_free(&client_empty);
    return 0;
}

/* CPU milliseconds of this thread. */
static int64_t
cpu(void)
{
    struct rusage used;

    getrusage(RUSAGE_THREAD, &used);
    return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
           (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
}

struct client_clock
client_start(void)
{
    return (struct client_clock){dir_now(), cpu()};
}

void
assert_not_late(struct client_clock since)
{
    int64_t grace = getenv("TEST_MEMORY_TOOL") == NULL ? 200 : 3000;

    assert_true(dir_now() - since.wall <= client_patience() + grace);
}

void
assert_in_time(struct client_clock since)
{
    assert_not_late(since);
    if (getenv("TEST_MEMORY_TOOL") == NULL)
        assert_true(cpu() - since.cpu <= 50);
}

enum bwdir_status
client_connect(const char *uri, struct dir_connection **connection,
               struct bwdir_detail *why)
{
    struct dir_target target = {uri, NULL, dir_now() + client_patience()};

    memset(why, 0, sizeof(*why));
    return dir_connect(&target, connection, why);
}

struct dir_connection *
client_connected(struct fake_ldap *server)
{
    struct dir_connection *connection = NULL;
    struct bwdir_detail why;

    assert_int_equal(client_connect(fake_ldap_uri(server), &connection, &why),
                     BWDIR_OK);
    dir_set_deadline(connection, dir_now() + client_patience());
    return connection;
}

enum bwdir_status
client_bind(const struct fake_step *script, struct dir_bind_result *result)
{
    struct fake_ldap *server = fake_ldap_start("ldapi", script);
    struct dir_connection *connection = client_connected(server);
    struct bwdir_detail why = {""};
    struct client_clock since = client_start();
    enum bwdir_status status =
        dir_bind_simple(connection, CLIENT_DN, client_password, result, &why);

    assert_in_time(since);
    if (status != BWDIR_OK) {
        assert_string_not_equal(why.text, "");
        assert_null(strstr(why.text, "secret"));
        assert_string_equal(dir_whoami(connection), "");
    }
    if (status == BWDIR_UNAVAILABLE) { /* and it stays so, without waiting */
        since = client_start();
        assert_int_equal(dir_bind_simple(connection, CLIENT_DN,
                                         client_password, result, NULL),
                         BWDIR_UNAVAILABLE);
        assert_true(dir_now() - since.wall < 50);
    }
    dir_close(&connection);
    assert_null(connection);
    fake_ldap_stop(server);
    return status;
}

void
assert_unavailable(const struct fake_step *script)
{
    struct dir_bind_result result;

    assert_int_equal(client_bind(script, &result), BWDIR_UNAVAILABLE);
    assert_false(result.password_expired);
    assert_false(result.account_locked);
    assert_false(result.change_after_reset);
}

struct fake_bytes
bind_result(unsigned char code, struct fake_bytes controls)
{
    return fake_result(1, FAKE_BIND_RESPONSE, code, FAKE_NONE, controls);
}
