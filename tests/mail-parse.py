#!/usr/bin/python3
# Holds mails to what they are to be, by a parser that is not ours: exactly
# the headers that every mail has, one recipient, two forms of one text.
# SPDX-License-Identifier: BSD-2-Clause
#
#   mail-parse.py FILE TO NAME SUBJECT LINE...
#
# TO is the address, NAME what the reader sees ("-": none), SUBJECT the whole
# subject, each LINE one of the body.
import email
import email.policy
import html.parser
import sys

path, to, name, subject, *lines = sys.argv[1:]
with open(path, "rb") as file:
    raw = file.read()
message = email.message_from_bytes(raw, policy=email.policy.default)
assert not message.defects, message.defects
assert sorted(key.lower() for key in message.keys()) == [
    "auto-submitted", "content-type", "date", "from", "message-id",
    "mime-version", "subject", "to"], message.keys()
addresses = message["to"].addresses
assert len(addresses) == 1, addresses
assert addresses[0].addr_spec == to, addresses[0].addr_spec
wanted = "" if name == "-" else name
assert addresses[0].display_name == wanted, addresses[0].display_name[:200]
assert len(message["from"].addresses) == 1
assert message["subject"] == subject, message["subject"]
assert message.get_content_type() == "multipart/alternative"
plain, rich = message.iter_parts()
assert plain.get_content_type() == "text/plain"
assert rich.get_content_type() == "text/html"
body = plain.get_content()
for line in lines:
    assert line in body.splitlines(), (line, body[:500])


class Reader(html.parser.HTMLParser):
    """Text only, and that there is no tag but ours."""

    def __init__(self):
        super().__init__()
        self.text = ""
        self.inside = False

    def handle_starttag(self, tag, attributes):
        assert tag in ("html", "head", "meta", "title", "body", "p",
                       "pre"), tag
        for key, _ in attributes:
            assert key in ("charset", "style", "dir"), key
        self.inside |= tag == "body"

    def handle_data(self, data):
        if self.inside:
            self.text += data


reader = Reader()
reader.feed(rich.get_content())
assert reader.text.split() == body.split(), "the two forms differ"
for line in raw.splitlines():
    assert len(line) <= 998, "a line is too long"
