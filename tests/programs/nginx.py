"""nginx with auth_pam, with contrib/nginx/api.conf and contrib/pam.d/nginx.

SPDX-License-Identifier: BSD-2-Clause
"""

import base64
import os
import subprocess
import time

from person import (DaemonDown, Failed, case, daemon_log, edit, expire, play,
                    said, secret, version, want)

SITE = "http://127.0.0.1:8080"


def get(path, name=None, password=None):
    """HTTP status and seconds."""
    command = ["curl", "-s", "-o", "/dev/null", "-w",
               "%{http_code} %{time_total}", SITE + path]
    if name is not None:
        command += ["-u", name + ":" + password]
    code, _, seconds = said(command)[0].partition(" ")
    return int(code), float(seconds)


def call(name, password=None):
    """Status of an API call with the user's password, or another."""
    return get("/api/hello.txt", name, password or secret(name))[0]


def answers_with(name, code, password=None):
    status = call(name, password)
    want(status == code, "%s: %d, not %d" % (name, status, code))


@case("it runs, with the example site, its workers as www-data")
def _():
    os.makedirs("/var/www/html/api")
    for path in ("/api/hello.txt", "/static.txt"):
        with open("/var/www/html" + path, "w", encoding="ascii") as file:
            file.write("hello\n")
    # One worker: whatever PAM holds up holds up everybody.
    with open("/etc/nginx/nginx.conf", encoding="ascii") as file:
        text = file.read()
    with open("/etc/nginx/nginx.conf", "w", encoding="ascii") as file:
        file.write(text.replace("worker_processes auto", "worker_processes 1"))
    subprocess.Popen(["nginx", "-g", "daemon off;"],
                     stdin=subprocess.DEVNULL)
    end = time.monotonic() + 10
    while get("/static.txt")[0] != 200:
        if time.monotonic() > end:
            raise Failed("nginx does not answer")
        time.sleep(0.05)


@case("robot's calls are answered",
      shows="API users: 200; as www-data, in group bwdir")
def _():
    for _ in range(3):
        answers_with("robot", 200)
    want(" uid=%d " % os.stat("/var/lib/nginx/body").st_uid in daemon_log(),
         "no uid of www-data in the log")


@case("a call without name and password is 401")
def _():
    want(get("/api/hello.txt")[0] == 401, "not 401")


@case("a wrong password, an unknown user and a local one are 401")
def _():
    answers_with("robot", 401, "Marker-wrong")
    answers_with("nobody-such", 401, "Marker-wrong")
    answers_with("lena", 401, "local-lena")
    answers_with("root", 401, "local-root")


@case("dana, who may only sign in at prompts, is 401 with the right password",
      shows="dashboard-only, disabled and unknown users: 401")
def _():
    answers_with("dana", 401)
    answers_with("dieter", 401)


@case("rolf, who may do both, never has to renew",
      shows="passwords of API users never expire")
def _():
    answers_with("rolf", 200)
    expire("robot")
    answers_with("robot", 200)


@case("the code of a sign-up mail is no password here",
      shows="cannot ask: no sign-up, no renewal, no warning")
def _():
    answers_with("newt", 401)


@case("a user without the demanded role is 401", shows="require_role")
def _():
    edit("bothy", "delete bwRole")
    answers_with("bothy", 401)


@case("a name that cannot be a user's never gets as far as PAM",
      shows="a name with a NUL in it, which nginx would cut: 400")
def _():
    for name in ("robot\0x", "robot\n", " robot", "ROBOT"):
        token = base64.b64encode((name + ":" + secret("robot")).encode())
        text, _ = said(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}",
                        "-H", "Authorization: Basic " + token.decode(),
                        SITE + "/api/hello.txt"])
        want(text == "400", "%r: %s" % (name, text))


@case("wrong passwords hold up neither static files nor right ones",
      shows="no delay after wrong passwords")
def _():
    # With libpam's delay the one worker would sleep for 20 s.
    started = time.monotonic()
    wrong = [subprocess.Popen(
        ["curl", "-s", "-o", "/dev/null", "-u", "nobody%d:Marker-wrong" % i,
         SITE + "/api/hello.txt"]) for i in range(10)]
    slowest = max(get("/static.txt")[1] for _ in range(20))
    for process in wrong:
        process.wait()
    took = time.monotonic() - started
    answers_with("robot", 200)
    want(slowest < 3, "a static file took %.2f s" % slowest)
    want(took < 8, "ten wrong passwords took %.2f s" % took)
    print("    a static file took %.3f s at most" % slowest)


@case("while the daemon is stopped a call is 401 after a second",
      shows="daemon down: 401 after a second")
def _():
    with DaemonDown():
        status, seconds = get("/api/hello.txt", "robot", secret("robot"))
    want(status == 401, "%d" % status)
    want(seconds < 2.5, "it took %.2f s" % seconds)
    answers_with("robot", 200)


play("nginx", version(["nginx", "-v"], r"nginx/([0-9.]+)"))
