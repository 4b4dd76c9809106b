"""passwd(1), with contrib/pam.d/passwd: the own password, in the directory.

SPDX-License-Identifier: BSD-2-Clause
"""

from person import (DaemonDown, Person, case, password_is, play, secret,
                    version, want)


def passwd(name, *arguments):
    return Person(["passwd", *arguments], name)


def change(person, old, new, again=None):
    return person.answers("Current password: ", old) \
        .answers("New password: ", new) \
        .answers("Retype new password: ", again or new)


@case("dana changes her password in the directory",
      shows="changes the password in the directory")
def _():
    dana = change(passwd("dana"), secret("dana"), "a new one for dana")
    dana.sees("updated successfully")
    want(dana.leaves() == 0, "it failed")
    want(password_is("dana", "a new one for dana"), "it was not changed")
    want(not password_is("dana", secret("dana")), "the old one works on")


@case("an expired password is changed as well")
def _():
    olga = change(passwd("olga"), secret("olga"), "a new one for olga")
    want(olga.leaves() == 0, olga.shown)
    want(password_is("olga", "a new one for olga"), "it was not changed")


@case("the server's objections are shown, and three tries are given",
      shows="the server's objections in words, three tries")
def _():
    dana = change(passwd("dana"), "a new one for dana", "short")
    dana.sees("the password is too short: at least 10 characters wanted")
    dana.answers("New password: ", "one thing or another") \
        .answers("Retype new password: ", "something else")
    dana.sees("Sorry, passwords do not match.")
    dana.answers("New password: ", "a better one for dana") \
        .answers("Retype new password: ", "a better one for dana")
    want(dana.leaves() == 0, dana.shown)
    want(password_is("dana", "a better one for dana"), "it was not changed")


@case("an end of input in the middle changes nothing")
def _():
    dana = passwd("dana").answers("Current password: ",
                                  "a better one for dana")
    dana.sees("New password: ").presses("D").leaves()
    want(password_is("dana", "a better one for dana"), "it was changed")


@case("a wrong old password is refused")
def _():
    passwd("dana").answers("Current password: ", "Marker-wrong") \
        .is_refused("passwd:")


@case("root is asked for the old password too",
      shows="root needs the user's old password too")
def _():
    passwd("root", "gina").answers("Current password: ", "Marker-wrong") \
        .is_refused("passwd:")
    want(password_is("gina", secret("gina")), "it was changed")


@case("a local user's password is changed in /etc/shadow", shows="local users")
def _():
    lena = passwd("lena").answers("urrent password: ", "local-lena")
    lena.answers("New password: ", "Xq7-long-and-local") \
        .answers("Retype new password: ", "Xq7-long-and-local")
    want(lena.leaves() == 0, lena.shown)


@case("nothing is changed while the daemon is stopped")
def _():
    with DaemonDown():
        gina = passwd("gina").answers("Current password: ", secret("gina"))
        want(gina.leaves() != 0, gina.shown)
    want(password_is("gina", secret("gina")), "it was changed")


play("passwd", version(["dpkg-query", "-W", "passwd"], r"1:([0-9.]+)"))
