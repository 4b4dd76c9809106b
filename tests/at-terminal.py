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
#   ! stopped wait until the command has stopped; "! ended": until it has ended
#   $ COMMAND run a command of the shell meanwhile
#   ? echo    is echo on or off: on the next line of the output, "echo on"
#
# The command is a job in the foreground, as a shell starts one, so that it can
# be stopped.  Prints all that the terminal showed and ends with the command's exit status,
# 128 + N when signal N ended it, 99 when the script could not be followed.

import os
import pty
import select
import signal
import sys
import termios
import time

LIMIT = 20  # seconds for each step


def run_job(command, report):
    """In the place of a shell: tells the command's process id, waits for it,
    and leaves it to be looked at until the terminal is read no more."""
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(0, os.getpid())
        for number in (signal.SIGTTOU, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)  # Python ignores two
        os.execvp(command[0], command)
    os.write(report, b"%d\n" % job)
    _, status = os.waitpid(job, 0)
    os._exit(os.waitstatus_to_exitcode(status) % 256
             if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))


class Terminal:
    def __init__(self, command):
        told, report = os.pipe()
        self.shell, self.fd = pty.fork()
        if self.shell == 0:
            os.close(told)
            run_job(command, report)
        os.close(report)
        with open(told) as pipe:
            self.pid = int(pipe.readline())
        self.shown = b""
        self.seen = 0

    def await_state(self, wanted):
        """ "stopped" or "ended"; the shell takes an ended one away."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            try:
                with open(f"/proc/{self.pid}/stat") as stat:
                    state = stat.read().rpartition(")")[2].split()[0]
            except (FileNotFoundError, ProcessLookupError):
                state = "Z"
            if {"T": "stopped", "Z": "ended"}.get(state) == wanted:
                return True
            self.read(0.05)
        return False

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
            self.kill()
        _, status = os.waitpid(self.shell, 0)
        return status

    def kill(self):
        """The shell ends by itself when the command has."""
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


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
        elif word == "!":
            if not terminal.await_state(text):
                return line
        elif word == "$":
            if os.system(text) != 0:
                return line
        elif word == "?":
            print("echo", "on" if terminal.echoes() else "off")
        elif word:
            return line
    return None


def main():
    terminal = Terminal(sys.argv[1:])
    missed = follow(terminal, sys.stdin)
    if missed is not None:
        terminal.kill()
    status = terminal.finish()
    print(terminal.shown.decode(errors="replace").replace("\r\n", "\n"))
    if missed is not None:
        print("at-terminal: not followed:", missed)
        sys.exit(99)
    sys.exit(os.WEXITSTATUS(status))


main()
