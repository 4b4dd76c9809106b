/*
 * The password-policy response control:
 *
 *   PasswordPolicyResponseValue ::= SEQUENCE {
 *      warning [0] CHOICE {
 *         timeBeforeExpiration [0] INTEGER (0 .. maxInt),
 *         graceAuthNsRemaining [1] INTEGER (0 .. maxInt) } OPTIONAL,
 *      error   [1] ENUMERATED { … } OPTIONAL }
 *
 * libldap's own parser takes trailing bytes, repetitions and negative
 * numbers; this one does not.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "ppolicy.h"

#define TAG_SEQUENCE 0x30
#define TAG_WARNING                                                           \
    0xa0 /* [0], constructed: a CHOICE is tagged explicitly                   \
          */
#define TAG_SECONDS 0x80
#define TAG_GRACE 0x81
#define TAG_ERROR 0x81

/* Bytes still to be read. */
struct bytes {
    const unsigned char *at;
    size_t left;
};

/* The content of the next element, which must have this tag. */
static bool
take_element(struct bytes *from, unsigned char tag, struct bytes *content)
{
    size_t head = 2;
    size_t length;

    if (from->left < head || from->at[0] != tag)
        return false;
    length = from->at[1];
    if (length == 0x81 && from->left > head) /* BER allows the long form */
        length = from->at[head++];
    else if (length >= 0x80)
        return false;
    if (from->left - head < length)
        return false;
    content->at = from->at + head;
    content->left = length;
    from->at += head + length;
    from->left -= head + length;
    return true;
}

/* INTEGER or ENUMERATED, 0 … 2^31-1. */
static bool
take_number(struct bytes *from, unsigned char tag, int64_t *number)
{
    struct bytes content;

    if (!take_element(from, tag, &content))
        return false;
    if (content.left < 1 || content.left > 4 || (content.at[0] & 0x80))
        return false;
    *number = 0;
    for (size_t i = 0; i < content.left; i++)
        *number = *number << 8 | content.at[i];
    return true;
}

static bool
next_is(const struct bytes *from, unsigned char tag)
{
    return from->left > 0 && from->at[0] == tag;
}

static bool
take_warning(struct bytes *from, struct dir_policy *policy)
{
    struct bytes choice;
    int64_t number;

    if (!take_element(from, TAG_WARNING, &choice))
        return false;
    if (next_is(&choice, TAG_SECONDS)) {
        if (!take_number(&choice, TAG_SECONDS, &number))
            return false;
        policy->seconds_left = number;
    } else {
        if (!take_number(&choice, TAG_GRACE, &number))
            return false;
        policy->grace_left = (int)number;
    }
    return choice.left == 0;
}

static bool
take_error(struct bytes *from, struct dir_policy *policy)
{
    int64_t number;

    if (!take_number(from, TAG_ERROR, &number) || number > DIR_POLICY_TOO_LONG)
        return false;
    policy->error = (enum dir_policy_error)number;
    return true;
}

bool
dir_policy_parse(const void *value, size_t length, struct dir_policy *policy)
{
    struct bytes whole = {value, length};
    struct dir_policy parsed = DIR_POLICY_SILENT;
    struct bytes sequence;

    *policy = DIR_POLICY_SILENT;
    if (value == NULL || !take_element(&whole, TAG_SEQUENCE, &sequence) ||
        whole.left != 0)
        return false;
    if (next_is(&sequence, TAG_WARNING) && !take_warning(&sequence, &parsed))
        return false;
    if (next_is(&sequence, TAG_ERROR) && !take_error(&sequence, &parsed))
        return false;
    if (sequence.left != 0)
        return false;
    *policy = parsed;
    return true;
}

const char *
dir_policy_words(enum dir_policy_error error)
{
    switch (error) {
    case DIR_POLICY_CHANGE_NOT_ALLOWED:
        return "this password may not be changed by its owner";
    case DIR_POLICY_OLD_PASSWORD_WANTED:
        return "the old password must be given";
    case DIR_POLICY_QUALITY:
        return "the password is too simple";
    case DIR_POLICY_TOO_SHORT:
        return "the password is too short";
    case DIR_POLICY_TOO_YOUNG:
        return "the password was changed too recently";
    case DIR_POLICY_IN_HISTORY:
        return "the password was used before";
    case DIR_POLICY_TOO_LONG:
        return "the password is too long";
    case DIR_POLICY_NONE:
    case DIR_POLICY_EXPIRED:
    case DIR_POLICY_LOCKED:
    case DIR_POLICY_CHANGE_AFTER_RESET:
        break;
    }
    return NULL;
}
