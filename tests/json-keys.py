#!/usr/bin/python3
# Holds what a tool printed with --json to the section JSON of its man page:
# the members that it has, and no others, in their order; each of them in one
# of the objects at least.
# SPDX-License-Identifier: BSD-2-Clause
#
#   json-keys.py PAGE FILE...

import json
import sys

FIRST = ["program"]
LAST = ["ok", "exit", "errors", "warnings"]


def documented(path):
    """The members by name, each with those of the objects in its list."""
    stack = []
    names = []
    inside = False
    for line in open(path):
        words = line.split()
        if line.startswith(".Sh "):
            inside = line.strip() == ".Sh JSON"
        elif inside and line.startswith(".Bl "):
            stack.append(stack[-1][names[-1]] if stack else {})
        elif inside and line.startswith(".El"):
            last = stack.pop()
            if not stack:
                return last
        elif inside and line.startswith(".It Va "):
            names = [word for word in words[2:] if word != ","]
            for name in names:
                stack[-1].setdefault(name, {})
    sys.exit(f"{path}: no section JSON")


def compare(value, members, path, seen):
    for name, member in value.items():
        if name not in members:
            sys.exit(f"{path}{name}: not in the page")
        seen.add(path + name)
        if not isinstance(member, list):
            continue
        for row in member:
            if isinstance(row, dict):
                compare(row, members[name], f"{path}{name}/", seen)
            elif members[name]:
                sys.exit(f"{path}{name}: objects wanted")


def all_of(members, path=""):
    for name, inner in members.items():
        yield path + name
        yield from all_of(inner, f"{path}{name}/")


def unique(pairs):
    assert len({name for name, _ in pairs}) == len(pairs), pairs
    return dict(pairs)


page, files = sys.argv[1], sys.argv[2:]
members = documented(page)
seen = set()
for file in files:
    told = json.load(open(file), object_pairs_hook=unique)
    order = list(told)
    if order[:1] != FIRST or order[-4:] != LAST:
        sys.exit(f"{file}: the order is {order}")
    assert told["ok"] == (told["exit"] == 0), told
    compare(told, members, "", seen)
missing = [name for name in all_of(members) if name not in seen]
if missing:
    sys.exit(f"in the page and never seen: {' '.join(missing)}")
