#!/usr/bin/python3
"""bwdir-schema(5) describes what the schema defines: each attribute with its
OID and syntax, each class with its attributes, and none else.

SPDX-License-Identifier: BSD-2-Clause
"""

import os
import re
import sys

ARC = "2.25.182990458595179802371306833982153418725."
source = os.environ.get("top_srcdir", ".") + "/schema/"
failures = 0


def check(what, found, wanted):
    global failures
    if found == wanted:
        print("ok - " + what)
    else:
        failures += 1
        print("not ok - %s\n    the page:   %s\n    the schema: %s" %
              (what, found, wanted))


def read(name):
    with open(source + name, encoding="ascii") as file:
        return file.read()


def names(text):
    return sorted(re.findall(r"[A-Za-z]\w*", text or ""))


def one(pattern, text):
    found = re.search(pattern, text)
    return found.group(1) if found else None


def of_schema():
    """{name: (number, facts)} of attributes, and of classes."""
    attributes, classes = {}, {}
    text = re.sub("^#.*\n", "", read("bwdir.schema"), flags=re.M)
    for block in re.split(r"\n\n+", text.strip()):
        kind, oid, name = re.match(r"(\w+) \( (\S+)\s+NAME '(\w+)'",
                                   block).groups()
        number = oid.removeprefix(ARC)
        if kind == "attributetype":
            attributes[name] = (number, one(r"SYNTAX (\S+)", block),
                                "SINGLE-VALUE" in block)
        else:
            classes[name] = (
                number, one("(AUXILIARY|STRUCTURAL)", block).lower(),
                *(names(one(r"%s (\w+|\([^)]*\))" % word, block))
                  for word in ("MUST", "MAY")))
    return attributes, classes


def of_page(page):
    syntaxes = dict(re.findall(r"^\.It ([\w ]+) Ta ([\d.]+)$", page, re.M))
    attributes, classes = {}, {}
    for item in re.split(r"^(?=\.It Ic \w+ Pq )", page, flags=re.M)[1:]:
        item = item.partition("\n.El")[0]
        name, number, kind, single = re.match(
            r"\.It Ic (\w+) Pq ([\d.]+) , ([^,\n]+?)(?: , (one))?\n",
            item).groups()
        if kind in ("auxiliary", "structural"):
            classes[name] = (number, kind, *(
                names(one(r"(?m)^%s:\n\.Ic (.*)" % word, item))
                for word in ("Must", "May")))
        else:
            attributes[name] = (number, syntaxes.get(kind), single == "one")
    unused = set(syntaxes.values()) - {fact[1] for fact in attributes.values()}
    return attributes, classes, unused


page = read("bwdir-schema.5")
attributes, classes = of_schema()
page_attributes, page_classes, unused = of_page(page)
check("it names the arc of the OIDs", ".Li " + ARC[:-1] in page, True)
for kind, described, defined in (
        ("attribute", page_attributes, attributes),
        ("class", page_classes, classes)):
    for name in sorted(set(described) | set(defined)):
        check("%s %s" % (kind, name), described.get(name), defined.get(name))
check("it describes no syntax that is not used", unused, set())
table = page.partition(".Ss A user's entry")[2].partition("\n.El")[0]
rows = re.findall(r"^\.It (\w+) Ta ", table, re.M)
check("its table of rights has each attribute of bwUser",
      [name for name in classes["bwUser"][2] + classes["bwUser"][3]
       if name not in rows], [])
sys.exit(failures > 0)
