/*
 * Definitions of attribute types and object classes (RFC 4512 section 4.1),
 * read and compared by libldap.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "config.h"

#include "schema.h"

#include <ldap.h>
#include <ldap_schema.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct dir_definition {
    enum dir_definition_kind kind;
    LDAPAttributeType *type;
    LDAPObjectClass *class;
};

struct dir_definition *
dir_definition_read(enum dir_definition_kind kind, const char *text)
{
    struct dir_definition *read = calloc(1, sizeof *read);
    const char *where = NULL;
    int code = 0;

    if (read == NULL)
        return NULL;
    text += *text == '{' ? strcspn(text, "}") + 1 : 0;
    read->kind = kind;
    if (kind == DIR_ATTRIBUTE_TYPE)
        read->type =
            ldap_str2attributetype(text, &code, &where, LDAP_SCHEMA_ALLOW_ALL);
    else
        read->class =
            ldap_str2objectclass(text, &code, &where, LDAP_SCHEMA_ALLOW_ALL);
    if (dir_definition_oid(read) == NULL)
        dir_definition_free(&read);
    return read;
}

void
dir_definition_free(struct dir_definition **definition)
{
    if (*definition == NULL)
        return;
    if ((*definition)->type != NULL)
        ldap_attributetype_free((*definition)->type);
    if ((*definition)->class != NULL)
        ldap_objectclass_free((*definition)->class);
    free(*definition);
    *definition = NULL;
}

const char *
dir_definition_oid(const struct dir_definition *definition)
{
    if (definition->type != NULL)
        return definition->type->at_oid;
    return definition->class != NULL ? definition->class->oc_oid : NULL;
}

const char *
dir_definition_name(const struct dir_definition *definition)
{
    char **names = definition->type != NULL ? definition->type->at_names
                                            : definition->class->oc_names;

    return names != NULL && *names != NULL ? *names
                                           : dir_definition_oid(definition);
}

bool
dir_definition_same(const struct dir_definition *a,
                    const struct dir_definition *b)
{
    char *left, *right;
    bool same;

    if (a->kind != b->kind)
        return false;
    left = a->type != NULL ? ldap_attributetype2str(a->type)
                           : ldap_objectclass2str(a->class);
    right = b->type != NULL ? ldap_attributetype2str(b->type)
                            : ldap_objectclass2str(b->class);
    same = left != NULL && right != NULL && strcmp(left, right) == 0;
    ldap_memfree(left);
    ldap_memfree(right);
    return same;
}

static bool
same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcasecmp(a, b) == 0;
}

static bool
has(char **names, const char *name)
{
    for (; names != NULL && *names != NULL; names++)
        if (strcasecmp(*names, name) == 0)
            return true;
    return false;
}

/* Every name of the first list stands in one of the others. */
static bool
within(char **names, char **either, char ** or)
{
    for (; names != NULL && *names != NULL; names++)
        if (!has(either, *names) && !has(or, *names))
            return false;
    return true;
}

static bool
type_widens(const LDAPAttributeType *old, const LDAPAttributeType *new)
{
    return same_text(old->at_sup_oid, new->at_sup_oid) &&
           same_text(old->at_equality_oid, new->at_equality_oid) &&
           same_text(old->at_ordering_oid, new->at_ordering_oid) &&
           same_text(old->at_substr_oid, new->at_substr_oid) &&
           same_text(old->at_syntax_oid, new->at_syntax_oid) &&
           old->at_single_value == new->at_single_value &&
           old->at_usage ==
               new->at_usage &&within(old->at_names, new->at_names, NULL);
}

static bool
class_widens(const LDAPObjectClass *old, const LDAPObjectClass *new)
{
    return old->oc_kind == new->oc_kind &&within(old->oc_sup_oids,
                                                 new->oc_sup_oids, NULL) &&
           within(new->oc_sup_oids, old->oc_sup_oids, NULL) &&
           within(old->oc_names, new->oc_names, NULL) &&
           within(new->oc_at_oids_must, old->oc_at_oids_must, NULL) &&
           within(old->oc_at_oids_must, new->oc_at_oids_must,
                  new->oc_at_oids_may) &&
           within(old->oc_at_oids_may, new->oc_at_oids_must,
                  new->oc_at_oids_may);
}

bool
dir_definition_widens(const struct dir_definition *old,
                      const struct dir_definition *new)
{
    if (old->kind != new->kind)
        return false;
    return old->type != NULL ? type_widens(old->type, new->type)
                             : class_widens(old->class, new->class);
}
