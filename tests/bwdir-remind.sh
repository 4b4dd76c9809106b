#!/bin/bash
# Reminders: who gets one and when, each once, the latest for a missed run,
# nobody who is never made to renew.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/sandbox.bash" || exit 99

# changed USER TIME: as if the password had been set then (date(1)'s words).
changed ()
{
    set_time "uid=$1,$people" pwdChangedTime "$2"
}

# reminds OUTPUT WHAT COMMAND...: what it prints, but for times.
reminds ()
{
    local wanted=$1 what=$2
    shift 2
    expect 0 "$what" "$@"
    check "$what: ${wanted:-nobody}" [ \
        "$(sed 's/ expires .*//;s/ expired .*/ expired/' "$work/out" | sort |
           paste -sd' ')" = "$wanted" ]
}

# ---- who, and when ---------------------------------------------------------

snapshot >"$work/before"
reminds "olga: expired wanda: 14-day reminder," "-n" bwdir-remind -n
check "-n writes nothing" cmp -s "$work/before" <(snapshot)
reminds "olga: expired wanda: 7-day reminder," "-n in three days" \
    bwdir-remind -n --at +3d
reminds "olga: expired wanda: 1-day reminder," "-n in nine days" \
    bwdir-remind -n --at +9d
expect 64 "--at without -n" bwdir-remind --at +3d
says '--at: -n wanted with it'
expect 65 "--at that is no date" bwdir-remind -n --at soon
expect 64 "an operand" bwdir-remind dana

expiry=$(($(date +%s) + 5 * 86400))
changed dana "@$((expiry - 90 * 86400))"
reminds "dana: 7-day reminder, olga: expired wanda: 14-day reminder," \
    "a missed run is made up with the latest" bwdir-remind
reminds "" "the same again" bwdir-remind
check "dana is owed one" [ \
    "$(entries "uid=dana,$people" | grep -c '^bwMailOwed: password')" -eq 1 ]
check "what for is written down" holds "uid=dana,$people" \
    "^bwMailReminder: 7 $(date -u -d "@$expiry" +%Y%m%d%H%M%SZ)\$"
changed dana '-89 days -1 hour'
reminds "dana: 1-day reminder," "another expiry, another reminder" bwdir-remind
changed dana '-91 days'
reminds "dana: expired" "and once when it has expired" bwdir-remind
reminds "" "the same again" bwdir-remind

# ---- a clock that is ahead ---------------------------------------------------

# reminded_ahead DAYS-LEFT REMINDER: what a run leaves whose clock is ahead, and
# a run of bwdir-mail that drops the notice.
reminded_ahead ()
{
    local end=$(($(date +%s) + $1 * 86400))
    changed carl "@$((end - 90 * 86400))"
    root_modify <<END
dn: uid=carl,$people
changetype: modify
replace: bwMailReminder
bwMailReminder: $2 $(date -u -d "@$end" +%Y%m%d%H%M%SZ)
END
}
for mark in 0 1 7 14; do
    reminded_ahead 80 $mark
    while read -r days text; do
        check "$mark was owed too early: in $days days a $text" grep -q \
            "^carl: $text" <(bwdir-remind -n --at "+${days}d")
    done <<END
67 14-day reminder,
74 7-day reminder,
79 1-day reminder,
81 expired
END
done
reminded_ahead 10 0
reminds "carl: 14-day reminder," "what was owed too early is owed on its day" \
    bwdir-remind
reminds "" "the same again" bwdir-remind

# ---- nobody else -----------------------------------------------------------

for name in robot bothy rolf newt dieter; do
    changed $name '-91 days'
done
reminds "" "api, both methods, unverified, disabled: never" bwdir-remind
for at in +1d +80d +400d; do
    check "nor at $at" bash -c \
        '! bwdir-remind -n --at '$at' | grep -E "robot|bothy|rolf|newt|dieter"'
done

# ---- they are delivered ----------------------------------------------------

expect 0 "bwdir-mail" bwdir-mail
check "dana has one mail, for three reminders" \
    [ "$(mails_to dana@example.com | wc -l)" -eq 1 ]
check "the latest" grep -q '^Subject: Your password has expired' \
    "$(mails_to dana@example.com)"
check "wanda's says how long" grep -q \
    '^Subject: Your password expires in 10 days' \
    "$(mails_to wanda@example.com | tail -n 1)"
changed wanda '-85 days'
bwdir-remind >/dev/null
changed wanda now
mails=$(mails_to wanda@example.com | wc -l)
expect 0 "a reminder that is no longer true" bwdir-mail
check "is dropped" [ "$(mails_to wanda@example.com | wc -l)" -eq "$mails" ]
check "and no longer owed" lacks "uid=wanda,$people" '^bwMailOwed'

# ---- at once ---------------------------------------------------------------

changed carl '-81 days' # not the expiry above, of which he is reminded
for i in 1 2 3 4 5 6; do
    bwdir-remind >"$work/many.$i" 2>&1 &
done
wait
check "of six at once one owes it" [ \
    "$(cat "$work"/many.* | grep -c '^carl: 14-day reminder')" -eq 1 ]
check "once" [ \
    "$(entries "uid=carl,$people" | grep -c '^bwMailOwed: ')" -eq 1 ]
changed gina '-91 days'
expect 0 "--json" bwdir-remind --json
check "--json: the object" /usr/bin/python3 -c '
import json, sys
o = json.load(open(sys.argv[1]))
assert o["ok"] and len(o["reminders"]) == 1, o
r = o["reminders"][0]
assert (r["user"], r["days"]) == ("gina", 0), r
assert r["address"] == "gina@example.com" and r["expires"].endswith("Z")' \
    "$work/out"
run_examples "$top_srcdir/tools/bwdir-remind.8"
finish
