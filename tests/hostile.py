#!/usr/bin/python3
"""Signs in with bwdird behind a directory server that misbehaves in every way
(hostile_ldap.py), one way after the other: the right PAM code, within the
deadline and 0.2 s, less than 50 ms of processor time in the host process, and
the next sign-in, at a server that behaves, works.

    hostile.py SANDBOX BUILD [all]

Without "all" only a part of them, for make check; all of them are tried by
contrib/check --full.
Several ways are tried at a time, each with a bwdird of one worker.  Under a
memory tool (TEST_MEMORY_TOOL) there is one second more, and ten times the
processor time.  Numbers in names are rows of the catalogue of threats.

SPDX-License-Identifier: BSD-2-Clause
"""

import os
import queue
import re
import subprocess
import sys
import threading
import time

from hostile_ldap import HostileServer

SANDBOX, BUILD = sys.argv[1:3]
ALL = sys.argv[3:] == ["all"]
SLOW = "TEST_MEMORY_TOOL" in os.environ
SLACK, PROCESSOR = (1200, 500) if SLOW else (200, 50)
DEADLINE = {"api": 1000, "dashboard": 3000}
LANES = 6

AWAY = "AUTHINFO_UNAVAIL"
CONFIG = "SERVICE_ERR"
WRONG = "AUTH_ERR"
REFUSED_ENTRY = "PERM_DENIED"
PLACES = ["user", "bind"]
CODES = [0, 1, 7, 8, 10, 13, 19, 32, 48, 49, 51, 53, 80, 123]
if ALL:
    PLACES += ["identity", "service", "policy", "whoami"]
    CODES = [*range(124), 255]

# Codes of a bind (RFC 4511 appendix A) that say something about the user, and
# those that say something about us.  To every other there is no answer.
BIND = {0: "SUCCESS", 19: WRONG, 32: WRONG, 34: WRONG, 48: WRONG, 49: WRONG,
        7: CONFIG, 8: CONFIG, 13: CONFIG}
SEARCH = {8: CONFIG, 13: CONFIG}

# draft-behera-ldap-password-policy-10, section 6.2
ERROR = "30038101%02x"
SECONDS_LEFT, GRACE_LEFT = "3005a003800105", "3005a003810103"
# What a policy error means with a bind that is refused, and with one that is
# granted; where it is not here, wrong password and no answer.
REFUSED = {0: "AUTHTOK_EXPIRED"}
GRANTED = {2: "SUCCESS"}  # an API user need not change it
BAD_CONTROLS = {
    "truncated": "30038101", "with a tail": "3003810100ff",
    "of the wrong tag": "31038101ff", "with a negative error": "30038101ff",
    "that is no control": "00",
    "with negative seconds": "3005a0038001ff",
    "with 2^40 seconds": "300aa0088006010000000000",
}
GARBAGE = {
    "length of 4 GiB": "3084ffffffff", "length of 2 GiB": "30847fffffff",
    "indefinite length": "3080020101", "another tag": "0a0100",
    "a text": "48545450",  "zeros": "00" * 64, "nested": "30" * 200,
    "negative id": "300c0201ff61070a010004000400",
    "no operation": "3003020101",
}


class Lane:
    """A bwdird of its own with a server of its own."""

    def __init__(self, number):
        self.home = "%s/../hostile%d" % (SANDBOX, number)
        os.mkdir(self.home)
        self.spoilt = ""
        self.server = HostileServer(
            SANDBOX + "/ldapi", SANDBOX + "/tls/server.pem",
            SANDBOX + "/tls/server.key", lambda: self.spoilt, STRANGE)
        self.log = self.home + "/log"
        self.write_conf()
        self.daemon = subprocess.Popen(
            [BUILD + "/pam_bw/bwdird/bwdird", "-c", self.home + "/conf"])
        self.write_pam()
        for _ in range(1000):
            if self.sign_in("api", "robot")[0] == "SUCCESS":
                return
            time.sleep(0.01)
        raise RuntimeError("bwdird does not serve")

    def write_conf(self):
        with open(SANDBOX + "/bwdir.conf", encoding="ascii") as file:
            text = file.read()
        text = re.sub(r"(?m)^uri = .*", "uri = { 'ldaps://127.0.0.1:%d' }"
                      % self.server.port, text)
        for option, name in ("socket", "/socket"), ("log", "/log"):
            text = re.sub(r"(?m)^    %s = .*" % option, "    %s = '%s%s'"
                          % (option, self.home, name), text)
        text = text.replace("bwdird {", "bwdird {\n    workers = 1")
        with open(self.home + "/conf", "w", encoding="ascii") as file:
            file.write(text)

    def write_pam(self):
        module = BUILD + "/pam_bw/module/.libs/pam_bw.so"
        for kind in DEADLINE:
            with open(self.home + "/" + kind, "w", encoding="ascii") as file:
                for phase in "auth", "account", "password":
                    file.write("%s required %s access=%s socket=%s/socket\n"
                               % (phase, module, kind, self.home))

    def sign_in(self, service, user, password=None, call="auth"):
        """The code's name, and what the call cost in ms: wall, processor."""
        said = subprocess.run(
            [BUILD + "/contrib/try-pam", "-t", service, user, call],
            input=(password or secret(user)) + "\n", capture_output=True,
            text=True, check=False,
            env={**os.environ, "BWDIR_PAM_CONFDIR": self.home}).stdout
        found = re.search(r"^pam_\w+: PAM_(\w+) \(\d+\) (\d+) (\d+)$", said,
                          re.MULTILINE)
        return found.group(1), int(found.group(2)), int(found.group(3))

    def play(self, case):
        self.spoilt = case.spoilt
        if case.spoilt.split()[0] in ("tls", "identity"):
            self.server.drop()
        try:
            complaint = self.judge(case, *self.try_case(case))
        finally:
            self.spoilt = ""
        good = self.sign_in("dashboard", "dana")
        if good[0] != "SUCCESS":
            complaint += "; afterwards %s after %d ms" % good[:2]
        if self.server.trapped():
            complaint += "; a referral was followed"
        return complaint.lstrip("; ")

    def try_case(self, case):
        """A busy machine may be past the deadline for reasons of its own."""
        for _ in range(3):
            outcome = self.sign_in(case.service, case.user, case.password,
                                   case.call)
            if case.wanted == AWAY or outcome[0] != AWAY:
                break
        return outcome

    @staticmethod
    def judge(case, code, wall, processor):
        complaint = ""
        if code != case.wanted:
            complaint = "%s, %s wanted" % (code, case.wanted)
        if wall > DEADLINE[case.service] + SLACK:
            complaint += "; %d ms" % wall
        if processor >= PROCESSOR:
            complaint += "; %d ms of the processor" % processor
        return complaint


class Case:
    def __init__(self, what, spoilt, wanted=AWAY, user="robot",
                 service="api", password=None, call="auth"):
        self.what, self.spoilt, self.wanted = what, spoilt, wanted
        self.user, self.service = user, service
        self.password, self.call = password, call


def secret(user):
    with open("%s/secrets/%s" % (SANDBOX, user), encoding="ascii") as file:
        return file.read()


def tls_cases():
    yield Case("027 TLS: silent", "tls silent")
    for count in range(1, 7):
        yield Case("028 TLS: %d bytes, then silent" % count,
                   "tls partial %d" % count)
    yield Case("028 TLS: drips", "tls drip 100")
    yield Case("036 TLS: reset", "tls reset")
    yield Case("036 TLS: closed", "tls close")
    yield Case("023 TLS: a text in its place", "tls plain")
    yield Case("024 TLS: a certificate of nobody's", "tls strange")
    yield Case("027 TLS: silent, dashboard", "tls silent", user="dana",
               service="dashboard")


def answer_cases():
    for place in PLACES:
        yield Case("033 %s: silent" % place, place + " silent")
        yield Case("034 %s: 3 bytes, then silent" % place,
                   place + " partial 3")
        yield Case("034 %s: drips" % place, place + " drip 120")
        yield Case("036 %s: closed" % place, place + " close")
        yield Case("036 %s: reset" % place, place + " reset")
        yield Case("040 %s: an id nobody used" % place, place + " wrong_id")
        yield Case("040 %s: the id of the question before" % place,
                   place + " old_id")
        yield Case("029 %s: a referral" % place, place + " referral")
    for place in "service", "user", "policy":
        if place not in PLACES:
            continue
        yield Case("042 %s: without end" % place, place + " flood")
    # An entry is known by its name then, the rest of the answer is missing.
    for place, wanted in (("user", REFUSED_ENTRY), ("policy", REFUSED_ENTRY),
                          ("bind", AWAY), ("whoami", AWAY)):
        yield Case("042 %s: longer than 256 KiB" % place,
                   place + " longer 262144", wanted)
    for size in 262144, 4000000:
        yield Case("042 user: half of %d bytes, then silent" % size,
                   "user half %d" % size)
    for place in PLACES[:2] if ALL else PLACES[:1]:
        for what, digits in GARBAGE.items():
            yield Case("039 %s: %s" % (place, what),
                       "%s bytes_of %s" % (place, digits))
    yield Case("043 two entries for one name", "user twins", REFUSED_ENTRY)
    yield Case("033 bind: silent, dashboard", "bind silent", user="dana",
               service="dashboard")


def code_cases():
    """Every result code (row 7 and 38)."""
    for code in CODES:
        yield Case("007 bind: result code %d" % code, "bind code %d" % code,
                   BIND.get(code, AWAY))
    for place in set(PLACES) & {"service", "user", "policy"}:
        for code in [1, 2, 3, 4, 8, 11, 12, 13, 50, 51, 52, 53, 80, 123]:
            yield Case("038 %s: result code %d" % (place, code),
                       "%s code %d" % (place, code), SEARCH.get(code, AWAY))
    yield Case("003 bind: granted, and nobody is bound", "bind code 0",
               password="Marker-wrong")
    yield Case("003 whoami: nobody", "whoami code 0")


def policy_cases():
    for error in range(10):  # 9 does not exist
        control = ERROR % error
        yield Case("008 refused with policy error %d" % error,
                   "bind code 49 " + control, REFUSED.get(error, WRONG))
        yield Case("008 granted with policy error %d" % error,
                   "bind code 0 " + control, GRANTED.get(error, AWAY))
        yield Case("008 busy with policy error %d" % error,
                   "bind code 51 " + control)
    for what, control in BAD_CONTROLS.items():
        for code in 0, 49:
            yield Case("046 code %d with a control %s" % (code, what),
                       "bind code %d %s" % (code, control))
    for code in 0, 49:
        yield Case("046 code %d with two controls" % code,
                   "bind code %d %s %s" % (code, ERROR % 0, ERROR % 0))
    for control in SECONDS_LEFT, GRACE_LEFT:
        yield Case("008 granted with a warning", "bind code 0 " + control,
                   "SUCCESS")
        yield Case("008 refused with a warning", "bind code 49 " + control,
                   WRONG)


def time_cases():
    """A change time that is not there, or is not to be believed: the password
    must be changed (the server has not said so)."""
    for what, values in (
            ("missing", ""), ("without a value", "-"), ("a word", "never"),
            ("negative", "-1"), ("seconds", "1800000000"),
            ("of 20 digits", "20260101000000000000Z"),
            ("with leading zeros", "000020260101000000Z"),
            ("in month 13", "20261301000000Z"),
            ("without a zone", "20260101000000"),
            ("of two values", "20260101000000Z 20260102000000Z")):
        for call in "auth", "acct":
            yield Case("049 050 a change time %s, %s" % (what, call),
                       "user change_times " + values,
                       "SUCCESS" if call == "auth" else "NEW_AUTHTOK_REQD",
                       user="dana", service="dashboard", call=call)


def change_cases():
    """The new password is not asked for when the old one cannot be tried."""
    for fault in "silent", "reset", "referral":
        yield Case("033 old password: %s" % fault, "bind " + fault,
                   user="dana", service="dashboard", call="chauthtok")


def work(number, cases, failures):
    lane = None
    try:
        lane = Lane(number)
        while True:
            case = cases.get_nowait()
            complaint = lane.play(case)
            print("%s - %s%s" % ("not ok" if complaint else "ok", case.what,
                                 "\n    " + complaint if complaint else ""),
                  flush=True)
            if complaint:
                failures.append(case)
    except queue.Empty:
        pass
    except Exception as reason:  # whatever it is: the test has failed
        failures.append(reason)
        print("not ok - lane %d: %r" % (number, reason), flush=True)
    if lane is not None:
        lane.daemon.terminate()
        lane.daemon.wait()


STRANGE = [SANDBOX + "/../strange.pem", SANDBOX + "/../strange.key"]


def main():
    cases, failures = queue.Queue(), []
    # What waits for a deadline first.
    for kind in (tls_cases, answer_cases, change_cases, policy_cases,
                 time_cases, code_cases):
        for case in kind():
            cases.put(case)
    total = cases.qsize()
    lanes = [threading.Thread(target=work, args=(number, cases, failures))
             for number in range(LANES)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    print("# %d ways, %d failures" % (total, len(failures)))
    sys.exit(1 if failures or not cases.empty() else 0)


if __name__ == "__main__":
    main()
