"""nslcd(8), with contrib/nslcd/nslcd.conf and nss.ldif.

SPDX-License-Identifier: BSD-2-Clause
"""

import os
import re

from person import case, play, said, version, want

PEOPLE = "ou=people,dc=example,dc=com"


def search(*what):
    """What nslcd's identity reads of the directory."""
    with open("/etc/nslcd.conf", encoding="ascii") as file:
        conf = dict(re.findall(r"^(binddn|bindpw) (\S+)$", file.read(), re.M))
    return said(["ldapsearch", "-x", "-LLL", "-H", os.environ["BWDIR_LDAPI"],
                 "-D", conf["binddn"], "-w", conf["bindpw"], *what])[0]


@case("NSS knows dana, and not whoever has no posixAccount",
      shows="people with posixAccount are users of the host")
def _():
    text, _ = said(["getent", "passwd", "dana"])
    want(re.match(r"dana:[x*]:\d+:10000:.*:/home/dana:/bin/sh\n$", text), text)
    text, status = said(["getent", "passwd", "bob"])
    want(status == 2, text)
    text, _ = said(["getent", "passwd", "10001"])
    want(text.startswith("alice:"), text)


@case("the role ordering is a group of those who hold it",
      shows="roles with bwRoleGroup are its groups")
def _():
    text, _ = said(["getent", "group", "ordering"])
    want(re.match(r"ordering:[x*]:20001:.*\bdana\b", text), text)
    want("alice" not in text and "carl" not in text, text)
    want(said(["getent", "group", "20001"])[0] == text, text)
    text, _ = said(["id", "dana"])
    want("gid=10000(people)" in text and "20001(ordering)" in text, text)
    text, _ = said(["id", "alice"])
    want("20001" not in text, text)
    text, status = said(["getent", "group", "porting"])
    want(status == 2, text)


@case("its identity reads of people what NSS wants to know",
      shows="with an identity that reads nothing else")
def _():
    seen = search("-b", PEOPLE, "(uid=dana)", "*", "+")
    want("uidNumber: " in seen, seen)
    names = set(re.findall(r"^(\w+)::?", seen, re.M))
    known = {"dn", "objectClass", "uid", "cn", "uidNumber", "gidNumber",
             "homeDirectory", "loginShell"}
    want(names <= known, "it sees %s" % (names - known))


@case("its identity finds nobody by mail, phone or state")
def _():
    for rule in ("mail=dana@example.com", "bwWorkPhone=*", "userPassword=*",
                 "bwVerificationState=*", "bwAccount=*"):
        want(search("-b", PEOPLE, "(%s)" % rule, "uid") == "", rule)


@case("of roles those which are groups, and only people with posixAccount")
def _():
    seen = search("-b", "ou=roles,dc=example,dc=com", "member")
    names = re.findall("^dn: cn=([^,]*)", seen, re.M)
    want(names == ["ordering"], names)
    want("uid=dana," in seen and "uid=carl," not in seen, seen)
    seen = search("-b", PEOPLE, "(bwRole=*)", "bwRole")
    want("uid=dana," in seen and "bwRole" not in seen, seen)
    want("uid=carl," not in seen, seen)


@case("its identity sees no accounts, services or codes")
def _():
    for place in ("ou=accounts", "ou=services", "ou=access"):
        text = search("-b", place + ",dc=example,dc=com", "dn")
        want("dn:" not in text, text)
    text = search("-b", "uid=newt," + PEOPLE, "(objectClass=bwVerification)", "dn")
    want("dn:" not in text, text)


play("nslcd", version(["nslcd", "--version"], r"nss-pam-ldapd (\S+)"))
