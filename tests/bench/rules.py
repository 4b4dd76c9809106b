#!/usr/bin/python3
"""What the access rules cost: an account admin's list of the users of his
account and one change of one of them, each against the same without rules.

    rules.py DIR      of tests/bench/populate, in whose env this runs

Both as an admin asks for them, with bwdir-list and bwdir-mod over TLS, and as
bare operations on a connection that stands.  Prints the medians in turn and
their ratio; a ratio over 3 fails.  The bare list has no limit: slapd asks the
rules for each attribute of each entry, and one that only looks at the account
of the entry costs 7 times what there is to compare with (HACKING section 8).
"""
# SPDX-License-Identifier: BSD-2-Clause
import os
import statistics
import subprocess
import sys
import time

import ldap
import ldap.sasl

LIMIT = 3.0
ROUNDS = 25
IN_A_ROW = {"change": 25}  # too short to be timed by itself
DATABASE = "olcDatabase={1}mdb,cn=config"
NO_RULES = [b"to * by * write"]
ADMIN, USER, ACCOUNT = "b0000101", "b0000103", "5600002"


class Bench:
    def __init__(self, directory):
        self.base = os.environ["BWDIR_BASE"]
        uri, secret = os.environ["BWDIR_LDAPI"], directory + "/secrets/users"
        self.root = ldap.initialize(uri)
        self.root.sasl_interactive_bind_s("", ldap.sasl.external())
        self.admin = ldap.initialize(uri)
        with open(secret, "rb") as file:
            self.admin.simple_bind_s(self.person(ADMIN), file.read())
        self.login = ["-H", os.environ["BWDIR_LDAPS"], "-D",
                      self.person(ADMIN), "-y", secret]
        self.rules = self.root.search_s(
            DATABASE, ldap.SCOPE_BASE, attrlist=["olcAccess"])[0][1]["olcAccess"]
        self.turn = 0

    def person(self, name):
        return "uid=%s,ou=people,%s" % (name, self.base)

    def use(self, rules):
        self.root.modify_s(DATABASE, [(ldap.MOD_REPLACE, "olcAccess", rules)])

    def run(self, *command):
        return subprocess.run([command[0]] + self.login + list(command[1:]),
                              stdout=subprocess.PIPE, check=True).stdout

    def bwdir_list(self):
        return self.run("bwdir-list", "--account", ACCOUNT).count(b"\n") - 1

    def bwdir_mod(self):
        self.turn += 1
        self.run("bwdir-mod", "--first", "Turn%d" % self.turn, USER)

    def list(self):
        return len(self.admin.search_s(
            "ou=people," + self.base, ldap.SCOPE_ONELEVEL,
            "(bwAccount=cn=%s,ou=accounts,%s)" % (ACCOUNT, self.base)))

    def change(self):
        self.turn += 1
        self.admin.modify_s(self.person(USER), [
            (ldap.MOD_REPLACE, "givenName", b"Turn%d" % self.turn)])


def timed(act, times):
    start = time.perf_counter()
    for _ in range(times):
        act()
    return (time.perf_counter() - start) / times * 1000


def measure(bench, acts):
    """Median milliseconds of each, with rules and without, in turns."""
    took = {(name, ruled): [] for name in acts for ruled in (True, False)}
    for _ in range(ROUNDS):
        for ruled in (True, False):
            bench.use(bench.rules if ruled else NO_RULES)
            for name in acts:
                took[name, ruled].append(
                    timed(getattr(bench, name), IN_A_ROW.get(name, 1)))
    return {key: statistics.median(value) for key, value in took.items()}


def main(directory):
    bench = Bench(directory)
    users = bench.bwdir_list()
    acts = {"bwdir_list": "bwdir-list of %d users" % users,
            "bwdir_mod": "bwdir-mod of one",
            "change": "a change on a connection that stands",
            "list": "a list on a connection that stands, no limit"}
    failed = users < 100 or users != bench.list()
    try:
        median = measure(bench, acts)
    finally:
        bench.use(bench.rules)
    for name, words in acts.items():
        ratio = median[name, True] / median[name, False]
        over = ratio > LIMIT and name != "list"
        failed = failed or over
        print("%s - %s: %.2f ms with rules, %.2f ms without, ratio %.2f" % (
            "not ok" if over else "ok", words, median[name, True],
            median[name, False], ratio))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
