/*
 * The one option table of all tools.  The connection options have the letters
 * and meanings of ldapsearch(1); what describes a user is a long option and
 * never takes a letter.  The table feeds getopt_long(3), --help and whatever
 * wants to list the options (shell completion).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BW_CLI_OPTIONS_H
#define BW_CLI_OPTIONS_H

#include <bwdir.h>

#include "list.h"
#include "report.h"

/* Which tools know an option: the bitwise or of these. */
enum cli_verb {
    CLI_ADD = 1 << 0,
    CLI_VERIFY = 1 << 1,
    CLI_WHY = 1 << 2,
    CLI_SHOW = 1 << 3,
    CLI_LIST_USERS = 1 << 4,
    CLI_MOD = 1 << 5,
    CLI_ACCOUNT = 1 << 6,
    CLI_ROLE = 1 << 7,
    CLI_PASSWD = 1 << 10,
    CLI_DISABLE = 1 << 11,
    CLI_ENABLE = 1 << 12,
    CLI_UNLOCK = 1 << 13,
    CLI_DEL = 1 << 14,
    CLI_RESEND = 1 << 15,
    CLI_MAIL = 1 << 16,
    CLI_REMIND = 1 << 17,
    CLI_INIT = 1 << 20,
    CLI_CHECK = 1 << 21,
    CLI_EVERY = 0x7fffffff
};

/* What stands on the command line beside options. */
struct cli_operands {
    const char *usage;  /* for --help: "USERNAME SERVICE" */
    const char *wanted; /* for complaints: "a user name and a service" */
    int most;
};
#define CLI_ANY_NUMBER 1000000

struct cli_tool {
    const char *name;
    enum cli_verb verb;
    const char *purpose; /* for --help */
    struct cli_operands operands;
};

/* What the command line says.  NULL and false: not given. */
struct cli_options {
    /* connection */
    const char *uri;
    const char *base;
    const char *bind_dn;
    struct bwdir_secret *password; /* -w; wiped from argv */
    bool ask_password;
    const char *bind_password_file;
    bool simple;
    const char *mechanism;
    bool start_tls;
    const char *config;
    /* manners */
    const char *why; /* the reason that the change carries */
    bool dry_run;
    bool verbose;
    bool json;
    bool no_prompt;
    bool no_mail;
    bool again; /* what was refused */
    bool help;
    bool version;
    /* operands, NULL-terminated, of argv */
    const char *const *operands;
    const char *user; /* the first of them, or NULL */
    /* user */
    const char *kind;        /* of service */
    const char *at;          /* a time */
    const char *pam_confdir; /* of the environment */
    const char *first;
    const char *last;
    const char *mail;
    const char *phone;
    const char *level;
    struct cli_list access;
    struct cli_list roles;
    struct cli_list accounts;
    struct cli_list add_roles, remove_roles;
    struct cli_list add_accounts, remove_accounts;
    struct cli_list add, remove; /* products or admins of an account */
    const char *owner;
    const char *display_name;
    bool force;
    struct cli_list states;  /* of a filter */
    struct cli_list columns; /* of a list */
    const char *expiring;    /* days */
    bool names;              /* and nothing else of each */
    bool csv;
    bool ensure;         /* a user who is there is made so */
    bool yes;            /* delete without a question */
    const char *keep;    /* directory for what is deleted */
    const char *restore; /* file */
    bool set_password;
    bool reset;    /* a code for a new password */
    bool generate; /* a random password */
    const char *password_file;
    /* installation */
    const char *admin; /* the first one's user name */
    const char *schema_folder;
    const char *database_folder; /* for a new database */
    const char *save_file;       /* agrees to replacing; for what was there */
    struct cli_list new_secrets;
    /* answers of a person, kept for the pointers above */
    struct cli_list answers;
};

enum cli_option_kind {
    CLI_FLAG, /* bool, at offset */
    CLI_TEXT, /* const char *, once */
    /* The same, never empty: what stands in for a default of the tool, so that
     * a script's variable which is not set does not stand for that. */
    CLI_PLACE,
    CLI_LIST,  /* struct cli_list, comma lists, repeatable */
    CLI_SECRET /* struct bwdir_secret *, once, wiped from argv */
};

struct cli_option {
    int letter;           /* 0: none */
    const char *name;     /* NULL: none */
    const char *argument; /* its name for --help; NULL: takes none */
    unsigned verbs;       /* bitwise or of enum cli_verb */
    enum cli_option_kind kind;
    size_t offset; /* into struct cli_options */
    const char *help;
    bool about_user; /* a line of its own in --help, shown first */
};

/* Whether the command line has it. */
bool cli_option_given(const struct cli_option *option,
                      const struct cli_options *options);

/* Ends with an element without verbs. */
extern const struct cli_option cli_option_table[];

/*
 * Fills OPTIONS (zeroed by the caller) and reports what is wrong, naming the
 * option: CLI_GO_ON, EX_USAGE, or EX_DATAERR where it is no more than what may
 * not be empty, in whole or, of a list, in part.  -w is wiped from ARGV.
 */
int cli_options_parse(const struct cli_tool *tool, int argc, char **argv,
                      struct cli_options *options, struct cli_report *report);
void cli_options_clear(struct cli_options *options);

/* The usage, at most 24 lines of 80 columns; free(3) it. */
char *cli_options_help(const struct cli_tool *tool);

#endif
