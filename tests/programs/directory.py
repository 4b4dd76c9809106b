"""The directory of the sandbox, for the drivers that browse it.

SPDX-License-Identifier: BSD-2-Clause
"""

import os
import re

from person import said, want

BASE = "dc=example,dc=com"
PEOPLE = "ou=people," + BASE


def definitions():
    """(kind, OID, name, syntax or None) of all that the schema defines."""
    with open(os.environ["top_srcdir"] + "/schema/bwdir.schema",
              encoding="ascii") as file:
        text = re.sub("^#.*\n", "", file.read(), flags=re.M)
    found = []
    for block in re.split(r"\n\n+", text.strip()):
        kind, oid, named = re.match(r"(\w+) \( (\S+)\s+NAME '(\w+)'",
                                    block).groups()
        syntax = re.search(r"SYNTAX (\S+)", block)
        found.append((kind, oid, named, syntax.group(1) if syntax else None))
    want(found, "no definitions")
    return found


def search(name, *what):
    """What a user, or "anonymous", is shown by ldapsearch(1), with
    contrib/ldap/ldap.conf in its place."""
    if name == "anonymous":
        who = []
    else:
        who = ["-D", "uid=%s,%s" % (name, PEOPLE), "-y",
               "/run/sandbox/secrets/" + name]
    return said(["ldapsearch", "-x", "-LLL", "-o", "ldif-wrap=no", *who,
                 *what], env={"PATH": os.environ["PATH"]})


def names(shown, attribute="dn"):
    """The first value of each DN that was shown, sorted."""
    return sorted(re.findall(r"^%s: \w+=([^,\n]+)" % attribute, shown, re.M))
