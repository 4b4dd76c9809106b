/*
 * What describes a user, field by field.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "fields.h"

#include <stdio.h>
#include <string.h>

#include "terminal.h"

#define ANSWER_SIZE 512

struct field {
    const char *name;  /* as bwdir_field_check() has it */
    const char *label; /* in messages */
    const char *question;
    const char *remedy; /* how to give it on the command line */
    bool list;
    bool required;
    size_t offset; /* into struct cli_options */
};

#define AT(member) offsetof(struct cli_options, member)

/* In the order in which they are asked. */
static const struct field fields[] = {
    {"name", "user name", "User name", "give a user name", false, true,
     AT(user)},
    {"first", "first name", "First name", "give --first NAME", false, true,
     AT(first)},
    {"last", "last name", "Last name", "give --last NAME", false, true,
     AT(last)},
    {"mail", "mail", "Mail address", "give --mail ADDRESS", false, true,
     AT(mail)},
    {"phone", "phone", "Work phone (ten digits)", "give --phone DIGITS", false,
     true, AT(phone)},
    {"level", "level", "Administration level (admin or basic)",
     "give --level admin or --level basic", false, true, AT(level)},
    {"access", "access", "Access method (dashboard or api)",
     "give --access dashboard or --access api", true, true, AT(access)},
    {"account", "account",
     "Account numbers (with commas between them, or none)",
     "give --account NUMBER", true, false, AT(accounts)},
    {"role", "role", "Roles (with commas between them, or none)",
     "give --role ROLE", true, false, AT(roles)},
};

#define FIELDS (sizeof fields / sizeof fields[0])

static const char *const *
text_at(const struct cli_options *options, const struct field *field)
{
    return (const void *)((const char *)options + field->offset);
}

static const struct cli_list *
list_at(const struct cli_options *options, const struct field *field)
{
    return (const void *)((const char *)options + field->offset);
}

static bool
given(const struct cli_options *options, const struct field *field)
{
    if (field->list)
        return list_at(options, field)->count > 0;
    return *text_at(options, field) != NULL;
}

static bool
check(const char *name, const char *value, struct cli_report *report)
{
    struct bwdir_detail why = {""};
    enum bwdir_status status = bwdir_field_check(name, value, &why);

    if (status != BWDIR_OK)
        cli_error(report, "%s",
                  why.text[0] != '\0' ? why.text : bwdir_strerror(status));
    return status == BWDIR_OK;
}

static bool
check_list(const char *name, const struct cli_list *list,
           struct cli_report *report)
{
    bool fit = true;

    for (size_t i = 0; i < list->count; i++)
        fit = check(name, list->items[i], report) && fit;
    return fit;
}

bool
cli_fields_check(const struct cli_options *options, struct cli_report *report)
{
    bool fit = true;

    for (size_t i = 0; i < FIELDS; i++) {
        const struct field *field = &fields[i];

        if (!given(options, field))
            continue;
        if (field->list)
            fit = check_list(field->name, list_at(options, field), report) &&
                  fit;
        else
            fit = check(field->name, *text_at(options, field), report) && fit;
    }
    return fit;
}

bool
cli_fields_complete(const struct cli_options *options,
                    struct cli_report *report)
{
    bool complete = true;

    for (size_t i = 0; i < FIELDS; i++) {
        if (!fields[i].required || given(options, &fields[i]))
            continue;
        cli_error(report, "%s: missing; %s", fields[i].label,
                  fields[i].remedy);
        complete = false;
    }
    return complete;
}

/* Says what is wrong with an answer; errors of a conversation that goes on
 * are not errors of the tool, so they stay out of the report. */
static bool
answer_fits(const struct field *field, const char *answer,
            struct cli_report *report, const struct cli_probe *probe)
{
    struct cli_list parts = {NULL, 0};
    struct bwdir_detail why = {""};
    bool fit = true;

    if (field->list)
        cli_list_add_commas(&parts, answer);
    else
        cli_list_add(&parts, answer);
    if (parts.count == 0 && field->required)
        cli_list_add(&parts, "");
    for (size_t i = 0; i < parts.count; i++) {
        if (bwdir_field_check(field->name, parts.items[i], &why) == BWDIR_OK &&
            (probe == NULL ||
             probe->fits(field->name, parts.items[i], &why, probe->closure)))
            continue;
        cli_note(report, "%s", why.text);
        fit = false;
    }
    cli_list_clear(&parts);
    return fit;
}

static void
keep(struct cli_options *options, const struct field *field,
     const char *answer)
{
    void *place = (char *)options + field->offset;

    if (field->list)
        cli_list_add_commas(place, answer);
    else
        *(const char **)place = cli_list_add(&options->answers, answer);
}

static bool
ask(struct cli_options *options, const struct field *field,
    struct cli_report *report, const struct cli_probe *probe)
{
    char question[80];
    char answer[ANSWER_SIZE];
    enum bwdir_status status;

    snprintf(question, sizeof question, "%s: ", field->question);
    for (;;) {
        status = cli_ask(question, answer, sizeof answer);
        if (status == BWDIR_BAD_VALUE) {
            cli_note(report, "%s: the answer is too long", field->label);
            continue;
        }
        if (status != BWDIR_OK) {
            cli_error(report, "%s: no answer", field->label);
            return false;
        }
        if (answer_fits(field, answer, report, probe))
            break;
    }
    keep(options, field, answer);
    return true;
}

bool
cli_fields_ask(struct cli_options *options, struct cli_report *report,
               const struct cli_probe *probe)
{
    bool missing = false;

    for (size_t i = 0; i < FIELDS; i++)
        missing =
            missing || (fields[i].required && !given(options, &fields[i]));
    if (!missing)
        return true;
    for (size_t i = 0; i < FIELDS; i++)
        if (!given(options, &fields[i]) &&
            !ask(options, &fields[i], report, probe))
            return false;
    return true;
}

unsigned
cli_fields_access(const struct cli_list *names)
{
    unsigned access = 0;

    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], "dashboard") == 0)
            access |= BWDIR_ACCESS_DASHBOARD;
        else if (strcmp(names->items[i], "api") == 0)
            access |= BWDIR_ACCESS_API;
    }
    return access;
}
