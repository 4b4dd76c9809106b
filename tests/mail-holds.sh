#!/bin/bash
# What bwdir-mail sends: nothing that a name or an address holds gets out of
# its place, and there is a mail of every kind.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
needs=(python3:aiosmtpd)
. "$(dirname "$0")/sandbox.bash" || exit 99
. "$(dirname "$0")/smtp.bash" || exit 99

# ---- what a mail holds -----------------------------------------------------

long=$(printf '%01000d' 0 | tr 0 x)
serve good
# parses NAME FIRST LAST ADDRESS: what was delivered to a user with these data,
# written by another program than ours.
parses ()
{
    local name=$1 subject="Your new user name $1: please confirm your data"
    owe "$name"
    {
        printf 'dn: uid=%s,%s\nchangetype: modify\n' "$name" "$people"
        printf 'replace: givenName\ngivenName:: %s\n-\n' \
            "$(printf %s "$2" | base64 -w0)"
        printf 'replace: sn\nsn:: %s\n-\n' "$(printf %s "$3" | base64 -w0)"
        printf 'replace: mail\nmail: %s\n' "$4"
    } | root_modify
    deliver 0 "$name" "$name"
    check "$name: exactly the headers, one recipient" \
        "$top_srcdir/tests/mail-parse.py" \
        <(tail -n +2 "$box/$(taken).mail") "$4" "${5-$2 $3}" "$subject" \
        "Hello $2 $3,"
    check "$name: the envelope" [ "$(head -n 1 "$box/$(taken).mail")" = \
        "accounts@example.com $4 bwdir" ]
}
new_day
parses plain Jane Doe plain@example.com
parses script $'\u0411\u043e\u0440\u0438\u0441' $'\u65e5\u672c' x@example.com
parses right $'\u202eevil\u202c \u200f' $'\u05d3\u05d5\u05d3' r@example.com
parses braces '{{code}} {{{{' '}}%s${x}' braces@example.com
parses markup '<script>alert(1)</script>' "O'Hara & \"x\"" m@example.com
parses lister 'a@b.example, c@d.example;' '<e@f.example>' lister@example.com
parses encoded '=?utf-8?q?x?=' Doe encoded@example.com -
parses long "$long" "$long" long@example.com -
parses option Jane Doe "x--help=-oQ/tmp@example.com"

# What no mail can hold is refused, and not sent.
before=$(taken)
owe feed
printf 'dn: uid=feed,%s\nchangetype: modify\nreplace: sn\nsn:: %s\n' "$people" \
    "$(printf 'x\r\nBcc: all@example.com' | base64 -w0)" | root_modify
deliver 75 "a line feed in a name" feed
says 'is refused: '
owe dash
printf 'dn: uid=dash,%s\nchangetype: modify\nreplace: mail\nmail: %s\n' \
    "$people" '-oQ/tmp@example.com' | root_modify
deliver 75 "an address that looks like an option" dash
check "neither is sent" [ "$(taken)" -eq "$before" ]

# ---- every kind ------------------------------------------------------------

new_day
owe_notice dana access-changed
owe_notice dana address-changed old.dana@example.com
owe_notice olga password-expired
owe_notice wanda password-expiring
owe_notice newt reset
owe_notice carl confirm
deliver 75 "-n" -n
check "-n lists whom and what" \
    grep -qE '^dana: a[a-z]*-changed to [a-z.]*dana@example.com: due$' \
    "$work/out"
deliver 75 "--json -n" -n --json
check "--json: the object" /usr/bin/python3 -c '
import json, sys
o = json.load(open(sys.argv[1]))
assert o["exit"] == 75 and o["owed"] >= 5, o
assert {"user": "newt", "mail": "reset", "address": "newt@example.com",
        "result": "due", "detail": None} in o["mails"], o["mails"]' "$work/out"
serve good
run bwdir-mail --config "$work/conf" dana olga wanda newt carl
for subject in 'The rights of dana have been changed' \
    'The mail address of dana has been changed' \
    'Your password has expired' 'Your password expires in' \
    'Your code to choose a new password'; do
    check "there is: $subject" grep -qr "^Subject: $subject" "$box"
done
check "the old address got the news" grep -qE \
    '^accounts@example.com old.dana@example.com ' \
    <(head -qn 1 "$box"/*.mail)
check "a code for who is verified is dropped" [ -z "$(mark_of carl bwMailOwed)" ]
code=$(tr -d '\r' <"$(grep -lr 'User name:  newt' "$box")" |
    sed -n 's/^    Code: *//p')
expect 0 "the code sets a password" verify newt "$code" 9195550110 \
    Marker-password-9

finish
