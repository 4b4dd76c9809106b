#!/usr/bin/python3
# Plays a person at a terminal: runs a command on a pseudo-terminal of its own
# and follows a script on standard input.
# SPDX-License-Identifier: BSD-2-Clause
#
#   at-terminal.py COMMAND...
#
#   > TEXT    wait until the terminal shows TEXT (behind what was waited for)
#   < TEXT    type TEXT and the return key
#   ^ SIGNAL  send the signal of that name to the command
#   ? echo    is echo on or off: on the next line of the output, "echo on"
#
# Prints all that the terminal showed and ends with the command's exit status,
# 128 + N when signal N ended it, 99 when the script could not be followed.

import os
import pty
import select
import signal
import sys
import termios
import time

LIMIT = 20  # seconds for each step


class Terminal:
    def __init__(self, command):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(command[0], command)
        self.shown = b""
        self.seen = 0

    def read(self, seconds):
        """False when the terminal is closed."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 4096)
        except OSError:
            data = b""
        self.shown += data
        return data != b""

    def await_text(self, text):
        end = time.monotonic() + LIMIT
        while True:
            at = self.shown.find(text, self.seen)
            if at >= 0:
                self.seen = at + len(text)
                return True
            if time.monotonic() > end or not self.read(0.1):
                return False

    def echoes(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def finish(self):
        end = time.monotonic() + LIMIT
        while self.read(0.1) and time.monotonic() < end:
            pass
        if time.monotonic() >= end:
            os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        return status


def follow(terminal, script):
    for line in script:
        word, _, text = line.rstrip("\n").partition(" ")
        if word == ">":
            if not terminal.await_text(text.encode()):
                return line
        elif word == "<":
            os.write(terminal.fd, text.encode() + b"\n")
        elif word == "^":
            os.kill(terminal.pid, getattr(signal, text))
        elif word == "?":
            print("echo", "on" if terminal.echoes() else "off")
        elif word:
            return line
    return None


def main():
    terminal = Terminal(sys.argv[1:])
    missed = follow(terminal, sys.stdin)
    if missed is not None:
        os.kill(terminal.pid, signal.SIGKILL)
    status = terminal.finish()
    print(terminal.shown.decode(errors="replace").replace("\r\n", "\n"))
    if missed is not None:
        print("at-terminal: not followed:", missed)
        sys.exit(99)
    if os.WIFSIGNALED(status):
        sys.exit(128 + os.WTERMSIG(status))
    sys.exit(os.WEXITSTATUS(status))


main()
