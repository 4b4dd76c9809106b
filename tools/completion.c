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

/* What an argument may be, by its name in --help.  Names of users, accounts
 * and roles would take a look into the directory, as somebody. */
static const struct {
    const char *argument;
    const char *words; /* "-f": files, "-d": directories */
} arguments[] = {
    {"FILE", "-f"},
    {"DIR", "-d"},
    {"LEVEL", "admin basic"},
    {"METHOD", "dashboard api"},
    {"KIND", "dashboard api"},
    {"EXTERNAL", "EXTERNAL"},
    {"DIGITS", ""},
    {"URI", "ldapi:/// ldaps:// ldap://"},
};

static const char *
words_for(const char *argument)
{
    for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++)
        if (strcmp(arguments[i].argument, argument) == 0)
            return arguments[i].words;
    return "";
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

static void
print_options(enum cli_verb verb)
{
    const char *before = "";

    for (const struct cli_option *o = cli_option_table; o->verbs != 0; o++) {
        if ((o->verbs & verb) == 0)
            continue;
        fputs(before, stdout);
        print_spelling(o, " ");
        before = " ";
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
            printf("    '%s -%c') words='%s' ;;\n", tool, o->letter,
                   words_for(o->argument));
        if (o->name != NULL)
            printf("    '%s --%s') words='%s' ;;\n", tool, o->name,
                   words_for(o->argument));
    }
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
         "_bwdir_options ()\n"
         "{\n"
         "    case $1 in");
    for (size_t i = 0; i < TOOLS; i++) {
        printf("    %s) words='", tools[i].name);
        print_options(tools[i].verb);
        puts("' ;;");
    }
    puts("    esac\n"
         "}\n");
}

static void
print_function(void)
{
    puts("_bwdir ()\n"
         "{\n"
         "    local tool=${1##*/} current=${COMP_WORDS[COMP_CWORD]} words\n"
         "    local before=${COMP_WORDS[COMP_CWORD - 1]}\n"
         "    COMPREPLY=()\n"
         "    if _bwdir_words \"$tool\" \"$before\"; then\n"
         "        case $words in\n"
         "        -f | -d)\n"
         "            compopt -o filenames 2>/dev/null\n"
         "            mapfile -t COMPREPLY < <(compgen \"$words\" -- "
         "\"$current\") ;;\n"
         "        *) mapfile -t COMPREPLY < <(compgen -W \"$words\" -- "
         "\"$current\") ;;\n"
         "        esac\n"
         "    elif [[ $current == -* ]]; then\n"
         "        _bwdir_options \"$tool\"\n"
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
