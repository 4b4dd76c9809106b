"""sudo(8), with contrib/pam.d/sudo: of the directory's people admins only.

SPDX-License-Identifier: BSD-2-Clause
"""

from person import (DaemonDown, Person, case, edit, expire, hostile,
                    password_is, play, secret, version, want)


def sudo(name, environment=None):
    return Person(["sudo", "-k", "sh", "-c", "id -un; echo here=$?"], name,
                  environment)


@case("alice, an admin, is let in with her own password",
      shows="require_level=admin: admins only")
def _():
    sudo("alice").answers("password for alice: ", secret("alice")) \
        .sees("root", "here=0")


@case("dana, who is no admin, is refused with the right password")
def _():
    dana = sudo("dana")
    for _ in range(3):
        dana.answers("password for dana: ", secret("dana"))
    dana.is_refused("sudo:").never_saw("here=")


@case("a wrong password is refused")
def _():
    alice = sudo("alice")
    for _ in range(3):
        alice.answers("password for alice: ", "Marker-wrong")
    alice.is_refused("3 incorrect password attempts").never_saw("here=")


@case("a hostile environment changes nothing",
      shows="hostile environment without effect")
def _():
    bad = hostile("alice", "dana")
    sudo("alice", bad).answers(": ", secret("alice")).sees("root", "here=0")
    dana = sudo("dana", bad)
    for _ in range(3):
        dana.answers(": ", secret("dana"))
    dana.is_refused("sudo:").never_saw("here=")


@case("without the password (NOPASSWD) the account lines decide",
      shows="NOPASSWD: the account lines still decide")
def _():
    with open("/etc/sudoers.d/zz", "w", encoding="ascii") as file:
        file.write("%people ALL=(ALL:ALL) NOPASSWD: ALL\n")
    sudo("alice").sees("root", "here=0")
    sudo("dana").is_refused("sudo:").never_saw("here=")
    with open("/etc/sudoers.d/zz", "w", encoding="ascii"):
        pass


@case("a local user whom sudoers names is pam_unix's", shows="local users")
def _():
    with open("/etc/sudoers.d/lena", "w", encoding="ascii") as file:
        file.write("lena ALL=(ALL:ALL) ALL\n")
    sudo("lena").answers("password for lena: ", "local-lena") \
        .sees("root", "here=0")


@case("nobody gets in while the daemon is stopped")
def _():
    with DaemonDown():
        alice = sudo("alice")
        for _ in range(3):
            alice.answers("password for alice: ", secret("alice"))
        alice.is_refused("sudo:").never_saw("here=")


@case("an admin with an expired password changes it and is in",
      shows="forced change in the same call")
def _():
    fresh = "a new one for alice"
    expire("alice")
    sudo("alice").answers("password for alice: ", secret("alice")) \
        .sees("password is expired") \
        .answers("Current password: ", secret("alice")) \
        .answers("New password: ", fresh) \
        .answers("Retype new password: ", fresh).sees("root", "here=0")
    want(password_is("alice", fresh), "the directory has the old password")


@case("an admin who was disabled is refused")
def _():
    edit("alice", "replace pwdEndTime 20200101000000Z")
    alice = sudo("alice")
    for _ in range(3):
        alice.answers("password for alice: ", "a new one for alice")
    alice.is_refused("sudo:").never_saw("here=")


play("sudo", version(["sudo", "-V"], r"Sudo version (\S+)"))
