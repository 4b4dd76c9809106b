"""python3-ldap3 with contrib/ldap3/users.py.

SPDX-License-Identifier: BSD-2-Clause
"""

import os
import ssl

import ldap3

from directory import BASE, PEOPLE, definitions
from person import case, play, said, secret, want


def server():
    tls = ldap3.Tls(validate=ssl.CERT_REQUIRED,
                    ca_certs_file=os.environ["BWDIR_CACERT"])
    return ldap3.Server(os.environ["BWDIR_LDAPS"], tls=tls,
                        get_info=ldap3.SCHEMA)


def users(name, *query, ca_file=os.environ["BWDIR_CACERT"]):
    """What contrib/ldap3/users.py prints for that user."""
    return said([os.environ["top_srcdir"] + "/contrib/ldap3/users.py",
                 os.environ["BWDIR_LDAPS"], ca_file, BASE,
                 "uid=%s,%s" % (name, PEOPLE), "/run/sandbox/secrets/" + name,
                 *query])


@case("it parses every definition of the schema",
      shows="parses every definition of the schema")
def _():
    with ldap3.Connection(server(), "uid=dana," + PEOPLE, secret("dana")) as c:
        schema = c.server.schema
    for kind, oid, name, syntax in definitions():
        parsed = (schema.attribute_types if kind == "attributetype"
                  else schema.object_classes)[name]
        want(parsed.oid == oid and parsed.description, name)
        if kind == "attributetype":
            want(parsed.syntax == syntax and parsed.equality, name)
    user = schema.object_classes["bwUser"]
    want(user.kind == "AUXILIARY", user.kind)
    want("bwVerificationState" in user.must_contain, user.must_contain)


@case("users as objects, with the attributes of the schema",
      shows="users as objects (contrib/ldap3/users.py)")
def _():
    text, status = users("alice")
    lines = text.splitlines()
    want(status == 0 and len(lines) == 10, text)
    want("gina\tGina Glover\tgina@example.com\t9195550112\tbasic\tordering\t"
         "5500001,5500002" in lines, text)
    text, _ = users("alice", "(bwAdministrationLevel=admin)")
    want(text.startswith("alice\tAlice Archer\t") and
         len(text.splitlines()) == 1, text)
    text, _ = users("dana")
    want(text.startswith("dana\tDana Dyer\t") and
         len(text.splitlines()) == 1, text)


@case("it trusts no server but one with the right certificate")
def _():
    text, status = users("alice",
                         ca_file="/etc/ssl/certs/ca-certificates.crt")
    want(status != 0 and "CERTIFICATE_VERIFY_FAILED" in text, text)


play("ldap3", ldap3.__version__)
