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

    async def handle_RCPT(self, server, session, envelope, address, options):
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
        Handler.taken += 1
        name = os.path.join(folder, "%d.mail" % Handler.taken)
        with open(name, "wb") as mail:
            who = getattr(session, "person", b"-")
            mail.write(b"%s %s %s\n" % (envelope.mail_from.encode(),
                                        ",".join(envelope.rcpt_tos).encode(),
                                        who))
            mail.write(envelope.original_content)
        return "250 OK"


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
        return SMTP(Handler(), hostname="localhost")
    if mode == "smtps":
        return SMTP(Handler(), hostname="localhost", auth_required=True,
                    auth_require_tls=False, authenticator=authenticate)
    return SMTP(Handler(), hostname="localhost", tls_context=context,
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
