#!/usr/bin/python3
"""What a list of users costs: memory that does not grow with its length, and
time against ldapsearch(1) reading the same entries in pages of the same size.

    list.py DIR PROGRAM [ARGUMENT...]

Wants a directory of tests/bench/populate in DIR and its DIR/env in the
environment; the program, bwdir-list --json for example, lists everybody, and
with a pattern of user names behind it fewer.  Prints the medians and their
ratios; the exit status is 1 when one of them is over its limit.
"""
# SPDX-License-Identifier: BSD-2-Clause
import os
import statistics
import subprocess
import sys
import time

TIME_LIMIT = 2.0
MEMORY_LIMIT = 1.1  # of all users to a tenth of them
ROUNDS = 7
# The attributes that the library asks for.
ATTRIBUTES = """uid bwAdministrationLevel bwVerificationState bwRole bwAccount
pwdPolicySubentry pwdChangedTime pwdReset pwdEndTime pwdAccountLockedTime
pwdGraceUseTime givenName sn mail bwWorkPhone owner""".split()


def run(arguments, out):
    """Seconds and KiB that a program takes; its output goes to a file."""
    with open(out, "wb") as file:
        start = time.perf_counter()
        child = subprocess.Popen(arguments, stdout=file)
        _, status, usage = os.wait4(child.pid, 0)
        took = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit("%s: exit status %d" % (arguments[0], child.returncode))
    return took, usage.ru_maxrss


def lines(path, start):
    with open(path, "rb") as file:
        return sum(line.startswith(start) for line in file)


def judge(what, value, limit):
    verdict = "ok" if value <= limit else "not ok"
    print("%s - %s: ratio %.2f, limit %.1f" % (verdict, what, value, limit))
    return value <= limit


def main():
    directory, *program = sys.argv[1:]
    search = ["ldapsearch", "-Q", "-Y", "EXTERNAL", "-LLL", "-o",
              "ldif-wrap=no", "-H", os.environ["BWDIR_LDAPI"], "-E",
              "pr=500/noprompt", "-b", "ou=people," + os.environ["BWDIR_BASE"],
              "-s", "one", "(objectClass=bwUser)"] + ATTRIBUTES
    ours, theirs = directory + "/bench.ours", directory + "/bench.theirs"
    times = {"ours": [], "theirs": []}
    for _ in range(ROUNDS):
        took, large = run(program, ours)
        times["ours"].append(took)
        times["theirs"].append(run(search, theirs)[0])
    users = lines(theirs, b"dn: ")
    if lines(ours, b'{"user":') != users:
        sys.exit("the two lists differ in length")
    _, small = run(program + ["b000%s*" % ("0" if users > 5000 else "00")],
                   ours)
    fewer = lines(ours, b'{"user":')
    mine = statistics.median(times["ours"])
    yours = statistics.median(times["theirs"])
    print("%d users: %.2f s, ldapsearch %.2f s" % (users, mine, yours))
    print("%d users: %d KiB; %d users: %d KiB" % (users, large, fewer, small))
    good = judge("time against ldapsearch", mine / yours, TIME_LIMIT)
    good = judge("memory of %d users against %d" % (users, fewer),
                 large / small, MEMORY_LIMIT) and good
    sys.exit(0 if good and 0 < fewer < users / 5 else 1)


main()
