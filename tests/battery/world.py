"""The directory that the battery is fought over, and who fights.

The sandbox's, with a few entries more; every identity has connections of its
own that were bound before the first act.
"""
# SPDX-License-Identifier: BSD-2-Clause
import os

import ldap
import ldap.modlist
import ldap.sasl

PASSWORD = b"Marker-battery-12345"
PHONE = b"9195550200"
CODE = b"ABCDEFGHJKLMNPQRSTUV"
OTHER_CODE = b"ZYXWVUTSRQPNMLKJHGFE"
UNUSED = ("robot", "bothy", "olga", "rolf", "dieter")

# Who, in the order of the table's columns.
IDENTITIES = (
    "anonymous",  # nobody
    "basic",      # a user of account 5500001
    "reset",      # the same, unverified and reset after his bind
    "admin",      # administers 5500001, User Administrator; part of @shared
    "other",      # administers 5500002; part of @shared
    "full",       # administers both
    "operator",   # in the group of operators
    "bwdird", "outbox", "nss", "decoy",  # programs
    "fresh",      # a sign-up credential that stands; its user is @own
    "redeemed",   # the same, its user verified meanwhile
    "replaced",   # the same, another one stands in its place
    "deleted",    # the same, none does
)


class World:
    def __init__(self, environ):
        self.uri = environ["BWDIR_LDAPI"]
        self.base = environ["BWDIR_BASE"]
        self.secrets = os.path.join(os.path.dirname(environ["BWDIR_CONF"]),
                                    "secrets")
        self.root = ldap.initialize(self.uri)
        self.root.sasl_interactive_bind_s("", ldap.sasl.external())
        self.people = "ou=people," + self.base
        self.first = self.record("accounts", "5500001")
        self.second = self.record("accounts", "5500002")
        self.own = {}
        self.connections = {}
        self.prepare()
        self.enlist()

    # ---- names ----

    def user(self, name):
        return "uid=%s,%s" % (name, self.people)

    def record(self, unit, name):
        return "cn=%s,ou=%s,%s" % (name, unit, self.base)

    def credential(self, name, code=CODE):
        return "cn=verification-%s,%s" % (code[:5].decode().lower(),
                                          self.user(name))

    def target(self, identity, name):
        """The DN of @name, which for @own depends on who asks."""
        users = {"user": "dana", "foreign": "carl", "shared": "gina",
                 "unverified": "newt", "peer": "adam", "lone": "lone",
                 "posix": "posy", "candidate": "ada", "listed": "ned",
                 "nobody": "nobody"}
        if name == "own":
            return self.own[identity]
        if name in users:
            return self.user(users[name])
        return {
            "account": self.first, "other-account": self.second,
            "role": self.record("roles", "ordering"),
            "access": self.record("access", "dashboard"),
            "service": self.record("services", "bwdird"),
            "operators": self.record("services", "operators"),
            "people": self.people, "suffix": self.base,
            "credential": self.credential("newt"),
        }[name]

    # ---- entries ----

    def user_entry(self, name, accounts, level="basic", state="verified",
                   roles=("ordering",)):
        entry = {
            "objectClass": [b"inetOrgPerson", b"bwUser"],
            "uid": [name.encode()], "givenName": [b"Battery"],
            "sn": [b"User"], "cn": [b"Battery User"],
            "mail": [b"%s@example.com" % name.encode()],
            "bwWorkPhone": [PHONE],
            "bwAdministrationLevel": [level.encode()],
            "bwVerificationState": [state.encode()],
            "pwdPolicySubentry": [self.record("access", "dashboard").encode()],
            "bwRole": [self.record("roles", role).encode() for role in roles],
            "bwAccount": [account.encode() for account in accounts],
        }
        return {name: values for name, values in entry.items() if values}

    def credential_entry(self, name, code=CODE, phone=PHONE):
        return {
            "objectClass": [b"bwVerification"],
            "cn": [b"verification-" + code[:5].lower()],
            "mail": [b"%s@example.com" % name.encode()],
            "bwWorkPhone": [phone], "bwSetsPassword": [b"TRUE"],
            "pwdPolicySubentry":
                [self.record("access", "verification").encode()],
            "userPassword": [code + b"." + phone],
        }

    def add(self, dn, entry):
        self.root.add_s(dn, ldap.modlist.addModlist(entry))

    def add_user(self, name, accounts, password=True, **more):
        entry = self.user_entry(name, accounts, **more)
        if password:
            entry["userPassword"] = [PASSWORD]
        self.add(self.user(name), entry)

    def change(self, dn, *mods):
        self.root.modify_s(dn, list(mods))

    def prepare(self):
        """What the sandbox does not have."""
        for name in UNUSED:
            self.root.delete_s(self.user(name))
        both = (self.first, self.second)
        self.add_user("fiona", both, level="admin")
        self.add_user("adam", (self.first,), level="admin",
                      roles=("ordering", "user-administrator"))
        self.add_user("ada", (self.first,), level="admin")
        self.add_user("ned", (self.first,), level="admin")
        self.add_user("oscar", ())
        self.add_user("lone", ())
        self.add_user("posy", (self.first,))
        self.change(self.user("posy"), (ldap.MOD_ADD, "objectClass",
                                        b"posixAccount"),
                    (ldap.MOD_ADD, "uidNumber", b"30001"),
                    (ldap.MOD_ADD, "gidNumber", b"30001"),
                    (ldap.MOD_ADD, "homeDirectory", b"/home/posy"))
        for account, names in ((self.first, ("fiona", "adam", "ned")),
                               (self.second, ("fiona",))):
            self.change(account, (ldap.MOD_ADD, "bwAccountAdmin", [
                self.user(name).encode() for name in names]))
        self.change(self.target("", "operators"), (
            ldap.MOD_ADD, "member", self.user("oscar").encode()))
        self.add(self.record("services", "nss"), {
            "objectClass": [b"applicationProcess", b"simpleSecurityObject"],
            "cn": [b"nss"], "userPassword": [PASSWORD],
            "pwdPolicySubentry": [self.record("access", "service").encode()]})
        self.change(self.record("services", "decoy"), (
            ldap.MOD_REPLACE, "userPassword", PASSWORD))
        # The sandbox's credential of newt has a random name.
        for dn, _ in self.root.search_s(
                self.user("newt"), ldap.SCOPE_ONELEVEL, attrlist=["1.1"]):
            self.root.delete_s(dn)
        self.change(self.user("newt"),
                    (ldap.MOD_REPLACE, "bwWorkPhone", PHONE))
        self.add(self.credential("newt"), self.credential_entry("newt"))

    # ---- identities ----

    def bind(self, dn=None, password=PASSWORD):
        connection = ldap.initialize(self.uri)
        if dn is not None:
            connection.simple_bind_s(dn, password)
        return connection

    def secret(self, name):
        with open(os.path.join(self.secrets, name), "rb") as file:
            return file.read()

    def join(self, identity, connection, own):
        self.connections[identity] = connection
        self.own[identity] = own

    def enlist(self):
        # What an anonymous has of his own: nothing, so somebody's entry.
        self.join("anonymous", self.bind(), self.user("wanda"))
        for identity, name in (("basic", "wanda"), ("admin", "alice"),
                               ("other", "bob")):
            dn = self.user(name)
            self.join(identity, self.bind(dn, self.secret(name)), dn)
        for identity, name in (("full", "fiona"), ("operator", "oscar")):
            self.join(identity, self.bind(self.user(name)), self.user(name))
        self.add_user("reset", (self.first,))
        dn = self.user("reset")
        self.join("reset", self.bind(dn), dn)
        self.change(dn, (ldap.MOD_REPLACE, "bwVerificationState",
                         b"unverified"),
                    (ldap.MOD_REPLACE, "pwdReset", b"TRUE"))
        for name in ("bwdird", "outbox"):
            dn = self.record("services", name)
            self.join(name, self.bind(dn, self.secret(name)), dn)
        for name in ("nss", "decoy"):
            dn = self.record("services", name)
            self.join(name, self.bind(dn), dn)
        for name in ("fresh", "redeemed", "replaced", "deleted"):
            self.add_user(name, (self.first,), state="unverified",
                          password=False)
            dn = self.credential(name)
            self.add(dn, self.credential_entry(name))
            self.join(name, self.bind(dn, CODE + b"." + PHONE),
                      self.user(name))
        self.bind(self.credential("redeemed"), CODE + b"." + PHONE).modify_s(
            self.user("redeemed"), redemption(PASSWORD))
        self.root.delete_s(self.credential("replaced"))
        self.add(self.credential("replaced", OTHER_CODE),
                 self.credential_entry("replaced", OTHER_CODE))
        self.root.delete_s(self.credential("deleted"))


def redemption(password=None):
    mods = [(ldap.MOD_DELETE, "bwVerificationState", b"unverified"),
            (ldap.MOD_ADD, "bwVerificationState", b"verified")]
    if password is not None:
        mods.append((ldap.MOD_REPLACE, "userPassword", password))
    return mods
