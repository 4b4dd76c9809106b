/*
 * The one table from LDAP result codes (RFC 4511 appendix A) to statuses,
 * with a column for each kind of operation.  A code that is not in it, and
 * libldap's own negative codes, are a refusal: the server cannot be used.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "result.h"

#include <ldap.h>
#include <stddef.h>

struct row {
    int code;
    enum bwdir_status bind;
    enum bwdir_status search;
    enum bwdir_status write;
};

#define GONE BWDIR_UNAVAILABLE

static const struct row table[] = {
    {LDAP_SUCCESS, BWDIR_OK, BWDIR_OK, BWDIR_OK},
    {LDAP_OPERATIONS_ERROR, GONE, GONE, GONE},
    {LDAP_PROTOCOL_ERROR, GONE, GONE, GONE},
    {LDAP_TIMELIMIT_EXCEEDED, GONE, GONE, GONE},
    {LDAP_SIZELIMIT_EXCEEDED, GONE, GONE, GONE},
    {LDAP_COMPARE_FALSE, GONE, GONE, GONE},
    {LDAP_COMPARE_TRUE, GONE, GONE, GONE},
    {LDAP_AUTH_METHOD_NOT_SUPPORTED, BWDIR_CONFIG, GONE, GONE},
    /* A write by an anonymous session; TLS or a bind that is too weak. */
    {LDAP_STRONG_AUTH_REQUIRED, BWDIR_CONFIG, BWDIR_CONFIG, BWDIR_CONFIG},
    {LDAP_REFERRAL, GONE, GONE, GONE},
    {LDAP_ADMINLIMIT_EXCEEDED, GONE, GONE, GONE},
    {LDAP_UNAVAILABLE_CRITICAL_EXTENSION, GONE, GONE, GONE},
    {LDAP_CONFIDENTIALITY_REQUIRED, BWDIR_CONFIG, BWDIR_CONFIG, BWDIR_CONFIG},
    {LDAP_SASL_BIND_IN_PROGRESS, GONE, GONE, GONE},
    {LDAP_NO_SUCH_ATTRIBUTE, GONE, GONE, BWDIR_NOT_FOUND},
    {LDAP_UNDEFINED_TYPE, GONE, GONE, BWDIR_BAD_VALUE},
    {LDAP_INAPPROPRIATE_MATCHING, GONE, GONE, BWDIR_BAD_VALUE},
    /* 389-ds answers a bind to a locked entry with it. */
    {LDAP_CONSTRAINT_VIOLATION, BWDIR_BAD_CREDENTIALS, GONE, BWDIR_BAD_VALUE},
    {LDAP_TYPE_OR_VALUE_EXISTS, GONE, GONE, BWDIR_BAD_VALUE},
    {LDAP_INVALID_SYNTAX, GONE, GONE, BWDIR_BAD_VALUE},
    {LDAP_NO_SUCH_OBJECT, BWDIR_BAD_CREDENTIALS, BWDIR_NOT_FOUND,
     BWDIR_NOT_FOUND},
    {LDAP_ALIAS_PROBLEM, GONE, GONE, GONE},
    {LDAP_INVALID_DN_SYNTAX, BWDIR_BAD_CREDENTIALS, GONE, BWDIR_BAD_VALUE},
    {LDAP_IS_LEAF, GONE, GONE, GONE},
    {LDAP_ALIAS_DEREF_PROBLEM, GONE, GONE, GONE},
    {LDAP_INAPPROPRIATE_AUTH, BWDIR_BAD_CREDENTIALS, GONE, GONE},
    {LDAP_INVALID_CREDENTIALS, BWDIR_BAD_CREDENTIALS, GONE,
     BWDIR_BAD_CREDENTIALS},
    {LDAP_INSUFFICIENT_ACCESS, GONE, GONE, BWDIR_NOT_PERMITTED},
    {LDAP_BUSY, GONE, GONE, GONE},
    {LDAP_UNAVAILABLE, GONE, GONE, GONE},
    {LDAP_UNWILLING_TO_PERFORM, GONE, GONE, GONE},
    {LDAP_LOOP_DETECT, GONE, GONE, GONE},
    {LDAP_NAMING_VIOLATION, GONE, GONE, BWDIR_BAD_VALUE},
    {LDAP_OBJECT_CLASS_VIOLATION, GONE, GONE, BWDIR_BAD_VALUE},
    {LDAP_NOT_ALLOWED_ON_NONLEAF, GONE, GONE, BWDIR_BAD_VALUE},
    {LDAP_NOT_ALLOWED_ON_RDN, GONE, GONE, BWDIR_BAD_VALUE},
    {LDAP_ALREADY_EXISTS, GONE, GONE, BWDIR_EXISTS},
    {LDAP_NO_OBJECT_CLASS_MODS, GONE, GONE, BWDIR_BAD_VALUE},
    {LDAP_RESULTS_TOO_LARGE, GONE, GONE, GONE},
    {LDAP_AFFECTS_MULTIPLE_DSAS, GONE, GONE, GONE},
    {LDAP_OTHER, GONE, GONE, GONE},
    {LDAP_ASSERTION_FAILED, GONE, GONE, BWDIR_BAD_VALUE},
};

enum bwdir_status
dir_result_status(int code, enum dir_operation operation)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (table[i].code != code)
            continue;
        switch (operation) {
        case DIR_BIND:
            return table[i].bind;
        case DIR_SEARCH:
            return table[i].search;
        case DIR_WRITE:
            return table[i].write;
        }
    }
    return BWDIR_UNAVAILABLE;
}
