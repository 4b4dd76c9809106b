"""OpenSSH's sshd, with contrib/sshd/bwdir.conf and contrib/pam.d/sshd.

SPDX-License-Identifier: BSD-2-Clause
"""

import os
import shutil
import subprocess
import time

from person import (DaemonDown, Failed, Person, case, daemon_log, edit, expire,
                    password_is, play, said, secret, version, want)

PORT = "2222"
KEY = "/run/key"
OPTIONS = ["-p", PORT, "-F", "/dev/null", "-o", "StrictHostKeyChecking=no",
           "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
           "-o", "NumberOfPasswordPrompts=1", "-i", KEY]
SHOW = "id -un; env; echo over=$((40 + 2))"


def start():
    """On the loopback of this namespace; a session's output goes nowhere."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", KEY],
                   check=True)
    for name in os.listdir("/etc/ssh"):
        if name.startswith("ssh_host_"):
            os.remove("/etc/ssh/" + name)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                    "/etc/ssh/ssh_host_ed25519_key"], check=True)
    with open("/run/sshd.log", "wb") as log:
        subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-p", PORT, "-o",
                          "ListenAddress=127.0.0.1"], stderr=log,
                         stdin=subprocess.DEVNULL)
    end = time.monotonic() + 10
    while said(["ssh-keyscan", "-p", PORT, "127.0.0.1"])[0].count("ssh-") == 0:
        if time.monotonic() > end:
            raise Failed("sshd does not answer")


def trust_key(name):
    """KEY may come in as NAME."""
    home = "/home/%s/.ssh" % name
    status = os.stat("/home/" + name)
    os.makedirs(home, mode=0o700, exist_ok=True)
    shutil.copy(KEY + ".pub", home + "/authorized_keys")
    for path in (home, home + "/authorized_keys"):
        os.chown(path, status.st_uid, status.st_gid)


def ssh(method, name, *command, tty=False):
    return Person(["ssh", *OPTIONS, *(["-tt"] if tty else []), "-o",
                   "PreferredAuthentications=" + method, name + "@127.0.0.1",
                   *command])


def interactive(name, *command, tty=False):
    return ssh("keyboard-interactive", name, *command, tty=tty)


def is_in(person, name):
    person.sees("over=42")
    want(person.leaves() == 0, person.shown)
    want("\n%s\n" % name in "\n" + person.shown, person.shown)
    return person


def has_rights(person, access="dashboard"):
    for line in ("BWDIR_LEVEL=basic", "BWDIR_ROLES=ordering",
                 "BWDIR_ACCOUNTS=5500001", "BWDIR_ACCESS=" + access):
        want("\n%s\n" % line in person.shown,
             "no %s in\n%s" % (line, person.shown))


@case("it runs, with the example configuration")
def _():
    start()


@case("keyboard-interactive: dana is in, and the session knows her rights",
      shows="keyboard-interactive and key: BWDIR_* in the session")
def _():
    has_rights(is_in(interactive("dana", SHOW)
                     .answers("Password: ", secret("dana")), "dana"))
    want("source=127.0.0.1" in daemon_log(), "no source in the log")


@case("keyboard-interactive: a wrong password is refused")
def _():
    interactive("dana", SHOW).answers("Password: ", "Marker-wrong") \
        .is_refused("Permission denied")


@case("keyboard-interactive: olga changes her expired password and gets a "
      "shell in the same login",
      shows="keyboard-interactive: forced change and a shell in the same "
            "login")
def _():
    fresh = "a new one for olga"
    olga = interactive("olga", tty=True) \
        .answers("Password: ", secret("olga")) \
        .sees("required to change your password immediately") \
        .answers("Current password: ", secret("olga")) \
        .answers("New password: ", "short") \
        .answers("Retype new password: ", "short") \
        .sees("too short: at least 10 characters wanted") \
        .answers("New password: ", fresh) \
        .answers("Retype new password: ", fresh)
    olga.sees("$ ").types(SHOW).sees("over=42").types("exit")
    want(olga.leaves() == 0, olga.shown)
    has_rights(olga)
    want(password_is("olga", fresh), "the directory has the old password")


@case("keyboard-interactive: newt signs up at the prompt and is in",
      shows="keyboard-interactive: sign-up at the prompt")
def _():
    fresh = "a new one for newt"
    newt = interactive("newt", SHOW).answers("Password: ", secret("newt")) \
        .answers("Work phone, ten digits: ", "9195550110") \
        .answers("New password: ", fresh) \
        .answers("Retype new password: ", fresh)
    has_rights(is_in(newt, "newt"))
    want(password_is("newt", fresh), "the password was not set")


@case("keyboard-interactive: wanda is warned",
      shows="keyboard-interactive: warning, if there is a terminal")
def _():
    wanda = interactive("wanda", tty=True)
    wanda.answers("Password: ", secret("wanda"))
    wanda.sees("your password will expire in 10 days", "$ ").types("exit")
    want(wanda.leaves() == 0, wanda.shown)


@case("robot, who may only call APIs, is refused with every method",
      shows="API-only users refused, with a key too")
def _():
    trust_key("robot")
    interactive("robot", SHOW).answers("Password: ", secret("robot")) \
        .is_refused("Permission denied").never_saw("over=42")
    ssh("password", "robot", SHOW).answers("password: ", secret("robot")) \
        .is_refused("Permission denied").never_saw("over=42")
    ssh("publickey", "robot", SHOW).is_refused().never_saw("over=42")


@case("bothy, who may do both, is in")
def _():
    has_rights(is_in(interactive("bothy", SHOW)
                     .answers("Password: ", secret("bothy")), "bothy"),
               "dashboard-api")


@case("password: gina is in, a wrong password is refused",
      shows="password: asks for nothing else")
def _():
    is_in(ssh("password", "gina", SHOW).answers("password: ", secret("gina")),
          "gina")
    ssh("password", "gina", SHOW).answers("password: ", "Marker-wrong") \
        .is_refused("Permission denied")


@case("password: an expired one leads to passwd(1), then to a new login",
      shows="password and key: forced change by passwd(1), then a new login")
def _():
    fresh = "a new one for gina"
    expire("gina")
    gina = ssh("password", "gina", tty=True) \
        .answers("password: ", secret("gina"))
    gina.sees("You must change your password now and login again!") \
        .answers("Current password: ", secret("gina")) \
        .answers("New password: ", fresh) \
        .answers("Retype new password: ", fresh).sees("updated successfully")
    gina.leaves()
    is_in(ssh("password", "gina", SHOW).answers("password: ", fresh), "gina")


@case("key: dana is in without a password, and the session knows her rights",
      shows="key: the account decides")
def _():
    trust_key("dana")
    has_rights(is_in(ssh("publickey", "dana", SHOW), "dana"))


@case("key: an expired user without a terminal is refused",
      shows="key: expired and without a terminal refused")
def _():
    trust_key("olga")
    expire("olga")
    ssh("publickey", "olga", SHOW) \
        .is_refused("Password change required but no TTY available") \
        .never_saw("over=42")


@case("key: an expired user has to change the password, and only then is in")
def _():
    fresh = "yet another for olga"
    olga = ssh("publickey", "olga", tty=True)
    olga.sees("You must change your password now and login again!") \
        .answers("Current password: ", "a new one for olga") \
        .answers("New password: ", fresh) \
        .answers("Retype new password: ", fresh).sees("updated successfully")
    olga.leaves()
    olga.never_saw("$ ")
    is_in(ssh("publickey", "olga", SHOW), "olga")


@case("key: dieter, who is disabled, is refused",
      shows="disabled users refused, with a key too")
def _():
    trust_key("dieter")
    ssh("publickey", "dieter", SHOW).is_refused().never_saw("over=42")
    interactive("dieter", SHOW).answers("Password: ", secret("dieter")) \
        .is_refused("Permission denied").never_saw("over=42")


@case("key: an unverified user is refused")
def _():
    trust_key("bothy")
    edit("bothy", "replace bwVerificationState unverified")
    ssh("publickey", "bothy", SHOW).is_refused().never_saw("over=42")


@case("while the daemon is stopped nobody of the directory is in")
def _():
    with DaemonDown():
        ssh("publickey", "dana", SHOW).is_refused().never_saw("over=42")
        interactive("dana", SHOW).answers("Password: ", secret("dana")) \
            .is_refused("Permission denied").never_saw("over=42")


@case("lena, a local user, is in", shows="local users")
def _():
    is_in(interactive("lena", SHOW).answers("Password: ", "local-lena"),
          "lena")


play("OpenSSH sshd", version(["ssh", "-V"], r"OpenSSH_([0-9.p]+)"))
