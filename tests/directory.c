/*
 * directory: what the library's public header shows of a directory, one line
 * for each object, and plans that are made, printed and applied.  It is built
 * on the shared library and sees nothing else of it.
 *
 *   directory CONF DN|- SECRET-FILE|- WHAT [ARGUMENT...]
 *       users [N]  user NAME     NAME|FIRST|LAST|MAIL|PHONE|LEVEL|STATE|
 *                                ACCESS|ROLES|ACCOUNTS, or "? WHY" for one
 *                                that cannot be mapped; only the first N
 *       roles      role KEYWORD  KEYWORD|LABEL|DESCRIPTION|PRODUCT
 *       accounts   account NUMBER             NUMBER|PRODUCTS
 *       taken MAIL               yes or no
 *       plan NAME LEVEL ACCOUNT ROLE          as LDIF
 *       apply NAME LEVEL ACCOUNT ROLE [COMMAND]   COMMAND runs between making
 *                                the plan and applying it
 *
 * Without a DN it is who the section "tools" of CONF says.  The exit status
 * is the enum bwdir_status, whose detail goes to standard error.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bwdir.h>

#define USAGE 99

struct test {
    struct bwdir_config *config;
    struct bwdir_directory *directory;
    struct bwdir_detail why;
    char **arguments; /* NULL-terminated */
    long left;        /* to be listed */
};

static void
print_list(const char *const *items)
{
    putchar('|');
    for (size_t i = 0; items[i] != NULL; i++)
        printf("%s%s", i > 0 ? "," : "", items[i]);
}

static bool
print_user(const struct bwdir_user *user, const struct bwdir_detail *why,
           void *closure)
{
    struct test *test = closure;

    if (user == NULL) {
        printf("? %s\n", why->text);
        return --test->left != 0;
    }
    printf("%s|%s|%s|%s|%s|%s|%s|%s", bwdir_user_name(user),
           bwdir_user_first(user), bwdir_user_last(user),
           bwdir_user_mail(user), bwdir_user_phone(user),
           bwdir_level_name(bwdir_user_level(user)),
           bwdir_state_name(bwdir_user_state(user)),
           bwdir_access_name(bwdir_user_access(user)));
    print_list(bwdir_user_roles(user));
    print_list(bwdir_user_accounts(user));
    putchar('\n');
    return --test->left != 0;
}

static enum bwdir_status
list_users(struct test *test)
{
    if (test->arguments[0] != NULL)
        test->left = atol(test->arguments[0]);
    return bwdir_user_list(test->directory, print_user, test, &test->why);
}

static enum bwdir_status
get_user(struct test *test)
{
    struct bwdir_user *user;
    enum bwdir_status status =
        bwdir_user_get(test->directory, test->arguments[0], &user, &test->why);

    if (status == BWDIR_OK)
        print_user(user, NULL, test);
    bwdir_user_free(&user);
    return status;
}

static bool
print_role(const struct bwdir_role *role, const struct bwdir_detail *why,
           void *closure)
{
    const char *product;

    (void)closure;
    if (role == NULL) {
        printf("malformed: %s\n", why->text);
        return true;
    }
    product = bwdir_role_product(role);
    printf("%s|%s|%s|%s\n", bwdir_role_keyword(role), bwdir_role_label(role),
           bwdir_role_description(role), product != NULL ? product : "");
    return true;
}

static enum bwdir_status
list_roles(struct test *test)
{
    return bwdir_role_list(test->directory, print_role, NULL, &test->why);
}

static enum bwdir_status
get_role(struct test *test)
{
    struct bwdir_role *role;
    enum bwdir_status status =
        bwdir_role_get(test->directory, test->arguments[0], &role, &test->why);

    if (status == BWDIR_OK)
        print_role(role, NULL, NULL);
    bwdir_role_free(&role);
    return status;
}

static bool
print_account(const struct bwdir_account *account,
              const struct bwdir_detail *why, void *closure)
{
    (void)closure;
    if (account == NULL) {
        puts(why->text);
        return true;
    }
    fputs(bwdir_account_number(account), stdout);
    print_list(bwdir_account_products(account));
    putchar('\n');
    return true;
}

static enum bwdir_status
list_accounts(struct test *test)
{
    return bwdir_account_list(test->directory, print_account, NULL,
                              &test->why);
}

static enum bwdir_status
get_account(struct test *test)
{
    struct bwdir_account *account;
    enum bwdir_status status = bwdir_account_get(
        test->directory, test->arguments[0], &account, &test->why);

    if (status == BWDIR_OK)
        print_account(account, NULL, NULL);
    bwdir_account_free(&account);
    return status;
}

static enum bwdir_status
ask_taken(struct test *test)
{
    bool taken;
    enum bwdir_status status =
        bwdir_user_mail_taken(test->directory, test->arguments[0],
                              test->arguments[1], &taken, &test->why);

    if (status == BWDIR_OK)
        puts(taken ? "yes" : "no");
    return status;
}

static enum bwdir_status
make_plan(struct test *test, struct bwdir_plan **plan)
{
    const char *accounts[] = {test->arguments[2], NULL};
    const char *roles[] = {test->arguments[3], NULL};
    const struct bwdir_user_draft draft = {
        .name = test->arguments[0],
        .first = "Test",
        .last = "User",
        .mail = "test@example.com",
        .phone = "9195550199",
        .level = test->arguments[1],
        .access = BWDIR_ACCESS_DASHBOARD,
        .roles = roles,
        .accounts = accounts,
    };

    return bwdir_user_plan_add(test->directory, &draft, plan, &test->why);
}

static enum bwdir_status
print_plan(struct test *test)
{
    struct bwdir_plan *plan;
    char *text = NULL;
    enum bwdir_status status = make_plan(test, &plan);

    if (status == BWDIR_OK)
        status = bwdir_plan_ldif(plan, &text);
    if (status == BWDIR_OK)
        fputs(text, stdout);
    free(text);
    bwdir_plan_free(&plan);
    return status;
}

static enum bwdir_status
apply_plan(struct test *test)
{
    const char *command = test->arguments[4];
    struct bwdir_plan *plan;
    enum bwdir_status status = make_plan(test, &plan);

    if (status == BWDIR_OK && command != NULL && system(command) != 0)
        exit(USAGE);
    if (status == BWDIR_OK)
        status = bwdir_plan_apply(test->directory, plan, &test->why);
    bwdir_plan_free(&plan);
    return status;
}

static enum bwdir_status
open_directory(struct test *test, char **argv)
{
    struct bwdir_login login = {.section = "tools"};
    struct bwdir_secret *secret = NULL;
    enum bwdir_status status =
        bwdir_config_load(argv[0], &test->config, &test->why);

    if (status == BWDIR_OK && strcmp(argv[1], "-") != 0) {
        status = bwdir_secret_from_file(argv[2], &secret, &test->why);
        login.bind_dn = argv[1];
        login.password = secret;
    }
    if (status == BWDIR_OK)
        status = bwdir_directory_open(test->config, &login, &test->directory,
                                      &test->why);
    bwdir_secret_free(&secret);
    return status;
}

static enum bwdir_status
run(struct test *test, const char *what)
{
    static const struct {
        const char *what;
        enum bwdir_status (*run)(struct test *test);
    } verbs[] = {{"users", list_users},       {"user", get_user},
                 {"roles", list_roles},       {"role", get_role},
                 {"accounts", list_accounts}, {"account", get_account},
                 {"taken", ask_taken},        {"plan", print_plan},
                 {"apply", apply_plan}};

    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verbs[i].what, what) == 0)
            return verbs[i].run(test);
    exit(USAGE);
}

int
main(int argc, char **argv)
{
    struct test test = {.left = -1};
    enum bwdir_status status;

    if (argc < 5)
        return USAGE;
    test.arguments = argv + 5;
    status = open_directory(&test, argv + 1);
    if (status == BWDIR_OK)
        status = run(&test, argv[4]);
    if (status != BWDIR_OK)
        fprintf(stderr, "%s: %s\n", bwdir_strerror(status), test.why.text);
    bwdir_directory_close(&test.directory);
    bwdir_config_free(&test.config);
    return (int)status;
}
