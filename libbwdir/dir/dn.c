/*
 * Distinguished names (RFC 4514), taken apart by libldap and compared part by
 * part: types and values without regard to ASCII case, blanks at the ends and
 * runs of blanks counting as caseIgnoreMatch counts them (RFC 4518).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entry.h"

#include <ldap.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Characters that are written without an escape wherever they stand. */
#define PLAIN                                                                 \
    "abcdefghijklmnopqrstuvwxyz"                                              \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

static LDAPDN
parse(const char *dn)
{
    LDAPDN parsed = NULL;

    if (dn == NULL ||
        ldap_str2dn(dn, &parsed, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS)
        return NULL;
    return parsed; /* NULL also for the empty DN */
}

/* A value's bytes as they are compared, one at a time. */
struct reader {
    const char *at;
    const char *end;
};

static struct reader
begin(const struct berval *value)
{
    struct reader reader = {value->bv_val, value->bv_val + value->bv_len};

    while (reader.at < reader.end && *reader.at == ' ')
        reader.at++;
    while (reader.end > reader.at && reader.end[-1] == ' ')
        reader.end--;
    return reader;
}

static int
next(struct reader *reader)
{
    char c;

    if (reader->at == reader->end)
        return -1;
    c = *reader->at++;
    if (c == ' ')
        while (*reader->at == ' ') /* ends at a byte that is no blank */
            reader->at++;
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static bool
same_text(const struct berval *a, const struct berval *b)
{
    struct reader left = begin(a);
    struct reader right = begin(b);
    int c;

    do {
        c = next(&left);
        if (c != next(&right))
            return false;
    } while (c >= 0);
    return true;
}

static bool
same_part(const LDAPAVA *a, const LDAPAVA *b)
{
    return a->la_attr.bv_len == b->la_attr.bv_len &&
           strncasecmp(a->la_attr.bv_val, b->la_attr.bv_val,
                       a->la_attr.bv_len) == 0 &&
           (a->la_flags & LDAP_AVA_BINARY) ==
               (b->la_flags & LDAP_AVA_BINARY) &&
           same_text(&a->la_value, &b->la_value);
}

static size_t
part_count(LDAPRDN rdn)
{
    size_t count = 0;

    while (rdn[count] != NULL)
        count++;
    return count;
}

/* The parts of one RDN are a set. */
static bool
same_rdn(LDAPRDN a, LDAPRDN b)
{
    size_t count = part_count(a);

    if (count != part_count(b))
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t j = 0;

        while (j < count && !same_part(a[i], b[j]))
            j++;
        if (j == count)
            return false;
    }
    return true;
}

/* Arrays of RDNs, which end with NULL. */
static bool
same_dn(LDAPRDN *a, LDAPRDN *b)
{
    while (*a != NULL && *b != NULL)
        if (!same_rdn(*a++, *b++))
            return false;
    return *a == NULL && *b == NULL;
}

bool
dir_is_dn(const char *text)
{
    LDAPDN parsed = parse(text);
    bool is = parsed != NULL;

    ldap_dnfree(parsed);
    return is;
}

bool
dir_dn_equal(const char *a, const char *b)
{
    LDAPDN left = parse(a);
    LDAPDN right = parse(b);
    bool same = left != NULL && right != NULL && same_dn(left, right);

    ldap_dnfree(left);
    ldap_dnfree(right);
    return same;
}

/* The first RDN's value as text; NULL when it is not one part of this type
 * whose value is a text. */
static const struct berval *
text_of(LDAPRDN rdn, const char *type)
{
    const LDAPAVA *part = rdn[0];

    if (part_count(rdn) != 1 || (part->la_flags & LDAP_AVA_BINARY) ||
        part->la_attr.bv_len != strlen(type) ||
        strncasecmp(part->la_attr.bv_val, type, strlen(type)) != 0)
        return NULL;
    if (part->la_value.bv_len == 0 ||
        memchr(part->la_value.bv_val, '\0', part->la_value.bv_len) != NULL)
        return NULL;
    return &part->la_value;
}

static enum bwdir_status
child_of(const char *dn, const char *type, const char *parent, char **value)
{
    LDAPDN child = parse(dn);
    LDAPDN above = parse(parent);
    enum bwdir_status status = BWDIR_MALFORMED;
    const struct berval *text = NULL;

    *value = NULL;
    if (child != NULL && above != NULL && same_dn(child + 1, above))
        text = text_of(child[0], type);
    if (text != NULL) {
        *value = strndup(text->bv_val, text->bv_len);
        status = *value == NULL ? BWDIR_NO_MEMORY : BWDIR_OK;
    }
    ldap_dnfree(child);
    ldap_dnfree(above);
    return status;
}

/*
 * The length of the value when DN is, byte for byte, what dir_dn_make() makes
 * of a value that needs no escapes; 0 otherwise.  So are nearly all, and a
 * list of users has thousands.
 */
static size_t
length_as_made(const char *dn, const char *type, const char *parent)
{
    size_t skip = strlen(type);
    size_t length;

    if (dn == NULL || strncmp(dn, type, skip) != 0 || dn[skip] != '=')
        return 0;
    dn += skip + 1;
    length = strspn(dn, PLAIN);
    return dn[length] == ',' && strcmp(dn + length + 1, parent) == 0 ? length
                                                                     : 0;
}

enum bwdir_status
dir_dn_child(const char *dn, const char *type, const char *parent,
             char **value)
{
    size_t length = length_as_made(dn, type, parent);

    if (length == 0)
        return child_of(dn, type, parent, value);
    *value = strndup(dn + strlen(type) + 1, length);
    return *value == NULL ? BWDIR_NO_MEMORY : BWDIR_OK;
}

static bool
is_plain(const struct berval *text)
{
    return text->bv_len > 0 && strspn(text->bv_val, PLAIN) == text->bv_len;
}

static void
put_lower(char **out, const struct berval *text, char end)
{
    for (size_t i = 0; i < text->bv_len; i++) {
        char c = text->bv_val[i];

        *(*out)++ = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    *(*out)++ = end;
}

char *
dir_dn_plain(const char *dn)
{
    LDAPDN parsed = parse(dn);
    char *plain = parsed != NULL ? malloc(strlen(dn) + 2) : NULL;
    char *out = plain;
    bool fit = plain != NULL;

    for (LDAPRDN *rdn = parsed; fit && *rdn != NULL; rdn++) {
        fit = part_count(*rdn) == 1 && is_plain(&(**rdn)->la_attr) &&
              is_plain(&(**rdn)->la_value);
        if (!fit)
            break;
        put_lower(&out, &(**rdn)->la_attr, '=');
        put_lower(&out, &(**rdn)->la_value, ',');
    }
    ldap_dnfree(parsed);
    if (fit && out > plain) {
        out[-1] = '\0';
        return plain;
    }
    free(plain);
    return NULL;
}

char *
dir_dn_make(const char *type, const char *value, const char *parent)
{
    static const char digits[] = "0123456789abcdef";
    size_t length = strlen(value);
    char *dn = malloc(strlen(type) + 3 * length + strlen(parent) + 3);
    char *out;

    if (dn == NULL)
        return NULL;
    out = stpcpy(stpcpy(dn, type), "=");
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)value[i];
        bool at_end = i == 0 || i == length - 1;

        /* Hex pairs also where a backslash would do: always right. */
        if (byte < 0x20 || byte >= 0x7f || strchr("\"+,;<>\\=", byte) ||
            (at_end && (byte == ' ' || byte == '#'))) {
            *out++ = '\\';
            *out++ = digits[byte >> 4];
            *out++ = digits[byte & 15];
        } else {
            *out++ = value[i];
        }
    }
    *out = '\0';
    if (*parent != '\0')
        stpcpy(stpcpy(out, ","), parent);
    return dn;
}
