/*
 * completion: writes the bash completion of all tools, made from the one
 * option table so that it cannot lag behind.  Runs during the build only.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "cli/subcommand.h"
#include "cli/user_columns.h"
#include "cli/user_facts.h"

/* tests/completion.sh holds this to the tools that there are. */
static const struct {
    const char *name;
    enum cli_verb verb;
} tools[] = {
    {"bwdir-account", CLI_ACCOUNT}, {"bwdir-add", CLI_ADD},
    {"bwdir-check", CLI_CHECK},     {"bwdir-del", CLI_DEL},
    {"bwdir-disable", CLI_DISABLE}, {"bwdir-enable", CLI_ENABLE},
    {"bwdir-init", CLI_INIT},       {"bwdir-list", CLI_LIST_USERS},
    {"bwdir-mail", CLI_MAIL},       {"bwdir-mod", CLI_MOD},
    {"bwdir-passwd", CLI_PASSWD},   {"bwdir-remind", CLI_REMIND},
    {"bwdir-resend", CLI_RESEND},   {"bwdir-role", CLI_ROLE},
    {"bwdir-show", CLI_SHOW},       {"bwdir-unlock", CLI_UNLOCK},
    {"bwdir-verify", CLI_VERIFY},   {"bwdir-why", CLI_WHY},
};

#define TOOLS (sizeof tools / sizeof tools[0])

/* ---- what may stand behind an option ---- */

static void
print_levels(void)
{
    printf("%s %s", bwdir_level_name(BWDIR_LEVEL_ADMIN),
           bwdir_level_name(BWDIR_LEVEL_BASIC));
}

static void
print_kinds(void)
{
    printf("%s %s", bwdir_access_name(BWDIR_ACCESS_DASHBOARD),
           bwdir_access_name(BWDIR_ACCESS_API));
}

static void
print_methods(void)
{
    print_kinds();
    printf(" %s",
           bwdir_access_name(BWDIR_ACCESS_DASHBOARD | BWDIR_ACCESS_API));
}

static void
print_states(void)
{
    char *words = cli_condition_words(~0U, " ");

    fputs(words, stdout);
    free(words);
}

static void
print_columns(void)
{
    char *names = cli_user_column_names(" ");

    fputs(names, stdout);
    free(names);
}

/* What an argument may be, by its name in --help.  Names of users, accounts
 * and roles would take a look into the directory, as somebody. */
static const struct {
    const char *argument;
    const char *words; /* "-f": files, "-d": directories */
    void (*print)(void);
} arguments[] = {
    {"FILE", "-f", NULL},
    {"DIR", "-d", NULL},
    {"LEVEL", NULL, print_levels},
    {"METHOD", NULL, print_kinds},
    {"METHOD,...", NULL, print_methods},
    {"KIND", NULL, print_kinds},
    {"STATE,...", NULL, print_states},
    {"COLUMN,...", NULL, print_columns},
    {"EXTERNAL", "EXTERNAL", NULL},
    {"URI", "ldapi:/// ldaps:// ldap://", NULL},
};

static void
print_words(const char *argument)
{
    for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++)
        if (strcmp(arguments[i].argument, argument) != 0)
            continue;
        else if (arguments[i].print != NULL)
            arguments[i].print();
        else
            fputs(arguments[i].words, stdout);
}

static void
print_spelling(const struct cli_option *option, const char *between)
{
    if (option->letter != 0)
        printf("-%c", option->letter);
    if (option->letter != 0 && option->name != NULL)
        fputs(between, stdout);
    if (option->name != NULL)
        printf("--%s", option->name);
}

/* Of the tool, or of one of its own verbs. */
static void
print_options(enum cli_verb verb, const struct cli_subcommand *command)
{
    const char *before = "";

    for (const struct cli_option *o = cli_option_table; o->verbs != 0; o++) {
        if ((o->verbs & verb) == 0 ||
            (command != NULL && !cli_subcommand_takes(command, o)))
            continue;
        fputs(before, stdout);
        print_spelling(o, " ");
        before = " ";
    }
}

/* A line of a case for the tool, and for each of its own verbs. */
static void
print_option_lines(const char *tool, enum cli_verb verb)
{
    printf("    %s) words='", tool);
    print_options(verb, NULL);
    puts("' ;;");
    for (const struct cli_subcommand *c = cli_subcommand_table;
         c->name != NULL; c++) {
        if (c->tool != verb)
            continue;
        printf("    '%s %s') words='", tool, c->name);
        print_options(verb, c);
        puts("' ;;");
    }
}

/* A line of a case for each option that takes an argument. */
static void
print_arguments(const char *tool, enum cli_verb verb)
{
    for (const struct cli_option *o = cli_option_table; o->verbs != 0; o++) {
        if ((o->verbs & verb) == 0 || o->argument == NULL)
            continue;
        if (o->letter != 0)
            printf("    '%s -%c'", tool, o->letter);
        if (o->name != NULL)
            printf("%s'%s --%s'", o->letter != 0 ? " | " : "    ", tool,
                   o->name);
        fputs(") words='", stdout);
        print_words(o->argument);
        puts("' ;;");
    }
}

/* A line of a case for each tool that has verbs. */
static void
print_verbs(const char *tool, enum cli_verb verb)
{
    const char *before = NULL;

    for (const struct cli_subcommand *c = cli_subcommand_table;
         c->name != NULL; c++) {
        if (c->tool != verb)
            continue;
        if (before == NULL)
            printf("    %s) words='", tool);
        printf("%s%s", before != NULL ? before : "", c->name);
        before = " ";
    }
    if (before != NULL)
        puts("' ;;");
}

static void
print_head(void)
{
    puts(
        "# Completion of bwdir's tools for bash; made by tools/completion.c.\n"
        "# SPDX-License-Identifier: BSD-2-Clause\n"
        "\n"
        "# What may stand behind an option of a tool, in words; fails where "
        "the\n"
        "# option takes nothing.\n"
        "_bwdir_words ()\n"
        "{\n"
        "    case \"$1 $2\" in");
    for (size_t i = 0; i < TOOLS; i++)
        print_arguments(tools[i].name, tools[i].verb);
    puts("    *) return 1 ;;\n"
         "    esac\n"
         "}\n"
         "\n"
         "# The options of a tool, or of the verb that follows it.\n"
         "_bwdir_options ()\n"
         "{\n"
         "    case $1${2:+ $2} in");
    for (size_t i = 0; i < TOOLS; i++)
        print_option_lines(tools[i].name, tools[i].verb);
    puts("    esac\n"
         "}\n"
         "\n"
         "# The verb among the words before, or else those of the tool.  What "
         "an option\n"
         "# takes is none.\n"
         "_bwdir_verbs ()\n"
         "{\n"
         "    local verbs= word option=\n"
         "    words= verb=\n"
         "    case $1 in");
    for (size_t i = 0; i < TOOLS; i++)
        print_verbs(tools[i].name, tools[i].verb);
    puts("    esac\n"
         "    verbs=$words\n"
         "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "        if [[ $word == = ]]; then\n"
         "            continue\n"
         "        elif ! _bwdir_words \"$1\" \"$option\" &&\n"
         "            [[ \" $verbs \" == *\" $word \"* ]]; then\n"
         "            verb=$word verbs=\n"
         "        fi\n"
         "        option=$word\n"
         "    done\n"
         "    words=$verbs\n"
         "}\n");
}

static void
print_function(void)
{
    puts("_bwdir ()\n"
         "{\n"
         "    local tool=${1##*/} at=$COMP_CWORD words verb given=\n"
         "    local current=${COMP_WORDS[at]}\n"
         "    # bash takes \"--level=a\" for three words.\n"
         "    if [[ $current == = ]]; then\n"
         "        current=\n"
         "    elif [[ ${COMP_WORDS[at - 1]} == = ]]; then\n"
         "        at=$((at - 1))\n"
         "    fi\n"
         "    local before=${COMP_WORDS[at - 1]}\n"
         "    COMPREPLY=()\n"
         "    if _bwdir_words \"$tool\" \"$before\"; then\n"
         "        case $words in\n"
         "        -f | -d)\n"
         "            compopt -o filenames 2>/dev/null\n"
         "            mapfile -t COMPREPLY < <(compgen \"$words\" -- "
         "\"$current\") ;;\n"
         "        *)\n"
         "            # Behind a comma another of them.\n"
         "            [[ $current != *,* ]] || given=${current%,*},\n"
         "            mapfile -t COMPREPLY < <(compgen -P \"$given\" -W "
         "\"$words\" -- \\\n"
         "                \"${current#\"$given\"}\") ;;\n"
         "        esac\n"
         "    else\n"
         "        _bwdir_verbs \"$tool\"\n"
         "        [[ $current != -* ]] || _bwdir_options \"$tool\" \"$verb\"\n"
         "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- "
         "\"$current\")\n"
         "    fi\n"
         "}");
    fputs("complete -F _bwdir", stdout);
    for (size_t i = 0; i < TOOLS; i++)
        printf(" %s", tools[i].name);
    putchar('\n');
}

int
main(void)
{
    print_head();
    print_function();
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
