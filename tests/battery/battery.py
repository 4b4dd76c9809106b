#!/usr/bin/python3
"""The hostile battery: each of the identities (world.py) tries each of the
acts (acts.py) over raw LDAP, and once more with the Relax control.

Every pair has a result in the tables (expected/TARGET): a row for an act, a
column for an identity.  A number is a result code of RFC 4511 (0 works, 50
is not permitted, 32 is not seen, 53 is refused to who has not bound, 19, 21,
65 are against syntax or schema); n0, n1, … is how many entries or values a
search showed.  A row "ACT relax" says what the Relax control changes; without
such a row it changes nothing.  A pair without a result, and a row without an
act, fail.

What is refused must have changed nothing in the whole directory, what works
exactly what it says; that is taken back before the next act.

    battery.py [--observe DIR]    wants the environment of a sandbox

--observe writes tables of what was seen, to be reviewed by somebody.
"""
# SPDX-License-Identifier: BSD-2-Clause
import os
import sys
import time

import ldap

from acts import RELAX, all_acts
from state import State
from world import IDENTITIES, World

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "expected")
WRITES = ("modify", "add", "delete", "rename", "passwd", "preread")
# Who manages the directory may relax its rules; and where the same act on
# another target says enough.
UNRELAXED = ("operator", "foreign")
BATCH = 50


def perform(connection, act, controls):
    """The result of an act as the tables have it."""
    controls = list(act.controls) + controls
    try:
        if act.op in ("modify", "preread"):
            mods = [(verb, name, value) for verb, name, value in act.args]
            answer = connection.modify_ext_s(act.dn, mods, controls)
            return "0" if act.op == "modify" else shown(answer[3])
        if act.op == "add":
            connection.add_ext_s(act.dn, list(act.args.items()), controls)
        elif act.op == "delete":
            connection.delete_ext_s(act.dn, controls)
        elif act.op == "rename":
            name, above, old = act.args
            connection.rename_s(act.dn, name, above, old, controls)
        elif act.op == "passwd":
            connection.passwd_s(act.dn, *act.args)
        elif act.op == "compare":
            return "6" if connection.compare_s(act.dn, *act.args) else "5"
        else:
            return "n%d" % search(connection, act)
    except ldap.LDAPError as error:
        return str(error.args[0]["result"])
    return "0"


def search(connection, act):
    scope, condition, attribute = act.args
    found = connection.search_s(act.dn, scope, condition, [attribute])
    if attribute == "1.1":
        return len(found)
    return sum(len(values) for _, entry in found for values in entry.values())


def shown(controls):
    return "n%d" % sum(len(control.entry) for control in controls
                       if hasattr(control, "entry"))


class Tables:
    """The expected results: {(target, act): {identity: result}}."""

    def __init__(self, targets):
        self.rows = {}
        self.used = set()
        for target in targets:
            with open(os.path.join(HERE, target), encoding="ascii") as file:
                for line in file:
                    if line.strip() and not line.startswith("#"):
                        self.take(target, line)

    def take(self, target, line):
        name, _, cells = line.partition("|")
        key = (target, name.strip())
        if key in self.rows or len(cells.split()) != len(IDENTITIES):
            sys.exit("%s: %s: doubled, or not %d results" % (
                key + (len(IDENTITIES),)))
        self.rows[key] = dict(zip(IDENTITIES, cells.split()))

    def wanted(self, target, name, identity, relaxed):
        for words in ([name + " relax"] if relaxed else []) + [name]:
            if (target, words) in self.rows:
                self.used.add((target, words))
                return self.rows[target, words][identity]
        return None


class Battery:
    def __init__(self, targets):
        self.world = World(os.environ)
        self.state = State(self.world)
        self.tables = Tables(targets)
        self.seen = {}
        self.pairs = self.worked = 0
        self.failures = []
        self.pending = []

    def fail(self, words):
        self.failures.append(words)

    def run(self):
        for identity in IDENTITIES:
            pairs, before = self.pairs, len(self.failures)
            for target, name, act in all_acts(self.world, identity):
                self.attempt(identity, target, name, act, False)
                if act.op in WRITES and act.op != "passwd" and not (
                        {identity, target} & set(UNRELAXED)):
                    self.attempt(identity, target, name, act, True)
            self.nothing_changed()
            if self.state.dump() != self.state.entries:
                self.fail("%s: the directory is not as before" % identity)
            if self.tables.rows:
                print("%s - %s tries %d acts" % (
                    "ok" if len(self.failures) == before else "not ok",
                    identity, self.pairs - pairs))
        for row in sorted(self.tables.rows.keys() - self.tables.used):
            self.fail("@%s %s: no such act" % row)

    def attempt(self, identity, target, name, act, relaxed):
        pair = "%s: %s @%s%s" % (identity, name, target,
                                 " with relax" if relaxed else "")
        result = perform(self.world.connections[identity], act,
                         [RELAX] if relaxed else [])
        self.pairs += 1
        self.seen[target, name, relaxed, identity] = result
        wanted = self.tables.wanted(target, name, identity, relaxed)
        if wanted is None:
            self.fail(pair + ": no result is expected")
        elif wanted != result:
            self.fail("%s: %s expected, got %s" % (pair, wanted, result))
        if act.op not in WRITES:
            return
        if result != "0" and not result.startswith("n"):
            self.pending.append(pair)
            if len(self.pending) == BATCH:
                self.nothing_changed()
            return
        # slapd says so, and does nothing, where it cannot show the entry.
        if not self.state.look() and act.op == "preread":
            return
        # What one of the refused acts before it did would show here, too.
        self.pending = []
        self.worked += 1
        for difference in self.state.differences(act):
            self.fail("%s: did more or less: %s" % (pair, difference))
        for dn in self.state.restore():
            self.fail("%s: %s is not as before" % (pair, dn))

    def nothing_changed(self):
        """None of the acts since the last look, all refused, did anything."""
        touched = self.state.look() if self.pending else ()
        if touched:
            self.fail("refused, but %s changed, by one of: %s" % (
                ", ".join(touched), "; ".join(self.pending)))
            self.state.restore()
        self.pending = []

    def observe(self, directory):
        targets = {}
        for target, name, relaxed, identity in self.seen:
            rows = targets.setdefault(target, {})
            words = name + " relax" if relaxed else name
            rows.setdefault(words, {})[identity] = \
                self.seen[target, name, relaxed, identity]
        for target, rows in targets.items():
            path = os.path.join(directory, target)
            with open(path, "w", encoding="ascii") as file:
                write_table(file, target, rows)


def write_table(file, target, rows):
    def line(name, cells):
        file.write("%-42s|%s\n" % (name, "".join(
            " %*s" % (len(identity[:6]), cell)
            for identity, cell in zip(IDENTITIES, cells))))

    file.write("# What comes of acts on @%s; battery.py tells how to read "
               "this.\n# SPDX-License-Identifier: BSD-2-Clause\n" % target)
    line("# act", [identity[:6] for identity in IDENTITIES])
    for name, cells in rows.items():
        plain = rows.get(name[:-len(" relax")]) if name.endswith(
            " relax") else None
        if plain is not None:
            cells = dict(plain, **cells)
            if cells == plain:
                continue
        line(name, [cells[identity] for identity in IDENTITIES])


def main(arguments):
    start = time.monotonic()
    observing = arguments[:1] == ["--observe"]
    battery = Battery([] if observing else sorted(os.listdir(HERE)))
    battery.run()
    if observing:
        battery.observe(arguments[1])
        return 0
    for words in battery.failures:
        print("not ok - " + words)
    print("%s - %d identities, %d pairs of who and what, %d of which work: "
          "%d differ (%.1f s)" % (
              "not ok" if battery.failures else "ok", len(IDENTITIES),
              battery.pairs, battery.worked, len(battery.failures),
              time.monotonic() - start))
    return 1 if battery.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
