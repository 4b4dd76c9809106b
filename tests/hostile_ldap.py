#!/usr/bin/python3
"""A server between bwdird and a slapd that hands on what both say until it is
told to misbehave: with TLS itself, or with one answer.

    hostile_ldap.py SLAPD-SOCKET CERTIFICATE KEY FAULT-FILE \
        [OTHER-CERTIFICATE OTHER-KEY]

listens for ldaps:// on a loopback port, which it prints, and does what stands
in FAULT-FILE at that moment: "PLACE FAULT".  As a module it is used by
tests/hostile.py.

PLACE is tls, starttls (a server for ldap://), or the question whose answer is
spoilt: identity (the bind of the daemon), service, user, policy (searches),
bind (of a user or the decoy), whoami (behind that), change, modify.  FAULT is
one of the methods of class Fault, with its arguments.

SPDX-License-Identifier: BSD-2-Clause
"""

import socket
import ssl
import struct
import sys
import threading
import time

WHOAMI = b"1.3.6.1.4.1.4203.1.11.3"
PASSWORD_MODIFY = b"1.3.6.1.4.1.4203.1.11.1"
STARTTLS = b"1.3.6.1.4.1.1466.20037"
POLICY = b"1.3.6.1.4.1.42.2.27.8.5.1"
ENTRY, DONE, REFERENCE = 0x64, 0x65, 0x73
# Which answer belongs to which question (RFC 4511 section 4).
ANSWER = {0x60: 0x61, 0x63: DONE, 0x66: 0x67, 0x68: 0x69, 0x4a: 0x6b,
          0x77: 0x78}
# A handshake record of 1000 bytes, begun.
RECORD = bytes.fromhex("16030303e8020003") + bytes(992)


class Gone(Exception):
    """The peer has gone, or is to go."""


# ---- BER ---------------------------------------------------------------------

def element(tag, content):
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    return bytes([tag, 0x84]) + struct.pack(">I", length) + content


def head(data):
    """Tag, offset and length of the content of the element DATA begins with."""
    if data[1] < 0x80:
        return data[0], 2, data[1]
    count = data[1] & 0x7f
    return data[0], 2 + count, int.from_bytes(data[2:2 + count], "big")


def take(data):
    """Tag and content of the first element, and what follows it."""
    tag, start, length = head(data)
    return tag, data[start:start + length], data[start + length:]


def message(number, operation, controls=b""):
    tail = element(0xa0, controls) if controls else b""
    return element(0x30, element(2, bytes([number])) + operation + tail)


def result(number, tag, code, extra=b"", controls=b""):
    text = element(0x0a, bytes([code])) + element(4, b"") + element(4, b"")
    return message(number, element(tag, text + extra), controls)


def policy_control(value):
    return element(0x30, element(4, POLICY) + element(4, value))


def read_exactly(peer, count):
    data = b""
    while len(data) < count:
        more = peer.recv(count - len(data))
        if not more:
            raise Gone
        data += more
    return data


def read_message(peer):
    data = read_exactly(peer, 2)
    if data[1] & 0x80:
        data += read_exactly(peer, data[1] & 0x7f)
    _, start, length = head(data)
    return data + read_exactly(peer, start + length - len(data))


class Question:
    """A request: its number, its operation's tag, and its place."""

    def __init__(self, data):
        _, content, _ = take(data)
        _, number, rest = take(content)
        self.number = int.from_bytes(number, "big") & 0x7f
        self.tag, body, _ = take(rest)
        self.place = self.find_place(body)

    def find_place(self, body):
        if self.tag == 0x60:
            _, _, rest = take(body)
            _, name, _ = take(rest)
            return "identity" if name.startswith(b"cn=bwdird,") else "bind"
        if self.tag == 0x63:
            _, base, _ = take(body)
            if base.startswith(b"ou=people"):
                return "user"
            return "service" if base.startswith(b"ou=access") else "policy"
        if self.tag == 0x77:
            _, name, _ = take(body)
            return {WHOAMI: "whoami", PASSWORD_MODIFY: "change",
                    STARTTLS: "starttls"}.get(name, "extended")
        return {0x66: "modify", 0x68: "add", 0x4a: "delete"}.get(self.tag, "")


# ---- faults ------------------------------------------------------------------

class Fault:
    """What is done to the answer of a question.  PEER is the client, ANSWER
    what slapd said, in messages."""

    def __init__(self, peer, question, answer, trap):
        self.peer, self.question, self.trap = peer, question, trap
        self.answer = answer
        self.bytes = b"".join(answer)

    def send(self, data):
        self.peer.sendall(data)

    def hold(self):
        """Says nothing more, and hears nothing, until the client goes."""
        while True:
            if not self.peer.recv(4096):
                raise Gone

    def silent(self):
        self.hold()

    def partial(self, count):
        self.send(self.bytes[:int(count)])
        self.hold()

    def drip(self, milliseconds):
        for byte in self.bytes:
            self.send(bytes([byte]))
            time.sleep(int(milliseconds) / 1000)

    def close(self):
        raise Gone

    def reset(self):
        raise ConnectionResetError

    def wrong_id(self):
        self.send(result(self.question.number + 1 & 0x7f,
                         ANSWER[self.question.tag], 0))
        self.hold()

    def old_id(self):
        """The answer again under the number of the question before."""
        for data in self.answer:
            _, content, _ = take(data)
            _, _, rest = take(content)
            self.send(element(0x30, element(
                2, bytes([max(1, self.question.number - 1)])) + rest))
        self.hold()

    def referral(self):
        where = b"ldap://127.0.0.1:%d/" % self.trap
        if self.question.tag == 0x63:
            self.send(message(self.question.number,
                              element(REFERENCE, element(4, where))))
        self.send(result(self.question.number, ANSWER[self.question.tag], 10,
                         element(0xa3, element(4, where))))
        self.hold()

    def bytes_of(self, digits):
        """Garbage, in hexadecimal."""
        self.send(bytes.fromhex(digits))
        self.hold()

    def code(self, code, *controls):
        """An answer with this result code, and password-policy controls."""
        self.send(result(self.question.number, ANSWER[self.question.tag],
                         int(code), b"",
                         b"".join(policy_control(bytes.fromhex(value))
                                  for value in controls)))

    def with_controls(self, *controls):
        self.code(0, *controls)

    def twins(self):
        """Each entry twice."""
        for data in self.answer:
            _, content, _ = take(data)
            _, _, rest = take(content)
            self.send(data * 2 if rest[0] == ENTRY else data)

    def change_times(self, *values):
        """The entry with these values of pwdChangedTime, or without it."""
        for data in self.answer:
            _, content, _ = take(data)
            _, number, rest = take(content)
            tag, body, tail = take(rest)
            if tag == ENTRY:
                _, name, listed = take(body)
                _, listed, _ = take(listed)
                body = element(4, name) + element(
                    0x30, self.with_values(listed, values))
            self.send(element(0x30, element(2, number) + element(tag, body)
                              + tail))

    @staticmethod
    def with_values(listed, values):
        attributes = b""
        while listed:
            _, pair, listed = take(listed)
            if not take(pair)[1].lower() == b"pwdchangedtime":
                attributes += element(0x30, pair)
        if values:
            attributes += element(0x30, element(4, b"pwdChangedTime") + element(
                0x31, b"".join(element(4, value.encode())
                               for value in values if value != "-")))
        return attributes

    def longer(self, count):
        """The first operation with so many bytes more."""
        self.send(self.grown(int(count)))
        self.send(b"".join(self.answer[1:]))

    def half(self, count):
        """Half of that."""
        self.send(self.grown(int(count))[:int(count) // 2])

    def grown(self, count):
        _, content, _ = take(self.answer[0])
        _, number, rest = take(content)
        tag, body, tail = take(rest)
        return element(0x30, element(2, number) + element(
            tag, body + bytes(count)) + tail)

    def flood(self):
        """The first message over and over."""
        while True:
            self.send(self.answer[0] * 100)


# ---- the server --------------------------------------------------------------

class HostileServer:
    """Serves in threads of its own.  FAULT() tells what to do at the moment."""

    def __init__(self, upstream, certificate, key, fault, strange=None):
        self.upstream, self.fault = upstream, fault
        self.context = self.make_context(certificate, key)
        self.strange = self.make_context(*strange) if strange else None
        self.trap = socket.create_server(("127.0.0.1", 0))
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.peers = set()
        threading.Thread(target=self.run, daemon=True).start()

    @staticmethod
    def make_context(certificate, key):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context

    def trapped(self):
        """True when somebody has followed a referral."""
        self.trap.setblocking(False)
        try:
            self.trap.accept()[0].close()
            return True
        except BlockingIOError:
            return False

    def drop(self):
        """Closes every connection that there is."""
        for peer in list(self.peers):
            try:
                # SSLSocket's own would have it go on in clear.
                socket.socket.shutdown(peer, socket.SHUT_RDWR)
            except OSError:
                pass

    def run(self):
        while True:
            peer, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(peer,),
                             daemon=True).start()

    def serve(self, peer):
        raw = peer
        try:
            place, *words = self.fault().split() or [""]
            if place == "starttls":
                peer = self.spoil_starttls(peer, words)
            if place == "tls" and words != ["strange"]:
                self.spoil_tls(peer, words)
            context = (self.strange if place == "tls" and self.strange
                       else self.context)
            peer = context.wrap_socket(peer, server_side=True)
            self.peers.add(peer)
            self.talk(peer)
        except ConnectionResetError:
            raw = peer if peer.fileno() >= 0 else raw
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                           struct.pack("ii", 1, 0))
        except (Gone, OSError, ValueError):
            pass
        self.peers.discard(peer)
        peer.close()

    def spoil_starttls(self, peer, words):
        """A server for ldap://, which answers StartTLS with a code."""
        question = Question(read_message(peer))
        peer.sendall(result(question.number, 0x78, int(words[0])))
        while True:
            read_message(peer)

    @staticmethod
    def spoil_tls(peer, words):
        fault = Fault(peer, None, [RECORD], 0)
        if words[0] == "plain":
            fault.bytes = b"hello, world\r\n" * 10
            words = ["partial", "140"]
        getattr(fault, words[0])(*words[1:])
        raise Gone

    def talk(self, peer):
        slapd = socket.socket(socket.AF_UNIX)
        slapd.connect(self.upstream)
        try:
            while True:
                data = read_message(peer)
                question = Question(data)
                slapd.sendall(data)
                if question.tag not in ANSWER:
                    raise Gone  # an Unbind
                self.hand_on(peer, question, self.answer_of(slapd))
        finally:
            slapd.close()

    @staticmethod
    def answer_of(slapd):
        answer = []
        while True:
            answer.append(read_message(slapd))
            _, content, _ = take(answer[-1])
            _, _, rest = take(content)
            if rest[0] not in (ENTRY, REFERENCE):
                return answer

    def hand_on(self, peer, question, answer):
        place, *words = self.fault().split() or [""]
        if place != question.place:
            peer.sendall(b"".join(answer))
            return
        fault = Fault(peer, question, answer, self.trap.getsockname()[1])
        getattr(fault, words[0])(*words[1:])


def main(upstream, certificate, key, path, *strange):
    def fault():
        with open(path, encoding="ascii") as file:
            return file.read()
    print(HostileServer(upstream, certificate, key, fault, strange).port,
          flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
