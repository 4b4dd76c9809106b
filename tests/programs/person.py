"""A person at a terminal, and the list of what was shown, for the drivers of
this folder.

A driver is a list of cases: functions with the decorator `case`.  Each is one
check; what `shows=` says goes into README's table when the case has passed.
At its end a driver calls play().

SPDX-License-Identifier: BSD-2-Clause
"""

import os
import pty
import pwd
import re
import select
import signal
import subprocess
import sys
import time

LIMIT = 20  # seconds for each thing to be seen
PATH = "/usr/bin:/bin"
cases = []

# What libldap, GnuTLS, OpenSSL, libc and bwdir's tools heed elsewhere.  With
# it goes an ldaprc in HOME, which is the working directory too.
HOSTILE = {
    "LDAPURI": "ldap://127.0.0.1:1", "LDAPBASE": "dc=evil",
    "LDAPBINDDN": "cn=evil", "LDAPCONF": "/run/evil/ldaprc",
    "LDAPRC": "ldaprc", "LDAPNOINIT": "", "LDAPREFERRALS": "on",
    "LDAPNETWORK_TIMEOUT": "9999", "LDAPTIMELIMIT": "-1",
    "LDAPTLS_REQCERT": "never", "LDAPTLS_CACERT": "/dev/null",
    "LDAPTLS_CIPHER_SUITE": "NULL", "LDAPSASL_SECPROPS": "none",
    "SSL_CERT_FILE": "/dev/null", "SSL_CERT_DIR": "/run/evil",
    "OPENSSL_CONF": "/run/evil/ldaprc", "SSLKEYLOGFILE": "/run/evil/keys",
    "GNUTLS_SYSTEM_PRIORITY_FILE": "/dev/null", "GNUTLS_DEBUG_LEVEL": "9",
    "GNUTLS_FORCE_FIPS_MODE": "1", "LD_BIND_NOW": "1", "LD_DEBUG": "libs",
    "MALLOC_PERTURB_": "85", "TZ": ":/etc/shadow", "LANG": "tr_TR.UTF-8",
    "LC_ALL": "tr_TR.UTF-8", "TMPDIR": "/run/evil", "IFS": "/",
    "BWDIR_CONF": "/dev/null", "BWDIR_SOCKET": "/dev/null",
    "BWDIR_PAM_CONFDIR": "/run/evil", "BWDIR_LEVEL": "admin",
    "BWDIR_ROLES": "ordering",
}


class Failed(Exception):
    """What was wanted did not happen."""


def case(what, shows=None):
    def note(function):
        cases.append((what, shows, function))
        return function
    return note


def want(true, what):
    if not true:
        raise Failed(what)


def secret(name):
    """Password of a sandbox user; newt's sign-up code."""
    with open("/run/sandbox/secrets/" + name, encoding="ascii") as file:
        return file.read().strip()


def become(name):
    """In a child: the rights and the place of a user."""
    user = pwd.getpwnam(name)
    os.initgroups(name, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.chdir(user.pw_dir)


class Person:
    """Runs a command on a pseudo-terminal, as NAME or as root."""

    def __init__(self, command, name="root", environment=None):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE):
                    signal.signal(number, signal.SIG_DFL)
                become(name)
                os.execvpe(command[0], command, {
                    "PATH": PATH, "TERM": "dumb", "LC_ALL": "C",
                    "HOME": pwd.getpwnam(name).pw_dir, **(environment or {})})
            finally:
                os._exit(127)
        self.shown = ""
        self.seen = 0

    def read(self, seconds):
        """False when the terminal is closed."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 4096)
        except OSError:
            data = b""
        self.shown += data.decode(errors="replace").replace("\r\n", "\n")
        return data != b""

    def sees(self, *texts):
        """Waits for one text after the other."""
        for text in texts:
            end = time.monotonic() + LIMIT
            while self.shown.find(text, self.seen) < 0:
                if time.monotonic() > end or not self.read(0.1):
                    raise Failed("not seen: %s\n%s" % (text, self.shown))
            self.seen = self.shown.find(text, self.seen) + len(text)
        return self

    def types(self, text):
        os.write(self.fd, text.encode() + b"\n")
        return self

    def answers(self, prompt, text):
        return self.sees(prompt).types(text)

    def presses(self, key):
        """A control key: presses("D") is the end of input."""
        os.write(self.fd, bytes([ord(key) & 0x1f]))
        return self

    def leaves(self):
        """Reads until the command has ended; its exit status."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end and self.read(0.1):
            pass
        if time.monotonic() >= end:
            self.goes()
            raise Failed("did not end\n" + self.shown)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def goes(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)

    def is_refused(self, *texts):
        self.sees(*texts)
        status = self.leaves()
        want(status != 0, "it ended with 0\n" + self.shown)
        return self

    def never_saw(self, text):
        want(text not in self.shown, "seen: %s\n%s" % (text, self.shown))
        return self


def said(command, **more):
    """Output of a command, both kinds; its exit status."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, check=False,
                          timeout=LIMIT, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **more)
    return done.stdout, done.returncode


def edit(name, *changes):
    """Edits a user's entry, past every rule."""
    text, status = said([os.environ["top_srcdir"] + "/tests/edit-entry",
                         "uid=%s,ou=people" % name, *changes])
    want(status == 0, text)


def expire(name):
    """Makes a password 91 days old."""
    then = time.gmtime(time.time() - 91 * 86400)
    edit(name, "replace pwdChangedTime " + time.strftime("%Y%m%d%H%M%SZ",
                                                         then))


def password_is(name, text):
    """True when the directory takes that password."""
    return said(["ldapwhoami", "-x", "-H", os.environ["BWDIR_LDAPI"], "-D",
                 "uid=%s,ou=people,dc=example,dc=com" % name, "-w", text]
                )[1] == 0


def hostile(*names):
    """HOSTILE, with what it points at, for these users."""
    os.makedirs("/run/evil", exist_ok=True)
    places = ["/run/evil/ldaprc"]
    for name in names:
        home = pwd.getpwnam(name).pw_dir
        places += [home + "/ldaprc", home + "/.ldaprc"]
    for place in places:
        with open(place, "w", encoding="ascii") as file:
            file.write("URI ldap://127.0.0.1:1\nTLS_REQCERT never\n"
                       "BASE dc=evil\nTLS_CACERT /dev/null\n")
    return HOSTILE


def daemon_log(since=0):
    with open("/var/log/bwdird.log", encoding="ascii") as file:
        file.seek(since)
        return file.read()


class DaemonDown:
    """with DaemonDown(): nobody answers at bwdird's socket."""

    def __enter__(self):
        with open("/run/bwdird.pid", encoding="ascii") as file:
            self.pid = int(file.read())
        os.kill(self.pid, signal.SIGSTOP)

    def __exit__(self, *_):
        os.kill(self.pid, signal.SIGCONT)


def version(command, pattern):
    found = re.search(pattern, said(command)[0])
    return found.group(1) if found else "?"


def play(program, number):
    """Plays the cases of a driver and ends it."""
    failures = 0
    with open(os.environ["RESULTS"], "a", encoding="utf-8") as results:
        results.write("program\t%s\t%s\n" % (program, number))
        for what, shows, function in cases:
            try:
                function()
                print("ok - %s: %s" % (program, what), flush=True)
                if shows:
                    results.write("shows\t%s\n" % shows)
            except Exception as reason:  # whatever it is, the next case
                failures += 1
                print("not ok - %s: %s" % (program, what))
                print("    " + str(reason).replace("\n", "\n    "),
                      flush=True)
    if failures:
        print("    bwdird: " + daemon_log()[-2000:].replace("\n", "\n    "))
    sys.exit(1 if failures else 0)
