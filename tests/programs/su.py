"""su(1), with contrib/pam.d/su.

SPDX-License-Identifier: BSD-2-Clause
"""

from person import (DaemonDown, Person, case, hostile, password_is, play,
                    secret, version, want)


def su(name, by="lena", environment=None):
    return Person(["su", name, "-c", "id -un; echo here=$?"], by, environment)


@case("a local user becomes dana with dana's password",
      shows="becomes a directory user with that user's password")
def _():
    su("dana").answers("Password: ", secret("dana")).sees("dana", "here=0")


@case("a wrong password is refused")
def _():
    su("dana").answers("Password: ", "Marker-wrong") \
        .is_refused("Authentication failure").never_saw("here=")


@case("a directory user becomes a local one, whom pam_unix knows",
      shows="local users and root as before")
def _():
    su("lena", by="dana").answers("Password: ", "local-lena").sees("here=0")
    su("dana", by="root").sees("here=0").never_saw("Password")


@case("root becomes a local user while the daemon is stopped")
def _():
    with DaemonDown():
        su("lena", by="root").sees("lena", "here=0")
        su("root").answers("Password: ", "local-root").sees("root", "here=0")
        su("dana").answers("Password: ", secret("dana")).is_refused("su:")


@case("olga, whose password has expired, changes it and is in",
      shows="forced change, then the shell")
def _():
    fresh = "a new one for olga"
    su("olga").answers("Password: ", secret("olga")) \
        .sees("required to change your password immediately") \
        .answers("Current password: ", secret("olga")) \
        .answers("New password: ", fresh) \
        .answers("Retype new password: ", fresh).sees("olga", "here=0")
    want(password_is("olga", fresh), "the directory has the old password")


@case("newt signs up at the prompt", shows="sign-up at the prompt")
def _():
    fresh = "a new one for newt"
    su("newt").answers("Password: ", secret("newt")) \
        .answers("Work phone, ten digits: ", "9195550110") \
        .answers("New password: ", fresh) \
        .answers("Retype new password: ", fresh).sees("newt", "here=0")


@case("robot, who may only call APIs, is refused",
      shows="API-only and disabled users refused")
def _():
    su("robot").answers("Password: ", secret("robot")) \
        .is_refused("su:").never_saw("here=")
    su("dieter").answers("Password: ", secret("dieter")) \
        .is_refused("su:").never_saw("here=")


@case("a hostile environment changes nothing",
      shows="hostile environment without effect")
def _():
    bad = hostile("lena")
    su("dana", environment=bad).answers(": ", secret("dana")).sees("here=0")
    su("dana", environment=bad).answers(": ", "Marker-wrong").is_refused("su")
    su("robot", environment=bad).answers(": ", secret("robot")) \
        .is_refused("su:")


@case("the warning of an old password is shown")
def _():
    su("wanda").answers("Password: ", secret("wanda")) \
        .sees("your password will expire in", "here=0")


play("su", version(["su", "--version"], r"util-linux (\S+)"))
