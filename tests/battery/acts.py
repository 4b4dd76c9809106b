"""What is tried: the list of acts, each named as in the table.

An act is made for an identity, since @own and a few values depend on it.
"""
# SPDX-License-Identifier: BSD-2-Clause
from collections import namedtuple

import ldap
from ldap.controls import LDAPControl
from ldap.controls.readentry import PreReadControl
from ldap.controls.simple import ProxyAuthzControl

from world import CODE, OTHER_CODE, PASSWORD, PHONE, redemption

# op: modify, add, delete, rename, passwd, search, compare, preread.
Act = namedtuple("Act", "op dn args controls", defaults=((), ()))

VERBS = {"add": ldap.MOD_ADD, "replace": ldap.MOD_REPLACE,
         "delete": ldap.MOD_DELETE}
RELAX = LDAPControl("1.3.6.1.4.1.4203.666.5.12", True)
ARGON2 = (b"{ARGON2}$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA"
          b"$R2t5N5cN0GeHIvQJYOfWjbyl7wKGgwXjPRrO0Y6rUyE")
MARK = b"20260101000000Z.0123456789abcdef"
USERS = ("own", "user", "foreign", "shared", "unverified", "peer")


def attribute_acts(world):
    """VERBS ATTRIBUTE WORDS VALUE; a value None takes away all."""
    def role(name):
        return world.record("roles", name).encode()

    def access(name):
        return world.record("access", name).encode()

    def person(name):
        return world.user(name).encode()

    first, second = world.first.encode(), world.second.encode()
    missing = world.record("accounts", "5599999").encode()
    return (
        ("add", "uid", "second", b"second"),
        ("replace", "uid", "other", b"other"),
        ("delete", "uid", "all", None),
        ("replace", "givenName", "new", b"New"),
        ("replace", "sn", "new", b"New"),
        ("replace", "cn", "new", b"New"),
        ("add", "cn", "second", b"Second"),
        ("delete", "cn", "all", None),
        ("replace", "displayName", "new", b"New"),
        ("replace", "givenName", "of 64 bytes", b"x" * 64),
        ("replace", "givenName", "of 65 bytes", b"x" * 65),
        ("replace", "sn", "of 65 bytes", b"x" * 65),
        ("replace", "displayName", "of 65 bytes", b"x" * 65),
        ("replace", "cn", "of 129 bytes", b"x" * 129),
        ("replace", "cn", "of 130 bytes", b"x" * 130),
        ("replace", "mail", "new", b"new@example.com"),
        ("add", "mail", "second", b"second@example.com"),
        ("replace", "mail", "of 255 bytes",
         b"x@" + b"x" * 249 + b".com"),
        ("replace", "mail", "no-address", b"new"),
        ("delete", "mail", "all", None),
        ("replace", "bwWorkPhone", "new", b"9195550999"),
        ("replace", "bwWorkPhone", "short", b"12"),
        ("delete", "bwWorkPhone", "all", None),
        ("replace", "bwAdministrationLevel", "admin", b"admin"),
        ("replace", "bwAdministrationLevel", "basic", b"basic"),
        ("replace", "bwAdministrationLevel", "root", b"root"),
        ("add", "bwRole", "porting", role("porting")),
        ("add", "bwRole", "e911-management", role("e911-management")),
        ("add", "bwRole", "user-administrator", role("user-administrator")),
        ("add", "bwRole", "missing", role("missing")),
        ("add", "bwRole", "an-account", first),
        ("add", "bwRole", "injection",
         role("x]|user|[cn").replace(b"x]|user|[cn", b"x]|user|[cn\\3Dy")),
        ("delete", "bwRole", "ordering", role("ordering")),
        ("delete", "bwRole", "user-administrator",
         role("user-administrator")),
        ("replace", "bwRole", "porting", role("porting")),
        ("delete", "bwRole", "all", None),
        ("add", "bwAccount", "first", first),
        ("add", "bwAccount", "second", second),
        ("add", "bwAccount", "missing", missing),
        ("add", "bwAccount", "injection",
         b"cn=x]|user|[cn\\3Dy,ou=accounts," + world.base.encode()),
        ("add", "bwAccount", "search-injection",
         b"cn=x)(cn\\3D*,ou=accounts," + world.base.encode()),
        ("delete", "bwAccount", "first", first),
        ("delete", "bwAccount", "second", second),
        ("replace", "bwAccount", "first", first),
        ("delete", "bwAccount", "all", None),
        ("replace", "bwVerificationState", "verified", b"verified"),
        ("replace", "bwVerificationState", "unverified", b"unverified"),
        ("replace", "pwdPolicySubentry", "api", access("api")),
        ("replace", "pwdPolicySubentry", "service", access("service")),
        ("replace", "pwdPolicySubentry", "nothing", access("nothing")),
        ("delete", "pwdPolicySubentry", "all", None),
        ("replace", "pwdEndTime", "past", b"20200101000000Z"),
        ("replace", "pwdAccountLockedTime", "for-good", b"000001010000Z"),
        ("replace", "pwdReset", "TRUE", b"TRUE"),
        ("replace", "pwdChangedTime", "ahead", b"20990101000000Z"),
        ("delete", "pwdChangedTime", "all", None),
        ("add", "pwdHistory", "any",
         b"20200101000000Z#1.3.6.1.4.1.1466.115.121.1.40#1#x"),
        ("delete", "pwdHistory", "all", None),
        ("replace", "pwdFailureTime", "now", b"20260101000000Z"),
        ("replace", "pwdGraceUseTime", "now", b"20260101000000Z"),
        ("replace", "userPassword", "clear", b"Marker-clear-12345"),
        ("add", "userPassword", "clear", b"Marker-clear-12345"),
        ("replace", "userPassword", "short", b"short"),
        ("replace", "userPassword", "{CLEARTEXT}",
         b"{CLEARTEXT}Marker-clear-12345"),
        ("replace", "userPassword", "{SSHA}",
         b"{SSHA}y/iNUoWwdXWqLe+pyrm5hBj6EzlzYWx0c2FsdA=="),
        ("replace", "userPassword", "{CRYPT}", b"{CRYPT}$1$salt$hash"),
        ("replace", "userPassword", "{ARGON2}", ARGON2),
        ("add", "userPassword", "{ARGON2}", ARGON2),
        ("add", "userPassword;x-other", "{ARGON2}", ARGON2),
        ("delete", "userPassword", "all", None),
        ("add", "objectClass", "extensibleObject", b"extensibleObject"),
        ("add", "objectClass", "simpleSecurityObject",
         b"simpleSecurityObject"),
        ("add", "objectClass", "top", b"top"),
        ("delete", "objectClass", "bwUser", b"bwUser"),
        ("replace", "objectClass", "other", b"account"),
        ("replace", "structuralObjectClass", "other", b"account"),
        ("replace", "owner", "dana", person("dana")),
        ("replace", "owner", "injection",
         b"uid=x)(uid\\3D*," + world.people.encode()),
        ("delete", "owner", "all", None),
        ("add", "telephoneNumber", "any", b"9195550123"),
        ("add", "description", "any", b"any"),
        ("add", "seeAlso", "any", person("dana")),
        ("add", "labeledURI", "any", b"ldap:///"),
        ("add", "uidNumber", "0", b"0"),
        ("add", "memberOf", "operators",
         world.record("services", "operators").encode()),
        ("replace", "entryUUID", "other",
         b"00000000-0000-4000-8000-000000000000"),
        ("replace", "creatorsName", "other", person("alice")),
        ("replace", "modifyTimestamp", "other", b"20200101000000Z"),
        ("add", "bwMailOwed", "confirm", b"confirm " + MARK),
        ("add", "bwMailOwed", "reset", b"reset " + MARK),
        ("add", "bwMailOwed", "sign-up", b"sign-up " + MARK),
        ("add", "bwMailOwed", "access-changed", b"access-changed " + MARK),
        ("add", "bwMailOwed", "another-address",
         b"address-changed " + MARK + b" victim@example.com"),
        ("add", "bwMailOwed", "words", b"hello " + MARK + b" visit me"),
        ("delete", "bwMailOwed", "all", None),
        ("replace", "bwMailNotBefore", "never", b"20990101000000Z"),
        ("replace", "bwMailAttempts", "many", b"99"),
        ("replace", "bwMailReminder", "any", b"1 20260101000000Z"),
        ("add", "bwMailRefused", "any", MARK + b" a@example.com no"),
        ("add", "bwMailSent", "another-address",
         b"20260101.1 victim@example.com"),
    ) + tuple(("add", attribute + ";lang-en", "any", value)
              for attribute, value in (
                  ("objectClass", b"top"), ("uid", b"second"),
                  ("cn", b"New"), ("sn", b"New"), ("givenName", b"New"),
                  ("displayName", b"New"), ("mail", b"second@example.com"),
                  ("bwWorkPhone", b"9195550999"), ("owner", person("dana")),
                  ("bwRole", role("porting")), ("bwAccount", second),
                  ("bwAdministrationLevel", b"admin"),
                  ("bwVerificationState", b"verified"),
                  ("bwMailOwed", b"confirm " + MARK),
                  ("bwMailRefused", MARK + b" a@example.com no"),
                  ("bwMailSent", b"20260101.1 a@example.com"),
                  ("bwMailNotBefore", b"20990101000000Z"),
                  ("bwMailAttempts", b"99"),
                  ("bwMailReminder", b"1 20260101000000Z"),
                  ("userPassword", ARGON2)))


def combined(world, identity, name, dn):
    """Two facts in one Modify, and values that need each other."""
    add, delete, replace = ldap.MOD_ADD, ldap.MOD_DELETE, ldap.MOD_REPLACE
    administrator = world.record("roles", "user-administrator").encode()
    e911 = world.record("roles", "e911-management").encode()
    first, second = world.first.encode(), world.second.encode()
    return {
        "level-up and user-administrator": [
            (replace, "bwAdministrationLevel", b"admin"),
            (add, "bwRole", administrator)],
        "level-down and user-administrator": [
            (replace, "bwAdministrationLevel", b"basic"),
            (replace, "bwRole", administrator)],
        "unverify and mail": [
            (replace, "bwVerificationState", b"unverified"),
            (replace, "mail", b"new@example.com")],
        "unverify and phone": [
            (replace, "bwVerificationState", b"unverified"),
            (replace, "bwWorkPhone", b"9195550999")],
        "account and name": [
            (add, "bwAccount", first), (replace, "givenName", b"New")],
        "swap-accounts and role": [
            (delete, "bwAccount", first), (add, "bwAccount", second),
            (add, "bwRole", e911)],
        "posixAccount and uidNumber 0": [
            (add, "objectClass", b"posixAccount"), (add, "uidNumber", b"0"),
            (add, "gidNumber", b"0"), (add, "homeDirectory", b"/root")],
        "redeem": redemption(),
        "redeem and password": redemption(b"Marker-redeemed-12345"),
        "redeem and hash": redemption(ARGON2),
        "redeem and {CLEARTEXT}": redemption(b"{CLEARTEXT}Marker-12345"),
        "redeem and role": redemption() + [(add, "bwRole", e911)],
        "redeem and mail": redemption() + [(replace, "mail", b"x@example.com")],
        "guess-password": [(delete, "userPassword", b"Marker-guess-12345"),
                           (add, "userPassword", b"Marker-clear-12345")],
        "mail-owed to the old address": [
            (add, "bwMailOwed", b"address-changed %s %s" % (
                MARK, mail_of(world, identity, name)))],
    }


def mail_of(world, identity, name):
    dn = world.target(identity, name)
    return dn.split(",")[0].split("=")[1].encode() + b"@example.com"


def new_users(world):
    """Additions; NAME: entry."""
    def entry(accounts=(world.first,), **changed):
        made = world.user_entry("new", accounts, state="unverified")
        for attribute, values in changed.items():
            made[attribute] = [value if isinstance(value, bytes)
                               else value.encode() for value in values]
        return made

    def plus(attribute, value):
        made = entry()
        made[attribute] = made.get(attribute, []) + [
            value if isinstance(value, bytes) else value.encode()]
        return made

    first, second = world.first, world.second
    role = world.record("roles", "user-administrator")
    posix = plus("objectClass", "posixAccount")
    posix.update(uidNumber=[b"0"], gidNumber=[b"0"],
                 homeDirectory=[b"/root"])
    return {
        "of the first": entry(),
        "of the second": entry((second,)),
        "of both": entry((first, second)),
        "of none": entry(()),
        "of a missing one": entry((world.record("accounts", "5599999"),)),
        "level admin": entry(bwAdministrationLevel=["admin"]),
        "level root": entry(bwAdministrationLevel=["root"]),
        "verified": entry(bwVerificationState=["verified"]),
        "user-administrator": plus("bwRole", role),
        "admin and user-administrator": dict(
            plus("bwRole", role), bwAdministrationLevel=[b"admin"]),
        "a role of a product": plus(
            "bwRole", world.record("roles", "e911-management")),
        "a role that is missing": plus(
            "bwRole", world.record("roles", "missing")),
        "a password": plus("userPassword", "Marker-new-12345"),
        "a hash": plus("userPassword", ARGON2),
        "{SSHA}": plus("userPassword",
                       b"{SSHA}y/iNUoWwdXWqLe+pyrm5hBj6EzlzYWx0c2FsdA=="),
        "{CLEARTEXT}": plus("userPassword", b"{CLEARTEXT}Marker-new-12345"),
        "policy service": entry(
            pwdPolicySubentry=[world.record("access", "service")]),
        "posixAccount": posix,
        "extensibleObject": plus("objectClass", "extensibleObject"),
        "no bwUser": {"objectClass": [b"inetOrgPerson"], "uid": [b"new"],
                      "cn": [b"New"], "sn": [b"New"]},
        "a second uid": plus("uid", "other"),
        "uid of another": plus("uid", "dana"),
        "pwdChangedTime": plus("pwdChangedTime", "20990101000000Z"),
        "pwdHistory": plus(
            "pwdHistory", "20200101000000Z#1.3.6.1.4.1.1466.115.121.1.40#1#x"),
        "creatorsName": plus("creatorsName", world.user("alice")),
        "a phone of two digits": entry(bwWorkPhone=["12"]),
        "description": plus("description", "any"),
        "a first name of 65 bytes": entry(givenName=["x" * 65]),
        "a first name with an option": plus("givenName;lang-en", "New"),
    }


def modifications(world, identity, name):
    dn = world.target(identity, name)
    for verb, attribute, words, value in attribute_acts(world):
        yield ("%s %s %s" % (verb, attribute, words),
               Act("modify", dn, [(VERBS[verb], attribute, value)]))
    for words, mods in combined(world, identity, name, dn).items():
        yield words, Act("modify", dn, mods)


def on_a_user(world, identity, name):
    """All that is tried on an entry of ou=people."""
    dn = world.target(identity, name)
    yield from modifications(world, identity, name)
    yield "password operation", Act("passwd", dn, (None, b"Marker-op-12345"))
    yield "delete", Act("delete", dn)
    for old in (0, 1):
        yield ("rename deleteoldrdn=%d" % old,
               Act("rename", dn, ("uid=renamed", None, old)))
    yield "move", Act("rename", dn, (dn.split(",")[0],
                                     "ou=services," + world.base, 0))
    yield from credential_below(world, dn)
    yield from reading(world, identity, name, dn)
    proxy = ProxyAuthzControl(True, ("dn:cn=admin," + world.base).encode())
    yield "as the root DN, by proxy", Act(
        "modify", dn, [(ldap.MOD_REPLACE, "givenName", b"New")], [proxy])
    for words, value in (("right", mail_of(world, identity, name)),
                         ("wrong", b"wrong@example.com")):
        control = LDAPControl("1.3.6.1.1.12", True,
                              encodedControlValue=equality("mail", value))
        yield "assert mail " + words, Act(
            "modify", dn, [(ldap.MOD_REPLACE, "givenName", b"New")],
            [control])


def equality(attribute, value):
    """A filter as RFC 4528 has it, here equalityMatch."""
    inner = b"".join(bytes((4, len(part))) + part
                     for part in (attribute.encode(), value))
    return bytes((0xa3, len(inner))) + inner


def credential_below(world, dn):
    name = dn.split(",")[0].split("=")[1]
    entry = world.credential_entry(name, OTHER_CODE)
    below = "cn=verification-zyxwv," + dn
    for words, changed in (
            ("", {}), (" under policy service", {
                "pwdPolicySubentry":
                    [world.record("access", "service").encode()]}),
            (" with {SSHA}", {"userPassword": [
                b"{SSHA}y/iNUoWwdXWqLe+pyrm5hBj6EzlzYWx0c2FsdA=="]}),
            (" with an option", {"mail;lang-en": [b"x@example.com"]}),
            (" with words", {"description": [b"Words of any length"]}),
            (" with a second name", {
                "cn": [b"verification-zyxwv", b"other"]}),
            (" for no phone", {"bwWorkPhone": [b"12"]}),
            (" that is extensible", {
                "objectClass": [b"bwVerification", b"extensibleObject"]})):
        yield "add a credential" + words, Act(
            "add", below, dict(entry, **changed))
    yield "add a credential by another name", Act(
        "add", "cn=verification," + dn, dict(entry, cn=[b"verification"]))


def reading(world, identity, name, dn):
    base, below = ldap.SCOPE_BASE, ldap.SCOPE_ONELEVEL
    mail = mail_of(world, identity, name).decode()
    rdn = dn.split(",")[0]
    for attribute in ("uid", "mail", "bwWorkPhone", "bwRole", "bwAccount",
                      "pwdChangedTime", "userPassword", "pwdHistory"):
        yield "read " + attribute, Act(
            "search", dn, (base, "(objectClass=*)", attribute))
    for words, condition in (("mail", "mail=" + mail),
                             ("phone", "bwWorkPhone=9*"),
                             ("account", "bwAccount=*"),
                             ("password", "userPassword=*"),
                             ("old password", "pwdHistory=*")):
        yield "find by " + words, Act(
            "search", world.people,
            (below, "(&(%s)(%s))" % (rdn, condition), "1.1"))
    for attribute, value in (("mail", mail.encode()), ("userPassword", ARGON2),
                             ("uid", rdn[4:].encode())):
        yield "compare " + attribute, Act("compare", dn, (attribute, value))
    yield "change and read userPassword before", Act(
        "preread", dn, [(ldap.MOD_REPLACE, "givenName", b"New")],
        [PreReadControl(False, ["userPassword", "pwdHistory"])])


def on_records(world, identity):
    """(target, name, act) on everything that is not a user."""
    replace, add, delete = ldap.MOD_REPLACE, ldap.MOD_ADD, ldap.MOD_DELETE
    for place in ("account", "other-account"):
        dn = world.target(identity, place)
        for user in ("user", "candidate", "listed", "peer", "foreign", "lone",
                     "own"):
            person = world.target(identity, user).encode()
            for verb, word in ((add, "add"), (delete, "delete")):
                yield place, "%s bwAccountAdmin %s" % (word, user), Act(
                    "modify", dn, [(verb, "bwAccountAdmin", person)])
        yield place, "delete bwAccountAdmin all", Act(
            "modify", dn, [(delete, "bwAccountAdmin", None)])
        yield place, "add bwAccountAdmin;lang-en foreign", Act(
            "modify", dn, [(add, "bwAccountAdmin;lang-en",
                            world.user("carl").encode())])
        yield place, "replace bwProduct", Act(
            "modify", dn, [(replace, "bwProduct", b"uc")])
        for attribute in ("bwAccountAdmin", "bwProduct"):
            yield place, "read " + attribute, Act(
                "search", dn, (ldap.SCOPE_BASE, "(objectClass=*)", attribute))
    yield "other-account", "compare bwAccountAdmin", Act(
        "compare", world.second, ("bwAccountAdmin", world.user("bob").encode()))
    changes = {
        "role": ("memberURL", b"ldap:///"), "access": ("pwdMaxAge", b"1"),
        "service": ("pwdPolicySubentry",
                    world.record("access", "dashboard").encode()),
        "operators": ("member", world.user("alice").encode()),
        "people": ("description", b"any"), "suffix": ("o", b"Other"),
        "credential": ("bwDelivered", b"20260101000000Z"),
    }
    for place, (attribute, value) in changes.items():
        dn = world.target(identity, place)
        yield place, "replace " + attribute, Act(
            "modify", dn, [(replace, attribute, value)])
        yield place, "read " + attribute, Act(
            "search", dn, (ldap.SCOPE_BASE, "(objectClass=*)", attribute))
        yield place, "rename", Act(
            "rename", dn, (dn.split("=")[0] + "=renamed", None, 1))
        if place not in ("people", "suffix", "access"):
            yield place, "delete", Act("delete", dn)
    yield from on_passwords(world, identity)
    for unit, entry in (
            ("accounts", {"objectClass": [b"bwAccountRecord"],
                          "cn": [b"5599999"],
                          "bwAccountAdmin":
                              [world.target(identity, "own").encode()]}),
            ("access", {"objectClass": [b"bwAccessRecord"], "cn": [b"5599999"],
                        "bwAllows": [b"api"]}),
            ("services", {"objectClass": [b"applicationProcess"],
                          "cn": [b"5599999"]})):
        yield "suffix", "add to " + unit, Act(
            "add", "cn=5599999,ou=%s,%s" % (unit, world.base), entry)
    for words, entry in new_users(world).items():
        yield "people", "add " + words, Act("add", world.user("new"), entry)
    yield "people", "add a name that is taken", Act(
        "add", world.user("carl"), world.user_entry("carl", (world.first,)))
    yield "people", "add by another name", Act(
        "add", "cn=new," + world.people,
        dict(world.user_entry("new", (world.first,)), cn=[b"new"]))
    yield "people", "find all users", Act(
        "search", world.people,
        (ldap.SCOPE_ONELEVEL, "(objectClass=bwUser)", "1.1"))


def on_passwords(world, identity):
    """Of programs and credentials."""
    ssha = b"{SSHA}y/iNUoWwdXWqLe+pyrm5hBj6EzlzYWx0c2FsdA=="
    for place in ("service", "credential"):
        dn = world.target(identity, place)
        for words, value in (("{ARGON2}", ARGON2), ("{SSHA}", ssha),
                             ("{CLEARTEXT}", b"{CLEARTEXT}x")):
            yield place, "replace userPassword " + words, Act(
                "modify", dn, [(ldap.MOD_REPLACE, "userPassword", value)])
        yield place, "read userPassword", Act(
            "search", dn, (ldap.SCOPE_BASE, "(objectClass=*)", "userPassword"))
        yield place, "compare userPassword", Act(
            "compare", dn, ("userPassword", CODE + b"." + PHONE))
    dn = world.target(identity, "credential")
    for attribute, value in (("bwSetsPassword", b"FALSE"),
                             ("mail", b"new@example.com"),
                             ("bwWorkPhone", b"9195550999")):
        yield "credential", "replace " + attribute, Act(
            "modify", dn, [(ldap.MOD_REPLACE, attribute, value)])
    yield "credential", "find", Act(
        "search", world.user("newt"),
        (ldap.SCOPE_ONELEVEL, "(objectClass=bwVerification)", "1.1"))


def all_acts(world, identity):
    """(target, name, act) in the order of the table."""
    for target in USERS:
        for name, act in on_a_user(world, identity, target):
            yield target, name, act
    administrator = world.record("roles", "user-administrator").encode()
    first = world.first.encode()
    for target in ("candidate", "listed", "lone", "posix", "nobody"):
        dn = world.target(identity, target)
        for name, mods in (
                ("add bwRole user-administrator", [
                    (ldap.MOD_ADD, "bwRole", administrator)]),
                ("replace bwAdministrationLevel basic", [
                    (ldap.MOD_REPLACE, "bwAdministrationLevel", b"basic")]),
                ("level-down and user-administrator", [
                    (ldap.MOD_REPLACE, "bwAdministrationLevel", b"basic"),
                    (ldap.MOD_ADD, "bwRole", administrator)]),
                ("add bwAccount first", [(ldap.MOD_ADD, "bwAccount", first)]),
                ("delete bwAccount first", [
                    (ldap.MOD_DELETE, "bwAccount", first)]),
                ("replace givenName", [
                    (ldap.MOD_REPLACE, "givenName", b"New")]),
                ("replace uidNumber 0", [
                    (ldap.MOD_REPLACE, "uidNumber", b"0")]),
                ("replace homeDirectory", [
                    (ldap.MOD_REPLACE, "homeDirectory", b"/root")])):
            yield target, name, Act("modify", dn, mods)
        for attribute in ("uid", "uidNumber", "mail", "bwRole"):
            yield target, "read " + attribute, Act(
                "search", dn, (ldap.SCOPE_BASE, "(objectClass=*)", attribute))
        yield target, "find by role", Act("search", world.people, (
            ldap.SCOPE_ONELEVEL, "(&(%s)(bwRole=*))" % dn.split(",")[0], "1.1"))
    yield from on_records(world, identity)
