/*
 * The one option table of all tools, and its reading by getopt_long(3).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "options.h"

#include <err.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "exit_code.h"

#define AT(member) offsetof(struct cli_options, member)
#define USER true
#define CLI_CONNECTS (CLI_EVERY & ~CLI_VERIFY)
#define CLI_WRITES                                                            \
    (CLI_ADD | CLI_PASSWD | CLI_DISABLE | CLI_ENABLE | CLI_UNLOCK | CLI_DEL | \
     CLI_RESEND | CLI_INIT | CLI_MOD | CLI_ACCOUNT)
#define HOW false

const struct cli_option cli_option_table[] = {
    /* clang-format off */
    {0, "replace", "FILE", CLI_INIT, CLI_PLACE, AT(save_file),
     "replace what others have set; FILE gets what it was", USER},
    {0, "new-secret", "NAME,...", CLI_INIT, CLI_LIST, AT(new_secrets),
     "a new secret for bwdird or outbox", USER},
    {0, "create-database", "DIR", CLI_INIT, CLI_PLACE, AT(database_folder),
     "for a suffix that no database has; files go to DIR", USER},
    {0, "schema-dir", "DIR", CLI_INIT | CLI_CHECK, CLI_PLACE, AT(schema_folder),
     "the schema files that should be installed", USER},
    {0, "account", "NUMBER", CLI_INIT, CLI_LIST, AT(accounts),
     "the first account", USER},
    {0, "admin", "NAME", CLI_INIT, CLI_TEXT, AT(admin),
     "user name of its first admin, who is mailed a code", USER},
    {0, "first", "NAME", CLI_ADD | CLI_MOD | CLI_INIT, CLI_TEXT, AT(first),
     "first name", USER},
    {0, "last", "NAME", CLI_ADD | CLI_MOD | CLI_INIT, CLI_TEXT, AT(last),
     "last name", USER},
    {0, "mail", "ADDRESS", CLI_ADD | CLI_INIT, CLI_TEXT, AT(mail),
     "mail address; the sign-up code goes there", USER},
    {0, "mail", "ADDRESS", CLI_MOD, CLI_TEXT, AT(mail),
     "mail address; a code goes there, to confirm it", USER},
    {0, "phone", "DIGITS", CLI_ADD | CLI_MOD | CLI_INIT, CLI_TEXT, AT(phone),
     "work phone, ten digits", USER},
    {0, "level", "LEVEL", CLI_ADD | CLI_MOD, CLI_TEXT, AT(level),
     "administration level: admin or basic", USER},
    {0, "access", "METHOD", CLI_ADD | CLI_MOD, CLI_LIST, AT(access),
     "dashboard or api; dashboard,api: both (discouraged)", USER},
    {0, "role", "ROLE,...", CLI_ADD, CLI_LIST, AT(roles),
     "role keywords; repeatable", USER},
    {0, "account", "NUMBER,...", CLI_ADD, CLI_LIST, AT(accounts),
     "account numbers; repeatable", USER},
    {0, "set-password", NULL, CLI_ADD, CLI_FLAG, AT(set_password),
     "ask for a password; without one the user sets it", USER},
    {0, "password-file", "FILE", CLI_ADD, CLI_PLACE, AT(password_file),
     "password from FILE; -: a line of standard input", USER},
    {0, "no-mail", NULL, CLI_ADD | CLI_MOD | CLI_INIT, CLI_FLAG, AT(no_mail),
     "no code now; the user stays owed a mail", USER},
    {0, "add-role", "ROLE", CLI_MOD, CLI_LIST, AT(add_roles),
     "one role more, or several with commas", USER},
    {0, "remove-role", "ROLE", CLI_MOD, CLI_LIST, AT(remove_roles),
     "one role less", USER},
    {0, "add-account", "NUMBER", CLI_MOD, CLI_LIST, AT(add_accounts),
     "one account more", USER},
    {0, "remove-account", "NUMBER", CLI_MOD, CLI_LIST,
     AT(remove_accounts), "one account less", USER},
    {0, "owner", "USERNAME", CLI_ADD, CLI_TEXT, AT(owner),
     "the person's other user name, for the other method", USER},
    {0, "ensure", NULL, CLI_ADD, CLI_FLAG, AT(ensure),
     "a user who is there is changed to be like this", USER},
    {0, "owner", "USERNAME", CLI_MOD, CLI_TEXT, AT(owner),
     "other user name of the person; \"\": none", USER},
    {0, "add", "WHAT,...", CLI_ACCOUNT, CLI_LIST, AT(add),
     "products or user names to be added", USER},
    {0, "remove", "WHAT,...", CLI_ACCOUNT, CLI_LIST, AT(remove),
     "products or user names to be removed", USER},
    {0, "display-name", "NAME", CLI_ACCOUNT, CLI_TEXT, AT(display_name),
     "what people call the account", USER},
    {0, "force", NULL, CLI_MOD | CLI_ACCOUNT | CLI_DISABLE | CLI_DEL, CLI_FLAG,
     AT(force),
     "leave an account without an admin", USER},
    {0, "role", "ROLE,...", CLI_LIST_USERS, CLI_LIST, AT(roles),
     "who has one of these roles", USER},
    {0, "account", "NUMBER,...", CLI_LIST_USERS, CLI_LIST, AT(accounts),
     "who belongs to one of these accounts", USER},
    {0, "access", "METHOD,...", CLI_LIST_USERS, CLI_LIST, AT(access),
     "only dashboard, only api, or dashboard-api: both", USER},
    {0, "level", "LEVEL", CLI_LIST_USERS, CLI_TEXT, AT(level),
     "whose administration level is admin or basic", USER},
    {0, "state", "STATE,...", CLI_LIST_USERS, CLI_LIST, AT(states),
     "of whom one of these is true, disabled for example", USER},
    {0, "expiring", "DAYS", CLI_LIST_USERS, CLI_TEXT, AT(expiring),
     "whose password will expire within DAYS", USER},
    {0, "columns", "COLUMN,...", CLI_LIST_USERS, CLI_LIST, AT(columns),
     "what to show of each, in this order", USER},
    {0, "names", NULL, CLI_LIST_USERS, CLI_FLAG, AT(names),
     "user names only, one a line", USER},
    {0, "csv", NULL, CLI_LIST_USERS | CLI_ACCOUNT | CLI_ROLE, CLI_FLAG, AT(csv),
     "comma-separated values (RFC 4180)", USER},
    {0, "at", "DATE", CLI_WHY, CLI_TEXT, AT(at),
     "2026-12-24, 2026-12-24T18:00Z (UTC), +91d or -1d", USER},
    {0, "access", "KIND", CLI_WHY, CLI_TEXT, AT(kind),
     "as if the PAM lines said this: dashboard or api", USER},
    {0, "reset", NULL, CLI_PASSWD, CLI_FLAG, AT(reset),
     "mail the users a code for a new password", USER},
    {0, "generate", NULL, CLI_PASSWD, CLI_FLAG, AT(generate),
     "a random password for an API user, printed once", USER},
    {0, "password-file", "FILE", CLI_PASSWD, CLI_PLACE, AT(password_file),
     "your new password from FILE; -: from stdin", USER},
    {0, "no-mail", NULL, CLI_PASSWD | CLI_RESEND | CLI_DEL, CLI_FLAG,
     AT(no_mail), "no code now; the user stays owed a mail", USER},
    {0, "yes", NULL, CLI_DEL, CLI_FLAG, AT(yes),
     "delete without a question", USER},
    {0, "keep", "DIR", CLI_DEL, CLI_PLACE, AT(keep),
     "where to keep what is deleted, one file a user", USER},
    {0, "restore", "FILE", CLI_DEL, CLI_PLACE, AT(restore),
     "put back the user that was kept in FILE", USER},
    {0, "at", "DATE", CLI_DISABLE, CLI_TEXT, AT(at),
     "from 2026-12-24, 2026-12-24T18:00Z (UTC) or +30d on", USER},
    {0, "at", "DATE", CLI_REMIND, CLI_TEXT, AT(at),
     "with -n: as if it were 2026-12-24 or +7d", USER},
    {0, "why", "TEXT", CLI_WRITES, CLI_TEXT, AT(why),
     "reason, for the log", HOW},
    {0, "no-prompt", NULL, CLI_INIT | CLI_ADD | CLI_DEL, CLI_FLAG,
     AT(no_prompt),
     "ask nothing", HOW},
    {0, "no-prompt", NULL, CLI_VERIFY | CLI_PASSWD, CLI_FLAG, AT(no_prompt),
     "answers from stdin", HOW},
    {0, "json", NULL, CLI_EVERY, CLI_FLAG, AT(json),
     "one JSON object", HOW},
    {0, "config", "FILE", CLI_EVERY, CLI_TEXT, AT(config),
     "configuration", HOW},
    {'H', NULL, "URI", CLI_CONNECTS, CLI_PLACE, AT(uri),
     "directory server", HOW},
    {'b', NULL, "BASE", CLI_CONNECTS, CLI_PLACE, AT(base),
     "base of the directory", HOW},
    {'D', NULL, "DN", CLI_CONNECTS, CLI_PLACE, AT(bind_dn),
     "bind as this entry", HOW},
    {'w', NULL, "PASSWORD", CLI_CONNECTS, CLI_SECRET, AT(password),
     "its password", HOW},
    {'W', NULL, NULL, CLI_CONNECTS, CLI_FLAG, AT(ask_password),
     "ask for its password", HOW},
    {'y', NULL, "FILE", CLI_CONNECTS, CLI_PLACE, AT(bind_password_file),
     "its password from FILE", HOW},
    {'x', NULL, NULL, CLI_CONNECTS, CLI_FLAG, AT(simple),
     "simple bind", HOW},
    {'Y', NULL, "EXTERNAL", CLI_CONNECTS, CLI_TEXT, AT(mechanism),
     "SASL mechanism", HOW},
    {'Z', NULL, NULL, CLI_CONNECTS, CLI_FLAG, AT(start_tls),
     "StartTLS", HOW},
    {0, "again", NULL, CLI_MAIL, CLI_FLAG, AT(again),
     "what was refused, too", HOW},
    {'n', "dry-run", NULL, CLI_MAIL | CLI_REMIND, CLI_FLAG, AT(dry_run),
     "only say who", HOW},
    {'n', "dry-run", NULL, CLI_WRITES, CLI_FLAG, AT(dry_run),
     "print LDIF only", HOW},
    {'v', "verbose", NULL, CLI_EVERY, CLI_FLAG, AT(verbose),
     "say what is done", HOW},
    {'V', "version", NULL, CLI_EVERY, CLI_FLAG, AT(version),
     "print version", HOW},
    {0, "help", NULL, CLI_EVERY, CLI_FLAG, AT(help),
     "print this", HOW},
    {0, NULL, NULL, 0, CLI_FLAG, 0, NULL, HOW},
    /* clang-format on */
};

#define OPTIONS (sizeof cli_option_table / sizeof cli_option_table[0])

/* What getopt_long(3) returns for the long option at an index. */
#define LONG_BASE 1000

static void
for_getopt(const struct cli_tool *tool, char *letters, struct option *longs)
{
    *letters++ = ':'; /* tell a missing argument from an unknown option */
    for (size_t i = 0; i < OPTIONS; i++) {
        const struct cli_option *option = &cli_option_table[i];
        bool argument = option->argument != NULL;

        if ((option->verbs & tool->verb) == 0)
            continue;
        if (option->letter != 0) {
            *letters++ = (char)option->letter;
            if (argument)
                *letters++ = ':';
        }
        if (option->name != NULL)
            *longs++ = (struct option){
                option->name, argument ? required_argument : no_argument, NULL,
                LONG_BASE + (int)i};
    }
    *letters = '\0';
    memset(longs, 0, sizeof *longs);
}

static const struct cli_option *
find(const struct cli_tool *tool, int value)
{
    if (value >= LONG_BASE)
        return &cli_option_table[value - LONG_BASE];
    for (size_t i = 0; i < OPTIONS; i++)
        if (cli_option_table[i].letter == value && value != 0 &&
            (cli_option_table[i].verbs & tool->verb) != 0)
            return &cli_option_table[i];
    return NULL;
}

/*
 * getopt_long(3) takes a beginning for the whole name.  A script that counts
 * on it breaks with the next option, and "--password SECRET" would name a
 * file.
 */
static bool
spelt_out(const struct cli_option *option, int value, char **argv)
{
    const char *text = argv[optind - 1];

    if (value < LONG_BASE)
        return true;
    if (optarg == text)
        text = argv[optind - 2];
    text += strlen("--");
    return strcspn(text, "=") == strlen(option->name);
}

/* "-H" or "--first", in a static buffer. */
static const char *
spelling(const struct cli_option *option)
{
    static char text[32];

    if (option->name == NULL) {
        text[0] = '-';
        text[1] = (char)option->letter;
        text[2] = '\0';
    } else {
        stpcpy(stpcpy(text, "--"), option->name);
    }
    return text;
}

static bool
take_secret(struct bwdir_secret **secret, char *argument)
{
    enum bwdir_status status = BWDIR_OK;
    bool first = *secret == NULL;

    if (first)
        status = bwdir_secret_new(argument, strlen(argument), secret);
    explicit_bzero(argument, strlen(argument));
    if (status != BWDIR_OK)
        errx(EX_OSERR, "%s", bwdir_strerror(status));
    return first;
}

static void
refuse_empty(const struct cli_option *option, const char *argument,
             const char *what, struct cli_report *report)
{
    cli_error(report, "%s \"%s\": %s; give %s, or leave the option out",
              spelling(option), argument, what, option->argument);
}

/* A list that came out empty, in whole or in part, is a variable of a script
 * that is not set: as a filter it would match everybody. */
static int
take_list(const struct cli_option *option, struct cli_list *list,
          const char *argument, struct cli_report *report)
{
    size_t before = list->count;
    bool empty;

    cli_list_add_commas(list, argument);
    empty = list->count == before;
    for (size_t i = before; i < list->count; i++)
        empty = empty || list->items[i][0] == '\0';
    if (!empty) {
        cli_list_unique(list);
        return CLI_GO_ON;
    }
    refuse_empty(option, argument,
                 list->count == before ? "empty" : "one of them is empty",
                 report);
    return EX_DATAERR;
}

/* CLI_GO_ON, or the exit code of what is wrong and reported. */
static int
take(const struct cli_option *option, struct cli_options *options,
     char *argument, struct cli_report *report)
{
    void *place = (char *)options + option->offset;
    const char **text = place;
    bool first = true;

    if (option->kind == CLI_PLACE && *argument == '\0') {
        refuse_empty(option, argument, "empty", report);
        return EX_DATAERR;
    }
    switch (option->kind) {
    case CLI_FLAG:
        *(bool *)place = true;
        break;
    case CLI_LIST:
        return take_list(option, place, argument, report);
    case CLI_SECRET:
        first = take_secret(place, argument);
        break;
    case CLI_PLACE:
    case CLI_TEXT:
        first = *text == NULL;
        if (first)
            *text = argument;
        break;
    }
    if (first)
        return CLI_GO_ON;
    cli_error(report, "%s: given twice", spelling(option));
    return EX_USAGE;
}

/* What stands behind "=" may be a secret and is not shown. */
static void
refuse_unknown(const char *text, struct cli_report *report)
{
    cli_error(report, "%.*s: no such option; see --help",
              (int)strcspn(text, "="), text);
}

static void
refuse(int value, const struct cli_tool *tool, char **argv,
       struct cli_report *report)
{
    const char *text = argv[optind - 1];
    const struct cli_option *option = optopt == 0 ? NULL : find(tool, optopt);

    if (option != NULL)
        cli_error(report,
                  value == ':' ? "%s: needs an argument (%s); see --help"
                               : "%s: takes no argument; see --help%.0s",
                  spelling(option),
                  option->argument == NULL ? "" : option->argument);
    else if (optopt != 0)
        cli_error(report, "-%c: no such option; see --help", optopt);
    else
        refuse_unknown(text, report);
}

static int
take_operands(const struct cli_tool *tool, char **operands,
              struct cli_options *options, struct cli_report *report)
{
    int count = 0;

    options->operands = (const char *const *)operands;
    options->user = operands[0];
    while (operands[count] != NULL && count < tool->operands.most)
        count++;
    if (operands[count] == NULL)
        return CLI_GO_ON;
    cli_error(report, "\"%s\": %s wanted, this is one too many",
              operands[count], tool->operands.wanted);
    return EX_USAGE;
}

/* One that getopt_long(3) has found, or not. */
static int
take_option(const struct cli_tool *tool, int value, char **argv,
            struct cli_options *options, struct cli_report *report)
{
    const struct cli_option *option = find(tool, value);

    if (option != NULL && spelt_out(option, value, argv))
        return take(option, options, optarg, report);
    if (option == NULL)
        refuse(value, tool, argv, report);
    else
        refuse_unknown(argv[optind - (optarg == argv[optind - 1] ? 2 : 1)],
                       report);
    return EX_USAGE;
}

/* Wrong usage counts before a wrong value. */
static void
note(int *result, int code)
{
    if (*result == CLI_GO_ON || code == EX_USAGE)
        *result = code;
}

int
cli_options_parse(const struct cli_tool *tool, int argc, char **argv,
                  struct cli_options *options, struct cli_report *report)
{
    char letters[2 * OPTIONS + 2];
    struct option longs[OPTIONS + 1];
    int result = CLI_GO_ON;
    int value;

    for_getopt(tool, letters, longs);
    opterr = 0;
    optind = 0;
    while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1)
        note(&result, take_option(tool, value, argv, options, report));
    note(&result, take_operands(tool, argv + optind, options, report));
    return result;
}

bool
cli_option_given(const struct cli_option *option,
                 const struct cli_options *options)
{
    const void *place = (const char *)options + option->offset;

    switch (option->kind) {
    case CLI_FLAG:
        return *(const bool *)place;
    case CLI_LIST:
        return ((const struct cli_list *)place)->count > 0;
    case CLI_SECRET:
        return *(struct bwdir_secret *const *)place != NULL;
    case CLI_TEXT:
    case CLI_PLACE:
        break;
    }
    return *(const char *const *)place != NULL;
}

void
cli_options_clear(struct cli_options *options)
{
    bwdir_secret_free(&options->password);
    cli_list_clear(&options->access);
    cli_list_clear(&options->roles);
    cli_list_clear(&options->accounts);
    cli_list_clear(&options->new_secrets);
    cli_list_clear(&options->add_roles);
    cli_list_clear(&options->remove_roles);
    cli_list_clear(&options->add_accounts);
    cli_list_clear(&options->remove_accounts);
    cli_list_clear(&options->add);
    cli_list_clear(&options->remove);
    cli_list_clear(&options->states);
    cli_list_clear(&options->columns);
    cli_list_clear(&options->answers);
}
