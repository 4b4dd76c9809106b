#!/usr/bin/python3
# A mail server for tests: one that takes mail, and some that misbehave.
# SPDX-License-Identifier: BSD-2-Clause
#
#   smtp-server.py DIR CERT KEY MODE
#
# Listens on a free port of 127.0.0.1, writes its number to DIR/port when it
# is ready, and each mail it has taken to DIR/N.mail: a line with sender,
# recipients and who logged in, then the mail byte by byte.  MODE:
#
#   good      StartTLS, then login as "bwdir" with the password in DIR/password
#   smtps     TLS from the first byte, the same login
#   plain     offers no StartTLS
#   refuse    like good, but 550 to every recipient
#   busy      like good, but 451 at the end of the mail
#   cut       like good, but closes the connection at the end of the mail
#   hang      takes the connection and says nothing
#   grey      like good, but 450 to the first mail for each recipient
#   sender    like good, but 550 to every sender
#   drop-STEP, hang-STEP, drip-STEP    closes the connection, goes silent, or
#             sends a byte now and then that ends no line, at STEP: greeting,
#             ehlo, starttls, handshake (of TLS), auth, mail, rcpt, data, dot
#             (the mail is there and not taken) or taken (it is, but nobody is
#             told)

import asyncio
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

folder, cert, key, mode = sys.argv[1:5]
with open(os.path.join(folder, "password"), "rb") as file:
    password = file.read()


class Handler:
    taken = 0
    known = set()

    async def handle_MAIL(self, server, session, envelope, address, options):
        if mode == "sender":
            return "550 5.7.1 not from you"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if mode == "grey" and address not in Handler.known:
            Handler.known.add(address)
            return "450 4.2.0 greylisted"
        if mode == "refuse":
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if mode == "busy":
            return "451 4.3.0 try later"
        if mode == "cut":
            server.transport.abort()
            return "250 OK"
        await server.trip("dot")
        Handler.taken += 1
        name = os.path.join(folder, "%d.mail" % Handler.taken)
        with open(name + ".new", "wb") as mail:
            who = getattr(session, "person", b"-")
            mail.write(b"%s %s %s\n" % (envelope.mail_from.encode(),
                                        ",".join(envelope.rcpt_tos).encode(),
                                        who))
            mail.write(envelope.original_content)
        os.rename(name + ".new", name)  # whole, for who looks meanwhile
        await server.trip("taken")
        return "250 OK"


class Server(SMTP):
    """One that stops at a step of the dialogue."""

    async def trip(self, step):
        if mode == "drop-" + step:
            self.transport.abort()
            await asyncio.sleep(3600)
        if mode == "hang-" + step:
            await asyncio.sleep(3600)
        while mode == "drip-" + step and not self.transport.is_closing():
            self.transport.write(b"2")
            await asyncio.sleep(0.2)

    async def _handle_client(self):
        if self.session.ssl is None:
            await self.trip("greeting")
        await super()._handle_client()

    async def smtp_EHLO(self, hostname):
        await self.trip("ehlo")
        await super().smtp_EHLO(hostname)

    async def smtp_STARTTLS(self, arg):
        await self.trip("starttls")
        if mode.endswith("-handshake"):
            await self.push("220 Ready to start TLS")
            await self.trip("handshake")
        await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg):
        await self.trip("auth")
        await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg):
        await self.trip("mail")
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg):
        await self.trip("rcpt")
        await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg):
        await self.trip("data")
        await super().smtp_DATA(arg)


def authenticate(server, session, envelope, mechanism, data):
    good = (isinstance(data, LoginPassword) and data.login == b"bwdir" and
            data.password == password)
    if good:
        session.person = data.login
    return AuthResult(success=good)


def make_session():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    if mode == "plain":
        return Server(Handler(), hostname="localhost")
    if mode == "smtps":
        return Server(Handler(), hostname="localhost", auth_required=True,
                    auth_require_tls=False, authenticator=authenticate)
    return Server(Handler(), hostname="localhost", tls_context=context,
                require_starttls=True, auth_required=True,
                authenticator=authenticate)


class Silent(asyncio.Protocol):
    pass


async def main():
    context = None
    if mode == "smtps":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(cert, key)
    factory = Silent if mode == "hang" else make_session
    server = await asyncio.get_running_loop().create_server(
        factory, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    with open(os.path.join(folder, "port.new"), "w") as file:
        file.write(str(port))
    os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
    await server.serve_forever()


asyncio.run(main())
