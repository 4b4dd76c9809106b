/*
 * A Modify of which others have done a part, put to a server that says so.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ldap_client.h"
#include "libbwdir/directory.h"
#include "libbwdir/plan_impl.h"

#define MODIFY_RESPONSE 0x67
#define IS_THERE 20 /* attributeOrValueExists */
#define IS_NONE 16  /* noSuchAttribute */

static char dn[] = "cn=a,dc=x";

/* What the server answers, request by request. */
struct answer {
    enum { END, MODIFIED, IS_SO, IS_NOT_SO } what;
    unsigned char code; /* of MODIFIED */
};
#define ANSWERS_MAX 16

struct outcome {
    enum bwdir_status status;
    size_t left;  /* changes of the step that are ours */
    int requests; /* that the server has read */
};

static size_t
script_answer(const struct answer *answer, int id, struct fake_bytes *bytes,
              struct fake_step *script)
{
    size_t count = 0;

    script[count++] = (struct fake_step){FAKE_READ, NULL, 0};
    *bytes = answer->what == MODIFIED
                 ? fake_result(id, MODIFY_RESPONSE, answer->code, FAKE_NONE,
                               FAKE_NONE)
                 : fake_result(id, FAKE_SEARCH_DONE, 0, FAKE_NONE, FAKE_NONE);
    if (answer->what == IS_SO)
        *bytes = fake_join(fake_entry(id, dn, "cn", "a"), *bytes);
    script[count++] = (struct fake_step){FAKE_SEND, bytes->at, bytes->length};
    return count;
}

static struct outcome
modify(struct step *step, const struct answer *answers)
{
    struct fake_bytes bytes[ANSWERS_MAX];
    struct fake_step script[2 * ANSWERS_MAX + 2];
    struct fake_ldap *server;
    struct bwdir_directory directory = {.connection = NULL};
    struct bwdir_detail why = {""};
    struct outcome outcome;
    size_t used = 0;

    for (int i = 0; answers[i].what != END; i++) {
        assert_true(i < ANSWERS_MAX);
        used += script_answer(&answers[i], i + 1, &bytes[i], &script[used]);
    }
    script[used++] = (struct fake_step){FAKE_READ, NULL, 0}; /* one too many */
    script[used] = (struct fake_step){FAKE_END, NULL, 0};
    server = fake_ldap_start("ldapi", script);
    directory.connection = client_connected(server);
    outcome.status = bwdir_step_modify(&directory, step, &why);
    outcome.left = step->count;
    outcome.requests = fake_ldap_requests(server);
    assert_int_equal(why.text[0] == '\0', outcome.status == BWDIR_OK);
    dir_close(&directory.connection);
    fake_ldap_stop(server);
    return outcome;
}

static struct dir_change changes[4];
static struct step step;

static int
setup(void **state)
{
    static const char *const values[] = {"one", "two", "three", "four"};

    (void)state;
    for (size_t i = 0; i < 4; i++)
        changes[i] = (struct dir_change){DIR_ADD_VALUE, "cn", values[i], NULL};
    step = (struct step){.kind = STEP_MODIFY,
                         .dn = dn,
                         .changes = changes,
                         .count = 2,
                         .may_be_done = true};
    return 0;
}

#define ANSWERS(...) ((const struct answer[]){__VA_ARGS__, {END, 0}})

static void
test_done_without_others(void **state)
{
    struct outcome outcome = modify(&step, ANSWERS({MODIFIED, 0}));

    (void)state;
    assert_int_equal(outcome.status, BWDIR_OK);
    assert_int_equal(outcome.left, 2);
    assert_int_equal(outcome.requests, 1);
}

static void
test_done_in_part(void **state)
{
    struct outcome outcome =
        modify(&step, ANSWERS({MODIFIED, IS_THERE}, {IS_SO, 0}, {IS_NOT_SO, 0},
                              {MODIFIED, 0}));

    (void)state;
    assert_int_equal(outcome.status, BWDIR_OK);
    assert_int_equal(outcome.requests, 4);
    assert_int_equal(outcome.left, 1);
    assert_string_equal(changes[0].value, "two");
}

static void
test_done_in_part_of_a_removal(void **state)
{
    struct outcome outcome;

    (void)state;
    changes[0].kind = changes[1].kind = DIR_DELETE_VALUE;
    outcome = modify(&step, ANSWERS({MODIFIED, IS_NONE}, {IS_NOT_SO, 0},
                                    {IS_SO, 0}, {MODIFIED, 0}));
    assert_int_equal(outcome.status, BWDIR_OK);
    assert_int_equal(outcome.left, 1);
    assert_string_equal(changes[0].value, "one");
}

/* Nothing is sent that would change nothing. */
static void
test_done_whole(void **state)
{
    struct outcome outcome =
        modify(&step, ANSWERS({MODIFIED, IS_THERE}, {IS_SO, 0}, {IS_SO, 0}));

    (void)state;
    assert_int_equal(outcome.status, BWDIR_OK);
    assert_int_equal(outcome.left, 0);
    assert_int_equal(outcome.requests, 3);
}

/* The refusal stands where no value is what it was about. */
static void
test_done_by_nobody(void **state)
{
    struct outcome outcome = modify(
        &step, ANSWERS({MODIFIED, IS_THERE}, {IS_NOT_SO, 0}, {IS_NOT_SO, 0}));

    (void)state;
    assert_int_equal(outcome.status, BWDIR_BAD_VALUE);
    assert_int_equal(outcome.left, 2);
    assert_int_equal(outcome.requests, 3);
}

/* A claim is made by one alone. */
static void
test_done_by_another_does_not_count(void **state)
{
    struct outcome outcome;

    (void)state;
    step.may_be_done = false;
    outcome = modify(&step, ANSWERS({MODIFIED, IS_THERE}));
    assert_int_equal(outcome.status, BWDIR_BAD_VALUE);
    assert_int_equal(outcome.left, 2);
    assert_int_equal(outcome.requests, 1);
}

static void
test_done_is_not_asked_after_another_refusal(void **state)
{
    struct outcome outcome = modify(&step, ANSWERS({MODIFIED, 50}));

    (void)state;
    assert_int_equal(outcome.status, BWDIR_NOT_PERMITTED);
    assert_int_equal(outcome.requests, 1);
}

/* What is replaced, removed whole or secret is never looked for. */
static void
test_done_is_not_asked_of_all_kinds(void **state)
{
    struct bwdir_secret *secret;
    struct outcome outcome;

    (void)state;
    assert_int_equal(bwdir_secret_new("Marker-secret", 13, &secret), BWDIR_OK);
    changes[0].kind = DIR_REPLACE;
    changes[1] = (struct dir_change){DIR_DELETE_VALUE, "cn", NULL, NULL};
    changes[2] = (struct dir_change){DIR_ADD_VALUE, "cn", NULL, secret};
    step.count = 3;
    outcome = modify(&step, ANSWERS({MODIFIED, IS_NONE}));
    bwdir_secret_free(&secret);
    assert_int_equal(outcome.status, BWDIR_NOT_FOUND);
    assert_int_equal(outcome.left, 3);
    assert_int_equal(outcome.requests, 1);
}

/* Others who are quicker each time do not keep us for ever. */
static void
test_done_by_others_again_and_again(void **state)
{
    struct outcome outcome;

    (void)state;
    step.count = 4;
    outcome =
        modify(&step, ANSWERS({MODIFIED, IS_THERE}, {IS_SO, 0}, {IS_NOT_SO, 0},
                              {IS_NOT_SO, 0}, {IS_NOT_SO, 0},
                              {MODIFIED, IS_THERE}, {IS_SO, 0}, {IS_NOT_SO, 0},
                              {IS_NOT_SO, 0}, {MODIFIED, IS_THERE}, {IS_SO, 0},
                              {IS_NOT_SO, 0}, {MODIFIED, IS_THERE}));
    assert_int_equal(outcome.status, BWDIR_BAD_VALUE);
    assert_int_equal(outcome.left, 1);
    assert_int_equal(outcome.requests, 13);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_done_without_others, setup),
        cmocka_unit_test_setup(test_done_in_part, setup),
        cmocka_unit_test_setup(test_done_in_part_of_a_removal, setup),
        cmocka_unit_test_setup(test_done_whole, setup),
        cmocka_unit_test_setup(test_done_by_nobody, setup),
        cmocka_unit_test_setup(test_done_by_another_does_not_count, setup),
        cmocka_unit_test_setup(test_done_is_not_asked_after_another_refusal,
                               setup),
        cmocka_unit_test_setup(test_done_is_not_asked_of_all_kinds, setup),
        cmocka_unit_test_setup(test_done_by_others_again_and_again, setup),
    };

    return cmocka_run_group_tests(tests, client_setup, client_teardown);
}
