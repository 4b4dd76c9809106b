"""login(1) on a terminal, with contrib/pam.d/login.

SPDX-License-Identifier: BSD-2-Clause
"""

from person import (DaemonDown, Person, case, password_is, play, secret,
                    version, want)


def login(name):
    return Person(["login"]).answers("login: ", name)


def has_shell(person):
    person.sees("$ ").types("id -un; env; echo over=$((40 + 2))") \
        .sees("over=42")
    return person


def ends(person):
    person.types("exit").leaves()


@case("dana gets a shell that knows her rights",
      shows="shell with BWDIR_* in its environment")
def _():
    dana = has_shell(login("dana").answers("Password: ", secret("dana")))
    for line in ("\ndana\n", "BWDIR_LEVEL=basic\n", "BWDIR_ROLES=ordering\n",
                 "BWDIR_ACCOUNTS=5500001\n", "BWDIR_ACCESS=dashboard\n"):
        want(line in dana.shown, "no %s in\n%s" % (line, dana.shown))
    ends(dana)


@case("a wrong password is refused")
def _():
    dana = login("dana").answers("Password: ", "Marker-wrong")
    dana.sees("Login incorrect").goes()


@case("olga changes her expired password and gets a shell",
      shows="forced change in the same login")
def _():
    fresh = "a new one for olga"
    olga = login("olga").answers("Password: ", secret("olga")) \
        .sees("required to change your password immediately") \
        .answers("Current password: ", secret("olga")) \
        .answers("New password: ", "short") \
        .answers("Retype new password: ", "short").sees("too short") \
        .answers("New password: ", fresh) \
        .answers("Retype new password: ", fresh)
    ends(has_shell(olga))
    want(password_is("olga", fresh), "the directory has the old password")


@case("newt signs up at the prompt and gets a shell",
      shows="sign-up at the prompt")
def _():
    fresh = "a new one for newt"
    newt = login("newt").answers("Password: ", secret("newt")) \
        .answers("Work phone, ten digits: ", "9195550110") \
        .answers("New password: ", fresh) \
        .answers("Retype new password: ", fresh)
    ends(has_shell(newt))


@case("wanda is warned", shows="warning of the days left")
def _():
    wanda = login("wanda").answers("Password: ", secret("wanda"))
    wanda.sees("your password will expire in 10 days")
    ends(has_shell(wanda))


@case("robot and dieter are refused",
      shows="API-only and disabled users refused")
def _():
    for name in ("robot", "dieter"):
        person = login(name).answers("Password: ", secret(name))
        person.sees("Login incorrect").never_saw("$ ").goes()


@case("root gets in while the daemon is stopped, lena when it is back",
      shows="root also while the daemon is down")
def _():
    with DaemonDown():
        root = login("root").answers("Password: ", "local-root")
        root.sees("# ").types("exit").leaves()
    lena = login("lena").answers("Password: ", "local-lena")
    ends(has_shell(lena))


play("login", version(["dpkg-query", "-W", "login"], r"1:([0-9.]+)"))
