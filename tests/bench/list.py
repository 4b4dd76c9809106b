#!/usr/bin/python3
"""What a look at every user costs: memory that does not grow with their
number, and time against ldapsearch(1) reading the same entries in pages of the
same size, as the same identity.

    list.py DIR

Wants directories of tests/bench/populate in DIR/all and, with a tenth of the
users, DIR/tenth.  Prints medians and their ratios; the exit status is 1 when
one of these is over its limit.
"""
# SPDX-License-Identifier: BSD-2-Clause
import os
import statistics
import subprocess
import sys
import time

TIME_LIMIT = 2.0
MEMORY_LIMIT = 1.1  # of all users to a tenth of them
ROUNDS = 9
PAGE = 500
# The attributes that the library asks for.
ATTRIBUTES = """uid bwAdministrationLevel bwVerificationState bwRole bwAccount
pwdPolicySubentry pwdChangedTime pwdReset pwdEndTime pwdAccountLockedTime
pwdGraceUseTime givenName sn mail bwWorkPhone owner""".split()


class World:
    """A directory, and the environment in which programs find it."""

    def __init__(self, place):
        self.place = place
        self.output = place + ".out"
        shell = subprocess.run(["bash", "-c", '. "$1/env" && env -0', "-",
                                place], stdout=subprocess.PIPE, check=True)
        self.environment = dict(
            line.split("=", 1)
            for line in shell.stdout.decode().split("\0") if line)
        # The programs themselves, not libtool's wrappers.
        built = self.environment["BWDIR_BUILDDIR"]
        self.environment["PATH"] = (built + "/tools/.libs:" +
                                    self.environment["PATH"])
        self.environment["LD_LIBRARY_PATH"] = built + "/libbwdir/.libs"

    def ldapsearch(self, identity, attributes):
        base = self.environment["BWDIR_BASE"]
        return ["ldapsearch", "-LLL", "-o", "ldif-wrap=no", "-H",
                self.environment["BWDIR_LDAPI"],
                "-E", "pr=%d/noprompt" % PAGE, "-b", "ou=people," + base,
                "-s", "one"] + identity + ["(objectClass=bwUser)"] + attributes

    def as_root(self):
        return ["-Q", "-Y", "EXTERNAL"]

    def as_outbox(self):
        return ["-x", "-D",
                "cn=outbox,ou=services," + self.environment["BWDIR_BASE"],
                "-y", self.place + "/secrets/outbox"]

    def run(self, arguments, watch=lambda child: None):
        """Seconds that a program takes; its output goes to a file."""
        with open(self.output, "wb") as file:
            start = time.perf_counter()
            child = subprocess.Popen(arguments, stdout=file,
                                     env=self.environment)
            watch(child)
            if child.wait() != 0:
                sys.exit("%s: exit status %d" %
                         (arguments[0], child.returncode))
            return time.perf_counter() - start

    def memory(self, arguments):
        """KiB at the peak.  Not ru_maxrss, in which the pages count that this
        program had when it started the other."""
        peak = 0

        def watch(child):
            nonlocal peak
            while child.poll() is None:
                with open("/proc/%d/status" % child.pid) as status:
                    for line in status:
                        if line.startswith("VmHWM:"):
                            peak = int(line.split()[1])
                time.sleep(0.001)
        self.run(arguments, watch)
        return peak

    def lines(self, start):
        with open(self.output, "rb") as file:
            return sum(line.startswith(start) for line in file)


def judge(what, value, limit):
    verdict = "ok" if value <= limit else "not ok"
    print("%s - %s: ratio %.2f, limit %.1f" % (verdict, what, value, limit))
    return value <= limit


def compare(worlds, program, search, start, everybody):
    """The program's lines about a user begin with START."""
    world, tenth = worlds
    name = " ".join(program)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(world.run(search))
        users = world.lines(b"dn: ")
        ours.append(world.run(program))
    told = world.lines(start)
    if everybody and told != users:
        sys.exit("%s: tells of %d users, not of %d" % (name, told, users))
    mine, yours = statistics.median(ours), statistics.median(theirs)
    print("%s: %d users of %d: %.3f s, ldapsearch %.3f s" %
          (name, told, users, mine, yours))
    good = judge(name + ": time against ldapsearch", mine / yours, TIME_LIMIT)
    large, small = world.memory(program), tenth.memory(program)
    fewer = tenth.lines(start)
    if not 0 < fewer < told / 5:
        sys.exit("%s: tells of %d users, of a tenth %d" % (name, told, fewer))
    print("%s: %d KiB, of a tenth %d KiB" % (name, large, small))
    return judge(name + ": memory against a tenth", large / small,
                 MEMORY_LIMIT) and good


def main():
    world, tenth = (World(sys.argv[1] + name) for name in ("/all", "/tenth"))
    good = compare((world, tenth), ["bwdir-list", "--json"],
                   world.ldapsearch(world.as_root(), ATTRIBUTES),
                   b'{"user":', True)
    good = compare((world, tenth), ["bwdir-remind", "-n"],
                   world.ldapsearch(world.as_outbox(),
                                    ATTRIBUTES + ["bwMailReminder"]),
                   b"b0", False) and good
    sys.exit(0 if good else 1)


main()
