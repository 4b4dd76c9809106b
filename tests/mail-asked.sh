#!/bin/bash
# bwdir-mail and bwdir-remind as they are asked: by whom, for whom, and what
# who waits is told.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99
one_day

midnight=$(date -u -d tomorrow +%Y-%m-%dT00:00:00Z)

# mark USER ATTRIBUTE VALUE: of this attribute that, and no other one.
mark ()
{
    printf 'dn: uid=%s,%s\nchangetype: modify\nreplace: %s\n%s: %s\n' \
        "$1" "$people" "$2" "$2" "$3" | root_modify
}

# ---- who may ---------------------------------------------------------------
# Everybody is owed a mail, and due a reminder: so there is something to do for
# whoever may.

restore ()
{
    local name
    new_day
    for name in alice bob dana carl; do
        mark $name pwdChangedTime "$(date -u -d '-85 days' +%Y%m%d%H%M%SZ)"
        mark $name bwMailReminder '14 20260101000000Z'
        owe_notice $name access-changed
    done
    rm -f "$BWDIR_MAILDIR"/new/*
}
restore
# tries COMMAND STATUS TEXT: what root gets; nobody else may.
tries ()
{
    local not_his='the outbox'\''s identity wanted' tool=${1%% *}
    # shellcheck disable=SC2086 # words
    grid "$1" $1 <<END
alice 77 $tool: "dn:uid=alice,$people": $not_his
bob 77 $tool: "dn:uid=bob,$people": $not_his
dana 77 $tool: "dn:uid=dana,$people": $not_his
nobody 77 $stranger
root $2 $3
END
}
expect 0 "all are delivered" bwdir-mail
tries "bwdir-mail -n" 0 ''
restore
tries "bwdir-remind -n" 0 'dana: 7-day reminder'
proof ()
{
    check "all have their mail" [ "$(find "$BWDIR_MAILDIR/new" -type f |
        wc -l)" -eq 4 ]
}
tries bwdir-mail 0 'dana: access-changed mailed to dana@example.com'
proof ()
{
    check "all are owed theirs" [ "$(ldapsearch -Q -LLL -Y EXTERNAL \
        -H "$BWDIR_LDAPI" -b "$people" '(bwMailOwed=password-*)' 1.1 |
        grep -c '^dn: ')" -eq 6 ]
}
tries bwdir-remind 0 'dana: 7-day reminder'
unset -f restore proof
expect 0 "the root of the directory may" bwdir-mail -Y EXTERNAL
expect 77 "another program may not" bwdir-mail \
    -D "cn=bwdird,ou=services,$BWDIR_BASE" -y "$sandbox/secrets/bwdird"

# ---- for whom --------------------------------------------------------------

owe_notice wanda access-changed
expect 67 "nobody" bwdir-mail nosuch wanda
says 'bwdir-mail: user name "nosuch": no such user, or you may not see it'
check "the other one is served" grep -q '^wanda: access-changed mailed to' \
    "$work/out"
expect 65 "no name" bwdir-mail 'x y' nosuch
says 'bwdir-mail: user name "x y": '
expect 67 "-n" bwdir-mail -n nosuch
expect 0 "who is owed nothing" bwdir-mail wanda
check "is what he is told" grep -qx 'wanda: is owed no mail' "$work/out"
check "no word on standard error" [ ! -s "$work/err" ]

# ---- who waits -------------------------------------------------------------

# waits WORDS: until when and why olga does, in each way.
waits ()
{
    expect 75 "olga waits" bwdir-mail olga
    says "bwdir-mail: olga: access-changed to olga@example.com waits $1"
    expect 75 "-n" bwdir-mail -n olga
    check "-n: $1" grep -qx \
        "olga: access-changed to olga@example.com: waits $1" "$work/out"
    expect 75 "-v" bwdir-mail -v
    says "olga: access-changed to olga@example.com waits $1"
    expect 75 "--json" bwdir-mail --json olga
    check "--json: $1" /usr/bin/python3 -c '
import json, sys
o = json.load(open(sys.argv[1]))
m, = o["mails"]
assert (m["user"], m["result"], m["detail"]) == ("olga", "waits", sys.argv[2])
assert o["exit"] == 75 and len(o["errors"]) == 1, o' "$work/out" "$1"
}

mark olga pwdChangedTime "$(date -u +%Y%m%d%H%M%SZ)"
run bwdir-mail olga
new_day
owe_notice olga access-changed
mv "$BWDIR_MAILDIR" "$work/away"
expect 75 "mail is down" bwdir-mail olga
check "one word about it" [ "$(wc -l <"$work/err")" -eq 1 ]
until=$(mark_of olga bwMailNotBefore)
until=$(sed -E 's/(....)(..)(..)(..)(..)(..)Z/\1-\2-\3T\4:\5:\6Z/' <<<"$until")
waits "until $until, after one try"
mark olga bwMailAttempts 2
waits "until $until, after 2 tries"
mv "$work/away" "$BWDIR_MAILDIR"
mark olga bwMailNotBefore "$(date -u -d tomorrow +%Y%m%d)000000Z"
waits "until $midnight, for the address has had its mails of today"
wait_over olga
expect 0 "then she gets it" bwdir-mail olga
owe_notice olga access-changed
mark olga bwMailNotBefore "$(date -u -d '+100 seconds' +%Y%m%d%H%M%SZ)"
waits "while somebody else delivers it"
expect 75 "everybody's" bwdir-mail
check "the timer's run says nothing of it" [ ! -s "$work/err" ]
wait_over olga

# ---- the examples ----------------------------------------------------------

expect 0 "all are delivered" bwdir-mail
run_examples "$top_srcdir/tools/bwdir-mail.8"
finish
