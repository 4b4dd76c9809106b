#!/usr/bin/python3
# Stands between a tool and slapd's socket and pauses once in the middle of the
# answers of each connection.  SOCKET is there once it listens.
# SPDX-License-Identifier: BSD-2-Clause
#
#   slow-ldapi.py SOCKET SLAPD-SOCKET BYTES SECONDS

import os
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
listener.bind(path + ".new")
listener.listen()
os.rename(path + ".new", path)
while True:
    serve(listener.accept()[0])
