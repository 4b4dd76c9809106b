"""sssd(8), with contrib/sssd/sssd.conf and contrib/nslcd/nss.ldif.

SPDX-License-Identifier: BSD-2-Clause
"""

import re
import subprocess
import time

from person import case, play, said, version, want


def start():
    """sssd in the place of nslcd, which private-root has started."""
    with open("/etc/nsswitch.conf", encoding="ascii") as file:
        text = file.read()
    with open("/etc/nsswitch.conf", "w", encoding="ascii") as file:
        file.write(re.sub(r"^((?:passwd|group):).*", r"\1 files sss", text,
                          flags=re.M))
    with open("/var/log/sssd.err", "wb") as errors:
        subprocess.Popen(["sssd", "-i", "--logger=stderr"], stdout=errors,
                         stderr=errors, stdin=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while said(["getent", "passwd", "dana"])[1] != 0:
        if time.monotonic() > end:
            break
        time.sleep(0.1)


@case("NSS knows dana, and not whoever has no posixAccount",
      shows="people with posixAccount are users of the host")
def _():
    text, _ = said(["getent", "passwd", "dana"])
    want(re.match(r"dana:[x*]:\d+:10000:Dana Dyer:/home/dana:/bin/sh\n$",
                  text), text)
    text, status = said(["getent", "passwd", "bob"])
    want(status == 2, text)
    text, _ = said(["getent", "passwd", "10001"])
    want(text.startswith("alice:"), text)


@case("the role ordering is a group of those who hold it",
      shows="roles with bwRoleGroup are its groups")
def _():
    text, _ = said(["id", "dana"])
    want("gid=10000(people)" in text and "20001(ordering)" in text, text)
    text, _ = said(["id", "alice"])
    want("uid=10001(alice)" in text and "20001" not in text, text)
    text, _ = said(["getent", "group", "ordering"])
    want(re.match(r"ordering:[x*]:20001:.*\bdana\b", text), text)
    want("alice" not in text and "carl" not in text, text)
    text, status = said(["getent", "group", "porting"])
    want(status == 2, text)


start()
play("sssd", version(["sssd", "--version"], r"(\S+)"))
