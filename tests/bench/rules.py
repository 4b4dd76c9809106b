#!/usr/bin/python3
"""What the access rules cost: an account admin's list of his users, and one
change of one of them, each against the same without any rules.

    rules.py LDAPI BASE SECRET-FILE

Wants a directory of tests/bench/populate and to be its root DN (SASL
EXTERNAL).  Prints the medians and their ratios; the exit status is 1 when one
of them is over 3.
"""
# SPDX-License-Identifier: BSD-2-Clause
import statistics
import sys
import time

import ldap
import ldap.sasl

LIMIT = 3.0
ROUNDS = 40
CHANGES = 25  # in a row, in each round
DATABASE = "olcDatabase={1}mdb,cn=config"
NO_RULES = [b"to * by * write"]


class Bench:
    def __init__(self, uri, base, secret):
        self.base = base
        self.root = ldap.initialize(uri)
        self.root.sasl_interactive_bind_s("", ldap.sasl.external())
        self.admin = ldap.initialize(uri)
        self.admin.simple_bind_s("uid=b0000101,ou=people," + base, secret)
        self.rules = self.root.search_s(
            DATABASE, ldap.SCOPE_BASE, attrlist=["olcAccess"])[0][1]["olcAccess"]
        self.turn = 0

    def use(self, rules):
        self.root.modify_s(DATABASE, [(ldap.MOD_REPLACE, "olcAccess", rules)])

    def listing(self):
        """The users of the admin's account, with all that they show."""
        found = self.admin.search_s(
            "ou=people," + self.base, ldap.SCOPE_ONELEVEL,
            "(bwAccount=cn=5600002,ou=accounts,%s)" % self.base)
        return len(found)

    def change(self):
        """One attribute of one user, whose only account it is."""
        self.turn += 1
        self.admin.modify_s(
            "uid=b0000103,ou=people," + self.base,
            [(ldap.MOD_REPLACE, "givenName", b"Turn %d" % self.turn)])


def timed(act, times):
    start = time.perf_counter()
    for _ in range(times):
        act()
    return (time.perf_counter() - start) / times * 1000


def measure(bench):
    """Milliseconds of both acts, with rules and without, in turns."""
    took = {(what, ruled): [] for what in ("list", "change")
            for ruled in (True, False)}
    for _ in range(ROUNDS):
        for ruled in (True, False):
            bench.use(bench.rules if ruled else NO_RULES)
            bench.listing()
            took["list", ruled].append(timed(bench.listing, 1))
            took["change", ruled].append(timed(bench.change, CHANGES))
    return {key: statistics.median(value) for key, value in took.items()}


def main(uri, base, secret_file):
    with open(secret_file, "rb") as file:
        bench = Bench(uri, base, file.read())
    try:
        users = bench.listing()
        median = measure(bench)
    finally:
        bench.use(bench.rules)
    failed = users < 100
    for what, words in (("list", "list of %d users" % users),
                        ("change", "one change of a user")):
        ratio = median[what, True] / median[what, False]
        failed = failed or ratio > LIMIT
        print("%s - %s: %.2f ms with rules, %.2f ms without, ratio %.2f "
              "(at most %.1f)" % ("ok" if ratio <= LIMIT else "not ok", words,
                                  median[what, True], median[what, False],
                                  ratio, LIMIT))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
