#!/usr/bin/python3
# Stands between a tool and slapd's socket and pauses once in the middle of the
# answers of each connection; ends with its standard input.
# SPDX-License-Identifier: BSD-2-Clause
#
#   slow-ldapi.py SOCKET SLAPD-SOCKET BYTES SECONDS

import os
import select
import socket
import sys
import threading
import time

path, slapd = sys.argv[1:3]
pause_after, seconds = int(sys.argv[3]), float(sys.argv[4])


def pass_on(source, sink, pauses):
    passed = 0
    try:
        while data := source.recv(4096):
            sink.sendall(data)
            passed += len(data)
            if pauses and passed >= pause_after:
                time.sleep(seconds)
                pauses = False
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # one of them has had enough


def serve(client):
    server = socket.socket(socket.AF_UNIX)
    server.connect(slapd)
    for pair in (client, server, False), (server, client, True):
        threading.Thread(target=pass_on, args=pair, daemon=True).start()


listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen()
print("ready", flush=True)
while True:
    ready, _, _ = select.select([listener, sys.stdin], [], [])
    if sys.stdin in ready and not os.read(0, 1):
        break
    if listener in ready:
        serve(listener.accept()[0])
