#!/bin/bash
# Owed mail, delivered by bwdir-mail: to a server that is down and comes back,
# that says not now, that refuses, that hangs up at each step; by several at
# once; three a day; and nothing that a name or an address holds gets out of
# its place.
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck source-path=SCRIPTDIR
if ! /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null; then
    echo "skip - no aiosmtpd for /usr/bin/python3"
    exit 77
fi
. "$(dirname "$0")/sandbox.bash" || exit 99
. "$(dirname "$0")/smtp.bash" || exit 99

run_examples "$top_srcdir/tools/bwdir-mail.8"

# owe NAME [OPTION...]: a user who is owed a code.
owe ()
{
    local name=$1
    shift
    add_user "$name" 9195551234 --no-mail "$@"
}

# deliver STATUS WHAT [ARGUMENT...]
deliver ()
{
    local wanted=$1 what=$2
    shift 2
    expect "$wanted" "$what" bwdir-mail --config "$work/conf" "$@"
}

# ---- down, then up ---------------------------------------------------------

serve good
stop_server
for name in ada ben cleo dot; do
    owe $name
done
deliver 75 "a server that is down"
says 'ada: sign-up to ada@example.com is deferred: '
says 'the mail server does not serve; the rest is left to the next run'
check "three were tried" [ "$(grep -c 'is deferred' "$work/err")" -eq 3 ]
check "and wait" [ "$(mark_of ada bwMailAttempts)" = 1 ]
check "no place of the day is spent" lacks "$people" '^bwMailSent'
check "no code stands that reached nobody" lacks "$people" \
    '^dn: cn=verification-[^,]*,uid=ada'
serve good
deliver 75 "the server is back"
check "who was not tried gets his mail at once" grep -q \
    '^dot: sign-up mailed to dot@example.com' "$work/out"
check "who was waits" [ "$(taken)" -eq 1 ]
for name in ada ben cleo; do
    wait_over $name
done
deliver 0 "a minute later"
check "everybody has one mail" [ "$(taken)" -eq 4 ]
check "no mark is left but that of today" [ -z "$(mark_of ada bwMailAttempts)\
$(mark_of ada bwMailNotBefore)" ]
deliver 0 "nobody is owed anything"
check "and nobody gets anything" [ "$(taken)" -eq 4 ]
code=$(tr -d '\r' <"$(grep -l 'User name:  ada' "$box"/*.mail)" |
    sed -n 's/^    Code: *//p')
expect 0 "the code works" verify ada "$code" 9195551234 Marker-password-1

# ---- not now, never --------------------------------------------------------

serve grey
owe greta
deliver 75 "450 to the recipient"
says '450 4.2.0 greylisted'
wait_over greta
deliver 0 "and then not"
check "one mail" [ "$(taken)" -eq 1 ]

serve busy
owe busy
deliver 75 "451 at the end of the mail"
check "which was surely not taken: no place is spent" [ \
    -z "$(mark_of busy bwMailSent)" ]
wait_over busy
deliver 75 "again"
check "two failures: two minutes" [ "$(mark_of busy bwMailAttempts)" = 2 ]
wait_over busy

serve sender
deliver 75 "550 to our sender is no refusal of the user"
wait_over busy

serve refuse
deliver 75 "550 to the recipient"
says 'busy: sign-up to busy@example.com is refused: '
check "it is kept, with the words" grep -q \
    ' busy@example.com 550 5.1.1 no such mailbox$' \
    <(mark_of busy bwMailRefused)
check "alice is owed the news" grep -q '^mail-refused [^ ]* busy$' \
    <(mark_of alice bwMailOwed)
deliver 0 "which this server refuses as well"
check "nobody is told of that" [ -z "$(mark_of alice bwMailOwed)\
$(mark_of bob bwMailOwed)" ]
deliver 0 "a refused user is not tried again"
serve good
deliver 0 "not even by a server that would take it"
check "nothing was sent" [ "$(taken)" -eq 0 ]
root_modify <<END
dn: uid=alice,$people
changetype: modify
delete: bwMailRefused
END
owe_notice alice mail-refused busy
deliver 0 "the news"
check "alice reads who and why" bash -c 'tr -d "\r" <"$1" | tail -n +2 |
    tr -d "=" | grep -q "busy@example.com: 550 5.1.1 no such mailbox"' - \
    "$box/1.mail"
expect 0 "bwdir-mail --again" bwdir-mail --config "$work/conf" --again
check "and busy has his mail" [ "$(taken)" -eq 2 ]

# An address that no mail can have, as a user may store one by himself: its
# refusal is known again, so the admins are told of it once.
for address in $'odd\r\nodd@example.com' "$(printf '%0600d' 0)@example.com"; do
    owe odd${#address}
    root_modify <<END
dn: uid=odd${#address},$people
changetype: modify
replace: mail
mail:: $(printf %s "$address" | base64 -w 0)
END
    for _ in 1 2; do
        run bwdir-mail --config "$work/conf" odd${#address}
    done
    check "of an odd address (${#address}) alice is told once" [ \
        "$(mark_of alice bwMailOwed | grep -c " odd${#address}$")" -eq 1 ]
done
root_modify <<END
dn: uid=alice,$people
changetype: modify
delete: bwMailOwed
END

# ---- a dialogue that ends in the middle ------------------------------------
# contrib/check --full asks for every step in STEPS, and in ENDS for a server
# that goes silent or drips, too.

for end in ${ENDS:-drop}; do
    for step in ${STEPS:-handshake rcpt dot}; do
        serve "$end-$step"
        owe "$end-$step"
        SECONDS=0
        deliver 75 "$end at $step" "$end-$step"
        check "it ends within 30 seconds ($end, $step)" [ $SECONDS -le 30 ]
        check "$end at $step: one mail or none" [ "$(taken)" -eq \
            "$([ "$step" = taken ] && echo 1 || echo 0)" ]
        stop_server
        serve good
        wait_over "$end-$step"
        code_ages "$end-$step"
        deliver 0 "then delivered ($end, $step)" "$end-$step"
        check "once ($end, $step)" [ "$(taken)" -eq 1 ]
        stop_server
    done
    check "what may have been taken has spent a place ($end)" [ \
        "$(mark_of "$end-dot" bwMailSent | wc -l)" -eq 2 ]
    check "what was not has spent none ($end)" [ \
        "$(mark_of "$end-rcpt" bwMailSent | wc -l)" -eq 1 ]
done

serve good elsewhere
owe wrong
deliver 75 "a certificate for another name" wrong
says SSL
check "and no login is told" [ "$(taken)" -eq 0 ]

# ---- at once ---------------------------------------------------------------

serve good
wait_over wrong
for i in 1 2 3 4 5 6; do
    owe many$i
done
for i in 1 2 3 4; do
    bwdir-mail --config "$work/conf" >"$work/many.$i" 2>&1 &
    pids[i]=$!
done
wait "${pids[@]}"
check "four at once: each user gets one mail" [ "$(taken)" -eq 7 ]
deliver 0 "nothing is left"

# ---- three a day -----------------------------------------------------------

for name in first second third fourth; do
    owe $name
done
root_modify <<END
$(for name in first second third fourth; do
    printf 'dn: uid=%s,%s\nchangetype: modify\nreplace: mail\n' $name "$people"
    printf 'mail: Same@example.com\n\n'
done)
END
serve good
deliver 75 "four users with one address"
says 'the address has had its mails of today'
check "it gets three mails" [ "$(taken)" -eq 3 ]
check "the fourth waits for tomorrow" [ \
    "$(mark_of fourth bwMailNotBefore)" = \
    "$(date -u -d tomorrow +%Y%m%d)000000Z" ]
snapshot >"$work/before"
expect 77 "bwdir-resend in a loop" bash -c 'status=0
    for i in 1 2 3 4 5; do
        bwdir-resend --config "$1" first || status=$?
    done
    exit $status' - "$work/conf"
says 'mail "Same@example.com": has had the mails of today (UTC)'
check "sends it nothing more" [ "$(taken)" -eq 3 ]
check "and changes nothing" cmp -s "$work/before" <(snapshot)
new_day
wait_over fourth
deliver 0 "the next day" fourth
check "it does" [ "$(taken)" -ge 4 ]

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
deliver 0 "a line feed in a name" feed
says 'is refused: '
owe dash
printf 'dn: uid=dash,%s\nchangetype: modify\nreplace: mail\nmail: %s\n' \
    "$people" '-oQ/tmp@example.com' | root_modify
deliver 0 "an address that looks like an option" dash
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

# ---- a Maildir that takes nothing ------------------------------------------

owe full
mv "$BWDIR_MAILDIR" "$BWDIR_MAILDIR.away"
expect 75 "no Maildir" bwdir-mail full
mv "$BWDIR_MAILDIR.away" "$BWDIR_MAILDIR"

# The tools are not dumpable: only root's strace sees what their files are.
# contrib/check has both kinds of users.

# A sanitizer's leak check cannot trace what strace does.
traced=(env ASAN_OPTIONS=detect_leaks=0 strace -y)

# place CALL FOLDER: the how-manieth of that call is the first one there.
place ()
{
    grep "^$1(" "$work/trace" | grep -nE -m 1 \
        "[\"/]$2/?[0-9]*[\">.]" | cut -d: -f1
}

# Which of its calls are those on the mail in tmp/, and on the folder new/: a
# delivery that goes well makes the same ones.
faulty_maildir ()
{
    local call folder error at calls=openat,write,fsync,linkat
    owe counted
    expect 0 "a delivery is traced" "${traced[@]}" -qq -o "$work/trace" \
        -e trace=$calls bwdir-mail counted
    while read -r call folder error; do
        wait_over full
        at=$(place "$call" "$folder")
        run "${traced[@]}" -o "$work/fault" -e trace="$call" \
            -e inject="$call:error=$error:when=${at:-none}" bwdir-mail full
        check "$call in $folder/ fails with $error" \
            grep -qE "[\"/]$folder/?[0-9]*[\">.].*= -1 $error .*INJECTED" \
            "$work/fault"
        check "$call, $error: 75" [ "$status" -eq 75 ]
        says 'full: sign-up to full@example.com is deferred: Maildir '
        check "$call, $error: nothing half written, nothing delivered" [ \
            -z "$(ls "$BWDIR_MAILDIR/tmp"; mails_to full@example.com)" ]
    done <<END
openat tmp ENOSPC
openat tmp EIO
write tmp ENOSPC
write tmp EIO
fsync tmp ENOSPC
fsync tmp EIO
linkat tmp ENOSPC
linkat tmp EIO
END
}

# A mail that stands in new/, though the disk may forget it, may have arrived:
# it counts, and is sent once more.
doubtful_mail ()
{
    owe doubt
    run "${traced[@]}" -o "$work/fault" -e trace=fsync \
        -e inject="fsync:error=EIO:when=$(place fsync new)" bwdir-mail doubt
    check "fsync in new/ fails" grep -qE '/new>.*INJECTED' "$work/fault"
    check "which is no delivery: 75" [ "$status" -eq 75 ]
    wait_over doubt
    code_ages doubt
    expect 0 "and is made up" bwdir-mail doubt
    check "with one mail too many at most" [ \
        "$(mails_to doubt@example.com | wc -l)" -eq 2 ]
    expect 0 "the last code is good" verify doubt "$(code_for doubt@example.com)" \
        9195551234 Marker-password-2
}

[ "$(id -u)" -ne 0 ] || faulty_maildir
wait_over full
expect 0 "then it is delivered" bwdir-mail full
check "once" [ "$(mails_to full@example.com | wc -l)" -eq 1 ]
[ "$(id -u)" -ne 0 ] || doubtful_mail
printf 'wrong' >"$work/secret"
chmod 600 "$work/secret"
expect 77 "a wrong secret" bwdir-mail -D "cn=outbox,ou=services,$BWDIR_BASE" \
    -y "$work/secret"
expect 69 "no directory" bwdir-mail -H ldapi://%2Fnonexistent
finish
