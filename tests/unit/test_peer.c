/*
 * Rules about peers: who may ask what, and how many connections he may have.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "pam_bw/bwdird/peer.h"

static uid_t
stranger(void)
{
    return geteuid() + 1;
}

static void
test_read_own(void **state)
{
    int pair[2];
    uid_t uid = stranger();

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_true(bwdird_peer_read(pair[0], &uid));
    assert_int_equal(uid, geteuid());
    close(pair[0]);
    close(pair[1]);
    assert_false(bwdird_peer_read(pair[0], &uid));
}

static void
test_may_ask_table(void **state)
{
    static const enum bw_wire_kind secret[] = {BW_WIRE_AUTHENTICATE,
                                               BW_WIRE_CHANGE, BW_WIRE_REDEEM};
    size_t i;

    (void)state;
    for (i = 0; i < 3; i++) {
        assert_true(bwdird_peer_may_ask(0, secret[i]));
        assert_true(bwdird_peer_may_ask(geteuid(), secret[i]));
        assert_true(bwdird_peer_may_ask(stranger(), secret[i]));
    }
    assert_true(bwdird_peer_may_ask(0, BW_WIRE_ACCOUNT));
    assert_true(bwdird_peer_may_ask(geteuid(), BW_WIRE_ACCOUNT));
    assert_false(bwdird_peer_may_ask(stranger(), BW_WIRE_ACCOUNT));
    assert_false(bwdird_peer_may_ask(0, (enum bw_wire_kind)0));
    assert_false(bwdird_peer_may_ask(0, (enum bw_wire_kind)5));
}

static void
test_fits_table(void **state)
{
    static const struct {
        bool trusted;
        struct bwdird_peer_count count;
        bool fits;
    } table[] = {
        {true, {511, 384, 127}, true}, {true, {512, 384, 128}, false},
        {true, {511, 0, 511}, true},   {false, {511, 383, 127}, true},
        {false, {511, 384, 0}, false}, {false, {511, 383, 128}, false},
        {false, {512, 0, 0}, false},   {false, {0, 0, 0}, true},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        assert_int_equal(bwdird_peer_fits(table[i].trusted ? 0 : stranger(),
                                          &table[i].count),
                         table[i].fits);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_own),
        cmocka_unit_test(test_may_ask_table),
        cmocka_unit_test(test_fits_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
