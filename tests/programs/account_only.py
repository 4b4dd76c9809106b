"""Services that look at the account only, with contrib/pam.d/cron and
systemd-user: the calls that cron(8) and systemd(1) make, made by try-pam.

SPDX-License-Identifier: BSD-2-Clause
"""

import os

from person import DaemonDown, case, play, said, want

TRY = os.environ["top_builddir"] + "/contrib/try-pam"


def account(service, name):
    environment = {key: value for key, value in os.environ.items()
                   if not key.startswith("BWDIR_")}
    return said([TRY, service, name, "acct"], env=environment)


def answers(service, name, code):
    text, _ = account(service, name)
    want(code in text, "%s %s: %s" % (service, name, text))


@case("jobs of dana, of lena and of root run", shows="jobs of active users")
def _():
    for service in ("cron", "systemd-user"):
        for name in ("dana", "rolf", "lena", "root"):
            answers(service, name, "PAM_SUCCESS")


@case("dieter is disabled, newt unverified, robot may call APIs only",
      shows="none of disabled, unverified and API-only users")
def _():
    for service in ("cron", "systemd-user"):
        answers(service, "dieter", "PAM_ACCT_EXPIRED")
        answers(service, "newt", "PAM_PERM_DENIED")
        answers(service, "robot", "PAM_PERM_DENIED")


@case("an expired password stops jobs, not the manager of a login",
      shows="an expired password stops cron's jobs, not systemd-user")
def _():
    answers("cron", "olga", "PAM_NEW_AUTHTOK_REQD")
    answers("systemd-user", "olga", "PAM_SUCCESS")


@case("root's jobs do not depend on the daemon, dana's do",
      shows="daemon down: root's only")
def _():
    with DaemonDown():
        answers("cron", "root", "PAM_SUCCESS")
        answers("cron", "dana", "PAM_AUTHINFO_UNAVAIL")


play("cron, systemd", "calls only")
