#!/usr/bin/python3
# Stands between a tool and slapd's socket, and spoils what passes once in each
# connection.  SOCKET is there once it listens.
# SPDX-License-Identifier: BSD-2-Clause
#
#   ldapi-relay.py SOCKET SLAPD-SOCKET pause BYTES SECONDS
#       pauses so long after so many bytes of the answers
#   ldapi-relay.py SOCKET SLAPD-SOCKET drop NUMBER
#       hangs up in the place of passing the Modify of that number on
#   ldapi-relay.py SOCKET SLAPD-SOCKET before NUMBER COMMAND ...
#       runs a command of the shell before it passes that Modify on
#   ldapi-relay.py SOCKET SLAPD-SOCKET before-add COMMAND
#       the same before the first Add
#   ldapi-relay.py SOCKET SLAPD-SOCKET busy TEXT
#       answers a Search that holds TEXT with busy, in the place of slapd
#   ldapi-relay.py SOCKET SLAPD-SOCKET unanswered TEXT
#       hangs up in the place of passing on what slapd answers to a request
#       that holds TEXT
#   ldapi-relay.py SOCKET SLAPD-SOCKET search NUMBER TEXT COMMAND
#       runs a command before it passes that Search that holds TEXT on

import os
import socket
import subprocess
import sys
import threading
import time

path, slapd, what = sys.argv[1:4]
arguments = sys.argv[4:]

SEARCH, SEARCH_DONE = 0x63, 0x65  # RFC 4511 4.5
MODIFY, ADD = 0x66, 0x68  # 4.6, 4.7
BUSY = 51


def split(data):
    """A request begins with SEQUENCE, its length, INTEGER, one or more bytes:
    the number of the message, and what kind of request it is."""
    at = 2 + (data[1] & 0x7f if data[1] & 0x80 else 0)
    end = at + 2 + data[at + 1]
    return data[at:end], data[end]


def is_modify(data):
    return split(data)[1] == MODIFY


class Fault:
    def __init__(self, client):
        self.client = client

    def request(self, data):
        """What goes on to slapd; None hangs up."""
        return data

    def answer(self, data):
        """What goes back; None hangs up."""
        return data


class Pause(Fault):
    passed = 0

    def answer(self, data):
        before, self.passed = self.passed, self.passed + len(data)
        if before < int(arguments[0]) <= self.passed:
            time.sleep(float(arguments[1]))
        return data


class Drop(Fault):
    modifies = 0

    def request(self, data):
        self.modifies += is_modify(data)
        return data if self.modifies < int(arguments[0]) else None


class Unanswered(Fault):
    asked = False

    def request(self, data):
        self.asked = self.asked or arguments[0].encode() in data
        return data

    def answer(self, data):
        return None if self.asked else data


class Before(Fault):
    modifies = 0

    def request(self, data):
        self.modifies += is_modify(data)
        for number, command in zip(arguments[::2], arguments[1::2]):
            if is_modify(data) and self.modifies == int(number):
                subprocess.run(command, shell=True, check=True)
        return data


def is_search(data, text):
    return split(data)[1] == SEARCH and text.encode() in data


class Search(Fault):
    searches = 0

    def request(self, data):
        self.searches += is_search(data, arguments[1])
        if is_search(data, arguments[1]) and \
                self.searches == int(arguments[0]):
            subprocess.run(arguments[2], shell=True, check=True)
        return data


class BeforeAdd(Fault):
    added = False

    def request(self, data):
        if split(data)[1] == ADD and not self.added:
            self.added = True
            subprocess.run(arguments[0], shell=True, check=True)
        return data


class Busy(Fault):
    def request(self, data):
        if not is_search(data, arguments[0]):
            return data
        number, _ = split(data)
        done = bytes([SEARCH_DONE, 7, 0x0a, 1, BUSY, 4, 0, 4, 0])
        message = number + done
        self.client.sendall(bytes([0x30, len(message)]) + message)
        return b""


def requests(client, server, fault):
    while data := client.recv(65536):
        data = fault.request(data)
        if data is None:
            break
        server.sendall(data)
    for end in client, server:
        end.shutdown(socket.SHUT_RDWR)


def answers(server, client, fault):
    while data := server.recv(4096):
        data = fault.answer(data)
        if data is None:
            break
        client.sendall(data)
    for end in client, server:
        end.shutdown(socket.SHUT_RDWR)


def quietly(work, *arguments):
    try:
        work(*arguments)
    except OSError:
        pass  # one of them has had enough


def serve(client):
    server = socket.socket(socket.AF_UNIX)
    server.connect(slapd)
    fault = {"pause": Pause, "drop": Drop, "before": Before,
             "before-add": BeforeAdd, "unanswered": Unanswered,
             "search": Search, "busy": Busy}[what](client)
    for ends in (requests, client, server), (answers, server, client):
        threading.Thread(target=quietly, args=(*ends, fault),
                         daemon=True).start()


listener = socket.socket(socket.AF_UNIX)
listener.bind(path + ".new")
listener.listen()
os.rename(path + ".new", path)
while True:
    serve(listener.accept()[0])
