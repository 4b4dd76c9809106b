"""389 Directory Server with schema/99bwdir.ldif and contrib/389-ds: what it
takes of bwdir, and what bwdir-schema(5) says it cannot enforce.

SPDX-License-Identifier: BSD-2-Clause
"""

import os
import re
import shutil
import subprocess
import time

from directory import BASE, PEOPLE, definitions
from person import LIMIT, Failed, case, play, said, version, want

URI = "ldap://127.0.0.1:3890"
MANAGER = ("cn=Directory Manager", "manager-secret")
INSTANCE = "/etc/dirsrv/slapd-bwdir"
PID = "/run/dirsrv/slapd-bwdir.pid"
EXAMPLES = os.environ["top_srcdir"] + "/contrib/389-ds/"

SETUP = """[general]
full_machine_name = localhost
selinux = False
strict_host_checking = False
[slapd]
instance_name = bwdir
port = 3890
root_password = %s
self_sign_cert = False
[backend-userroot]
suffix = %s
create_suffix_entry = True
sample_entries = no
""" % (MANAGER[1], BASE)


def run(*command):
    text, status = said(command)
    if status != 0:
        raise Failed("%s: %d\n%s" % (" ".join(command), status, text))
    return text


def as_(who):
    """The options that bind as who: (DN, password)."""
    return ["-x", "-H", URI, "-D", who[0], "-w", who[1]]


def modify(ldif, who=MANAGER, command="ldapmodify"):
    """Result code of the first change that fails, or 0."""
    return subprocess.run([command, *as_(who)], input=ldif, text=True,
                          timeout=LIMIT, check=False,
                          stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode


def change(name, who, verb, attribute, value=None):
    ldif = "dn: uid=%s,%s\nchangetype: modify\n%s: %s\n" % (
        name, PEOPLE, verb, attribute)
    return modify(ldif + ("%s: %s\n" % (attribute, value) if value else ""),
                  who)


def search(*what, who=MANAGER):
    return said(["ldapsearch", "-LLL", "-o", "ldif-wrap=no", *as_(who),
                 *what])[0]


def example(name):
    with open(EXAMPLES + name, encoding="utf-8") as file:
        return file.read()


def start():
    subprocess.run(["ns-slapd", "-D", INSTANCE, "-i", PID], check=True,
                   timeout=LIMIT)
    end = time.monotonic() + LIMIT
    while said(["ldapwhoami", *as_(MANAGER)])[1] != 0:
        want(time.monotonic() < end, "ns-slapd does not answer")
        time.sleep(0.05)


def stop():
    with open(PID, encoding="ascii") as file:
        pid = int(file.read())
    os.kill(pid, 15)
    while os.path.exists("/proc/%d" % pid):
        time.sleep(0.05)


def user(name, **changed):
    """An entry as bwdir-add would write it."""
    facts = {"uid": name, "cn": name, "sn": name, "givenName": name,
             "mail": name + "@example.com", "bwWorkPhone": "9195550199",
             "bwAdministrationLevel": "basic",
             "bwVerificationState": "verified",
             "bwRole": "cn=ordering,ou=roles," + BASE,
             "bwAccount": "cn=5500001,ou=accounts," + BASE,
             "userPassword": "Marker-" + name, **changed}
    return "dn: uid=%s,%s\nobjectClass: inetOrgPerson\nobjectClass: bwUser\n" \
        % (name, PEOPLE) + "".join("%s: %s\n" % fact for fact in
                                   facts.items() if fact[1])


@case("an instance is made, and takes schema and plug-ins as they are")
def _():
    with open("/run/ds.inf", "w", encoding="ascii") as file:
        file.write(SETUP)
    run("dscreate", "from-file", "/run/ds.inf")
    want(modify(example("plugins.ldif")) == 0, "plugins.ldif")
    stop()
    place = INSTANCE + "/schema/99bwdir.ldif"
    shutil.copy(os.environ["top_builddir"] + "/schema/99bwdir.ldif", place)
    shutil.chown(place, "dirsrv", "dirsrv")
    start()


@case("it knows every definition by name, number and syntax",
      shows="loads the schema: every class and attribute")
def _():
    shown = search("-b", "cn=schema", "-s", "base", "attributeTypes",
                   "objectClasses")
    for kind, oid, name, syntax in definitions():
        line = re.search(r"^%s(?:es|s): \( %s NAME '%s'.*" %
                         (kind, re.escape(oid), name), shown, re.M | re.I)
        want(line, name)
        want(syntax is None or "SYNTAX %s " % syntax in line.group(), name)


@case("account, role and user entries",
      shows="takes users, roles and accounts")
def _():
    want(modify(example("base.ldif"), command="ldapadd") == 0, "base.ldif")
    want(modify(user("anna", bwAdministrationLevel="admin") + "\n" +
                user("dana") + "\n" + user("bob", bwAccount=""),
                command="ldapadd") == 0, "users")
    want(modify("dn: cn=5500001,ou=accounts,%s\nchangetype: modify\n"
                "add: member\nmember: uid=anna,%s\n-\nadd: bwAccountAdmin\n"
                "bwAccountAdmin: uid=anna,%s\n" % (BASE, PEOPLE, PEOPLE)) == 0,
         "an admin of the account")
    shown = search("-b", PEOPLE, "(bwRole=cn=ordering,ou=roles,%s)" % BASE,
                   "bwAccount")
    want("uid=dana" in shown and "bwAccount: cn=5500001" in shown, shown)


ANNA = ("uid=anna," + PEOPLE, "Marker-anna")
DANA = ("uid=dana," + PEOPLE, "Marker-dana")


@case("its schema and plug-ins refuse what they can",
      shows="enforces what must be there, one user name, references")
def _():
    def add(name, **changed):
        return modify(user(name, **changed), command="ldapadd")
    want(add("x1", bwWorkPhone="") == 65, "without a phone")
    want(add("x2", bwAccount="nonsense") == 21, "an account that is no DN")
    want(add("x4", uid="x4\nuid: dana") == 19, "the same user name again")
    want(modify("dn: cn=gone,ou=roles,%s\nobjectClass: groupOfURLs\n"
                "objectClass: bwRoleRecord\ncn: gone\ndisplayName: Gone\n"
                "description: Gone\n" % BASE, command="ldapadd") == 0, "role")
    want(add("x3", bwRole="cn=gone,ou=roles," + BASE) == 0, "x3")
    want(modify("dn: cn=gone,ou=roles,%s\nchangetype: delete\n" % BASE) == 0,
         "role")
    end = time.monotonic() + LIMIT
    while "gone" in search("-b", "uid=x3," + PEOPLE, "bwRole"):
        want(time.monotonic() < end, "the role is gone, the reference is not")
        time.sleep(0.05)


@case("its access control lets admins edit the users of their accounts",
      shows="enforces who edits whom, for any account that both share")
def _():
    for code, who, name, verb, attribute, value in (
            (0, ANNA, "dana", "replace", "givenName", "Dana"),
            (0, ANNA, "dana", "replace", "userPassword", "Marker-dana"),
            (50, ANNA, "bob", "replace", "givenName", "Bob"),
            (50, ANNA, "dana", "replace", "uid", "dora"),
            (50, ANNA, "anna", "delete", "bwRole", None),
            (50, ANNA, "dana", "add", "bwAccount",
             "cn=5500002,ou=accounts," + BASE),
            (0, DANA, "dana", "replace", "bwWorkPhone", "9195550101"),
            (0, DANA, "dana", "replace", "userPassword", "Marker-dana"),
            (50, DANA, "dana", "replace", "bwAdministrationLevel", "admin"),
            (50, DANA, "dana", "add", "bwAccount",
             "cn=5500002,ou=accounts," + BASE),
            (50, DANA, "bob", "replace", "givenName", "Bob")):
        got = change(name, who, verb, attribute, value)
        want(got == code, "%s: %s %s of %s: %d, not %d" %
             (who[0], verb, attribute, name, got, code))
    want(modify(user("new"), ANNA, "ldapadd") == 50, "anna adds a user")
    want(modify("dn: uid=dana,%s\nchangetype: modrdn\nnewrdn: uid=dora\n"
                "deleteoldrdn: 1\n" % PEOPLE, ANNA) == 50, "a new name")
    shown = search("-b", PEOPLE, "(uid=*)", who=DANA)
    want("uid=dana" in shown and "uid=anna" not in shown, shown)
    want("userPassword" not in search("-b", PEOPLE, "(uid=dana)", who=ANNA),
         "a hash")


@case("what bwdir-schema(5) says that it cannot enforce",
      shows="knows no phone of ten digits, no keywords, no argon2 hash, no "
            "policy records of bwdir: see bwdir-schema(5)")
def _():
    for attribute, value in (("bwWorkPhone", "12"),
                             ("bwAdministrationLevel", "root"),
                             ("bwVerificationState", "perhaps"),
                             ("bwRole", "cn=user-administrator,ou=roles," +
                              BASE)):
        want(change("dana", ANNA, "replace", attribute, value) == 0, attribute)
    want(change("dana", MANAGER, "add", "bwAccount",
                "cn=5500002,ou=accounts," + BASE) == 0, "another account")
    want(change("dana", ANNA, "replace", "givenName", "Dana") == 0,
         "who administers only one of two accounts")
    want("member: " not in search("-b", "cn=ordering,ou=roles," + BASE,
                                  "member"), "a role shows its members")
    want(modify("dn: uid=bob,%s\nchangetype: modrdn\nnewrdn: uid=bert\n"
                "deleteoldrdn: 1\n" % PEOPLE) == 0,
         "Directory Manager renames")
    want(modify("dn: cn=dashboard,%s\nobjectClass: bwAccessRecord\n"
                "objectClass: pwdPolicy\ncn: dashboard\n"
                "pwdAttribute: userPassword\n" % BASE,
                command="ldapadd") == 65, "an access record with a policy")
    hashed = "{ARGON2}$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$" + "A" * 43
    want(change("dana", MANAGER, "replace", "userPassword", hashed) == 0,
         "an argon2 hash")
    want(said(["ldapwhoami", *as_(("uid=dana," + PEOPLE, hashed))])[1] == 0,
         "it takes the hash for the password")
    want(change("dana", MANAGER, "replace", "pwdEndTime", "20200101000000Z")
         != 0, "pwdEndTime")


play("389-ds", version(["ns-slapd", "-v"], r"389-Directory/(\S+)"))
