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
                 "bwVerificationState=*", "bwRole=*"):
        want(search("-b", PEOPLE, "(%s)" % rule, "uid") == "", rule)


@case("its identity sees no accounts, roles, services or codes")
def _():
    for place in ("ou=accounts", "ou=roles", "ou=services", "ou=access"):
        text = search("-b", place + ",dc=example,dc=com", "dn")
        want("dn:" not in text, text)
    text = search("-b", "uid=newt," + PEOPLE, "(objectClass=bwVerification)", "dn")
    want("dn:" not in text, text)


play("nslcd", version(["nslcd", "--version"], r"nss-pam-ldapd (\S+)"))
