#!/usr/bin/python3
"""Lists the users that somebody may see, with python3-ldap3: an example for
address books and reports.

    users.py URI CA-FILE BASE DN PASSWORD-FILE [FILTER]

prints a line for each user: user name, name, mail, work phone, level, roles and
account numbers, separated by tabs.  What the directory hides is left out, so
an account administrator sees the users of his accounts, anybody else himself.

SPDX-License-Identifier: BSD-2-Clause
"""

import ssl
import sys

import ldap3
from ldap3.utils.dn import parse_dn

COLUMNS = ("uid", "cn", "mail", "bwWorkPhone", "bwAdministrationLevel",
           "bwRole", "bwAccount")
PAGE = 500


def connect(uri, ca_file, name, password):
    tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=ca_file)
    server = ldap3.Server(uri, tls=tls, get_info=ldap3.SCHEMA)
    return ldap3.Connection(server, name, password, auto_bind=True,
                            read_only=True, raise_exceptions=True)


def users(connection, base, query=""):
    """The users as objects, whose attributes are those of the schema."""
    definition = ldap3.ObjectDef(["inetOrgPerson", "bwUser"], connection)
    return ldap3.Reader(connection, definition, "ou=people," + base, query,
                        attributes=COLUMNS).search_paged(PAGE)


def text(attribute):
    """Values of an attribute; of a DN its first part, which names it."""
    values = [parse_dn(value)[0][1] if attribute.key in ("bwRole", "bwAccount")
              else str(value) for value in attribute.values]
    return ",".join(values)


def main():
    if len(sys.argv) not in (6, 7):
        print(__doc__, file=sys.stderr)
        return 64
    uri, ca_file, base, name, password_file = sys.argv[1:6]
    with open(password_file, encoding="utf-8") as file:
        password = file.read()
    connection = connect(uri, ca_file, name, password)
    query = sys.argv[6] if len(sys.argv) == 7 else ""
    for user in users(connection, base, query):
        print("\t".join(text(user[column]) for column in COLUMNS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
