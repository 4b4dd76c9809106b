"""pam_bw among pam_unix, pam_pwquality and pam_faillock, with contrib/pam.d's
stack-*: the calls of a login service, made by try-pam.

SPDX-License-Identifier: BSD-2-Clause
"""

import os

from person import (DaemonDown, Person, case, expire, password_is, play, said,
                    secret, version, want)

TRY = os.environ["top_builddir"] + "/contrib/try-pam"
NEW = "Xq7-a-new-password"
THIRD = "Wv3=third.and~last"
OTHER = "zt5/Quite*another+one"


def calls(service, name, *words):
    return Person([TRY, service, name, *words])


def ends(person, *texts):
    """The codes, in order, and nothing more is asked."""
    prompts = person.shown.count("prompt:")
    person.sees(*texts)
    person.leaves()
    want(person.shown.count("prompt:") == prompts,
         "more was asked\n" + person.shown)


def signs_in(service, name, password):
    person = calls(service, name).answers("prompt: Password: ", password)
    ends(person, "pam_authenticate: PAM_SUCCESS", "pam_acct_mgmt: PAM_SUCCESS")


def fails(service, name, password, code="PAM_AUTH_ERR"):
    person = calls(service, name, "auth")
    person.answers("prompt: Password: ", password)
    ends(person, "pam_authenticate: " + code)


def local_user(name, password):
    text, status = said(["useradd", "-m", name])
    want(status == 0, text)
    set_local(name, password)


def set_local(name, password):
    text, status = said(["sh", "-c", "echo \"$1\" | chpasswd", "-",
                         name + ":" + password])
    want(status == 0, text)


def local_password_is(name, password):
    """By pam_unix alone, through a service of its own."""
    with open("/etc/pam.d/unix-only", "w", encoding="ascii") as file:
        file.write("auth required pam_unix.so nodelay\n")
    person = calls("unix-only", name, "auth")
    person.answers("prompt: Password: ", password)
    return person.leaves() == 0


@case("below pam_unix one prompt serves local users and the directory's",
      shows="below pam_unix: one prompt for both kinds of users")
def _():
    signs_in("stack-below-unix", "dana", secret("dana"))
    signs_in("stack-below-unix", "lena", "local-lena")
    fails("stack-below-unix", "dana", "Marker-wrong")


@case("below pam_unix a new password goes where the user is")
def _():
    person = calls("stack-below-unix", "wanda", "chauthtok")
    person.answers("prompt: Current password: ", secret("wanda")) \
        .answers("prompt: New password: ", NEW) \
        .answers("prompt: Retype new password: ", NEW)
    ends(person, "pam_chauthtok: PAM_SUCCESS")
    want(password_is("wanda", NEW), "it was not changed")
    # pam_unix asks root for no old password.
    person = calls("stack-below-unix", "lena", "chauthtok")
    person.answers("prompt: New password: ", NEW) \
        .answers("prompt: Retype new password: ", NEW)
    ends(person, "pam_chauthtok: PAM_SUCCESS")
    want(local_password_is("lena", NEW), "it was not changed")
    set_local("lena", "local-lena")


@case("below pam_unix an expired password is changed in the same login")
def _():
    person = calls("stack-below-unix", "olga", "auth", "acct", "chauthtok")
    person.answers("prompt: Password: ", secret("olga"))
    person.sees("PAM_NEW_AUTHTOK_REQD")
    person.answers("prompt: Current password: ", secret("olga")) \
        .answers("prompt: New password: ", NEW) \
        .answers("prompt: Retype new password: ", NEW)
    ends(person, "pam_chauthtok: PAM_SUCCESS")
    want(password_is("olga", NEW), "it was not changed")


@case("above pam_unix a password is changed in both, with one question",
      shows="above pam_unix: one password, changed in the directory and in "
            "/etc/shadow")
def _():
    local_user("carl", secret("carl"))
    person = calls("stack-in-step", "carl", "chauthtok")
    person.answers("prompt: Current password: ", secret("carl")) \
        .answers("prompt: New password: ", NEW) \
        .answers("prompt: Retype new password: ", NEW)
    ends(person, "pam_chauthtok: PAM_SUCCESS")
    want(password_is("carl", NEW), "the directory has the old one")
    want(local_password_is("carl", NEW), "/etc/shadow has the old one")


@case("above pam_unix a refusal of the directory changes neither")
def _():
    person = calls("stack-in-step", "carl", "chauthtok")
    person.answers("prompt: Current password: ", NEW)
    for _ in range(3):
        person.answers("prompt: New password: ", "Xq7-") \
            .answers("prompt: Retype new password: ", "Xq7-") \
            .sees("the password is too short")
    ends(person, "pam_chauthtok: PAM_AUTHTOK_ERR")
    want(password_is("carl", NEW), "the directory's was changed")
    want(local_password_is("carl", NEW), "/etc/shadow's was changed")


@case("above pam_unix local users are served while the daemon is down",
      shows="local users while the daemon is down")
def _():
    with DaemonDown():
        person = calls("stack-in-step", "lena", "auth")
        person.answers("prompt: Password: ", "local-lena")
        ends(person, "pam_authenticate: PAM_SUCCESS")
        fails("stack-in-step", "dana", secret("dana"))


@case("below pam_pwquality a weak password never gets to the directory",
      shows="below pam_pwquality, with use_authtok")
def _():
    person = calls("stack-pwquality", "gina", "chauthtok")
    person.answers("prompt: Current password: ", secret("gina"))
    for _ in range(3):
        person.answers("prompt: New password: ", "password").sees("BAD")
    ends(person, "pam_chauthtok: PAM_")
    want(password_is("gina", secret("gina")), "it was changed")


@case("below pam_pwquality a strong one is set; what the directory objects to "
      "is said")
def _():
    person = calls("stack-pwquality", "gina", "chauthtok")
    person.answers("prompt: Current password: ", secret("gina")) \
        .answers("prompt: New password: ", NEW) \
        .answers("prompt: Retype new password: ", NEW)
    ends(person, "pam_chauthtok: PAM_SUCCESS")
    want(password_is("gina", NEW), "it was not changed")
    person = calls("stack-pwquality", "gina", "chauthtok")
    person.answers("prompt: Current password: ", NEW) \
        .answers("prompt: New password: ", OTHER) \
        .answers("prompt: Retype new password: ", OTHER)
    ends(person, "pam_chauthtok: PAM_SUCCESS")
    # Reused: pam_pwquality sees only that it differs from the last one.
    person = calls("stack-pwquality", "gina", "chauthtok")
    person.answers("prompt: Current password: ", OTHER) \
        .answers("prompt: New password: ", NEW) \
        .answers("prompt: Retype new password: ", NEW)
    person.sees("error text:")
    ends(person, "pam_chauthtok: PAM_AUTHTOK_ERR")


@case("below pam_pwquality an expired password is changed in the same login")
def _():
    expire("gina")
    person = calls("stack-pwquality", "gina", "auth", "acct", "chauthtok")
    person.answers("prompt: Password: ", OTHER).sees("PAM_NEW_AUTHTOK_REQD")
    person.answers("prompt: Current password: ", OTHER) \
        .answers("prompt: New password: ", THIRD) \
        .answers("prompt: Retype new password: ", THIRD)
    ends(person, "pam_chauthtok: PAM_SUCCESS")
    want(password_is("gina", THIRD), "it was not changed")


def make_tally_directory():
    """As a line of tmpfiles.d(5) does on a machine that starts."""
    os.makedirs("/run/faillock", exist_ok=True)


@case("inside pam_faillock three failures lock the user on this host",
      shows="inside pam_faillock: counts wrong passwords, not an unreachable "
            "daemon")
def _():
    make_tally_directory()
    for _ in range(3):
        fails("stack-faillock", "rolf", "Marker-wrong")
    fails("stack-faillock", "rolf", secret("rolf"))
    want(password_is("rolf", secret("rolf")), "the directory has locked it")
    said(["faillock", "--user", "rolf", "--reset"])
    signs_in("stack-faillock", "rolf", secret("rolf"))


@case("inside pam_faillock a success starts anew")
def _():
    for _ in range(2):
        fails("stack-faillock", "dana", "Marker-wrong")
        fails("stack-faillock", "dana", "Marker-wrong")
        signs_in("stack-faillock", "dana", secret("dana"))


@case("inside pam_faillock a daemon that is down locks nobody")
def _():
    with DaemonDown():
        for _ in range(3):
            fails("stack-faillock", "dana", secret("dana"),
                  "PAM_AUTHINFO_UNAVAIL")
    signs_in("stack-faillock", "dana", secret("dana"))


play("PAM stacks", version(["dpkg-query", "-W", "libpam-modules"],
                           r"\t([0-9.]+)"))
