"""ldapsearch(1), as different people.

SPDX-License-Identifier: BSD-2-Clause
"""

import re

from directory import BASE, PEOPLE, definitions, names, search
from person import case, play, version, want

ACCOUNTS = "ou=accounts," + BASE
ROLES = "ou=roles," + BASE
HERS = ["alice", "bothy", "dana", "dieter", "gina", "newt", "olga", "robot",
        "rolf", "wanda"]  # users of account 5500001


@case("an account admin lists the users of her accounts, and no others",
      shows="account admins: the users of their accounts, with mail, phone, "
            "roles, accounts")
def _():
    shown, status = search("alice", "-b", PEOPLE, "(objectClass=bwUser)",
                           "mail", "bwWorkPhone", "bwRole", "bwAccount",
                           "bwVerificationState", "pwdPolicySubentry")
    want(status == 0 and names(shown) == HERS, shown)
    dana = shown[shown.index("dn: uid=dana,"):].partition("\n\n")[0]
    for line in ("mail: dana@example.com", "bwWorkPhone: 9195550103",
                 "bwRole: cn=ordering," + ROLES,
                 "bwAccount: cn=5500001," + ACCOUNTS,
                 "bwVerificationState: verified",
                 "pwdPolicySubentry: cn=dashboard,ou=access," + BASE):
        want(line in dana.split("\n"), "%s\n%s" % (line, dana))


@case("she finds them by account, role, name and mail",
      shows="found by account, role, name, mail")
def _():
    for rule, wanted in (
            ("bwAccount=cn=5500002," + ACCOUNTS, ["gina"]),
            ("bwRole=cn=user-administrator," + ROLES, ["alice"]),
            ("memberOf=cn=user-administrator," + ROLES, ["alice"]),
            ("sn=Fisch*", ["dieter"]),
            ("mail=olga@example.com", ["olga"]),
            ("bwVerificationState=unverified", ["newt"]),
            ("mail=carl@example.com", [])):
        shown, _ = search("alice", "-b", PEOPLE, "(%s)" % rule, "uid")
        want(names(shown) == wanted, "%s: %s" % (rule, shown))


@case("the work phone is a telephone number to address books",
      shows="the work phone as telephoneNumber too")
def _():
    shown, _ = search("alice", "-b", PEOPLE, "(telephoneNumber=9195550103)",
                      "telephoneNumber")
    want(names(shown) == ["dana"] and "bwWorkPhone: 9195550103\n" in shown,
         shown)


@case("roles list their members, users their roles",
      shows="roles show their members, as far as one may see them")
def _():
    shown, _ = search("alice", "-b", "cn=ordering," + ROLES, "member")
    want(names(shown, "member") == HERS[1:], shown)
    shown, _ = search("dana", "-b", "cn=ordering," + ROLES, "member")
    want(names(shown, "member") == ["dana"], shown)
    shown, _ = search("alice", "-b", "uid=dana," + PEOPLE, "memberOf")
    want(names(shown, "memberOf") == ["ordering"], shown)


@case("she sees her accounts and their admins",
      shows="accounts with admins and products")
def _():
    shown, _ = search("alice", "-b", ACCOUNTS, "(objectClass=bwAccountRecord)")
    want(names(shown) == ["5500001"], shown)
    want(names(shown, "bwAccountAdmin") == ["alice"], shown)
    want("bwProduct: uc\n" in shown, shown)


@case("a basic user sees himself, his account, the roles",
      shows="basic users: themselves, their accounts, roles, access methods")
def _():
    shown, _ = search("dana", "-b", BASE, "dn")
    seen = re.findall("^dn: (.*)", shown, re.M)
    want([dn for dn in seen if dn.endswith("," + PEOPLE)] ==
         ["uid=dana," + PEOPLE], shown)
    want([dn for dn in seen if dn.endswith("," + ACCOUNTS)] ==
         ["cn=5500001," + ACCOUNTS], shown)
    want(len([dn for dn in seen if dn.endswith("," + ROLES)]) == 12, shown)
    want(not [dn for dn in seen if "ou=services" in dn], shown)
    shown, _ = search("dana", "-b", ACCOUNTS, "bwAccountAdmin")
    want("bwAccountAdmin" not in shown, shown)


@case("nobody sees a hash, and anonymous sees nothing",
      shows="nobody: passwords; anonymous: nothing")
def _():
    for name in ("alice", "dana"):
        shown, _ = search(name, "-b", BASE, "(uid=dana)", "*", "+")
        want("uid: dana" in shown, shown)
        want("userPassword" not in shown and "pwdHistory" not in shown, shown)
        shown, _ = search(name, "-b", BASE, "(userPassword=*)", "dn")
        want("dn:" not in shown, shown)
    shown, status = search("anonymous", "-b", BASE)
    want(status == 53 and "dn:" not in shown, shown)


@case("the server tells every definition of the schema",
      shows="the schema itself")
def _():
    shown, _ = search("dana", "-b", "cn=subschema", "-s", "base",
                      "attributeTypes", "objectClasses")
    for kind, oid, name, _ in definitions():
        want(re.search(r"^%s(?:es|s): \( %s NAME '%s' " %
                       (kind, re.escape(oid), name), shown, re.M | re.I), name)


play("ldapsearch", version(["ldapsearch", "-VV"], r"ldapsearch ([0-9.]+)"))
