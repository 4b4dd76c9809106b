"""All that the directory holds: what an act changed, and taking it back."""
# SPDX-License-Identifier: BSD-2-Clause
import copy
import time

import ldap
import ldap.modlist
from ldap.controls import LDAPControl

# Written by slapd at each change.
VOLATILE = {"entryCSN", "modifyTimestamp", "modifiersName", "hasSubordinates"}
# What slapd and slapo-ppolicy write beside a new password.
WITH_A_PASSWORD = {"pwdChangedTime", "pwdHistory", "pwdReset",
                   "pwdFailureTime", "pwdGraceUseTime",
                   "pwdAccountLockedTime"}
REFERENCES = ("bwAccount", "bwAccountAdmin", "bwRole", "owner")
# Not the groups and members that slapo-dynlist makes up.
AS_STORED = LDAPControl(ldap.CONTROL_MANAGEDSAIT, False)
RELAX = LDAPControl("1.3.6.1.4.1.4203.666.5.12", True)


def sound(entry):
    return {name: sorted(values) for name, values in entry.items()
            if name not in VOLATILE}


class State:
    def __init__(self, world):
        self.root = world.root
        self.base = world.base
        self.entries = self.dump()
        self.versions = self.versions_now()
        self.touched = set()

    def search(self, base, scope, attributes):
        return self.root.search_ext_s(base, scope, attrlist=attributes,
                                      serverctrls=[AS_STORED])

    def dump(self):
        return {dn: sound(entry) for dn, entry in self.search(
            self.base, ldap.SCOPE_SUBTREE, ["*", "+"])}

    def versions_now(self):
        return {dn: entry["entryCSN"] for dn, entry in self.search(
            self.base, ldap.SCOPE_SUBTREE, ["entryCSN"])}

    def look(self):
        """Which entries were added, changed or went, by their versions."""
        now = self.versions_now()
        self.touched = {dn for dn in now.keys() | self.versions.keys()
                        if now.get(dn) != self.versions.get(dn)}
        return self.touched

    def read(self, dn):
        try:
            return sound(self.search(dn, ldap.SCOPE_BASE, ["*", "+"])[0][1])
        except ldap.NO_SUCH_OBJECT:
            return None

    # ---- what an act should have changed ----

    def wanted(self, act):
        """The entries that a successful ACT changes, as they should be."""
        if act.op == "delete":
            return dict({act.dn: None}, **self.unreferenced(act.dn))
        if act.op == "add":
            return {act.dn: {name: sorted(values)
                             for name, values in act.args.items()}}
        entry = copy.deepcopy(self.entries[act.dn])
        mods = act.args
        if act.op == "passwd":
            mods = [(ldap.MOD_REPLACE, "userPassword", act.args[1])]
        for verb, name, value in mods:
            values = entry.setdefault(name, [])
            if verb == ldap.MOD_REPLACE or value is None:
                values.clear()
            if verb == ldap.MOD_DELETE and value is not None:
                values.remove(value)
            elif value is not None:
                values.append(value)
            values.sort()
        return {act.dn: {name: values for name, values in entry.items()
                         if values}}

    def unreferenced(self, gone):
        changed = {}
        for dn, entry in self.entries.items():
            if any(gone.encode() in entry.get(name, ())
                   for name in REFERENCES):
                changed[dn] = copy.deepcopy(entry)
                for name in REFERENCES:
                    kept = [value for value in entry.get(name, ())
                            if value != gone.encode()]
                    changed[dn].pop(name, None)
                    if kept:
                        changed[dn][name] = kept
        return changed

    def differences(self, act):
        """What ACT, which succeeded, did otherwise than it should."""
        wanted = self.wanted(act)
        found = [dn + " changed" for dn in sorted(self.touched -
                                                  wanted.keys())]
        # slapo-refint works a moment later, and leaves no new version.
        self.touched |= wanted.keys()
        for _ in range(300 if len(wanted) > 1 else 1):
            wrong = [words for dn, entry in wanted.items()
                     for words in self.compare(act, dn, entry)]
            if not wrong:
                break
            time.sleep(0.01)
        return found + wrong

    def compare(self, act, dn, entry):
        now = self.read(dn)
        if now is None or entry is None:
            return [] if now == entry else [dn + (
                " is gone" if now is None else " stands")]
        return ["%s: %s" % (dn, name) for name in differing(act, entry, now)]

    # ---- and back ----

    def restore(self):
        """Everything touched as it was; returns what could not be."""
        for dn in sorted(self.touched - self.entries.keys(), key=len,
                         reverse=True):
            self.root.delete_s(dn)
        for dn in sorted(self.touched & self.entries.keys(), key=len):
            self.restore_entry(dn)
        for dn in self.touched & self.entries.keys():
            self.versions[dn] = self.search(
                dn, ldap.SCOPE_BASE, ["entryCSN"])[0][1]["entryCSN"]
        return [dn for dn in sorted(self.touched)
                if self.read(dn) != self.entries.get(dn)]

    def restore_entry(self, dn):
        before, now = self.entries[dn], self.read(dn)
        if now is None:
            entry = {name: values for name, values in before.items()
                     if name not in ("entryDN", "subschemaSubentry",
                                     "structuralObjectClass")}
            self.root.add_ext_s(dn, ldap.modlist.addModlist(entry),
                                serverctrls=[RELAX])
            return
        changed = sorted(name for name in before.keys() | now.keys()
                         if before.get(name) != now.get(name))
        # The password first, for slapo-ppolicy writes the others with it; an
        # old one comes to the history only once a second.
        if "userPassword" in changed and "pwdHistory" in now:
            self.root.modify_ext_s(dn, [(ldap.MOD_DELETE, "pwdHistory", None)],
                                   serverctrls=[RELAX])
        for names in ([name for name in changed if name == "userPassword"],
                      WITH_A_PASSWORD | set(changed) - {"userPassword"}):
            now = self.read(dn)
            mods = [(ldap.MOD_REPLACE, name, before.get(name))
                    for name in sorted(names)
                    if before.get(name) != now.get(name)]
            if mods:
                self.root.modify_ext_s(dn, mods, serverctrls=[RELAX])


def differing(act, wanted, now):
    """The attributes that are not as ACT should have made them."""
    names = wanted.keys() if act.op == "add" else wanted.keys() | now.keys()
    password = wanted.get("userPassword") != now.get("userPassword")
    for name in sorted(names):
        if wanted.get(name) == now.get(name):
            continue
        if name == "userPassword" and is_hashed(wanted.get(name, ()),
                                                now.get(name, ())):
            continue
        if name in WITH_A_PASSWORD and (password or is_about_password(act)):
            continue
        yield name


def is_about_password(act):
    return act.op == "passwd" or act.op in ("modify", "preread") and any(
        name == "userPassword" for _, name, _ in act.args)


def is_hashed(wanted, stored):
    """One clear password was given, and a strong hash is stored instead."""
    clear, hashed = set(wanted) - set(stored), set(stored) - set(wanted)
    return len(clear) == 1 and len(hashed) == 1 and hashed.pop().startswith(
        b"{ARGON2}$argon2")
